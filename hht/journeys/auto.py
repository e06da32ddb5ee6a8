"""A whole visit without a person: connect, deliver everything, settle what can be, leave.

What is UNKNOWN after reconnecting and a quiet moment is delivered once more, byte for byte, and
before the rest, which may need what it does: a Device that has had it refuses the counter, so
nothing is ever done twice. What became UNKNOWN since then comes after the rest, for its Response
may be late. If the second try brings no Response either it stays UNKNOWN, for a person to settle.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from hht.duis.visit_questions import Answer
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.events import Failed, Summary
from hht.journeys.firmware.images import CS06, VERIFIED, ImageSeen, image_seen, to_be_reported
from hht.journeys.install.doubts import DoubtCode
from hht.journeys.link.not_heard import HubNotBackAgain, HubNotHeard
from hht.journeys.premises.dropped import is_air_used_up
from hht.journeys.visit import Visit
from hht.radio.errors import DongleAbsent, DongleError, DongleLost, DongleRefused
from hht.session.errors import (
    CbkeFailed,
    HubSilent,
    JoinRefused,
    MembershipEnded,
    TunnelClosed,
    TunnelRefused,
    WindowClosed,
)
from hht.store import CommandRow, CommandState, StoreBusy
from hht.store.command_states import has_arrived, is_done, is_open
from hht.store.errors import MAY_PASS

NOTHING_SEEN: Mapping[str, Answer] = MappingProxyType({})
BeforeDelivery = Callable[[CommandRow], Awaitable[None]]
PATIENCE = 30.0
"""Seconds for which a lost connection is sought again, and a sleeping Device is waited for."""
JOIN_SECONDS = 3.0
"""How long a Device that was added is waited for before what needs it goes all the same."""
PAUSE = 0.5  # simulated seconds: a person would look before the next step
_WATCH_SECONDS = (
    60.0  # nobody is there to wait longer for a Device; what is left is said to be owed
)
_PASSING = (DongleError, HubSilent, HubNotHeard, MembershipEnded, TunnelClosed, StoreBusy)
_REFUSALS = (JoinRefused, TunnelRefused, CbkeFailed)
_REFUSALS_TAKEN = 3  # on a noisy air a refusal may only be a loss
_SAME_REFUSAL_TAKEN = 3  # the dongle's own: it has been asked four times each time already
_SAME_LOSS_TAKEN = 5  # each opens the dongle again; what loses it by chance does so elsewhere, too
CLOSED_FOR_SURE = 2  # once may be a bad air


async def play(
    visit: Visit,
    *,
    scenario: str = "",
    patience: float = PATIENCE,
    power_cycle: Callable[[], object] | None = None,
    seen: Mapping[str, Answer] = NOTHING_SEEN,
    stop_after: int | None = None,
    awaits: Collection[int] = (),
    before: BeforeDelivery | None = None,
    closed_for_sure: int = CLOSED_FOR_SURE,
    hub_ended: Callable[[], bool] = lambda: False,
    stays: bool = False,
) -> Summary:
    """Play the visit to its end; the Summary is returned, not published.

    `power_cycle` switches the hub off and on, as an engineer does once when its inter-PAN window
    has closed; without it a closed window is the end. The outcome is "complete" when every Local
    Command has its positive Response, "failed" when none was delivered, else "incomplete".
    Failures on the way are published as Failed. `seen` are answers that somebody who looks would
    give, in place of the job's; the visit is broken off after `stop_after` deliveries. `awaits` are
    alert codes without which it does not leave before `patience` has passed. `before` is awaited
    with each Local Command before it goes; an HhtError of it holds the Command back. A window
    counts as closed when it has seemed so `closed_for_sure` times. Nothing is tried again once
    `hub_ended` says that the simulated hub is no more. One that `stays` does not leave the HAN.
    """
    started = visit.clock.elapsed()
    is_whole = stop_after is None
    _install(visit, seen, is_whole=is_whole)
    player = _Player(visit, patience, power_cycle, stop_after, frozenset(awaits), before)
    player.closed_for_sure = closed_for_sure
    player.hub_ended = hub_ended
    player.stays = stays
    await player.play()
    return summary_of(visit, scenario, visit.clock.elapsed() - started)


def _install(visit: Visit, seen: Mapping[str, Answer], *, is_whole: bool) -> None:
    """Give the answers seen and the job's own about the hub, and queue its status update.

    A hub of another variant than the job's goes back; other doubts stay for a person.
    """
    install = visit.install
    if install is None or install.report is not None:
        return
    for name, value in seen.items():
        install.answer(name, value)
    install.answer_from_job()
    if any(doubt.code is DoubtCode.VARIANT for doubt in install.doubts):
        install.answer("visit", "no-fault-return")
        install.answer_from_job()
    if is_whole and not install.answers.lacking and not install.doubts:
        install.queue_report()


class _Player:
    """A player that does what an engineer would do, in the same order."""

    def __init__(
        self,
        visit: Visit,
        patience: float,
        power_cycle: Callable[[], object] | None,
        stop_after: int | None = None,
        awaits: frozenset[int] = frozenset(),
        before: BeforeDelivery | None = None,
    ) -> None:
        self._visit = visit
        self._stop_after = stop_after
        self._clock = visit.clock
        self._patience = patience
        self._power_cycle = power_cycle
        self._awaits = awaits
        self._before = before
        self.closed_for_sure = CLOSED_FOR_SURE
        self.hub_ended: Callable[[], bool] = lambda: False
        self.stays = False
        self._retried: set[int] = set()
        self._from_before: set[int] = set()
        self._refusals = 0
        self._closed_windows = 0
        self._troubles: Counter[tuple[str, int]] = Counter()
        self._last_progress = self._clock.elapsed()

    async def play(self) -> None:
        while True:
            try:
                if await self._work():
                    break
            except HhtError as error:
                self._visit.say(Failed(error.what, error.where, error.remedy, error.code))
                if self.hub_ended():
                    break
                if not await self._opened_window(error) and not self._may_try_again(error):
                    break
                if isinstance(error, DongleRefused) and self._visit.connected:
                    await self._visit.reset_dongle()
                await self._clock.sleep(PAUSE)
        await self._go()

    async def _go(self) -> None:
        """Leave, or only let go where that cannot be or is not wanted: it can be taken up again."""
        if self._visit.connected and not self.stays:
            until = self._clock.elapsed() + self._patience
            while True:
                try:
                    await self._visit.leave()
                except MAY_PASS as error:
                    if self._clock.elapsed() >= until:
                        self._visit.say(Failed(error.what, error.where, error.remedy, error.code))
                        break
                    await self._clock.sleep(PAUSE)
                else:
                    return
        await self._visit.close()

    async def _work(self) -> bool:
        """Bring the job on as far as it goes; whether nothing is left that can be done."""
        self._visit.tick()
        if self._is_over():
            return True
        if not self._visit.connected:
            await self._connect()
        self._progress()
        if await self._retry_one(self._from_before):
            return False
        await self._deliver()
        if self._visit.connected and self._visit.move.wants_out:
            await self._visit.step_out()
        if not self._visit.connected:
            return False
        if self._is_broken_off():
            return True
        doubts = set(self._in_state(CommandState.UNKNOWN))
        if await self._retry_one(doubts) or await self._await_sleeper():
            return False
        await self._wait_for(self._is_told_all)
        if self._visit.connected and self._visit.move.wants_out:
            await self._visit.step_out()
            return False
        await self._watch_move()
        return self._visit.connected

    def _is_told_of_image(self, row: CommandRow) -> bool:
        return image_seen(row, self._visit.captures()) is not ImageSeen.UNHEARD

    def _is_told_all(self) -> bool:
        captures = self._visit.captures()
        heard = {capture.alert_code for capture in captures}
        return self._awaits <= heard and not to_be_reported(self._visit.view.commands, captures)

    async def _await_channel(self, row: CommandRow) -> None:
        """Hold back what is for a Device while its hub is about to change the sub-GHz channel.

        Its Response shows only then that it came along.
        """
        job, move = self._visit.job, self._visit.move
        if row.device not in (job.hub_chf, job.hub_gpf) and move.is_awaited:
            await self._wait_for(lambda: not move.is_awaited)

    async def _watch_move(self) -> None:
        """Stay for as long as a Device may still show that it followed its hub."""
        until = self._clock.elapsed() + _WATCH_SECONDS
        while self._clock.elapsed() < until and not self._visit.move.is_settled:
            if not self._visit.connected:
                return
            await self._clock.sleep(PAUSE)
            self._visit.tick()

    async def _wait_for(self, told: Callable[[], bool]) -> None:
        """Stay connected until it is to end, or for as long as patience lasts."""
        until = self._clock.elapsed() + self._patience
        while self._visit.connected and not told() and self._clock.elapsed() < until:
            await self._clock.sleep(PAUSE / 10)
        self._progress()

    async def _deliver(self) -> None:
        """Deliver for as long as there is one that may go, and nobody breaks the visit off.

        Where an image is still on its way, it is activated when its Device has told of one.
        """
        while not self._is_broken_off():
            if self._visit.move.wants_out:
                return
            row = self._visit.next_ready
            if row is None:
                # A Device's time to join may have ended since: then there is one that may go.
                if not await self._await_joining() and self._visit.next_ready is None:
                    return
                continue
            await self._await_channel(row)
            if row.message_code == CS06 and VERIFIED in self._awaits:
                await self._wait_for(partial(self._is_told_of_image, row))
            if self._before is not None:
                await self._before(row)
            if not self._visit.connected:
                return
            if ask := self._visit.firmware.ask(row):
                self._visit.firmware.confirm(ask.command_id, ask.sha256)
            await self._visit.deliver(row.id)

    async def _await_joining(self) -> bool:
        """Wait for a Device that has to join, then go on without it; whether one was awaited."""
        pairing = self._visit.pairing
        awaited = pairing.awaited
        if awaited is None:
            return False
        until = self._clock.elapsed() + JOIN_SECONDS
        while self._visit.connected and pairing.awaited and self._clock.elapsed() < until:
            await self._clock.sleep(PAUSE / 10)
        if pairing.awaited:
            pairing.go_on(awaited.device)
        return self._visit.connected

    def _is_broken_off(self) -> bool:
        delivered = self._visit.view.counts.delivered
        return self._stop_after is not None and delivered >= self._stop_after

    def _is_over(self) -> bool:
        """Return whether nothing is to be delivered or in doubt, and no membership was left
        open."""
        rows = self._visit.view.commands
        return self._visit.hub is None and not any(is_open(row.state) for row in rows)

    async def _connect(self) -> None:
        hub = self._visit.hub or await self._choose_hub()
        while self._visit.move.seconds_away:
            await self._clock.sleep(PAUSE)
        await self._visit.connect(hub)
        self._from_before = set(self._in_state(CommandState.UNKNOWN))

    async def _choose_hub(self) -> EntityId:
        """Return the job's hub; for a job without one, the strongest."""
        heard = await self._visit.scan()
        wanted = self._visit.job.hub_gpf or (heard[0].gpf if heard else None)
        if wanted is None:
            raise HubNotHeard("No hub answers the scan", remedy="Move closer and scan again.")
        return wanted

    async def _retry_one(self, among: Collection[int]) -> bool:
        """Deliver the first UNKNOWN one of these once more; False when there is none to try.

        A try that was broken off by a lost connection does not count.
        """
        for command in self._in_state(CommandState.UNKNOWN):
            if command in among and command not in self._retried:
                if is_air_used_up(self._visit.captures()):
                    await self._wait_for(lambda: not is_air_used_up(self._visit.captures()))
                await self._await_way_back(command)
                if command not in self._in_state(CommandState.UNKNOWN):
                    continue  # its Response came meanwhile
                await self._visit.doubts.settle(command, "retry")
                self._retried.add(command)
                return True
        return False

    async def _await_way_back(self, command: int) -> None:
        """Give the Device of a Local Command its time to follow a hub that has moved.

        Until it is back, the hub would only keep the Local Command, and drop it in the end.
        """
        devices = [row.device for row in self._visit.view.commands if row.id == command]
        await self._wait_for(lambda: not any(map(self._visit.move.is_missing, devices)))

    async def _await_sleeper(self) -> bool:
        """Wait for the Response of a Device that sleeps; whether one may still come."""
        before = len(self._in_state(CommandState.DELIVERED))
        while self._in_state(CommandState.DELIVERED) and self._visit.connected:
            if self._clock.elapsed() - self._last_progress > self._patience:
                return False
            await self._clock.sleep(PAUSE / 10)
            if len(self._in_state(CommandState.DELIVERED)) < before:
                return True
        return before > 0

    def _in_state(self, state: CommandState) -> list[int]:
        return [row.id for row in self._visit.view.commands if row.state is state]

    def _progress(self) -> None:
        self._last_progress = self._clock.elapsed()

    async def _opened_window(self, error: HhtError) -> bool:
        """Return whether a window that seems closed is worth another try: it may only be a bad air.

        When it seems so again, the hub is switched off and on, once.
        """
        if isinstance(error, HubNotBackAgain):
            return await self._switch_off_and_on()
        if not isinstance(error, WindowClosed):
            return False
        self._closed_windows += 1
        if self._closed_windows < self.closed_for_sure:
            return True
        if self._closed_windows > self.closed_for_sure:
            return False
        return await self._switch_off_and_on()

    async def _switch_off_and_on(self) -> bool:
        if self._power_cycle is None:
            return False
        await asyncio.to_thread(self._power_cycle)
        self._visit.power.restart_window_clock(seen=True)
        self._progress()
        return True

    def _may_try_again(self, error: HhtError) -> bool:
        if isinstance(error, _REFUSALS):
            self._refusals += 1
            return self._refusals < _REFUSALS_TAKEN
        if isinstance(error, DongleRefused | DongleLost) and self._is_for_good(error):
            return False
        if isinstance(error, DongleAbsent) and self._visit.hub is None:
            return False  # it was never there
        in_time = self._clock.elapsed() - self._last_progress < self._patience
        return in_time and isinstance(error, _PASSING)

    def _is_for_good(self, error: DongleRefused | DongleLost) -> bool:
        """Return whether the dongle has often failed in the same way, with nothing done in
        between."""
        trouble = (error.what, self._visit.view.counts.delivered)
        self._troubles[trouble] += 1
        is_refusal = isinstance(error, DongleRefused)
        return self._troubles[trouble] >= (_SAME_REFUSAL_TAKEN if is_refusal else _SAME_LOSS_TAKEN)


def outcome_of(rows: Sequence[CommandRow]) -> str:
    """Say "complete" when every Local Command is answered and its Response kept.

    "failed" when none was delivered, else "incomplete".
    """
    if all(is_done(row.state) and row.captured for row in rows):
        return "complete"
    return "incomplete" if any(has_arrived(row.state) for row in rows) else "failed"


def summary_of(visit: Visit, scenario: str, seconds: float) -> Summary:
    """Say how a visit stands, as at its end; `seconds` is how long it took."""
    view, captures = visit.view, visit.captures()
    stand = view.counts
    return Summary(
        scenario=scenario,
        outcome=outcome_of(view.commands),
        delivered=stand.delivered,
        answered=stand.answered,
        failed=stand.failed,
        unknown=stand.unknown,
        captures=len(captures),
        returns=len({capture.return_id for capture in captures} - {None}),
        reports=visit.reports,
        uncaptured=stand.uncaptured,
        seconds=round(seconds, 3),
    )
