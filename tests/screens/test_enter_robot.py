"""The Enter robot: a real terminal of 53 by 20, nothing but Enter, and digits on forms."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from enter_robot import DEBRIEF, EnterRobot
from sampling import LONG
from store_samples import CS14_ALERT, hear, open_store
from terminal import needs_tmux

from hht.store import Mode
from hht.training.scenario.load import scenario_names

MOST_KEYS = 250
"""Presses after which a robot goes round in a circle: it presses again while the hub is at work,
on a busy machine over 60 times where 45 would do, and with a sleeping GSME each second or so."""
COMMANDS = 17
Start = Callable[..., EnterRobot]

pytestmark = [needs_tmux, pytest.mark.whole_program]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start robots, whose terminals are closed after the test."""
    started: list[EnterRobot] = []

    def begin(scenario: str, answers: tuple[str, ...] = ()) -> EnterRobot:
        started.append(EnterRobot(tmp_path, scenario, answers))
        return started[-1]

    yield begin
    for robot in started:
        robot.terminal.close()


def test_enter_alone_installs_the_hub_without_wan(start: Start) -> None:
    robot = start("no-wan-install")
    debrief = robot.play(MOST_KEYS)
    robot.end()
    assert "Everything was delivered and answered" in debrief
    points = int(debrief.split(" of 100 points")[0].rpartition(" ")[2])
    assert 80 <= points < 100  # full points for the commissioning, fewer for what was not seen
    [job] = robot.ask("jobs", "list")
    assert (job["commands"], job["answered"]) == (COMMANDS, COMMANDS)
    reports = [row for row in robot.ask("queue", "list") if row["service"] != "8.13"]
    assert [(row["service"], row["state"]) for row in reports] == [("8.14.2", "ready")]
    print(f"{robot.presses} presses")


FINISHED = {
    "ppmid-self-install": ("Everything was delivered", ()),
    "ppmid-collected": ("Everything was delivered", ()),
    "interpan-window-expired": ("Everything was delivered", ()),
    "two-hubs-same-channel": ("Everything was delivered", ()),
    "hub-power-cut": ("Everything was delivered", ("Deliver it again now",)),
    "gsme-asleep": ("Everything was delivered", ("Deliver it again now",)),
    "wrong-install-code": (
        "Not everything could be",
        ("Leave the HAN",),
    ),
}
"""What the debrief says, and the answers that the robot takes by their numbers."""

ENTER_ONLY = 60
"""Presses after which an exercise that Enter alone does not finish is broken off."""


@pytest.mark.skipif(not LONG, reason="minutes of key presses: .ci/long plays them")
@pytest.mark.parametrize("scenario", scenario_names())
def test_enter_alone_does_no_harm(start: Start, scenario: str, tmp_path: Path) -> None:
    with open_store(tmp_path, Mode.LIVE) as store:
        hear(store, CS14_ALERT)
    robot = start(scenario)
    robot.play(ENTER_ONLY)
    robot.end()
    happened = robot.ask("replay", "--mode", "training")
    [job] = robot.ask("jobs", "list", "--mode", "training")
    sent = Counter(row["command_id"] for row in happened if row["event"] == "command_sent")
    assert set(sent.values()) <= {1}, "delivered twice"
    states = {r["command_id"]: r["state"] for r in happened if r["event"] == "command_changed"}
    assert "skipped" not in states.values()
    if any(row["event"] == "left" for row in happened):
        done = [state for state in states.values() if state in ("answered", "refused")]
        assert len(done) == job["total"], "left the HAN with work undone"
    assert [row["state"] for row in robot.ask("queue", "list", "--mode", "live")] == ["ready"]
    assert not list(tmp_path.glob("export*"))
    robot.ask("audit", "verify", "--mode", "training")


@pytest.mark.skipif(not LONG, reason="minutes of key presses: .ci/long plays them")
@pytest.mark.parametrize("scenario", FINISHED)
def test_enter_and_the_digits_of_forms_finish_an_exercise_as_expected(
    start: Start, scenario: str
) -> None:
    words, answers = FINISHED[scenario]
    robot = start(scenario, answers)
    text = robot.play(MOST_KEYS)
    robot.end()
    assert DEBRIEF in text
    assert words in text
    print(f"{scenario}: {robot.presses} presses")
