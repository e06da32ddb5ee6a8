"""In an exercise that counts no trainee is helped, and nothing is done to its hub from outside."""

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
