"""The terminal's driver: what no terminal should send costs that key, not the app."""

from __future__ import annotations

import codecs
from contextlib import suppress
from functools import partial
from typing import Any

from textual.drivers import linux_driver

from screens.ending.output import OutputThread


def _lenient(encoding: str) -> Any:
    return partial(codecs.getincrementaldecoder(encoding), errors="ignore")


# Textual decodes keys strictly, in the middle of a function that nothing can be put into.
vars(linux_driver)["getincrementaldecoder"] = _lenient


class TerminalDriver(linux_driver.LinuxDriver):
    """A driver that survives a byte that is no UTF-8 (a Latin-1 keyboard, an old mouse report).

    Goes on, too, while the terminal reads nothing (a link that hangs) or is gone.
    """

    def start_application_mode(self) -> None:
        """Take over the terminal, with a thread of ours to write to it."""
        make = partial(OutputThread, repaint=self._repaint_later)
        vars(linux_driver)["WriterThread"] = make
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal over again where Ctrl+Z gave it back; else paint only.

        SIGCONT comes unasked, too: with the SIGHUP of a terminal that is closed, and from what ends
        services. Textual then starts a second pair of threads at one terminal, and ends one pair.
        """
        if self._must_signal_resume:
            super()._sigcont_application()
        else:
            self._repaint_later()

    @property
    def is_stuck(self) -> bool:
        """Whether the terminal has taken nothing for a while."""
        return isinstance(self._writer_thread, OutputThread) and self._writer_thread.is_stuck

    def _repaint_later(self) -> None:
        """Have everything painted again: some of it was never written."""
        with suppress(RuntimeError):  # the app has ended meanwhile
            self._loop.call_soon_threadsafe(self._app.refresh)

    def _run_input_thread(self) -> None:
        """Read keys until the app ends; hand on what makes reading impossible."""
        while not self.exit_event.is_set():
            try:
                self.run_input_thread()
            except (UnicodeError, ValueError):
                continue
            except Exception as error:
                self._loop.call_soon_threadsafe(self._app._handle_exception, error)
                return
