"""Which screen comes next: from the jobs to a job's hub and plan, to the queue, to a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import App
from textual.reactive import reactive

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.desk import Desk
from screens.home import HomeScreen

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

LOOK_SECONDS = 5.0


class Navigation(App[None]):
    """The app's part that opens screens; each is imported when it is first shown."""

    desk: Desk
    view: reactive[VisitView | None] = reactive(None)

    @work(exclusive=True, group="job")
    async def open_job(self, job_id: int) -> None:
        """Open a job: its hub first, or its plan if the HHT is on the HAN already."""
        try:
            self.view = await self.desk.visit(job_id)
        except HhtError as error:
            self.show_failure(error, retry=lambda: self.open_job(job_id))
            return
        if self.view and (self.view.connected or not self.view.next_command):
            self.open_plan()
        else:
            self.open_connect()

    def open_connect(self) -> None:
        """Show the hubs."""
        from screens.connect import ConnectScreen

        self._show_in_job(ConnectScreen())

    def open_plan(self) -> None:
        """Show the job's Local Commands."""
        from screens.commission import CommissionScreen

        self._show_in_job(CommissionScreen())

    @work(exclusive=True, group="debrief")
    async def open_debrief(self) -> None:
        """After an exercise, show what it was worth; after live work there is nothing to show."""
        from screens.debrief import DebriefScreen

        try:
            told = await self.desk.debrief()
        except HhtError as error:
            self.show_failure(error)
            return
        if told:
            self.push_screen(DebriefScreen(told))

    def _show_in_job(self, screen: HhtScreen) -> None:
        """Put a job's screen over the home screen, in place of the one that was there."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(screen)

    def open_queue(self) -> None:
        """Show what is to be returned."""
        from screens.queue import QueueScreen

        self.push_screen(QueueScreen())

    def show_failure(self, error: HhtError, retry: Callable[[], object] | None = None) -> None:
        """Say what failed, what it means and what to do; try again if the engineer wants to.

        What failed because the store is locked goes on once the PIN is entered.
        """
        from hht.store import StoreLocked

        if retry and isinstance(error, StoreLocked):
            self.ask_pin(retry)
        else:
            self._tell(error, retry)

    def ask_pin(self, then: Callable[[], object]) -> None:
        """Ask for the PIN, and go on with it."""
        from screens.pin import PinScreen

        def given(pin: str | None) -> None:
            if pin:
                self._unlock(pin, then)

        self.push_screen(PinScreen(), given)

    @work(exclusive=True, group="pin")
    async def _unlock(self, pin: str, then: Callable[[], object]) -> None:
        try:
            await self.desk.records.unlock(pin)
        except HhtError as error:
            self._tell(error, retry=lambda: self.ask_pin(then))
            return
        then()

    async def on_event(self, event: events.Event) -> None:
        """Whatever a person does keeps the store from locking itself."""
        if isinstance(event, events.InputEvent):
            self.desk.records.touch()
        await super().on_event(event)

    def on_mount(self) -> None:
        """Look now and then whether anybody is still there."""
        self.set_interval(LOOK_SECONDS, self._lock_when_alone)

    @work(exclusive=True, group="lock")
    async def _lock_when_alone(self) -> None:
        """Lock after a while without a touch; what is on show goes too."""
        if self.view and self.view.connected:
            self.desk.records.touch()  # what arrives now must find the store open
        elif await self.desk.records.lock_when_alone():
            while len(self.screen_stack) > 1:
                self.pop_screen()
            if isinstance(self.screen, HomeScreen):
                self.screen.load()

    def _tell(self, error: HhtError, retry: Callable[[], object] | None) -> None:
        """Put the failure's panel over the screen."""
        from screens.failure import FailureScreen
        from screens.failures import failure_of

        def answered(again: bool | None) -> None:
            if again and retry:
                retry()

        screen = FailureScreen(failure_of(error), can_retry=retry is not None)
        self.push_screen(screen, answered)
