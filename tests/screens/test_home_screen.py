"""The home screen: jobs, mode, dongle and the count of what is not yet returned."""

from dataclasses import replace
from functools import partial

import pytest
from duis_samples import GPF
from screen_bench import BOTH, SMALLEST, WIDE, Bench
from store_samples import CCS01_COMMAND, pack

from hht.cli.app import training_app
from hht.cli.commands.train import start_run
from hht.cli.context import Context
from hht.store import StoreBusy
from screens.widgets.numbered_list import NumberedList


@pytest.mark.parametrize("size", BOTH)
async def test_it_shows_the_jobs_how_far_they_are_and_what_is_to_return(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await bench.until("Install without WAN")
        assert bench.line_with("Install without WAN").endswith("0/2")
        assert "JOB-0001 · 1 High Street" in bench.text
        await bench.until("↑ 0 to return")


@pytest.mark.parametrize("size", BOTH)
@pytest.mark.parametrize(
    ("mode", "word"), [("live", "● LIVE"), ("training", "▲ TRAINING"), ("facility", "■ FACILITY")]
)
async def test_the_mode_stands_first_with_its_word_its_sign_and_its_colour_across_the_line(
    open_bench, context, size, mode, word
) -> None:
    async with open_bench(size, replace(context, mode=mode)) as bench:
        await bench.until(word)
        assert bench.lines[0].startswith(f" {word}")
        ground = {
            segment.style.bgcolor for segment in bench.app.screen._compositor.render_strips()[0]
        }
        assert [colour.name for colour in ground] == [bench.app.theme_variables[f"mode-{mode}"]]


async def test_the_first_paint_does_not_wait_for_the_store(open_bench, context) -> None:
    async with open_bench() as bench:
        assert "▲ TRAINING" in bench.text
        assert bench.app.service.queries._store is None
        await bench.until("Install without WAN")


async def test_a_store_that_cannot_be_opened_says_so_and_can_be_tried_again(
    open_bench, context
) -> None:
    opened, failures = context.open_store, [StoreBusy("Another program holds the database")]

    def open_at_second_try():
        if failures:
            raise failures.pop()
        return opened()

    async with open_bench(SMALLEST, replace(context, open_store=open_at_second_try)) as bench:
        await bench.until("Another program holds the database", "▲ TRAINING")
        await bench.press("r")
        await bench.until("Install without WAN")


async def test_the_app_is_left_from_a_dialog_as_from_anywhere(open_bench, context) -> None:
    def refuse():
        raise StoreBusy("Another program holds the database")

    async with open_bench(SMALLEST, replace(context, open_store=refuse)) as bench:
        await bench.until("Another program holds the database")
        await bench.press("ctrl+q")
        await bench.until_it_holds(lambda: not bench.app.is_running)


async def test_in_training_the_exercise_is_told_before_it_begins(open_bench, context) -> None:
    class Exercise:
        def briefing(self) -> tuple[str, str]:
            return "A hub that is deaf", "Find out\nwhy."

        def job_id(self) -> int:
            return 1

    async with open_bench(SMALLEST, replace(context, exercise=Exercise())) as bench:
        await bench.until("A hub that is deaf", "Find out why.")


async def test_an_exercise_that_is_resumed_has_the_cursor_on_its_own_job_not_on_the_newest(
    open_bench, context
) -> None:
    class Exercise:
        def briefing(self) -> tuple[str, str]:
            return "Resumed", ""

        def job_id(self) -> int:
            return 1

    def opened():
        store = context.open_store()
        store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
        return store

    given = replace(context, open_store=opened, exercise=Exercise())
    async with open_bench(SMALLEST, given) as bench:
        await bench.until("JOB-0001", "JOB-0002", "Resumed")
        assert bench.line_with("JOB-0001").startswith("▌")
        assert not bench.line_with("JOB-0002").startswith("▌")
        await bench.press("up")
        await bench.until_it_holds(lambda: bench.line_with("JOB-0002").startswith("▌"))
        await bench.press("u")  # read again, the cursor stays where the person put it
        await bench.pilot.pause()
        assert bench.line_with("JOB-0002").startswith("▌")


async def test_training_that_resumes_an_older_run_opens_on_that_runs_job(tmp_path) -> None:
    settings = Context.make(tmp_path, None)
    start = partial(start_run, settings, seed=1, pcap=None, speed=None)
    for scenario in ("no-wan-install", "radio-noise"):
        start(scenario)
    app = training_app(settings, "no-wan-install", lambda: start("no-wan-install"))
    async with app.run_test(size=SMALLEST) as pilot:
        bench = Bench(app, pilot)
        await bench.until("↑ 0 to return")
        own = app.context.exercise.run.pack.reference
        cursor = bench.app.screen.query_one(NumberedList).cursor
        assert bench.app.screen.jobs[cursor].reference == own
        assert cursor == 1


async def test_where_there_is_room_the_job_under_the_cursor_is_told_about(open_bench) -> None:
    async with open_bench(WIDE) as bench:
        await bench.until(f"Hub {GPF}")


async def test_a_scanned_hub_label_finds_its_job(open_bench) -> None:
    async with open_bench() as bench:
        await bench.until("Install without WAN")
        await bench.scan(str(GPF))
        await bench.scan("00-00-00-00-00-00-00-01")
        await bench.until("No job here is for that hub")
