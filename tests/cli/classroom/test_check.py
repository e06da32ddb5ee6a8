"""In a check no trainee is helped or played for, and nothing is done to its hub from outside."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hht.simulator.launcher import HubProcess
from hht.simulator.pauses import is_paused
from hht.training.exercise.run import TrainingRun

pytestmark = pytest.mark.whole_program
REFUSED = (("hub", "pause"), ("hub", "fault", "noise", "-70"), ("hub", "fault", "power-cut"))


def test_a_check_is_neither_paused_nor_disturbed_by_a_command(
    hht: Callable[..., Any], data_dir: Path
) -> None:
    run = TrainingRun.begin(data_dir, "no-window-limit", 3, mode="check")
    with HubProcess.start(run.run_dir):
        for command in REFUSED:
            ran = hht(*command)
            assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1), command
            assert "This exercise is a check" in ran.err
        assert not is_paused(run.run_dir)


@pytest.mark.parametrize(
    "line", [("--mode", "check", "--auto"), ("--mode", "check", "--at", "1"), ("--auto",)]
)
def test_a_check_is_played_by_nobody_but_the_trainee(
    hht: Callable[..., Any], data_dir: Path, line: tuple[str, ...]
) -> None:
    run = TrainingRun.begin(data_dir, "no-window-limit", 3, mode="check")
    ran = hht("train", "no-window-limit", *line)
    assert (ran.code != 0, ran.out, len(ran.err.splitlines())) == (True, "", 1)
    assert "check" in ran.err
    assert [each.name for each in run.run_dir.parent.iterdir()] == [run.run_dir.name]
