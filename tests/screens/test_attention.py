"""The flash in place of the bell: the whole screen takes its colour, and no word is hidden."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from painted import strips_of
from screen_bench import SMALLEST, Bench, OpenBench

from screens.attention import FLASH, Attention
from screens.forms.typed import TypedScreen


def grounds(bench: Bench) -> list[object]:
    """The ground of each stretch that is painted, from top to bottom."""
    lines = strips_of(bench.app)
    return [part.style.bgcolor for line in lines for part in line if part.style]


@pytest.mark.parametrize("theme", ["hht-night", "hht-sun"])
async def test_a_flash_colours_the_whole_screen_and_hides_no_word(
    open_bench: OpenBench, theme: str
) -> None:
    async with open_bench(SMALLEST) as bench:
        bench.app.theme = theme
        await bench.settled()
        shown, before = bench.text, grounds(bench)
        bench.app.screen.add_class(FLASH)
        await bench.until_it_holds(lambda: not set(before) & set(grounds(bench)))
        assert bench.text == shown
        bench.app.screen.remove_class(FLASH)
        await bench.until_it_holds(lambda: grounds(bench) == before)


async def test_a_flash_goes_on_over_the_form_that_comes_with_it_and_then_ends(
    open_bench: OpenBench, context: Any
) -> None:
    async with open_bench(SMALLEST) as bench:
        steps: asyncio.Queue[None] = asyncio.Queue()
        clock: Any = SimpleNamespace(elapsed=lambda: 0.0, sleep=lambda _seconds: steps.get())
        attention = Attention(bench.app, clock, context.data_dir)
        assert attention.change() == "flash"
        below = bench.app.screen
        attention.call()
        await bench.until_it_holds(lambda: below.has_class(FLASH))
        await bench.app.push_screen(TypedScreen("Why", "", ""))
        form = bench.app.screen
        steps.put_nowait(None)
        await bench.until_it_holds(lambda: form.has_class(FLASH))
        assert not below.has_class(FLASH)
        steps.put_nowait(None)
        await bench.until_it_holds(lambda: not form.has_class(FLASH))
