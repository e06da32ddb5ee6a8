"""Every key on its way to a screen: labels from a scanner, and keys that came too early."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.events import InputEvent, Key, Paste
from textual.message import Message

from screens.keys.scanner_gate import ScannerGate, text_of
from screens.widgets.numbered_list import DIGITS

DECISIVE = ("enter", *DIGITS)
"""Keys that do something at once; one pressed before what it would do was on show does nothing."""


class KeyGate:
    """A gate that lets keys through in their order, once it is clear that fingers typed them.

    `deliver` passes a key on, `scanned` gets a whole label. A burst without an Enter at its end
    is text that was pasted where the terminal did not say so, and goes on as such, in one piece.
    """

    def __init__(
        self,
        app: App[Any],
        deliver: Callable[[InputEvent | Paste], Awaitable[None]],
        scanned: Callable[[str], object],
        gap_seconds: float,
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._scanned = scanned
        self._gap_seconds = gap_seconds
        self._scanner = ScannerGate(gap_seconds)
        self._looking: asyncio.TimerHandle | None = None
        self.screen_since = 0.0
        """When the screen on show can have been read, on the clock that stamps keys."""

    def another_screen(self, unread_seconds: float = 0.0) -> None:
        """Note that another screen is on show, and how long it is before it can have been read."""
        self.screen_since = Message().time + unread_seconds

    async def take(self, key: Key) -> None:
        """Deliver the keys that are fingers', and a label when one is complete."""
        for burst in self._scanner.take(key):
            await self._pass_all_on(burst)
        if self._scanner.is_last(key):
            # Not set_timer: a busy loop makes it skip its one tick. And by way of the queue, so
            # that keys which came while the loop was busy are looked at first.
            if self._looking:
                self._looking.cancel()  # a paste of thousands of keys has one timer, not thousands
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(
                self._gap_seconds, self._app.call_later, self._release, key
            )

    async def _release(self, key: Key) -> None:
        """Release what was held: nothing followed in time."""
        if self._scanner.is_last(key):
            await self._pass_all_on(self._scanner.release())

    async def _pass_all_on(self, burst: list[Key]) -> None:
        """Pass on a burst: as a label where an Enter ends it, else as pasted, or key by key."""
        if not (text := text_of(burst)):
            for each in burst:
                await self._pass_on(each)
        elif text.endswith("\n"):
            self._scanned(text.strip())
        else:
            await self._deliver(Paste(text))

    async def _pass_on(self, key: Key) -> None:
        """Pass a key on, unless it was pressed before the screen on show was there."""
        if key.key not in DECISIVE or key.time >= self.screen_since:
            await self._deliver(key)
