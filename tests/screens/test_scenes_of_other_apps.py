"""The trainer's, the class's and the bench's screens as text at three sizes, as the engineer's."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from bench_app import app_for
from class_samples import class_of, pass_exercise
from every_screen import all_screens
from facility_site import FacilitySite
from journey_scenes import JOURNEY_SCENES
from painted import strips_of
from radio_bench import until
from scene_snapshots import SIZES, compare, faint
from screen_bench import NORMAL, SMALLEST
from screen_scenes import SCENES
from textual.app import App
from textual.pilot import Pilot

from hht.clock import ManualClock
from hht.serve.report import SeatReport, write_report
from hht.serve.roll import Roll
from hht.simulator.control_client import watch
from hht.simulator.launcher import HubProcess
from hht.simulator.site.preparation import prepare_site
from hht.training.scenario.load import load_scenario
from screens.class_board.results import ResultsScreen
from screens.class_board.screen import BoardApp, BoardScreen
from screens.class_board.seat import SeatScreen
from screens.facility.app import BenchScreen
from screens.themes import NAMES
from screens.trainer.screen import TrainerApp, TrainerScreen

pytestmark = pytest.mark.usefixtures("utc")

SCENARIO = "gsme-asleep"
BEGUN = {"time": "2026-11-20T09:00:20+00:00", "window_seconds_left": 3580, "worst_delay_ms": 0}
"""What goes on by itself in a status, at one moment."""
STORY = (("power-on", "The hub has power"), ("fault", "Interference on the hub's channel"))
Rows = tuple[Mapping[str, Any], ...]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What a hub says of itself, at one moment."""
    run_dir = tmp_path_factory.mktemp("run")
    prepare_site(load_scenario(SCENARIO).site, run_dir, seed=1)
    with HubProcess.start(run_dir):
        status = next(row["status"] for row in watch(run_dir) if "status" in row)
    story = ({"at": BEGUN["time"], "what": what, "text": words} for what, words in STORY)
    return (*({"story": entry} for entry in story), {"status": {**status, **BEGUN}})


@pytest.fixture
def hub(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have what follows a hub hear what one said, and then the same status as long as it lasts."""
    ended = Event()

    def said(run_dir: Path) -> Iterator[Mapping[str, Any]]:
        yield from rows
        while not ended.wait(0.1):
            yield rows[-1]

    for module in ("screens.trainer.screen", "screens.class_board.seat"):
        monkeypatch.setattr(f"{module}.watch", said)
    monkeypatch.setattr("screens.class_board.seat.served_run", lambda folder: folder)
    yield
    ended.set()


def class_with_seats(folder: Path) -> Path:
    """Make a class of three: one at work, one who is stuck, one who has not come."""
    now = ManualClock().time()
    at_work = SeatReport(
        *(SCENARIO, "deliver", 7, 17, "", now - 60, now - 30, now, 84, ("▲ TRAINING", "Plan"))
    )
    stuck = SeatReport(
        *(SCENARIO, "connect", 0, 17, "The hub does not answer", now - 3600, now - 3600, now)
    )
    roll = Roll(folder, 3, {"scenario": SCENARIO})
    for number, report in ((1, at_work), (2, stuck)):
        write_report(roll.seat_folder(number), report)
        roll.note(number, is_present=True)
    return folder


async def nothing(app: App[Any], pilot: Pilot[Any]) -> None:
    """The first screen is the one."""


async def open_seat(app: App[Any], pilot: Pilot[Any]) -> None:
    await until(lambda: "Seat 3" in words_on(app))
    await pilot.press("down", "enter")
    await until(lambda: isinstance(app.screen, SeatScreen))


async def open_results(app: App[Any], pilot: Pilot[Any]) -> None:
    await pilot.press("r")
    await until(lambda: isinstance(app.screen, ResultsScreen))


@dataclass(frozen=True)
class Scene:
    """A screen by name, the app that has it, how to get there, words that come last."""

    name: str
    screen: type
    made: Callable[[Path], App[Any]]
    words: tuple[str, ...]
    reach: Callable[[App[Any], Pilot[Any]], Awaitable[None]] = nothing


def board(folder: Path) -> App[Any]:
    return BoardApp(class_with_seats(folder), ManualClock())


def results(folder: Path) -> App[Any]:
    room = class_of(folder, "Ann", "Bob")
    pass_exercise(room)
    return BoardApp(room.folder, ManualClock())


OTHERS = (
    Scene("trainer", TrainerScreen, lambda folder: TrainerApp(folder, folder), ("Interference",)),
    Scene("board", BoardScreen, board, ("Seat 3", "Last failure")),
    Scene("seat", SeatScreen, board, ("Interference", "GSME"), open_seat),
    Scene("results", ResultsScreen, results, ("✓ 100", "Passed from 60"), open_results),
    Scene("bench", BenchScreen, lambda folder: app_for(FacilitySite(folder).make(1)), ("sim-4",)),
)


def lines_on(app: App[Any]) -> list[str]:
    return [strip.text.rstrip() for strip in strips_of(app)]


def masked(text: str) -> str:
    """Put one batch in the place of that which was made now."""
    return re.sub(r"\d{8}-\d{4}-[0-9a-f]{6}", "20261120-0900-0a1b2c", text)


def words_on(app: App[Any]) -> str:
    return " ".join(" ".join(lines_on(app)).split())


@pytest.mark.whole_program
@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("scene", OTHERS, ids=lambda scene: scene.name)
async def test_a_screen_looks_as_it_did_at_every_size_and_is_painted_at_7_to_1_in_both_themes(
    tmp_path: Path, scene: Scene
) -> None:
    app = scene.made(tmp_path)
    async with app.run_test(size=SMALLEST) as pilot:
        await scene.reach(app, pilot)
        for name, size in SIZES.items():
            await pilot.resize_terminal(*size)
            await until(lambda: all(each in words_on(app) for each in scene.words))
            await settled(app, pilot)
            compare(masked("\n".join(lines_on(app))), scene.name, name)
        assert type(app.screen) is scene.screen
        await pilot.resize_terminal(*NORMAL)
        for theme in NAMES:
            app.theme = theme
            await settled(app, pilot)
            assert not faint(app), theme


async def settled(app: App[Any], pilot: Pilot[Any]) -> None:
    """Wait until the screen stays as it is."""
    before: list[str] = []
    while before != (shown := lines_on(app)):
        before = shown
        await pilot.pause()


def test_every_screen_and_form_is_in_a_scene() -> None:
    shown = {each.screen for each in (*SCENES, *JOURNEY_SCENES, *OTHERS)}
    bases = {base for each in all_screens() for base in each.__mro__[1:]} - shown
    assert not {each.__name__ for each in all_screens() - shown - bases}
