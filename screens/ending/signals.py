"""The signals that end the app, from its first moment to its last: one line, and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from screens.ending.last_resort import LastResort

# SIGHUP is a terminal that was closed, SIGQUIT Ctrl+\ from outside; Windows has neither.
SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP")
    if hasattr(signal, name)
)
SIGNALLED = 128  # what a shell adds to the signal's number


class EndingSignals:
    """The signals that end the program: at once where no app runs, else in order.

    Of several signals the first one counts. Nothing is open before the app runs, and nothing is
    left open after it, so to end at once loses nothing.
    """

    def __init__(self) -> None:
        self.number: signal.Signals | None = None
        """The signal that is to end the program."""
        self.is_said = False
        """Whether the app has said so."""
        self._last_resort = LastResort()
        self._end_app: Callable[[], object] | None = None
        self._runs = False

    def listen(self) -> None:
        """Take the signals over, where the program has a terminal of its own."""
        if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
            return
        for number in SIGNALS:
            signal.signal(number, self._signalled)

    def run(self, app: Callable[[], object]) -> None:
        """Run an app; a signal that comes before it can end is kept for `end_by`."""
        self._runs = True
        try:
            app()
        finally:
            self._runs, self._end_app = False, None

    def end_by(self, end_app: Callable[[], object]) -> None:
        """Have the app end by this, which may be called in the middle of anything."""
        self._end_app = end_app
        if self.number is not None:
            end_app()

    @property
    def exit_code(self) -> int:
        """Return what a program that a signal has ended gives back."""
        return SIGNALLED + self.number if self.number is not None else 0

    @property
    def said(self) -> str:
        """Return the one line about it."""
        assert self.number is not None
        return f"hht: The app was ended by {self.number.name}. Everything captured is kept."

    def _signalled(self, number: int, _frame: object) -> None:
        is_first, self.number = self.number is None, self.number or signal.Signals(number)
        if not self._runs:
            self._end_at_once(is_first=is_first)
        self._last_resort.begin()  # here, as the loop itself may be what hangs
        if self._end_app is not None:
            self._end_app()

    def _end_at_once(self, *, is_first: bool) -> None:
        if is_first:
            with suppress(OSError):  # the terminal is gone
                os.write(2, f"{self.said}\n".encode())
        os._exit(self.exit_code)


ENDING = EndingSignals()
"""Those of this process."""
