"""The trainer's screen: the hub's side of the story, and a fault under each key."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from painted import strips_of
from patience import PATIENCE
from screen_bench import BOTH, SMALLEST
from textual.content import Content
from textual.events import Key

from hht.simulator.control_client import served_run
from hht.simulator.hub.hub_log import read_log
from hht.simulator.launcher import HubProcess
from hht.simulator.site.preparation import prepare_site
from hht.training.scenario.load import load_scenario
from screens.trainer.screen import TrainerApp
from screens.trainer.text import hub_words, in_lines

SCENARIO = "gsme-asleep"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a hub that is being served."""
    folder = tmp_path_factory.mktemp("class")
    run_dir = folder / "training" / "runs" / f"{SCENARIO}-1"
    prepare_site(load_scenario(SCENARIO).site, run_dir, seed=1)
    with HubProcess.start(run_dir):
        yield folder


def text_of(app: TrainerApp) -> str:
    """What is on the screen, wherever its lines break."""
    lines = (strip.text for strip in strips_of(app))
    return " ".join(" ".join(lines).split())


async def until(
    true: Callable[[], Any],
    app: TrainerApp,
) -> None:
    deadline = monotonic() + PATIENCE
    while not true():
        assert monotonic() < deadline, text_of(app)
        await asyncio.sleep(0.02)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_hub_air_devices_story_and_faults_are_on_show(
    data_dir: Path, size: tuple[int, int]
) -> None:
    app = TrainerApp(data_dir, served_run(data_dir))
    async with app.run_test(size=size):
        wanted = (SCENARIO, "×20", "hub on", "window", "no WAN", "HHT away", "channel 21")
        await until(lambda: all(each in text_of(app) for each in (*wanted, "has power")), app)


async def test_a_scanners_burst_pulls_no_lever_and_switches_no_device(data_dir: Path) -> None:
    app = TrainerApp(data_dir, served_run(data_dir))
    async with app.run_test(size=SMALLEST):
        await until(lambda: app.status, app)
        burst = [Key(sign.lower(), sign) for sign in "00DB0000000B10A2"]
        for key in [*burst, Key("enter", "\r"), Key("right", None)]:
            key.time = burst[0].time
            app.post_message(key)
        await until(lambda: "●Levers" in text_of(app), app)
        assert not [each for each in app.workers if each.group == "fault"]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_devices_and_levers_stand_beside_the_story_or_in_a_tab_of_their_own(
    data_dir: Path, size: tuple[int, int]
) -> None:
    wanted = ("1 ESME", "2 GSME", "sleeps", "P Cut the hub's power", "A key again puts it back")
    app = TrainerApp(data_dir, served_run(data_dir))
    async with app.run_test(size=size) as pilot:
        await until(lambda: app.status, app)
        assert "Q Quit" in text_of(app)
        await pilot.press("f1")
        await until(lambda: "What the hub knows and does" in text_of(app), app)
        await pilot.press("f1", "escape")
        await until(lambda: "What the hub knows and does" not in text_of(app), app)
        if size == SMALLEST:
            await until(lambda: "●Story" in text_of(app), app)
            await pilot.press("right")
        await until(lambda: all(each in text_of(app) for each in wanted[:-1]), app)
        if size == SMALLEST:
            await pilot.press("end")
        await until(lambda: wanted[-1] in text_of(app), app)
        await pilot.press("left")
        await until(lambda: "has power" in text_of(app), app)


def lasting_faults(run_dir: Path) -> int:
    """How often a trainer has done what cannot be undone."""
    done = [row.get("fault") for row in read_log(run_dir)]
    return done.count("window-closed") + done.count("power-cut")


async def test_what_a_trainee_cannot_undo_is_asked_once_with_the_harmless_answer_first(
    data_dir: Path,
) -> None:
    app = TrainerApp(data_dir, served_run(data_dir))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.status, app)
        before = lasting_faults(app.run_dir)
        for key in ("w", "p"):
            await pilot.press(key)
            await until(lambda: "The trainee cannot undo it" in text_of(app), app)
            await pilot.press("enter")
            await until(lambda: "The trainee cannot undo it" not in text_of(app), app)
        assert lasting_faults(app.run_dir) == before


async def test_each_key_injects_its_fault_and_again_ends_it(data_dir: Path) -> None:
    app = TrainerApp(data_dir, served_run(data_dir))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: app.status, app)
        await pilot.press("1")
        await until(lambda: "1 ESME ✗ off" in text_of(app), app)
        await pilot.press("1")
        await until(lambda: "1 ESME ○ not joined" in text_of(app), app)
        await pilot.press("n")
        await until(lambda: "noise -45 dBm on 21" in text_of(app), app)
        assert "■" in text_of(app)
        await pilot.press("n")
        await until(lambda: "no noise" in text_of(app), app)
        await pilot.press("w")
        await until(lambda: "Yes, now" in text_of(app), app)
        await pilot.press("2")
        await until(lambda: "✗ closed" in text_of(app), app)
        await pilot.press("p")
        await until(lambda: "Yes, now" in text_of(app), app)
        await pilot.press("2")
        await until(lambda: "power-cut" in faults_of(app.run_dir), app)
        await until(lambda: "hub on" in text_of(app) and "✗ closed" not in text_of(app), app)
        assert {"device-off", "device-on", "noise", "window-closed"} <= faults_of(app.run_dir)
        # Off lasts half a second at this speed: a busy machine may paint before and after it only.
        assert "✗ hub OFF" in hub_words({**app.status, "power": False}).plain


def test_what_is_said_of_hub_and_air_is_never_broken_within() -> None:
    parts = [Content(each) for each in ("hub on", "no WAN", "Device Log 0 of 16")]
    assert in_lines(parts, 16).plain.splitlines() == ["hub on  no WAN", "Device Log 0 of 16"]
    assert in_lines(parts, 80).plain == "hub on  no WAN  Device Log 0 of 16"


def faults_of(run_dir: Path) -> set[str]:
    """Return the faults that the hub's log has."""
    return {row["fault"] for row in read_log(run_dir) if "fault" in row}


async def test_the_end_of_the_hub_is_said(tmp_path: Path) -> None:
    run_dir = tmp_path / "training" / "runs" / "join-refused-1"
    prepare_site(load_scenario("join-refused").site, run_dir, seed=1)
    with HubProcess.start(run_dir) as hub:
        app = TrainerApp(tmp_path, run_dir)
        async with app.run_test(size=(80, 24)):
            await until(lambda: app.status, app)
            hub.process.terminate()
            await until(lambda: "The hub has ended" in text_of(app), app)
