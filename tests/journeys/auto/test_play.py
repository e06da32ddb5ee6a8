"""A visit without a person that fails where no failure is expected."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hht.clock import ManualClock
from hht.journeys.auto.play import play
from hht.journeys.visit import Visit


async def test_an_unforeseen_failure_releases_the_dongle_and_is_raised() -> None:
    done: list[str] = []

    def tick() -> None:
        raise RuntimeError("unforeseen")

    async def close() -> None:
        done.append("closed")
        raise RuntimeError("nor this")

    parts: Any = SimpleNamespace(clock=ManualClock(), install=None, tick=tick, close=close)
    with pytest.raises(RuntimeError, match="unforeseen"):
        await play(cast(Visit, parts))
    assert done == ["closed"]
