"""When the handheld locks: at the start, by a key, and when nobody has touched it for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import App
from textual.reactive import reactive

from screens.home.screen import HomeScreen
from screens.service import Desk

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

LOOK_SECONDS = 5.0


class Locking(App[None]):
    """The app's part that puts the lock screen up.

    On a HAN the store stays open behind it, for what arrives then must be kept.
    """

    desk: Desk
    view: reactive[VisitView | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__()
        self.covered = False
        self._open_behind = False
        self._when_unlocked: list[Callable[[], object]] = []

    def ask_pin(self, then: Callable[[], object]) -> None:
        """Show nothing but the lock screen; go on once the PIN was right."""
        from screens.lock.screen import LockScreen

        self._when_unlocked.append(then)
        if not self.covered:
            self.covered = True
            self.push_screen(LockScreen(), self._unlocked)

    def _unlocked(self, _: bool | None) -> None:
        """Go on with everything that waited for the PIN."""
        self.covered = False
        waiting, self._when_unlocked = self._when_unlocked, []
        for then in waiting:
            then()

    async def on_event(self, event: events.Event) -> None:
        """Whatever a person does keeps the handheld from locking itself."""
        if isinstance(event, events.InputEvent):
            self.desk.records.touch()
        await super().on_event(event)

    def on_mount(self) -> None:
        """Look now and then whether anybody is still there."""
        self.set_interval(LOOK_SECONDS, self._look)

    @work(exclusive=True, group="lock")
    async def _look(self) -> None:
        """Lock when nobody is there; behind a lock screen, the store too once off the HAN."""
        on_the_han = bool(self.view and self.view.connected)
        if self.covered:
            if self._open_behind and not on_the_han:
                self._open_behind = False
                await self.desk.records.lock(keep_open=False)
        elif self.desk.records.is_alone:
            await self._lock(keep_open=on_the_han)

    @work(exclusive=True, group="lock")
    async def action_lock(self) -> None:
        """Lock now."""
        if not await self._lock(keep_open=bool(self.view and self.view.connected)):
            self.notify("No PIN is set, so nothing is locked: 'hht pin set' sets one.")

    async def _lock(self, *, keep_open: bool) -> bool:
        """Lock, and hide what is on show; False where no PIN is set."""
        if not await self.desk.records.lock(keep_open=keep_open):
            return False
        self._open_behind = keep_open
        if keep_open:
            self.ask_pin(lambda: None)
            return True
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(self.screen, HomeScreen):
            self.screen.load()
        return True
