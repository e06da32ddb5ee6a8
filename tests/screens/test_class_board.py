"""The class's board: a row for each seat, and one of them beside its hub, with six levers."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from painted import strips_of
from patience import PATIENCE
from screen_bench import BOTH

from hht.clock import SYSTEM_CLOCK
from hht.serve.board import rows_of
from hht.serve.report import SeatReport, write_report
from hht.serve.roll import Roll, places_in, seat_folder
from hht.simulator.hub.hub_log import read_log
from hht.simulator.launcher import HubProcess
from hht.simulator.pauses import is_paused
from hht.simulator.site.preparation import prepare_site
from hht.training.exercise.terms import TERMS, Terms, keep_terms
from hht.training.exercise.trainer_marks import marks_of
from hht.training.scenario.load import load_scenario
from screens.class_board.levers import LEVERS, is_pulled, lever_words, pulled
from screens.class_board.screen import BoardApp
from screens.class_board.seat import SeatScreen
from screens.class_board.text import cells, columns_for

"""For what another process has to do; it takes tenths of a second."""
SCENARIO = "gsme-asleep"


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A class of three of whom the first is with a hub."""
    folder = tmp_path_factory.mktemp("class")
    run_dir = seat_folder(folder, 1) / "training" / "runs" / f"{SCENARIO}-1"
    prepare_site(load_scenario(SCENARIO).site, run_dir, seed=1)
    now = SYSTEM_CLOCK.time()
    report = SeatReport(SCENARIO, "deliver", 7, 17, "", now - 60, now - 30, now, 84, ("▲ SEEN",))
    roll = Roll(folder, 3, {"scenario": SCENARIO})
    stuck = replace(report, since=now - 3600, failure="The hub does not answer", stage="connect")
    for number, each in ((1, report), (2, stuck)):
        write_report(roll.seat_folder(number), each)
        roll.note(number, is_present=True)
    with HubProcess.start(run_dir):
        yield folder


def text_of(app: BoardApp) -> str:
    lines = (strip.text for strip in strips_of(app))
    return " ".join(" ".join(lines).split())


async def until(true: Callable[[], Any], app: BoardApp) -> None:
    deadline = monotonic() + PATIENCE
    while not true():
        assert monotonic() < deadline, text_of(app)
        await asyncio.sleep(0.02)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_who_is_stuck_is_on_top_with_the_last_failure(
    hub_folder: Path, size: tuple[int, int]
) -> None:
    app = BoardApp(hub_folder)
    async with app.run_test(size=size):
        await until(lambda: "2 of 3 here 1 stuck 0 done" in text_of(app), app)
        shown = text_of(app)
        assert shown.index("! 2 Seat 2") < shown.index("● 1 Seat 1") < shown.index("○ 3 Seat 3")
        assert "Last failure: The hub does not answer" in shown
        assert "Deliver 7/17" in shown
        assert "84" in shown


async def test_one_seat_shows_both_sides_and_its_levers_work(hub_folder: Path) -> None:
    app = BoardApp(hub_folder)
    run_dir = seat_folder(hub_folder, 1) / "training" / "runs" / f"{SCENARIO}-1"
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: "○ 3 Seat 3" in text_of(app), app)
        await pilot.press("down", "enter")
        await until(lambda: "2 GSME" in text_of(app) and "▲ SEEN" in text_of(app), app)
        await pilot.press("3")
        await until(lambda: "Interference on the hub's channel ■ in force" in text_of(app), app)
        await pilot.press("3")
        await until(lambda: "■ in force" not in text_of(app), app)
        await pilot.press("5")
        await until(lambda: "2 GSME ✗ off" in text_of(app), app)
        await pilot.press("5", "m")
        await until(lambda: marks_of(run_dir), app)
        assert [mark.step for mark in marks_of(run_dir)] == ["Deliver 7/17"]
        await until(lambda: "device-on" in [row.get("fault") for row in read_log(run_dir)], app)
        await pilot.press("p")
        assert is_paused(run_dir)
        await pilot.press("p")
        assert not is_paused(run_dir)
        await pilot.press("f1")
        await until(lambda: "beside what the trainee sees" in text_of(app), app)
        await pilot.press("f1", "v")
        await until(lambda: "The hub's side" not in text_of(app), app)
        assert "▲ SEEN" in text_of(app)
        await pilot.press("v", "escape")
        assert not isinstance(app.screen, SeatScreen)


