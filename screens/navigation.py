"""Which screen comes next: from the jobs to a job's hub and plan, to the queue, to a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import work
from textual.app import App
from textual.reactive import reactive

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.desk import Desk

if TYPE_CHECKING:
    from hht.journeys.view import VisitView


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
        """Say what failed, what it means and what to do; try again if the engineer wants to."""
        from screens.failure import FailureScreen
        from screens.failures import failure_of

        def answered(again: bool | None) -> None:
            if again and retry:
                retry()

        screen = FailureScreen(failure_of(error), can_retry=retry is not None)
        self.push_screen(screen, answered)
