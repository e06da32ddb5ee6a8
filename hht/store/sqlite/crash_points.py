"""Where a test may kill the process: before and after every commit."""

import os
import signal
from collections.abc import Callable

VARIABLE = "HHT_CRASH_AT"


def crash_points() -> Callable[[], None]:
    """Return what to call at each boundary: kill -9 at the one the variable names, 1 being the
    first."""
    number = os.environ.get(VARIABLE)
    return _armed(int(number)) if number else _unarmed


def _armed(number: int) -> Callable[[], None]:
    left = number

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return count_down


def _unarmed() -> None:
    """Cost nothing outside of tests."""
