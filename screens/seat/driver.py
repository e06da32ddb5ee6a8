"""The driver of an app in a browser: Textual's own, and a repaint for a browser that came back."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp

REPAINT = "repaint"


class SeatDriver(WebDriver):
    """A driver that goes on without a browser, and ends the app when the server is gone."""

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Take what the server says."""
        if packet_type == REPAINT:
            self._set_up_terminal()
            super().on_meta("resize", payload)
            with suppress(RuntimeError):  # the app has ended meanwhile
                self._loop.call_soon_threadsafe(self._app.refresh)
        else:
            super().on_meta(packet_type, payload)

    def _set_up_terminal(self) -> None:
        """Say again what the first packets said: the browser's terminal is a new one."""
        self.write("\x1b[?1049h\x1b[?25l")  # the other screen, without a cursor
        self._enable_mouse_support()
        self._enable_bracketed_paste()

    def run_input_thread(self) -> None:
        """Read until there is nothing to come: then the server is gone, and the app ends too."""
        super().run_input_thread()
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._app.post_message, ExitApp())

    def write(self, data: str) -> None:
        """Paint; where the reader has gone the end comes by the input."""
        self._put(b"D", data.encode("utf-8", "replace"))

    def write_meta(self, data: dict[str, object]) -> None:
        """Send the server a message."""
        with suppress(BrokenPipeError):
            super().write_meta(data)

    def _put(self, kind: bytes, payload: bytes) -> None:
        """Write a whole packet, however little of it a pipe has room for at once."""
        left: Any = memoryview(kind + len(payload).to_bytes(4, "big") + payload)
        with suppress(BrokenPipeError):
            while left:
                left = left[self._write(left) :]
