"""The machine's own clocks: seconds that count, seconds since its start, and the loop's."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


def machine_seconds() -> float:
    """Read the clock by which the running event loop times its calls; the machine's if none runs.

    What is measured and what is waited for are then of one clock, whatever loop it is.
    """
    if "asyncio" not in sys.modules:
        return time.monotonic()
    try:
        return running_loop().time()
    except RuntimeError:
        return time.monotonic()


def since_boot() -> float:
    """Return the seconds since the start; time asleep counts where the system counts it."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def boot_name() -> str:
    """Return the name of this run of the machine; empty where the system gives it none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def running_loop() -> "asyncio.AbstractEventLoop":
    """Return the event loop that runs; RuntimeError where none does."""
    import asyncio

    return asyncio.get_running_loop()