async def test_a_seat_is_at_the_step_where_its_trainee_is_now(hub_folder: Path) -> None:
    app = BoardApp(hub_folder)
    async with app.run_test(size=(80, 24)):
        await until(lambda: len(app.rows) == 3, app)
        row = next(each for each in app.rows if each.is_stuck)
        assert row.report
        before = replace(row, report=replace(row.report, stage="job"))
        app.push_screen(SeatScreen(before, SYSTEM_CLOCK))
        await until(lambda: "Seat 2 Connect" in text_of(app), app)


def test_what_a_row_has_no_room_for_is_cut_with_a_mark(hub_folder: Path) -> None:
    row = next(each for each in rows_of(hub_folder, SYSTEM_CLOCK.time()) if each.is_stuck)
    shown = [each.plain for each in cells(row, columns_for(80))]
    assert shown[-1] == "The hu…"


@pytest.mark.parametrize("width", [53, 80])
def test_the_delivered_of_all_local_commands_are_never_cut(hub_folder: Path, width: int) -> None:
    row = next(each for each in rows_of(hub_folder, SYSTEM_CLOCK.time()) if not each.is_stuck)
    assert row.report
    done = replace(row, report=replace(row.report, delivered=17))
    assert "Deliver 17/17" in [each.plain for each in cells(done, columns_for(width))]


def test_an_exercise_of_the_trainers_own_goes_by_the_name_of_its_file(hub_folder: Path) -> None:
    row = next(each for each in rows_of(hub_folder, SYSTEM_CLOCK.time()) if each.is_stuck)
    assert row.report
    own = replace(row, report=replace(row.report, exercise="/home/ann/lessons/noisy.toml"))
    assert [each.plain for each in cells(own, {"exercise": 18})] == ["!  2", "noisy"]


async def test_the_board_pauses_all_and_lets_them_go_on_and_says_what_its_signs_mean(
    hub_folder: Path,
) -> None:
    app = BoardApp(hub_folder)
    run_dir = seat_folder(hub_folder, 1) / "training" / "runs" / f"{SCENARIO}-1"
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: len(app.rows) == 3, app)
        await pilot.press("p")
        await until(lambda: is_paused(run_dir), app)
        await pilot.press("p")
        await until(lambda: not is_paused(run_dir), app)
        await pilot.press("f1")
        await until(lambda: "A row is a seat" in text_of(app) and "Pause all" in text_of(app), app)


async def test_a_lever_without_a_hub_says_so_and_a_hub_that_has_ended_is_shown_no_more(
    hub_folder: Path,
) -> None:
    app = BoardApp(hub_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: len(app.rows) == 3, app)
        seat = SeatScreen(app.rows[0], SYSTEM_CLOCK)
        app.push_screen(seat)
        await until(lambda: "What the trainee saw last" in text_of(app), app)
        seat.status = {"power": True}
        await until(lambda: not seat.status, app)
        await pilot.press("1")
        await until(lambda: "Seat 2 Connect No simulated hub runs" in text_of(app), app)


async def test_a_seat_without_a_hub_or_a_screen_offers_neither_a_lever_nor_a_view_of_nothing(
    hub_folder: Path,
) -> None:
    app = BoardApp(hub_folder)
    async with app.run_test(size=(53, 20)) as pilot:
        await until(lambda: "Enter Open Seat 2" in text_of(app), app)
        await pilot.press("down", "down")
        await until(lambda: "Enter Open Seat 3" in text_of(app), app)
        await pilot.press("enter")
        await until(lambda: "No lever to pull" in text_of(app), app)
        assert "Cut the hub's power" not in text_of(app)
        assert "Nothing is on the trainee's screen yet" in text_of(app)
        await pilot.press("v", "enter")
        assert "The hub's side" in text_of(app)


