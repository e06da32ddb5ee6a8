"""The clock of the program: time of day, elapsed seconds and waiting; nothing else asks for them.

asyncio is imported by the first wait: commands that only ask for the time start without it.
"""

from hht.clock.clock import SYSTEM_CLOCK, BootMoment, Clock, SystemClock, Timer
from hht.clock.manual import ManualClock
from hht.clock.scaled import ScaledClock

__all__ = [
    "SYSTEM_CLOCK",
    "BootMoment",
    "Clock",
    "ManualClock",
    "ScaledClock",
    "SystemClock",
    "Timer",
]
