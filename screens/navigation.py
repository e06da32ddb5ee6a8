"""Which screen comes next: from the jobs to a job's hub and plan, to the queue, to a failure."""

from __future__ import annotations

from collections.abc import Callable

from textual import work

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.lock.locking import Locking


class Navigation(Locking):
    """The app's part that opens screens; each is imported when it is first shown."""

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
        from screens.connect.screen import ConnectScreen

        self._show_in_job(ConnectScreen())

    def open_plan(self) -> None:
        """Show the job's Local Commands."""
        from screens.commission.screen import CommissionScreen

        self._show_in_job(CommissionScreen())

    @work(exclusive=True, group="debrief")
    async def open_debrief(self) -> None:
        """After an exercise, show what it was worth; after live work there is nothing to show."""
        from screens.debrief.screen import DebriefScreen

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
        from screens.queue.screen import QueueScreen

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

    def _tell(self, error: HhtError, retry: Callable[[], object] | None) -> None:
        """Put the failure's panel over the screen; over the lock screen only once that is gone."""
        if self.covered:
            self.ask_pin(lambda: self._tell(error, retry))
            return
        from screens.failure.codes import failure_of
        from screens.failure.screen import FailureScreen

        def answered(again: bool | None) -> None:
            if again and retry:
                retry()

        screen = FailureScreen(failure_of(error), can_retry=retry is not None)
        self.push_screen(screen, answered)
