"""What the screens ask for and what they hear: the one door to everything behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.message import Message

from hht.errors import HhtError
from screens.context import HhtContext
from screens.service.exercise import ExerciseService
from screens.service.hub_questions import HubQuestions
from screens.service.identity_questions import IdentityQuestions
from screens.service.messages import Messages
from screens.service.store_queries import StoreQueries
from screens.service.visit_changed import VisitChanged
from screens.service.worker_loop import WorkerLoop
from screens.visit.device_names import Names, names_of

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.events import Event
    from hht.journeys.link.power_cycle import PowerCycleCost
    from hht.journeys.premises.devices import DeviceState
    from hht.journeys.view import VisitView
    from hht.journeys.visit import Visit
    from hht.store import CommandRow
    from hht.survey.picture import Picture


class VisitService:
    """Every method here is awaited by a screen and works in the working thread.

    HhtError is what a person is to be shown. Cancelling the await cancels the work.
    """

    def __init__(self, context: HhtContext, post: Callable[[Message], object]) -> None:
        self.context = context
        self.post = post
        self.worker_loop = WorkerLoop()
        self.queries = StoreQueries(self.worker_loop, context.open_store, context.clock)
        self.identity = IdentityQuestions(context, self.queries)
        self.messages = Messages(self)
        self.exercise = ExerciseService(self)
        self.hub = HubQuestions(self)
        self._visit: Visit | None = None
        self.names = Names()
        self.premises = ""
        self._radio_url = ""
        self._beginning = asyncio.Lock()
        self.speed = 1.0
        self._is_closed = False

    @property
    def visit_if_open(self) -> Visit | None:
        """The open job's visit; None while no job is open."""
        return self._visit

    def start(self) -> None:
        """Open the working thread."""
        self.worker_loop.start()

    async def visit(self, job_id: int) -> VisitView:
        """Be ready to visit the hub of this job; goes on with the visit that is under way."""
        return await self.worker_loop.do(self._begin(job_id))

    async def set_profile(self, job_id: int, profile: str) -> None:
        """Have a job done with another hub profile; its visit begins again when next shown."""
        await self.worker_loop.do(self._set_profile(job_id, profile))

    async def _set_profile(self, job_id: int, profile: str) -> None:
        from hht.hub_profile import load_profile, settled_name

        load_profile(profile)  # refused before anything is changed
        async with self._beginning:
            self.queries.store().jobs.set_profile(job_id, settled_name(profile))
            if self._visit and self._visit.job.id == job_id:
                await self._visit.close()
                self._visit = None

    async def scan(self) -> None:
        """Listen for hubs; they come as events."""
        await self.at_work(lambda visit: visit.scan())

    async def connect(self, gpf: EntityId, at: tuple[int, int] | None = None) -> None:
        """Go through every step from the hub's inter-PAN link to the tunnel.

        `at` is the channel and PAN id of one of several that show the hub's Extended PAN ID.
        """
        await self.at_work(lambda visit: visit.connect(gpf, at))

    async def deliver_next(self, is_stopping: Callable[[], bool]) -> None:
        """Deliver the next Local Command and await its Response; wait first for who must join."""

        async def deliver(visit: Visit) -> None:
            if not await visit.deliver_next() and await visit.await_joining(is_stopping):
                await visit.deliver_next()

        await self.at_work(deliver)

    async def deliver_all(self, is_stopping: Callable[[], bool]) -> None:
        """Deliver one after the other for as long as there is one that may go and can succeed."""

        async def deliver(visit: Visit) -> None:
            while not (is_stopping() or visit.view.absent) and (
                await visit.deliver_next() or await visit.await_joining(is_stopping)
            ):
                pass

        await self.at_work(deliver)

    async def deliver(self, command_id: int) -> None:
        """Deliver one Local Command out of turn."""
        await self.at_work(lambda visit: visit.deliver(command_id))

    async def take_back(self, command_id: int) -> None:
        """Put in doubt again what the engineer has said of a Local Command."""
        await self.note(lambda visit: visit.doubts.take_back(command_id))

    async def settle(self, command_id: int, how: str, why: str = "") -> None:
        """Write down what became of a Local Command in doubt."""
        await self.at_work(lambda visit: visit.doubts.settle(command_id, how, why))

    async def skip(self, command_ids: Iterable[int], why: str) -> None:
        """Write down that waiting commands are skipped, for one reason."""
        await self.note(lambda visit: visit.doubts.skip(command_ids, why))

    async def read_back_of(self, command_id: int) -> CommandRow | None:
        """Return the read that can show now whether a command in doubt was done.

        None without one.
        """
        visit = self.open_visit()
        return await self.worker_loop.run(visit.doubts.read_back_of, command_id)

    async def read_back(self, command_id: int) -> None:
        """Ask the Device whether it has done a command in doubt."""
        await self.at_work(lambda visit: visit.doubts.read_back(command_id))

    async def power_cycle_cost(self) -> PowerCycleCost:
        """Return what switching the hub off and on would cost now."""
        visit = self.open_visit()
        return await self.worker_loop.run(lambda: visit.power.power_cycle_cost)

    async def watch_power_cycle(self) -> None:
        """Listen while the hub is switched off and on."""
        await self.at_work(lambda visit: visit.power.watch_power_cycle())

    async def hub_was_switched_on(self, minutes_ago: float) -> None:
        """Note when the hub got its power, as the engineer says: its window begins there."""

        async def restart(visit: Visit) -> None:
            visit.power.restart_window_clock(minutes_ago=minutes_ago)

        await self.at_work(restart)

    async def take_window_clock_back(self) -> None:
        """Set the window's clock as it was before the engineer set it."""
        await self.note(lambda visit: visit.power.take_window_clock_back())

    async def devices(self) -> tuple[tuple[DeviceState, ...], datetime]:
        """Return every Device of the job as it is, and the time at the premises."""
        visit = self.open_visit()
        now = visit.clock.now()
        return await self.worker_loop.run(lambda: visit.premises.devices(now)), now

    async def watch_clocks(self) -> None:
        """Have the visit say which of its clocks is about to run out."""
        if self._visit:
            await self.worker_loop.run(self._watch, self._visit)

    def _watch(self, visit: Visit) -> None:
        if visit.tick():  # what was said of that clock is withdrawn without an event of its own
            self.post(VisitChanged(self, visit.view))

    async def note(self, step: Callable[[Visit], object]) -> None:
        """Note something on the visit; nothing is sent."""

        async def noted(visit: Visit) -> None:
            step(visit)

        await self.at_work(noted)

    async def look(self) -> None:
        """Have the view brought up to date: a clock in it has moved on."""
        await self.note(lambda visit: None)

    async def step_out(self) -> None:
        """Leave the HAN while the hub changes its channel, or for a survey; the visit goes on."""
        await self.at_work(lambda visit: visit.step_out())

    async def survey(self) -> None:
        """Make passes over the 2.4 GHz channels; HhtError where that would interrupt something."""
        await self.at_work(lambda visit: visit.survey())

    async def surveyed(self) -> Picture | None:
        """Return what the survey shows by now; None without one."""
        visit = self._visit
        return await self.worker_loop.run(lambda: visit.surveying.picture) if visit else None

    async def leave(self) -> None:
        await self.at_work(lambda visit: visit.leave())

    async def close(self) -> None:
        """End what was begun: the visit, the store, and what the starter began; once."""
        if self._is_closed:  # its thread has ended: nothing would answer any more
            return
        self._is_closed = True
        if not self.worker_loop.is_running:  # the app failed before it began
            self.context.close()
            return
        try:
            if self._visit:
                await self.worker_loop.do(self._visit.close())
        finally:
            await self._close_what_is_kept()

    async def _close_what_is_kept(self) -> None:
        """Close the store, then what is outside of the app."""
        try:
            await self.queries.close()
        finally:
            self.worker_loop.stop()
            self.context.close()

    async def _begin(self, job_id: int) -> VisitView:
        """Make the visit, unless it is there; another job's is closed, but the HAN not left."""
        async with self._beginning:  # two at once would start two simulated hubs
            if self._visit is None or self._visit.job.id != job_id:
                if self._visit:
                    await self._visit.close()
                self._visit = await self._new_visit(job_id)
            return self._visit.view

    async def _new_visit(self, job_id: int) -> Visit:
        """Fetch the radio's kit, which may take seconds, and go on where the job was left."""
        from hht.journeys.premises.handheld import keep_handheld
        from hht.journeys.visit import Visit
        from hht.store.errors import MAY_PASS

        kit = await asyncio.to_thread(self.context.equip, job_id)
        self.speed = kit.speed
        self._radio_url = kit.radio_url
        store, hht = self.queries.store(), kit.identity.entity_id if kit.identity else None
        job = store.jobs.get(job_id)
        with suppress(*MAY_PASS):  # it is kept for its name in the queue alone
            keep_handheld(store, job_id, hht)
        self.names = names_of(job, hht)
        self.premises = job.premises or job.title
        return Visit(store, job_id, kit, self._publish)

    def _publish(self, event: Event) -> None:
        """Pass on what happened; called in the working thread, and posts only."""
        if self._visit:
            self.post(VisitChanged(self, self._visit.view, event))

    async def at_work(self, step: Callable[[Visit], Coroutine[Any, Any, object]]) -> None:
        """Do one thing on the visit; its view is passed on however it ends."""
        await self.worker_loop.do(self._step(self.open_visit(), step))

    def open_visit(self) -> Visit:
        """Return the open job's visit; HhtError where no job is open."""
        if self._visit is None:
            raise HhtError("No job is open", remedy="Open a job first.")
        return self._visit

    async def _step(
        self, visit: Visit, step: Callable[[Visit], Coroutine[Any, Any, object]]
    ) -> None:
        """Do it in the working thread; a failure is an event of the visit, too."""
        from hht.journeys.events import Failed

        try:
            await self._step_again_elsewhere(visit, step)
        except HhtError as error:
            visit.say(Failed(error.what, error.where, error.remedy, error.code))
            raise
        finally:
            self.post(VisitChanged(self, visit.view))

    async def _step_again_elsewhere(
        self, visit: Visit, step: Callable[[Visit], Coroutine[Any, Any, object]]
    ) -> None:
        """Do it; look once for a dongle that is no longer where it was."""
        from hht.radio.errors import DongleAbsent

        try:
            await step(visit)
        except DongleAbsent:
            if not await self._found_elsewhere(visit):
                raise
            await step(visit)

    async def _found_elsewhere(self, visit: Visit) -> bool:
        """Return whether the dongle has another address by now, as that of a hub started again
        has."""
        kit = await asyncio.to_thread(self.context.equip, visit.job.id)
        known, self._radio_url = self._radio_url, kit.radio_url
        visit.equip(kit.radio_url)
        return kit.radio_url != known
