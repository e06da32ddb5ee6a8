"""Time that passes by hand for code that waits on a clock."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hht.clock import ManualClock

_T = TypeVar("_T")


async def while_passing(clock: ManualClock, seconds: float, waiting: Coroutine[Any, Any, _T]) -> _T:
    """Let `seconds` of the clock pass for a coroutine that must end in them; give its result."""
    task = asyncio.create_task(waiting)
    try:
        await clock.run(seconds)
        assert task.done(), f"still waiting after {seconds:g} s"
        return await task
    finally:
        task.cancel()
