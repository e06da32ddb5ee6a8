"""The terminal's driver: what no terminal should send costs that key, not the app."""

from __future__ import annotations

import codecs
from functools import partial
from typing import Any

from textual.drivers import linux_driver


def _lenient(encoding: str) -> Any:
    return partial(codecs.getincrementaldecoder(encoding), errors="ignore")


# Textual decodes keys strictly, in the middle of a function that nothing can be put into.
vars(linux_driver)["getincrementaldecoder"] = _lenient


class TerminalDriver(linux_driver.LinuxDriver):
    """Goes on after a byte that is no UTF-8 (a Latin-1 keyboard, an old mouse report)."""

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
