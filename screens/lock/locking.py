"""When the handheld locks: at the start, by a key, and when it was not touched for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

from hht.texts import text
from screens.navigation import Navigation
from screens.service.visit_service import VisitService

LOOK_SECONDS = 5.0  # how much later than it is due the handheld may lock


class Locking:
    """The lock screen's coming. On a HAN the store stays open behind it, to keep what arrives.

    `on_the_han` says whether the HHT is on one; `jobs` are hidden, and read again once unlocked.
    """

    def __init__(
        self,
        app: App[Any],
        service: VisitService,
        on_the_han: Callable[[], bool],
        jobs: Navigation,
    ) -> None:
        self._app = app
        self._service = service
        self._on_the_han = on_the_han
        self._jobs = jobs
        self.covered = False
        self._open_behind = False
        self._is_looking = False
        self._when_unlocked: list[Callable[[], object]] = []

    def serve(self, service: VisitService) -> None:
        """Lock this one's store from now on; what was locked before is closed, with its screens."""
        self._service = service
        self.covered = self._open_behind = False
        self._when_unlocked.clear()

    def behind(self, step: Callable[[], object]) -> None:
        """Do this now, or once the PIN was right: nothing comes over the lock screen, or for it."""
        if self.covered:
            self._when_unlocked.append(step)
        else:
            step()

    def touch(self) -> None:
        """Keep the handheld from locking itself: somebody is there."""
        self._service.queries.touch()

    def ask_pin(self, then: Callable[[], object]) -> None:
        """Show nothing but the lock screen; go on once the PIN was right."""
        from screens.lock.screen import LockScreen

        self._when_unlocked.append(then)
        if not self.covered:
            self.covered = True
            self._app.push_screen(LockScreen(), self._unlocked)

    def lock_now(self) -> None:
        """Lock, as soon as what is under way in the store is done."""
        self._app.run_worker(self._lock_or_say_why_not(), group="lock")

    def _unlocked(self, _: bool | None) -> None:
        """Go on with everything that waited for the PIN."""
        self.covered = False
        waiting, self._when_unlocked = self._when_unlocked, []
        for then in waiting:
            then()

    def look(self) -> None:
        """Lock when it was left alone; behind a lock screen, the store too once off the HAN."""
        if not self._is_looking:
            self._is_looking = True
            self._app.run_worker(self._lock_if_alone(), group="lock")

    async def _lock_if_alone(self) -> None:
        try:
            await self._lock_what_is_left_alone()
        finally:
            self._is_looking = False

    async def _lock_what_is_left_alone(self) -> None:
        on_the_han = self._on_the_han()
        if self.covered:
            if self._open_behind and not on_the_han:
                self._open_behind = False
                await self._service.queries.lock(keep_open=False)
        elif self._service.queries.is_alone:
            await self._lock(keep_open=on_the_han)

    async def _lock_or_say_why_not(self) -> None:
        if not await self._lock(keep_open=self._on_the_han()):
            is_training = self._service.context.mode == "training"
            why = text("lock.no_pin_training" if is_training else "lock.no_pin")
            self._app.notify(why, severity="warning")

    async def _lock(self, *, keep_open: bool) -> bool:
        """Lock, and hide what is on show; False where no PIN is set."""
        if not await self._service.queries.lock(keep_open=keep_open):
            return False
        self._open_behind = keep_open
        if self.covered:  # the PIN was asked for meanwhile
            return True
        if keep_open:
            self.ask_pin(lambda: None)
        else:
            self._jobs.hide_jobs()
            self.ask_pin(self._jobs.read_jobs)
        return True
