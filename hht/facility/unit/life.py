"""The life of a PPMID that lets itself in: from its package to captures that are to be collected.

As HHT it is admitted over inter-PAN, joins, and delivers its package; once the hub has its CCS01 it
joins as PPMID beside that, for a meter answers a Join only when the PPMID is there; then the HHT
half leaves. Everything is kept at each step: a unit that loses its power goes on where it was.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.errors import HhtError
from hht.events import Event
from hht.facility.package.content import UnitContent
from hht.facility.package.reader import open_package
from hht.facility.package.refusals import PackageRefused, Refusal
from hht.facility.unit.display import DisplayFile, Stage
from hht.facility.unit.memory import UnitMemory
from hht.facility.unit.ppmid_half import NotLetIn, PpmidHalf
from hht.facility.unit.why import refusal, unanswered
from hht.facility.wire.capture import UnitCapture
from hht.gbcs.device_commands import AddDevice, JoinDevice, device_command
from hht.gbcs.message import Message
from hht.journeys.auto.play import play
from hht.journeys.equipment import RadioKit
from hht.journeys.events import AlertCaptured, Failed, ResponseCaptured
from hht.journeys.plan.plan import Plan
from hht.journeys.visit import Visit
from hht.session.errors import WindowClosed
from hht.session.identity import HhtIdentity, parse_identity
from hht.store import Capture, CommandRow, Store
from hht.store.command_states import is_done

if TYPE_CHECKING:
    from hht.hub_profile import HubProfile

# A PPMID joins within seconds; a noisy air repeats that several times.
COME_IN_SECONDS = 30.0
# A person needs longer to switch a hub off and on; each try costs the hub a key establishment.
AGAIN_SECONDS = 2.0
# A step that failed for another reason is tried so often before the display says so: for half a
# minute and more, as a hub that has just been given power needs as long.
_MOST_FAILURES = 5
_MOST_TIMES_HELD_UP = 2  # by a PPMID that is not let in beside an HHT half that is: COME_IN each


def again_after(failures: int) -> float:
    """Return for how many seconds a unit waits before its next attempt, longer each time."""
    return AGAIN_SECONDS * 2.0 ** max(0, failures - 1)


class Life:
    """One unit; `save` keeps its memory, `address` finds a radio line by Entity Identifier."""

    def __init__(
        self,
        folder: Path,
        memory: UnitMemory,
        display: DisplayFile,
        address: Callable[[str], str],
        profile: "HubProfile",
        clock: Clock,
    ) -> None:
        self._folder = folder
        self._memory = memory
        self._display = display
        self._address = address
        self._profile = profile
        self._clock = clock
        self._failure: Failed | None = None
        self._failures = 0

    async def run(self) -> None:
        """Run until there is nothing left to do; the PPMID stays in the HAN until cancelled."""
        try:
            content = self._open()
            identity = content.hht_identity or parse_identity_of(self._memory.hht, "HHT half")
            ppmid = parse_identity_of(self._memory.zigbee, "PPMID")
        except PackageRefused as error:
            if not self._memory.active and self._memory.inactive is None:
                self._display.show(Stage.EMPTY)
            else:
                self._display.show(Stage.REFUSED, error.what)
            return
        except HhtError as error:
            self._display.show(Stage.STOPPED, error.what)
            return
        from hht.store.databases import open_store

        with open_store(self._folder, content.mode) as store:
            await self._live(store, content, identity, ppmid)

    def _open(self) -> UnitContent:
        """Open the package as the unit holds it; PackageRefused with the reason."""
        memory = self._memory
        if not memory.active:
            raise PackageRefused(Refusal.TORN)
        trust = memory.trust(batch=None)
        return open_package(memory.active, memory.agreement, trust, self._clock.now()).content

    async def _live(
        self, store: Store, content: UnitContent, identity: HhtIdentity, ppmid: HhtIdentity
    ) -> None:
        job = store.jobs.add(content.job_pack())
        self._sync(store, job.id, content)
        gpf = content.gpf_id
        if gpf is None:
            self._display.show(Stage.STOPPED, "The package does not name the hub's GPF")
            return
        half = PpmidHalf(
            partial(self._address, content.unit),
            gpf,
            ppmid,
            self._profile,
            self._clock,
            agreed=self._memory.is_in,
            keep=self._note_in,
        )
        async with asyncio.TaskGroup() as tasks:
            staying = _Staying(half, tasks)
            await self._let_in(store, job.id, content, identity, staying)
            await staying.until_cancelled()

    async def _let_in(
        self,
        store: Store,
        job_id: int,
        content: UnitContent,
        identity: HhtIdentity,
        staying: "_Staying",
    ) -> None:
        """Deliver the package as HHT, one attempt after another, and show how that ends."""
        while not self._is_over(store, job_id):
            for row in store.commands.of_job(job_id):
                staying.note(row, content)
            held_up, self._failure = self._is_held_up, None
            address = self._address(content.hht)
            visit = Visit(
                store,
                job_id,
                RadioKit(address, identity, self._profile, clock=self._clock),
                publish=lambda event: self._heard(event, store, job_id, content, staying),
            )
            if self._display.shown.stage is not Stage.POWER_CYCLE and not held_up:
                self._display.show(Stage.LOOKING)
            await play(visit, before=partial(self._before, staying), closed_for_sure=1)
            if self._is_over(store, job_id):
                break
            if not self._goes_on():
                self._show_stopped(store.commands.of_job(job_id))
                return
            await self._clock.sleep(again_after(self._failures))
        rows = store.commands.of_job(job_id)
        for row in rows:
            staying.note(row, content)
        await self._show_end(rows, staying)

    async def _show_end(self, rows: Sequence[CommandRow], staying: "_Staying") -> None:
        refused = refusal(rows)
        if refused and not staying.has_begun:
            self._display.show(Stage.STOPPED, *refused)
            return
        try:
            await staying.half.wait_in(COME_IN_SECONDS)
        except NotLetIn as error:
            self._display.show(Stage.STOPPED, error.what, error.remedy)
            return
        self._display.show(Stage.IN, *(refused or ()))

    def _show_stopped(self, rows: Sequence[CommandRow]) -> None:
        """Show why the unit gives up: what failed last, else the Command without a Response."""
        if failure := self._failure:
            self._display.show(Stage.STOPPED, failure.what, failure.remedy)
        else:
            self._display.show(Stage.STOPPED, unanswered(rows))

    async def _before(self, staying: "_Staying", row: CommandRow) -> None:
        """Hold a Join back until the PPMID is in the HAN."""
        if self._display.shown.stage is not Stage.LETTING_IN:
            self._display.show(Stage.LETTING_IN)
        if isinstance(device_command(Message.parse(row.raw)), JoinDevice):
            await self._wait_in(staying)

    async def _wait_in(self, staying: "_Staying") -> None:
        """Wait until the PPMID is in; while it is not, the display goes on saying why."""
        try:
            await staying.half.wait_in(COME_IN_SECONDS)
        except NotLetIn as error:
            self._display.show(Stage.LETTING_IN, error.what, error.remedy)
            raise
        self._display.show(Stage.LETTING_IN)

    def _is_over(self, store: Store, job_id: int) -> bool:
        """Return whether nothing more can be sent or heard, and the HHT half has left the HAN.

        What comes after a refused Command is never sent.
        """
        if store.journeys.load(job_id, "connect") is not None:
            return False
        return not Plan(store.commands.of_job(job_id)).still_open

    @property
    def _is_held_up(self) -> bool:
        """Whether the PPMID half, and not the HHT half, was what failed last."""
        return self._failure is not None and self._failure.code == NotLetIn.code

    def _goes_on(self) -> bool:
        """Return whether another attempt is worth it; a closed hub is waited for without end."""
        failure = self._failure
        if failure is not None and failure.code == WindowClosed.code:
            self._display.show(Stage.POWER_CYCLE)
            return True
        self._failures += 1
        return self._failures < (_MOST_TIMES_HELD_UP if self._is_held_up else _MOST_FAILURES)

    def _heard(
        self, event: Event, store: Store, job_id: int, content: UnitContent, staying: "_Staying"
    ) -> None:
        if isinstance(event, Failed):
            self._failure = event
        if isinstance(event, ResponseCaptured | AlertCaptured):
            self._sync(store, job_id, content)
            for row in store.commands.of_job(job_id):
                staying.note(row, content)

    def _sync(self, store: Store, job_id: int, content: UnitContent) -> None:
        """Hold everything captured ready to be collected, before it is shown."""
        rows = {row.id: row for row in store.commands.of_job(job_id)}
        kept = store.captures.of_job(job_id)
        self._memory.offer(_capture_of(each, rows, content).encode() for each in kept)
        self._keep()
        self.count(sum(is_done(row.state) for row in rows.values()), len(rows))

    def count(self, done: int | None = None, total: int | None = None) -> None:
        """Show how many Local Commands are done, and how many captures wait."""
        shown = self._display.shown
        done, total = shown.done if done is None else done, shown.total if total is None else total
        self._display.count(done, total, len(self._memory.captures))

    def _note_in(self, agreed: bool) -> None:
        self._memory.is_in = agreed
        self._keep()

    def _keep(self) -> None:
        from hht.facility.unit.memory import unit_file

        self._memory.save(unit_file(self._folder, self._memory.unit_id))


class _Staying:
    """The PPMID half, which begins once the hub has its CCS01."""

    def __init__(self, half: PpmidHalf, tasks: asyncio.TaskGroup) -> None:
        self.half = half
        self._tasks = tasks
        self._running: asyncio.Task[None] | None = None

    def note(self, row: CommandRow, content: UnitContent) -> None:
        """Begin where this Local Command has let the PPMID in."""
        if self._running is None and is_done(row.state) and _adds(row, content):
            self._running = self._tasks.create_task(self.half.run())

    @property
    def has_begun(self) -> bool:
        """Whether the hub has its CCS01."""
        return self._running is not None

    async def until_cancelled(self) -> None:
        """Stay for as long as the process does."""
        if self._running is not None:
            await self._running


def parse_identity_of(fields: dict[str, str | int], who: str) -> HhtIdentity:
    """Read a half's credentials; IdentityUnusable where the unit has none."""
    import msgspec

    return parse_identity(msgspec.json.encode(fields), f"the unit as {who}")


def _adds(row: CommandRow, content: UnitContent) -> bool:
    command = device_command(Message.parse(row.raw))
    return isinstance(command, AddDevice) and command.device == content.unit_id


def _capture_of(capture: Capture, rows: dict[int, CommandRow], content: UnitContent) -> UnitCapture:
    row = rows.get(capture.command_id or 0)
    return UnitCapture(
        unit=content.unit,
        hub=str(capture.hub),
        received_at=capture.received_at.isoformat(),
        gbcs=capture.raw,
        command=content.commands[row.position] if row else None,
        mode=content.mode,
    )
