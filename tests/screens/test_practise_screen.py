"""The practise screen: an exercise is begun in the same window, and live work is gone back to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import wrap

import pytest
from screen_bench import BOTH, SMALLEST, OpenBench
from screen_steps import at_the_jobs
from screen_visit import Judged
from store_samples import CCS01_COMMAND, open_store, pack

from hht.errors import HhtError
from hht.store import Store, StoreBusy
from hht.training.exercise.other_runs import OtherExercise
from hht.training.scenario.load import list_scenarios
from screens.context import ExerciseLine, HhtContext
from screens.practise.other import other_form
from screens.practise.screen import exercise_row


@dataclass
class OneExercise:
    """Beginnings with one exercise, whose jobs are in a database of its own."""

    context: HhtContext
    folder: Path
    judge: Judged
    words: str = "Be patient."
    others: Sequence[ExerciseLine] = ()

    def exercises(self) -> list[ExerciseLine]:
        return [ExerciseLine("radio-noise", "Radio noise", self.words, 10), *self.others]

    def exercise(self, name: str, *, again: bool = False) -> HhtContext:
        def opened() -> Store:
            self.folder.mkdir(exist_ok=True)
            store = open_store(self.folder)
            store.jobs.add(replace(pack(CCS01_COMMAND), title="The exercise's own"))
            return store

        return replace(self.context, open_store=opened, exercise=self.judge, title=name)

    def earlier(self, name: str, step: str) -> HhtContext:
        return self.exercise(name, again=True)

    def live(self) -> HhtContext:
        return self.context


@pytest.fixture
def live(context: HhtContext, script, tmp_path: Path) -> HhtContext:
    """Live work, with an exercise to choose."""
    given = replace(context, mode="training")
    given.beginnings = OneExercise(given, tmp_path / "exercise", Judged(script))
    return given


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_enter_begins_an_exercise_in_the_same_window_and_more_leads_back(
    open_bench, live, size
) -> None:
    async with open_bench(size, live) as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until("▌1 Import")
        await bench.press("2")
        await bench.until_offered("begin")
        await bench.press("enter")
        await bench.until("The exercise's own", "Be patient.", "Enter  Open JOB-0001")
        assert "Install without WAN" not in bench.text
        await bench.press("m")
        await bench.until("Back to the live jobs")
        await bench.press("3")
        await bench.until("Install without WAN")
        assert "The exercise's own" not in bench.text


async def test_the_longest_briefing_is_whole_on_the_smallest_terminal(
    open_bench: OpenBench, live
) -> None:
    def lines(words: str) -> list[str]:
        return wrap(words, SMALLEST[0] - 2)

    briefings = [" ".join(each.briefing.split()) for each in list_scenarios()]
    longest = max(briefings, key=lambda briefing: len(lines(briefing)))
    live.beginnings.words = live.beginnings.judge.words = longest
    last_line = lines(longest)[-1]
    async with open_bench(SMALLEST, live) as bench:
        await at_the_jobs(bench)
        await bench.press("p")
        await bench.until_offered("begin")
        await bench.until(last_line)
        await bench.press("enter")
        await bench.until("Enter  Open JOB-0001", last_line)
        await bench.pilot.resize_terminal(40, 15)
        await bench.until("Too small", "▌1 1 High Street")


async def test_the_exercise_that_was_left_in_the_middle_comes_first_and_goes_on(
    open_bench: OpenBench, live
) -> None:
    left = ExerciseLine("deaf", "A deaf hub", "Listen.", 5, goes_on=True)
    live.beginnings.others = [left]
    async with open_bench(SMALLEST, live) as bench:
        await at_the_jobs(bench)
        await bench.press("p")
        await bench.until("▌ 1 A deaf hub", "goes on", "Enter  Go on where it was: A deaf hub")


async def test_the_open_exercise_comes_first_while_it_goes_on_and_enter_leads_back_to_it(
    open_bench: OpenBench, judged: Judged, live
) -> None:
    opened = ExerciseLine("noise", "Radio noise", "Be patient.", 5, goes_on=True)
    live.beginnings.others = [ExerciseLine("deaf", "A deaf hub", "Listen.", 5), opened]
    given = replace(live, exercise=judged, title="noise")
    async with open_bench(SMALLEST, given) as bench:
        await at_the_jobs(bench)
        await bench.press("p")
        await bench.until("▌ 1 Radio noise", "Enter  Go on where it was: Radio noise")
        await bench.press("enter")
        await bench.until("Enter  Open JOB-0001")
        assert bench.app.context is given


def test_an_exercise_is_found_by_title_name_and_briefing() -> None:
    row = exercise_row(1, ExerciseLine("survey-rates", "The rates", "Look at the\nfacility.", 5))
    assert all(words in row.plain for words in ("the rates", "survey", "at the facility"))


async def test_an_exercise_that_cannot_begin_leaves_the_live_jobs_open(open_bench, live) -> None:
    def refuse(name: str, *, again: bool = False) -> HhtContext:
        raise HhtError("The exercise is not here", remedy="Choose another.")

    live.beginnings.exercise = refuse
    async with open_bench(given=live) as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until("▌1 Import")
        await bench.press("2")
        await bench.until_offered("begin")
        await bench.press("enter")
        await bench.until("The exercise is not here")
        jobs = await bench.app.service.queries.jobs()
        assert [job.title for job in jobs] == ["Install without WAN"]


async def test_enter_that_comes_twice_begins_one_exercise(open_bench, live) -> None:
    begun, begin = [], live.beginnings.exercise
    live.beginnings.exercise = lambda name, again=False: begun.append(name) or begin(name)
    async with open_bench(given=live) as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until("▌1 Import")
        await bench.press("2")
        await bench.until_offered("begin")
        bench.press_at_once("enter", "enter", "enter")
        await bench.until("The exercise's own")
        await bench.settled()
        assert begun == ["radio-noise"]


async def test_what_fails_at_the_end_of_one_mode_is_said_in_the_next(
    open_bench: OpenBench, live: HhtContext, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise StoreBusy("Another hht is open", remedy="Close it.")

    live.close = fail
    async with open_bench(given=live) as bench:
        await at_the_jobs(bench)
        await bench.press("p")
        await bench.until_offered("begin")
        await bench.press("enter")
        await bench.until("Another hht is open", "Close it.")
        await bench.press("escape")
        await bench.until("The exercise's own")
    assert "Another hht is open" in caplog.text  # the app's own end failed as well, and is an end


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_job_of_another_exercise_leads_to_its_debrief_and_to_that_exercise(
    open_bench: OpenBench, live: HhtContext, judged: Judged, size: tuple[int, int]
) -> None:
    live.exercise = judged
    judged.others[1] = OtherExercise("radio-noise", "Radio noise", is_judged=True)
    async with open_bench(size, live) as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until("That job is of another exercise", "▌1 Stay in this exercise")
        await bench.press("2")
        await bench.until("Debrief ─", "Radio noise")
        await bench.press("escape")
        await bench.until_offered("open")
        await bench.press("enter")
        await bench.until("3 Go on with that exercise")
        await bench.press("4")
        await bench.until("Replay ─")
        await bench.press("escape")
        await bench.until_offered("open")
        await bench.press("enter")
        await bench.until("3 Go on with that exercise")
        await bench.press("3")
        await bench.until("The exercise's own")


@pytest.mark.parametrize(
    ("other", "is_fenced", "offered"),
    [
        (OtherExercise("a", "A"), False, ["", "go_on", "replay"]),
        (OtherExercise("a", "A", is_finished=True), False, ["", "again", "replay"]),
        (
            OtherExercise("a", "A", is_finished=True, is_judged=True),
            True,
            ["", "debrief", "replay"],
        ),
        (OtherExercise(), False, ["", "replay"]),
    ],
)
def test_nothing_is_offered_for_another_exercise_that_cannot_be_done(
    other: OtherExercise, is_fenced: bool, offered: list[str]
) -> None:
    form = other_form(other, is_fenced=is_fenced)
    assert [choice.value for choice in form.choices] == offered