async def test_enter_on_a_seat_shows_the_trainees_screen_and_the_hubs_side_again(
    hub_folder: Path,
) -> None:
    app = BoardApp(hub_folder)
    async with app.run_test(size=(53, 20)) as pilot:
        await until(lambda: len(app.rows) == 3, app)
        await pilot.press("down", "enter")
        await until(lambda: "Enter See the trainee's screen alone" in text_of(app), app)
        await pilot.press("enter")
        await until(lambda: "▲ SEEN" in text_of(app), app)
        assert "Enter See the hub's side again" in text_of(app)
        await pilot.press("enter")
        await until(lambda: "The hub's side" in text_of(app), app)


async def test_in_a_check_no_lever_is_pulled(hub_folder: Path) -> None:
    app = BoardApp(hub_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: len(app.rows) == 3, app)
        seat = SeatScreen(app.rows[1], SYSTEM_CLOCK, is_check=True)
        app.push_screen(seat)
        await until(lambda: "hub on" in text_of(app), app)
        assert "No lever to pull" in text_of(app)
        await pilot.press("1")
        assert not any(worker.group == "pull" for worker in seat.workers)
        assert seat.status["power"] is True


async def test_nor_in_an_exercise_that_the_curriculum_has_as_a_check(hub_folder: Path) -> None:
    run_dir = seat_folder(hub_folder, 1) / "training" / "runs" / f"{SCENARIO}-1"
    keep_terms(run_dir, Terms(mode="check"))
    app = BoardApp(hub_folder)
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: len(app.rows) == 3, app)
            seat = SeatScreen(app.rows[1], SYSTEM_CLOCK)
            app.push_screen(seat)
            await until(lambda: "hub on" in text_of(app), app)
            await until(lambda: "No lever to pull" in text_of(app), app)
            await pilot.press("1", "p")
            assert not any(worker.group == "pull" for worker in seat.workers)
            assert not is_paused(run_dir)
            assert "it is never paused" in text_of(app)
            assert str(run_dir) not in text_of(app)
    finally:
        (run_dir / TERMS).unlink()


async def test_a_seat_is_named_and_freed_once_its_window_is_closed(tmp_path: Path) -> None:
    roll = Roll(tmp_path, 1)
    roll.admit()
    roll.note(1, is_present=True)
    app = BoardApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "● 1 Seat 1" in text_of(app), app)
        await pilot.press("N", *"Ann", "enter")
        await until(lambda: places_in(tmp_path)[0].trainee == "Ann", app)
        await until(lambda: "● 1 Ann" in text_of(app), app)
        await pilot.press("f")
        assert places_in(tmp_path)[0].cookie
        roll.note(1, is_present=False)
        await app.look()
        await pilot.press("f")
        assert not places_in(tmp_path)[0].cookie


class Heard(BoardApp):
    """A board that keeps what it says: how long it is shown is not what is asked here."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.said: list[str] = []

    def notify(self, message: str, **how: Any) -> None:
        self.said.append(message)


async def test_where_nothing_is_under_way_it_does_not_say_that_none_is_paused(
    tmp_path: Path,
) -> None:
    Roll(tmp_path, 1)
    app = Heard(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        await until(lambda: app.said, app)
    assert app.said == ["No exercise is under way."]


def test_there_are_at_most_six_levers_and_each_says_what_it_does() -> None:
    assert len(LEVERS) <= 6
    no_gas = {"devices": [{"label": "ESME", "on": True}]}
    for status in ({}, no_gas):
        words = [lever_words(lever, status) for lever in LEVERS]
        assert all(len(each.split()) >= 4 for each in words)
        assert ("Switch the ESME off" in words) is bool(status)


def test_a_wan_that_has_come_back_is_not_let_back_again() -> None:
    lever = next(each for each in LEVERS if each.fault == "wan-returns")
    assert pulled(lever, {"faults": ["noise"]}) == ("wan-returns", "all")
    assert pulled(lever, {"faults": ["wan-returns"]}) is None


def test_a_lever_for_a_meter_finds_the_gas_meter_else_the_first_device() -> None:
    lever = next(each for each in LEVERS if each.fault == "device-off")
    first, gas = {"label": "ESME", "on": True}, {"label": "GSME", "on": False}
    assert pulled(lever, {"devices": [first, gas]}) == ("device-on", "GSME")
    assert pulled(lever, {"devices": [first]}) == ("device-off", "ESME")
    assert pulled(lever, {"devices": []}) is None
    assert is_pulled(lever, {"devices": [first, gas]})
    assert not is_pulled(lever, {})
