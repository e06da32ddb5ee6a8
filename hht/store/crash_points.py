"""Where a test may kill the process: before and after every commit."""

import os
import signal
from collections.abc import Callable

VARIABLE = "HHT_CRASH_AT"


def _armed(number: int) -> Callable[[], None]:
    """Kill -9 at the `number`th boundary of this process; 1 is before its first commit."""
    left = number

    def count_down() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return count_down


def _unarmed() -> None:
    """Cost nothing where nobody tests."""


crash_point = _armed(int(os.environ[VARIABLE])) if VARIABLE in os.environ else _unarmed
