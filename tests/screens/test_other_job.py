"""Another job, profile or mode is not opened behind the back of a hub at which the HHT works."""

import asyncio
from types import SimpleNamespace

import pytest
from screen_bench import SMALLEST, Bench
from screen_steps import at_the_plan
from store_samples import CCS01_COMMAND, open_store, pack

from hht.store import CommandState
from screens.context import HhtContext
from screens.shell import Place

HUB = "…90-A3"


@pytest.fixture
def two_jobs(context: HhtContext) -> HhtContext:
    """A second job below the one that the tests open."""
    with open_store(context.data_dir) as store:
        store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
    return context


async def open_the_other(bench: Bench) -> None:
    """Go back to the jobs, and open the second."""
    await bench.press("escape")
    await bench.until("JOB-0001", "JOB-0002")
    await bench.press("2")


async def never_answers(name: str) -> None:
    if name == "deliver":
        await asyncio.Event().wait()


async def test_a_delivery_is_not_broken_off_by_opening_another_job(
    open_bench, two_jobs, script
) -> None:
    script.hold = never_answers
    async with open_bench(SMALLEST) as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("C Stop after it")
        await open_the_other(bench)
        await bench.until(f"The radio is at work at the hub {HUB}")
        states = [row.state for row in bench.app.view.commands]
        assert states == [CommandState.SENDING, CommandState.WAITING]
        assert script.visit.connected


@pytest.mark.parametrize(("answer", "still_on_the_han"), [("enter", True), ("2", False)])
async def test_a_hub_is_let_go_of_only_where_the_engineer_says_so(
    open_bench, two_jobs, script, answer, still_on_the_han
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_plan(bench)
        open_job = script.visit
        await open_the_other(bench)
        await bench.until(f"Let go of the hub {HUB}?", "▌1 Back to the job on the HAN")
        await bench.press(answer)
        shown = "deliver_next" if still_on_the_han else "connect_this"
        await bench.until_offered(shown)
        assert open_job.connected is still_on_the_han


async def test_on_a_han_the_profile_of_its_job_stays_as_it_is(open_bench, context, script) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_plan(bench)
        bench.app.go(Place.PROFILE)
        await bench.until("Which hub profile?")
        await bench.press("2")
        await bench.until("You are on the HAN of this job")
        assert script.visit.connected


async def test_practice_does_not_begin_while_the_hht_is_on_a_live_jobs_han(
    open_bench, live, script
) -> None:
    live.beginnings = SimpleNamespace(exercise=lambda *name: live)
    async with open_bench(SMALLEST, live) as bench:
        await at_the_plan(bench)
        bench.app.mode_switch.begin_exercise("radio-noise")
        await bench.until("on a HAN for a live job")
        assert script.visit.connected
