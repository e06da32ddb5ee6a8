"""Keys: four at most where it is narrow, the rest in the palette and in F1; two themes."""

from collections.abc import Callable

import pytest
from screen_bench import BOTH, NORMAL, SMALLEST, Bench
from textual.command import CommandList

from screens.base import HhtScreen
from screens.help.screen import help_table
from screens.widgets.key_bar import KeyBar


async def test_at_most_four_keys_where_it_is_narrow_and_help_is_one_of_them(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await bench.until("Install without WAN")
        shown = bench.app.screen.query_one(KeyBar).shown()
        assert len(shown) <= 4
        assert bench.lines[-1].rstrip().endswith("F1 Help")


@pytest.mark.parametrize("size", BOTH)
async def test_f1_tells_about_the_screen_and_every_key_of_it(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await bench.until("Install without WAN")
        await bench.press("f1")
        await bench.until("Every job on this handheld", "▲ TRAINING")
        await bench.press("pagedown", "pagedown", "pagedown", "pagedown", "pagedown")
        await bench.until("Sun or night")
        await bench.press("escape")
        await bench.until("[ Enter ]  Open the job")


async def test_help_takes_the_whole_width_below_80_columns_and_a_side_above(open_bench) -> None:
    for size, width in ((SMALLEST, 53), (NORMAL, 64)):
        async with open_bench(size) as bench:
            await bench.press("f1")
            await bench.until("Every job", "Esc  Close", "▲ TRAINING")
            panel = bench.app.screen.query_one("#panel")
            await bench.until_it_holds(lambda: panel.outer_size.width == width)  # noqa: B023


def test_every_screen_has_its_help() -> None:
    import screens.commission.screen
    import screens.connect.screen
    import screens.debrief.screen
    import screens.inspector.screen
    import screens.message.screen
    import screens.queue.screen  # noqa: F401

    def every(kind: type[HhtScreen]) -> set[str]:
        return {kind.HELP}.union(*(every(child) for child in kind.__subclasses__()))

    assert every(HhtScreen) - {""} == set(help_table()) - {"general"}


def palette_has_one_choice(bench: Bench) -> Callable[[], bool]:
    """Whether the search has come down to one action, and that is the one Enter takes."""

    def settled() -> bool:
        found = bench.app.screen.query_one(CommandList)
        return found.option_count == 1 and found.highlighted == 0

    return settled


@pytest.mark.parametrize("size", BOTH)
async def test_the_palette_has_every_action_by_name(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await bench.until("Install without WAN")
        await bench.press("ctrl+p")
        await bench.pilot.press(*"sun or")
        await bench.until("Sun or night")
        await bench.until_it_holds(palette_has_one_choice(bench))
        await bench.press("enter")
        await bench.until_it_holds(lambda: bench.app.theme == "hht-sun")


async def test_f2_changes_between_sun_and_night_and_is_remembered(open_bench, context) -> None:
    async with open_bench() as bench:
        await bench.press("f2")
        assert bench.app.theme == "hht-sun"
    async with open_bench() as bench:
        assert bench.app.theme == "hht-sun"


async def test_a_tap_on_a_key_of_the_bar_presses_it(open_bench) -> None:
    async with open_bench() as bench:
        await bench.until("Install without WAN")
        place = bench.lines[-1].index("F1 Help")
        await bench.pilot.click(KeyBar, offset=(place + 2, 0))
        await bench.until("Every job on this handheld")
