"""A paused exercise says so over everything, acts on no key, and goes on where it was."""

import pytest
from screen_bench import BOTH, OpenBench
from screen_steps import at_the_plan
from screen_visit import Script

from screens.context import HhtContext


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_pause_lies_over_everything_until_it_is_over(
    open_bench: OpenBench,
    script: Script,
    context: HhtContext,
    size: tuple[int, int],
) -> None:
    paused = False
    context.is_paused = lambda: paused
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        calls = list(script.calls)
        paused = True
        await bench.until("Paused by your trainer", "Every clock has stopped")
        await bench.press("enter", "escape", "a", "slash")
        assert "Paused by your trainer" in bench.text
        paused = False
        await bench.until_it_holds(lambda: "Paused" not in bench.text)
        await bench.until("Plan")
        assert script.calls == calls
