"""The whole no-WAN install by Enter alone: the real app, dongle path and simulated hub process."""

from pathlib import Path

import pytest
from screen_bench import BOTH, Bench

from hht.cli.app import training_app
from hht.cli.commands.train import DEFAULT_SCENARIO, start_run
from hht.cli.context import Context
from hht.store import CommandState
from hht.store.databases import open_store


@pytest.mark.slow
@pytest.mark.parametrize("size", BOTH)
async def test_jobs_hubs_steps_plan_leaving_debrief(tmp_path: Path, size) -> None:
    settings = Context.make(tmp_path, None)
    app = training_app(
        settings, DEFAULT_SCENARIO, lambda: start_run(settings, DEFAULT_SCENARIO, 1, None, None)
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        bench = Bench(app, pilot)
        await bench.until("Enter  Open JOB-0001", "▲ TRAINING", seconds=30)
        await bench.press("enter")
        await bench.until("★ this job", "Enter  Connect to ★", seconds=30)
        await bench.press("enter")
        await bench.until("● Deliver 0/17", "Enter  Deliver 1 ", seconds=30)
        for number in range(1, 18):
            await bench.press("enter")
            following = f"Deliver {number + 1} " if number < 17 else "Leave the HAN"
            await bench.until(f"Enter  {following}", seconds=30)
        await bench.press("enter")
        await bench.until("Debrief", "100 of 100 points", seconds=20)
    with open_store(tmp_path, "training") as store:
        [job] = store.jobs.all()
        assert set(store.commands.states(job.id)) == {CommandState.ANSWERED}
        assert store.returns.waiting_count() == 21
