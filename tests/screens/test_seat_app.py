"""The app of a seat: it reports how far the trainee is, and its files are those of its folder."""

from dataclasses import replace
from pathlib import Path

import pytest
from painted import strips_of
from screen_visit import Judged
from store_samples import NOW
from textual.screen import Screen
from textual.widgets import Input

from hht.cli.serve.programs import SeatBeginnings, confined
from hht.cli.settings import Context
from hht.clock import SYSTEM_CLOCK, ManualClock
from hht.errors import HhtError
from hht.journeys.events import Failed
from hht.serve.nursery import Order
from hht.serve.report import SeatReport, read_report, write_report
from hht.simulator.pauses import HandheldClock, is_paused, pause
from hht.training.exercise.backing import ExerciseBacking
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.run_folders import FINISHED
from hht.training.exercise.terms import Terms, read_terms
from screens.context import HhtContext
from screens.forms.path import PathScreen
from screens.more.screen import MoreScreen
from screens.seat.app import SeatApp
from screens.set_up.sticks import sticks_for
from screens.shell import Place
from screens.widgets.numbered_list import NumberedList


def order_of(folder: Path, exercise: str) -> Order:
    """What the server orders for seat 2."""
    order = {"folder": str(folder), "exercise": exercise, "seat": 2, "seed": 7}
    return order | {"speed": None, "profile": "", "mode": "practice"}


def course(folder: Path) -> Path:
    path = folder / "course.toml"
    path.write_text(
        'title = "A day"\nmode = "check"\n'
        '[[exercises]]\nscenario = "walk-in"\nseeds = [11, 12]\n'
        '[[exercises]]\nscenario = "gsme-asleep"\n'
    )
    return path


@pytest.fixture
def seat(context: HhtContext, judged: Judged, tmp_path: Path) -> HhtContext:
    """The context of a seat in a class."""
    lesson = SeatBeginnings(Context(tmp_path, None), order_of(tmp_path, str(course(tmp_path))))
    return confined(replace(context, exercise=judged, title="walk-in"), lesson, tmp_path)


async def test_a_seat_reports_its_exercise_step_and_screen(seat: HhtContext) -> None:
    app = SeatApp(seat)
    async with app.run_test(size=(80, 24)) as pilot:
        while (report := read_report(seat.data_dir)) is None or not report.screen:
            await pilot.pause()
        assert (report.exercise, report.stage, report.failure) == ("walk-in", "job", "")
        assert any("TRAINING" in line for line in report.screen)
        app.happened.publish(Failed("Refused (JOIN_FAILED)", "", "Ask.", "HUB-07"))
        while not app.report.failure:
            await pilot.pause()
        assert app.report.failure == "The hub did not let this HHT join"


def test_a_seat_that_begins_is_made_without_the_run_of_its_exercise(seat: HhtContext) -> None:
    """A run's keys, certificates and database take longer than all of the first paint."""

    def begin() -> TrainingRun:
        pytest.fail("the run was begun")

    app = SeatApp(replace(seat, exercise=ExerciseBacking(None, begin)))
    assert not app.report.stage


@pytest.mark.parametrize("was_left", [True, False], ids=["left", "begun again"])
async def test_an_exercise_that_goes_on_has_the_minutes_and_the_failure_it_had(
    seat: HhtContext, judged: Judged, was_left: bool
) -> None:
    judged.was_left = was_left
    ended = SYSTEM_CLOCK.time() - 5000
    last = SeatReport("walk-in", "deliver", 4, 17, "Not heard", ended - 600, ended - 60, ended, 86)
    write_report(seat.data_dir, last)
    report = SeatApp(seat).report
    minutes, points, failure = (10, 86, "Not heard") if was_left else (0, None, "")
    assert (round((report.at - report.begun) / 60), report.points) == (minutes, points)
    assert (report.failure, report.since) == (failure, report.at)


async def test_the_minutes_of_a_trainee_who_reads_are_reported(seat: HhtContext) -> None:
    clock = ManualClock(NOW)
    app = SeatApp(replace(seat, clock=clock, pace=replace(seat.pace, report_seconds=0.01)))
    async with app.run_test(size=(80, 24)) as pilot:
        while (before := read_report(seat.data_dir)) is None or not before.screen:
            await pilot.pause()
        clock.advance(600)
        while (report := read_report(seat.data_dir)) is None or report.at < before.at + 600:
            await pilot.pause()
        assert report.begun == before.begun


async def test_a_screen_that_is_not_painted_yet_leaves_the_picture_before(
    seat: HhtContext,
) -> None:
    app = SeatApp(replace(seat, pace=replace(seat.pace, report_seconds=0.01)))
    async with app.run_test(size=(80, 24)) as pilot:
        while not any("TRAINING" in line for line in app.report.screen):
            await pilot.pause()
        await app.push_screen(Screen())
        asked = app.report
        while app.report is asked:
            await pilot.pause()
        assert any("TRAINING" in line for line in app.report.screen)


