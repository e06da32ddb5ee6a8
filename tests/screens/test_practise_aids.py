"""A hint says its price before, Enter buys none, and a check is refused in one line."""

from dataclasses import replace

import pytest
from screen_bench import BOTH
from screen_steps import at_the_jobs
from screen_visit import HINTS, Judged

from hht.training.exercise.terms import InCheck


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_hint_says_its_price_before_and_enter_takes_none(
    open_bench, context, script, size
) -> None:
    exercise = Judged(script)
    async with open_bench(size, replace(context, mode="training", exercise=exercise)) as bench:
        await at_the_jobs(bench)
        await bench.press("f7")
        await bench.until("A hint costs 5 points", "▌1 Go on", "2 Show me the hint: 5 points")
        await bench.press("enter", "f7")
        await bench.until("▌1 Go on")
        assert exercise.hints_given == 0
        await bench.press("2")
        await bench.until("Hint", HINTS[0])
        assert exercise.hints_given == 1


async def test_the_steps_to_go_back_to_are_those_that_were_reached(
    open_bench, context, script
) -> None:
    given = replace(context, mode="training", exercise=Judged(script))
    async with open_bench(given=given) as bench:
        await at_the_jobs(bench)
        await bench.press("f8")
        await bench.until("▌1 Stay where I am", "2 3 Local Commands delivered", "3 Connected, ")
        await bench.press("enter")
        await bench.until("Jobs")


@pytest.mark.parametrize("key", ["f7", "f8"])
async def test_a_check_refuses_both_in_words(open_bench, context, script, key) -> None:
    exercise = Judged(script)
    exercise.refusal = InCheck("This exercise is a check: nobody is helped in it")
    given = replace(context, mode="training", exercise=exercise)
    async with open_bench(given=given) as bench:
        await at_the_jobs(bench)
        await bench.press(key)
        await bench.until("Not in a check", "This exercise is a check: nobody is helped")


async def test_live_work_has_neither(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("f7", "f8")
        await bench.settled()
        assert len(bench.app.screen_stack) == 1
