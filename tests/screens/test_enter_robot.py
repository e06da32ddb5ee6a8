"""The Enter robot: a real terminal of 53 by 20, and nothing but Enter until the debrief."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from screen_bench import SMALLEST
from terminal import Terminal, hht, needs_tmux

ROOT = Path(__file__).parents[2]
MOST_PRESSES = 60  # of a visit without WAN, scans included
COMMANDS = 17

pytestmark = [needs_tmux, pytest.mark.slow]


class Robot:
    """Presses Enter in the app of one exercise until the debrief is there."""

    def __init__(self, folder: Path, scenario: str) -> None:
        self.folder = folder
        self.presses = 0
        command = [hht(ROOT), "--data-dir", str(folder), "train", scenario]
        self.terminal = Terminal.start(command, SMALLEST, {"TERM": "xterm-256color"})

    def play(self, most: int) -> str:
        """Press Enter whenever everything is still; the debrief."""
        text = self.terminal.until(lambda screen: "Enter  Open" in screen)
        while "╭─ Debrief" not in text:
            assert self.presses < most, text
            self.terminal.press("Enter")
            self.presses += 1
            text = self.terminal.settled()
        return text

    def end(self) -> None:
        """End the app by its key."""
        self.terminal.press("C-q")
        self.terminal.until(lambda screen: not self.terminal.is_running)

    def ask(self, *command: str) -> list[dict[str, object]]:
        """The rows of a command of hht on the data folder."""
        done = subprocess.run(
            [hht(ROOT), "--data-dir", str(self.folder), *command, "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def robots(tmp_path: Path) -> Iterator[list[Robot]]:
    """The robots that a test starts; their terminals are closed after it."""
    started: list[Robot] = []
    yield started
    for robot in started:
        robot.terminal.close()


def test_enter_alone_installs_the_hub_without_wan(robots: list[Robot], tmp_path: Path) -> None:
    robot = Robot(tmp_path, "no-wan-install")
    robots.append(robot)
    debrief = robot.play(MOST_PRESSES)
    robot.end()
    assert "Everything was delivered and answered" in debrief
    points = int(debrief.split(" of 100 points")[0].rpartition(" ")[2])
    assert 80 <= points < 100  # full points for the commissioning, fewer for what was not seen
    [job] = robot.ask("jobs", "list")
    assert (job["commands"], job["answered"]) == (COMMANDS, COMMANDS)
    reports = [row for row in robot.ask("queue", "list") if row["service"] != "8.13"]
    assert [(row["service"], row["state"]) for row in reports] == [("8.14.2", "ready")]
    print(f"{robot.presses} presses")
