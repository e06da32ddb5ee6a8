"""One slot: a port by its path, the unit that comes into it, and when it is unplugged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hht.entity_id import EntityId
from hht.facility.bench.line import LineLost, NoAnswer, UnitLine, UnitRefused
from hht.facility.bench.outcomes import Look, Outcome
from hht.facility.bench.session import Session
from hht.facility.bench.station import Station, Stop
from hht.facility.wire.messages import Kind

# A port that appears is seen at once for a hand, and 50 looks a second cost nothing.
_LOOK_SECONDS = 0.02
# How often a finished unit is asked who it is: an adapter's port stays when its unit goes, which
# two questions without an answer show, so within three seconds: a hand is not much faster.
_WATCH_SECONDS = 0.5
# What waits by itself is tried again so often.
_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SlotChanged:
    """What a slot shows now: empty, identified, writing, or an outcome's look.

    `rejected` says whether the books reject the unit.
    """

    slot: str
    state: str
    eui: str = ""
    code: str = ""
    what: str = ""
    remedy: str = ""
    rejected: bool = False


@dataclass
class Slot:
    """A slot named by its port's path on the hub, which stays the same whatever is plugged in."""

    name: str
    path: Path
    station: Station
    publish: Callable[[SlotChanged], None]
    patience: float = 1.0
    stopping: bool = False
    _shown: SlotChanged | None = field(default=None, init=False)

    async def run(self) -> None:
        """Load one unit after the other until it is to stop; never fails for one unit."""
        self._show(SlotChanged(self.name, "empty"))
        while not self.stopping:
            if not self.path.exists():
                self._show(SlotChanged(self.name, "empty"))
                await self.station.clock.sleep(_LOOK_SECONDS)
                continue
            await self._serve()

    async def _serve(self) -> None:
        """Serve what is plugged in, until it is unplugged."""
        try:
            line = UnitLine(self.path, self.station.clock, self.patience)
        except OSError as error:
            self._show_outcome(Outcome("port-refused", detail=error.strerror or ""))
            await self.station.clock.sleep(_WATCH_SECONDS)
            return
        self._shown = None  # another unit, of which the same is said once more
        try:
            while await self._one_session(line) and not self.stopping:
                pass
        finally:
            line.close()

    async def _one_session(self, line: UnitLine) -> bool:
        """Run a session and wait for the unplug; True where it is to be tried again."""
        session = Session(
            self.station,
            self.name,
            line,
            progress=lambda state, eui: self._show(SlotChanged(self.name, state, eui)),
        )
        outcome = await session.run()
        self._show_outcome(outcome)
        if outcome.words.look is Look.WAIT:
            return not await line.is_lost_within(self._pause(outcome))
        return await self._comes_again(line, outcome, session)

    def _pause(self, outcome: Outcome) -> float:
        return _WATCH_SECONDS if outcome.code == "silent" else _AGAIN_SECONDS

    async def _comes_again(self, line: UnitLine, outcome: Outcome, session: Session) -> bool:
        """Wait until the unit is gone; another one in its place without an unplug is a fault.

        True as soon as one that is to be plugged in again was silent and answers: at an adapter a
        quick hand shows in nothing else.
        """
        missed, eui, booked = 0, session.eui, set[EntityId]()
        while not self.stopping and self.path.exists() and missed < 2:
            if await line.is_lost_within(_WATCH_SECONDS):
                return False
            found = await _who(line)
            if found and found == eui and missed and outcome.words.look is Look.AGAIN:
                return True
            missed = 0 if found else missed + 1
            if found and eui and found != eui:
                swapped = Stop("swapped", f"now {found}")
                self._show_outcome(Outcome(swapped.code, str(eui), swapped.detail))
                if found not in booked and await session.note(swapped):
                    booked.add(found)
        return False

    def _show_outcome(self, outcome: Outcome) -> None:
        words = outcome.words
        said = outcome.eui, outcome.code, outcome.line, words.remedy, outcome.is_rejected
        self._show(SlotChanged(self.name, words.look.value, *said))

    def _show(self, shown: SlotChanged) -> None:
        if shown != self._shown:
            self._shown = shown
            self.publish(shown)


async def _who(line: UnitLine) -> EntityId | None:
    """Ask once for the identity, without proof; None where nothing answers."""
    try:
        (eui,) = await line.ask(Kind.PING, answer=1, tries=1)
        return EntityId(eui)
    except (LineLost, NoAnswer, UnitRefused, ValueError):
        return None
