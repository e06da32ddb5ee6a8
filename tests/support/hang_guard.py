"""Ends a test that hangs, so that it becomes one failed test with its stack and the suite goes on.

A signal breaks the test off first. Where that does not help, because the test or its clean-up goes
on waiting, every thread's stack is printed and the process ends: pytest-xdist then names the test
as the one in which its worker crashed, and starts another worker.
"""

import atexit
import faulthandler
import os
import signal
from collections.abc import Iterator

import pytest

SECONDS = float(os.environ.get("HHT_TEST_SECONDS", "180"))
"""The slowest test needs some 20 s, with four busy processes beside 80; `.ci/long` gives more."""
GRACE = max(SECONDS / 4, 0.2)
"""What a test that was broken off may need to end its own processes and sockets."""
ENDING_SECONDS = 60.0
"""From the last test until the threads have ended: only one that hangs needs longer."""


class Hung(BaseException):
    """No `except Exception` of the code under test holds it, and Hypothesis does not try again."""


class HangGuard:
    """A plugin of pytest; made while pytest captures nothing, so that it keeps the real stderr."""

    def __init__(self) -> None:
        self._stderr = os.dup(2)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        before = signal.signal(signal.SIGALRM, lambda *_: _give_up(item.nodeid))
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        self._end_process_after(SECONDS + GRACE)
        try:
            return (yield)
        finally:
            faulthandler.cancel_dump_traceback_later()
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Bound what Python does next: wait for threads. Removing old folders may last longer."""
        if hasattr(config, "workerinput"):  # waits for the others' last tests; xdist ends it then
            return
        self._end_process_after(ENDING_SECONDS)
        atexit.register(faulthandler.cancel_dump_traceback_later)

    def _end_process_after(self, seconds: float) -> None:
        faulthandler.dump_traceback_later(seconds, exit=True, file=self._stderr)


def _give_up(test: str) -> None:
    raise Hung(f"{test} did not end in {SECONDS:g} s")