async def test_the_board_sees_the_pause_that_the_trainee_sees(
    seat: HhtContext, tmp_path: Path
) -> None:
    clock = HandheldClock()
    clock.follow(tmp_path)
    pace = replace(seat.pace, report_seconds=0.01)
    app = SeatApp(replace(seat, clock=clock, pace=pace, is_paused=lambda: is_paused(tmp_path)))
    async with app.run_test(size=(80, 24)) as pilot:
        pause(tmp_path)
        while not any("Paused" in line for line in app.report.screen):
            await pilot.pause()


@pytest.mark.parametrize(
    "typed", ["/etc/passwd", "../../secret", "~/../secret", "link/passwd", "/proc/self/environ"]
)
async def test_no_file_outside_the_seats_folder_can_be_named(seat: HhtContext, typed: str) -> None:
    (seat.data_dir / "link").symlink_to("/etc")
    app = SeatApp(seat)
    async with app.run_test(size=(80, 24)) as pilot:
        answers: list[Path | None] = []
        await app.push_screen(PathScreen("Which file?"), answers.append)
        app.screen.query_one(Input).value = typed
        await pilot.press("enter")
        assert isinstance(app.screen, PathScreen)
        assert answers == []
        assert "own seat" in " ".join(strip.text for strip in strips_of(app))
        app.screen.query_one(Input).value = str(seat.data_dir / "export")
        await pilot.press("enter")
        assert answers == [seat.data_dir / "export"]


async def test_there_is_no_way_from_a_seat_to_the_live_jobs(seat: HhtContext) -> None:
    app = SeatApp(seat)
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(MoreScreen())
        await pilot.pause()
        rows = app.screen.query_one(NumberedList)
        assert not rows.find(Place.LIVE)
        app.mode_switch.back_to_live()
        await pilot.pause()
        assert app.context.mode == "training"


def test_a_seat_has_the_lessons_exercises_alone_no_gateway_and_no_stick(seat: HhtContext) -> None:
    assert seat.beginnings is not None
    assert {line.name for line in seat.beginnings.exercises()} == {"walk-in", "gsme-asleep"}
    with pytest.raises(HhtError, match="no live jobs"):
        seat.beginnings.live()
    assert (seat.upload, seat.fetch, sticks_for(seat)) == (None, None, [])


def test_a_curriculums_lessons_are_begun_in_their_order_each_on_its_own_terms(
    tmp_path: Path,
) -> None:
    settings = Context(tmp_path, None)
    beginnings = SeatBeginnings(settings, order_of(tmp_path, str(course(tmp_path))))
    first = beginnings.next_lesson()
    run = begun(beginnings.lesson(first))
    assert (run.scenario.name, read_terms(run.run_dir)) == (
        "walk-in",
        Terms(seed=12, profile="", lesson=1, mode="check"),
    )
    (run.run_dir / FINISHED).touch()
    assert beginnings.next_lesson().scenario.name == "gsme-asleep"
    again = begun(beginnings.exercise("walk-in", again=True))
    assert again.run_dir != run.run_dir


def test_a_scenario_that_a_curriculum_repeats_is_a_lesson_of_its_own_each_time(
    tmp_path: Path,
) -> None:
    repeated = course(tmp_path)
    repeated.write_text(repeated.read_text().replace("gsme-asleep", "walk-in"))
    beginnings = SeatBeginnings(Context(tmp_path, None), order_of(tmp_path, str(repeated)))
    first, second = beginnings.lessons
    run = begun(beginnings.lesson(first))
    (run.run_dir / FINISHED).touch()
    assert beginnings.next_lesson() is second
    names = [each.name for each in beginnings.exercises()]
    assert names == ["walk-in", "walk-in (2)"]
    again = begun(beginnings.exercise(names[1]))
    assert (again.run_dir != run.run_dir, read_terms(again.run_dir).lesson) == (True, 2)
    (again.run_dir / FINISHED).touch()
    assert beginnings.next_lesson() is first  # every one is finished


def test_a_single_exercise_is_played_on_the_terms_of_the_command_line(tmp_path: Path) -> None:
    beginnings = SeatBeginnings(Context(tmp_path, None), order_of(tmp_path, "walk-in"))
    run = begun(beginnings.lesson(beginnings.next_lesson()))
    assert read_terms(run.run_dir) == Terms(seed=7, profile="", lesson=0, mode="practice")


def begun(context: HhtContext) -> TrainingRun:
    """The run that the context begins."""
    assert isinstance(context.exercise, ExerciseBacking)
    return context.exercise.run
