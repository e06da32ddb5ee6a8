"""F3 shows the state in large figures, and Enter does there what it does below; gloves."""

from dataclasses import replace

import pytest
from screen_bench import BOTH, SMALLEST, WIDE, Bench
from screen_steps import at_the_jobs, at_the_plan

from hht.clock import ManualClock
from hht.store import CommandState
from screens.glance.big_text import HEIGHT, BigText
from screens.shell import Place
from screens.widgets.numbered_list import NumberedList


async def glancing(bench: Bench) -> None:
    await bench.press("f3")
    await bench.until_it_holds(lambda: bench.app.screen.query(BigText))
    await bench.settled()


async def test_the_link_is_as_sure_as_in_the_status_line_and_its_age_is_counted(
    open_bench, script
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_plan(bench)
        await glancing(bench)
        await bench.until("▂▄▆▁ good")
        clock, status = ManualClock(), bench.app.status
        heard = replace(status.link, clock=clock, heard_at=clock.elapsed() - 40)
        bench.app.status = status = replace(status, link=heard)
        await bench.until("▂▄▆▁ ? heard 40 s ago")
        clock.advance(40 * 60)
        await bench.until("▂▄▆▁ ? heard 40 min ago")
        bench.app.status = replace(status, connected=False)
        await bench.until_it_holds(lambda: "▂▄▆▁" not in bench.text)


@pytest.mark.parametrize("size", [*BOTH, WIDE])
async def test_the_count_is_drawn_five_lines_high_and_enter_delivers(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await glancing(bench)
        assert sum("█" in line for line in bench.lines[2:]) == HEIGHT
        assert bench.app.screen.query_one(BigText).figures == "0/2"
        await bench.press("enter")
        await bench.until_it_holds(lambda: bench.app.screen.query_one(BigText).figures == "1/2")
        await bench.press("f3")
        await bench.until("╭─ Plan")


async def test_a_doubt_is_said_and_enter_asks_about_it(open_bench, script) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench(SMALLEST) as bench:
        await at_the_plan(bench)
        await glancing(bench)
        await bench.press("enter")
        await bench.until("? 1 in doubt", "Enter  Did it arrive?")
        await bench.press("enter")
        await bench.until("Not sure yet")


async def test_where_no_job_is_open_it_says_so(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        await glancing(bench)
        await bench.until("No job is open.", "Enter  Open JOB-0001")


async def test_it_is_there_on_every_screen_and_goes_away_by_esc(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        for key in ("t", "m", "i"):
            await bench.press(key)
            await bench.until_it_holds(lambda: len(bench.app.screen_stack) == 2)
            below = bench.app.screen
            await glancing(bench)
            await bench.press("escape")
            await bench.until_it_holds(lambda: bench.app.screen is below)  # noqa: B023
            await bench.press("escape")
            await bench.until("Enter  Open JOB-0001")


async def test_gloves_make_rows_and_the_action_two_and_three_lines_high_and_are_remembered(
    open_bench, script
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_plan(bench)
        bench.app.go(Place.GLOVE)
        await bench.settled()
        rows = bench.app.screen.query_one(NumberedList)
        first = next(n for n, line in enumerate(bench.lines) if "Command 0" in line)
        assert "Command 1" in bench.lines[first + 2]
        assert bench.app.screen.query_one("ActionBar").size.height == 3
        await bench.pilot.click(NumberedList, offset=(5, 4))
        assert rows.cursor == 1
        await bench.until("Words │ Fields")
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        assert bench.app.preferences.glove.is_on
        await bench.press("m")
        await bench.until("More")
        assert bench.app.screen.query_one(NumberedList).tall
