"""An app that ends in order, with one line and an exit code, and paints what a terminal lost."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
from contextlib import suppress
from typing import Any

from textual.binding import Binding
from textual.driver import Driver
from textual.events import Event as TerminalEvent
from textual.events import Key
from textual.worker import WorkerFailed

from hht.errors import HhtError
from hht.logs import log_unforeseen
from hht.texts import text
from screens.ending.last_resort import LastResort
from screens.ending.signals import ENDING
from screens.forms.remedies import in_a_line
from screens.keys.key_names import key_name, small
from screens.notices import NoticeApp


class OrderlyApp(NoticeApp):
    """An app that ends on a signal, and on an unforeseen fault; and it does end."""

    def __init__(self) -> None:
        super().__init__()
        self._last_resort = LastResort()
        self._is_closing = False

    def get_driver_class(self) -> type[Driver]:
        """Use a driver that survives odd input, and a terminal that reads nothing."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver
        from screens.ending.terminal import TerminalDriver

        return TerminalDriver

    def get_key_display(self, binding: Binding) -> str:
        """Write keys as they are printed on the keyboard."""
        return key_name(binding)

    async def on_event(self, event: TerminalEvent) -> None:
        """Take a capital letter as the small one, except in a field.

        A key pressed before a screen was put together is not for it, and the other one is gone.
        """
        if isinstance(event, Key):
            if not (self.screen_stack and self.screen.is_mounted):
                return
            if not self._is_typed(event):
                event = small(event)
        await super().on_event(event)

    def scan(self, label: str) -> None:
        """Give a label to the screen on show, once that is put together."""
        take = getattr(self.screen, "scanned", None)
        if take is None:
            self.refuse_scan(label)
        elif self.screen.is_mounted:
            take(label)
        else:
            self.screen.call_next(self.scan, label)

    def refuse_scan(self, label: str) -> None:
        """Say that the screen on show takes no label."""

    def _is_typed(self, key: Key) -> bool:
        field = self.focused if self.screen_stack else None
        return field is not None and field.check_consume_key(key.key, key.character)

    def on_mount(self) -> None:
        """Get ready for quick keys and for signals, where the app has a terminal of its own."""
        if self.is_headless:
            return
        # What is there from the beginning stays: a full collection went through it for 45 ms.
        self.call_after_refresh(gc.freeze)
        self._listen_for_signals()

    def _listen_for_signals(self) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        if sys.platform == "win32" or not is_main:
            return
        loop = asyncio.get_running_loop()

        def end() -> None:
            with suppress(RuntimeError):  # the loop is closed: the app has ended
                loop.call_soon_threadsafe(self._end_by_signal)

        ENDING.listen()
        ENDING.end_by(end)

    def action_help_quit(self) -> None:
        """Say once which key ends the app; Ctrl+C is for copying what a field has marked."""
        self.notify(text("quit.by_key"), everywhere=True)

    def on_resize(self) -> None:
        """Paint all of the screen at the size that the terminal has at last.

        A size that changes away and back while the app is busy is no change to Textual, which
        then paints nothing, though the terminal has cut off what did not fit in between.
        """
        if self.screen_stack:
            self.screen.refresh()

    def _end_by_signal(self) -> None:
        """End with everything that was captured kept, and say once which signal it was."""
        if self.return_code == ENDING.exit_code:
            return
        logging.getLogger("hht").warning(ENDING.said)
        self.exit(return_code=ENDING.exit_code, message=ENDING.said)

    def exit(self, *args: Any, **named: Any) -> None:
        """End the app, and the process if that does not come about."""
        self._end_at_all_events()
        super().exit(*args, **named)

    def _end_at_all_events(self) -> None:
        if self._driver is not None and not self.is_headless:
            self._last_resort.begin()

    def _print_error_renderables(self) -> None:
        """Say the first of the last lines, unless the terminal reads nothing."""
        del self._exit_renderables[1:]  # Textual would say how many there are
        ENDING.is_said = bool(self._exit_renderables)
        if not getattr(self._driver, "is_stuck", False):
            with suppress(OSError):  # the terminal is gone
                super()._print_error_renderables()

    async def _shutdown(self) -> None:
        """Close everything; a thread may still report to widgets that are gone."""
        self._is_closing = True
        await super()._shutdown()

    def show_failure(self, error: HhtError) -> None:
        """Say what failed."""
        self.notify(in_a_line(error), severity="error")

    def _handle_exception(self, error: Exception) -> None:
        """Show what work beside the screens could not do, such as a read from a damaged database.

        Nothing that fails while the app is ending changes how it ends.
        """
        if self._exit or self._is_closing:
            log_unforeseen(error)
        elif isinstance(error, WorkerFailed) and isinstance(error.error, HhtError):
            self.show_failure(error.error)
        else:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave the traceback in the log; Textual's own shows every local variable."""
        error = sys.exc_info()[1] or self._exception
        path = log_unforeseen(error) if error else None
        where = f"{path}: " if path else ""
        said = f"hht failed in a way that nobody foresaw ({type(error).__name__})"
        self._end_at_all_events()
        self.panic(f"hht: {where}{said}. Everything captured is kept.")
