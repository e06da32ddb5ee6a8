"""The whole no-WAN install by keys alone: the real app, dongle path and simulated hub process."""

from pathlib import Path

import pytest
from screen_bench import BOTH, Bench

from hht.cli.app import training_app
from hht.cli.commands.train import DEFAULT_SCENARIO, start_run
from hht.cli.context import Context


@pytest.mark.slow
@pytest.mark.parametrize("size", BOTH)
async def test_jobs_hubs_steps_plan_leaving_queue_export(tmp_path: Path, size) -> None:
    settings = Context.make(tmp_path, None)
    app = training_app(
        settings, DEFAULT_SCENARIO, lambda: start_run(settings, DEFAULT_SCENARIO, 1, None, None)
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        bench = Bench(app, pilot)
        await bench.until("JOB-0001", "▲ TRAINING", seconds=30)
        await bench.press("enter")
        await bench.until("★ this job", "Connect to this hub", seconds=30)
        await bench.press("enter")
        await bench.until("7 of 7 done", seconds=30)
        await bench.until("Deliver 1", "stay 17:5", seconds=10)
        await bench.press("d")
        await bench.until("1/17 answered", "Deliver 2", seconds=20)
        await bench.press("1")
        await bench.until("✓ MAC valid")
        await bench.press("escape")
        await bench.until("Deliver 2")
        await bench.press("a")
        await bench.until("17/17 answered", "leave the HAN", seconds=60)
        await bench.press("l")
        await bench.until("Debrief", seconds=20)
        await bench.press("q")
        await bench.until("To return to the DCC", "● ready")
        await bench.press("e")
        await bench.until("Write the files to this folder")
        await bench.press("enter")
        await bench.until("items written to export", seconds=30)
        bench.app.clear_notifications()  # two at once would cover the counts
        await bench.until("written, not sent", seconds=30)
    assert (tmp_path / "export" / "manifest.json").is_file()
