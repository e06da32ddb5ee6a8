"""The end of an app that does not end: where its threads are goes to the log, then it exits."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import traceback

END_SECONDS = 30.0
"""An end in order closes the visit, the store, a simulated hub and the terminal. That takes a
second or two, on a machine that is busy with other things ten times as long."""
LOG_SECONDS = 1.0  # before the end: to write some lines


class LastResort:
    """The end of the process after a while, with exit code 1, whatever it hangs in.

    What was captured is durable before its event is published, so nothing is lost.
    """

    def __init__(self, seconds: float = END_SECONDS) -> None:
        self._seconds = seconds
        self._nowhere = open(os.devnull, "w")  # noqa: SIM115 (needed until the process ends)
        self._is_due = False

    def begin(self) -> None:
        """Let the time run, once. Nothing of Python is needed to exit: not the GIL either."""
        if self._is_due:
            return
        self._is_due = True
        faulthandler.dump_traceback_later(self._seconds, exit=True, file=self._nowhere)
        timer = threading.Timer(self._seconds - LOG_SECONDS, log_threads)
        timer.daemon = True
        timer.start()


def log_threads() -> None:
    """Leave in the log where every thread is: files, lines and functions."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    lines = []
    for number, frame in sys._current_frames().items():
        lines.append(f"Thread {names.get(number, number)}")
        lines += [
            f"  {each.filename}:{each.lineno} in {each.name}"
            for each in traceback.extract_stack(frame)
        ]
    logging.getLogger("hht").error("The app does not end:\n%s", "\n".join(lines))
