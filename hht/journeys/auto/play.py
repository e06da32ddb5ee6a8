"""A whole visit without a person: connect, deliver everything, settle what can be, leave.

What is UNKNOWN after reconnecting and a quiet moment is delivered once more, byte for byte, and
before the rest, which may need what it does: a Device that has had it refuses the counter, so
nothing is ever done twice. What became UNKNOWN since then comes after the rest, for its Response
may be late. If the second try brings no Response either it stays UNKNOWN, for a person to settle.
"""

import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from types import MappingProxyType

from hht.duis.visit_questions import Answer
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.auto.moving_hub import MovingHub
from hht.journeys.auto.outcome import summary_of
from hht.journeys.auto.retries import CLOSED_FOR_SURE, Retries
from hht.journeys.events import Failed, Summary
from hht.journeys.firmware.images import CS06, VERIFIED, ImageSeen, image_seen, to_be_reported
from hht.journeys.install.doubts import DoubtCode
from hht.journeys.link.not_heard import HubNotHeard
from hht.journeys.plan.plan import Plan
from hht.journeys.premises.dropped import is_air_used_up
from hht.journeys.visit import Visit
from hht.store import CommandRow, CommandState
from hht.store.errors import MAY_PASS

NOTHING_SEEN: Mapping[str, Answer] = MappingProxyType({})
AwaitedAlert = tuple[int, EntityId | None]
"""An alert code and the Device that it has to come from; None is any."""
BeforeDelivery = Callable[[CommandRow], Awaitable[None]]
PATIENCE = 30.0
"""Seconds for which a lost connection is sought again, and a sleeping Device is waited for."""
JOIN_SECONDS = 10.0
"""How long a Device that was added is waited for before what needs it goes all the same."""
PAUSE = 0.5  # simulated seconds: a person would look before the next step


async def play(
    visit: Visit,
    *,
    scenario: str = "",
    patience: float = PATIENCE,
    power_cycle: Callable[[], object] | None = None,
    seen: Mapping[str, Answer] = NOTHING_SEEN,
    stop_after: int | None = None,
    awaits: Collection[AwaitedAlert] = (),
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
    Alerts without which it does not leave before `patience` has passed. `before` is awaited
    with each Local Command before it goes; an HhtError of it holds the Command back. A window
    counts as closed when it has seemed so `closed_for_sure` times. Nothing is tried again once
    `hub_ended` says that the simulated hub is no more. One that `stays` does not leave the HAN.
    """
    started = visit.clock.elapsed()
    _install(visit, seen, is_whole=stop_after is None)
    retries = Retries(visit, patience, power_cycle, closed_for_sure, hub_ended)
    player = _Player(visit, retries, patience, stop_after, frozenset(awaits), before, stays)
    try:
        await player.play()
    except BaseException:  # unforeseen: what has arrived is kept, and the dongle released
        with contextlib.suppress(Exception):
            await visit.close()
        raise
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
        retries: Retries,
        patience: float,
        stop_after: int | None,
        awaits: frozenset[AwaitedAlert],
        before: BeforeDelivery | None,
        stays: bool,
    ) -> None:
        self._visit = visit
        self._retries = retries
        self._stop_after = stop_after
        self._clock = visit.clock
        self._patience = patience
        self._awaits = awaits
        self._before = before
        self._stays = stays
        self._retried: set[int] = set()
        self._from_before: set[int] = set()
        self._moving_hub = MovingHub(visit, self._wait_for)

    async def play(self) -> None:
        while True:
            try:
                if await self._work():
                    break
            except HhtError as error:
                self._visit.say(Failed(error.what, error.where, error.remedy, error.code))
                if not await self._retries.may_follow(error):
                    break
                if self._retries.needs_reconnect(error) and self._visit.connected:
                    await self._visit.reset_dongle()
                await self._clock.sleep(PAUSE)
        await self._go()

    async def _go(self) -> None:
        """Leave, or only let go where that cannot be or is not wanted: it can be taken up again."""
        if self._visit.connected and not self._stays:
            until = self._clock.elapsed() + self._patience
            while True:
                try:
                    return await self._visit.leave()
                except MAY_PASS as error:
                    if self._clock.elapsed() >= until:
                        self._visit.say(Failed(error.what, error.where, error.remedy, error.code))
                        break
                    await self._clock.sleep(PAUSE)
        await self._visit.close()

    async def _work(self) -> bool:
        """Bring the job on as far as it goes; whether nothing is left that can be done."""
        self._visit.tick()
        if self._is_over():
            return True
        if not self._visit.connected:
            await self._connect()
        self._retries.note_progress()
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
        await self._wait_for(self._all_is_heard)
        if self._visit.connected and self._visit.move.wants_out:
            await self._visit.step_out()
            return False
        await self._moving_hub.devices()
        return self._visit.connected

    def _image_is_reported(self, row: CommandRow) -> bool:
        return image_seen(row, self._visit.captures()) is not ImageSeen.UNHEARD

    def _all_is_heard(self) -> bool:
        captures = self._visit.captures()
        heard = {(each.alert_code, by) for each in captures for by in (None, each.originator)}
        return self._awaits <= heard and not to_be_reported(self._visit.view.commands, captures)

    async def _wait_for(self, is_enough: Callable[[], bool]) -> None:
        """Stay connected until it is to end, or for as long as patience lasts."""
        until = self._clock.elapsed() + self._patience
        while self._visit.connected and not is_enough() and self._clock.elapsed() < until:
            await self._clock.sleep(PAUSE / 10)
        self._retries.note_progress()

    async def _deliver(self) -> None:
        """Deliver for as long as there is one that may go, and the visit is not broken off.

        An image that is still on its way is activated once its Device has reported it.
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
            await self._moving_hub.before(row)
            if row.message_code == CS06 and any(code == VERIFIED for code, _ in self._awaits):
                await self._wait_for(partial(self._image_is_reported, row))
            if self._before is not None:
                await self._before(row)
            if not self._visit.connected:
                return
            if ask := self._visit.firmware.ask(row):
                self._visit.firmware.confirm(ask.command_id, ask.sha256)
            await self._visit.deliver(row.id)
            self._retries.note_progress()
            await self._moving_hub.after(row.id)

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
        """Return whether nothing can be delivered or is in doubt, nor a membership open."""
        return self._visit.hub is None and not Plan(self._visit.view.commands).still_open

    async def _connect(self) -> None:
        hub = self._visit.hub or await self._choose_hub()
        while self._visit.move.seconds_away:
            await self._clock.sleep(PAUSE)
        await self._visit.connect(hub)
        self._from_before = set(self._in_state(CommandState.UNKNOWN))

    async def _choose_hub(self) -> EntityId:
        """Return the job's hub, or the strongest one."""
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
                await self._moving_hub.device_of(command)
                if command not in self._in_state(CommandState.UNKNOWN):
                    continue  # its Response came meanwhile
                await self._visit.doubts.settle(command, "retry")
                await self._moving_hub.after(command)
                self._retried.add(command)
                return True
        return False

    async def _await_sleeper(self) -> bool:
        """Wait for the Response of a Device that sleeps; whether one may still come."""
        before = len(self._in_state(CommandState.DELIVERED))
        while self._in_state(CommandState.DELIVERED) and self._visit.connected:
            if self._retries.is_over:
                return False
            await self._clock.sleep(PAUSE / 10)
            if len(self._in_state(CommandState.DELIVERED)) < before:
                return True
        return before > 0

    def _in_state(self, state: CommandState) -> list[int]:
        return [row.id for row in self._visit.view.commands if row.state is state]
