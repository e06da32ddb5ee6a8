"""A change of channel goes on where a kill -9 left it, at each of its steps: HHT_LONG=1 alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import LONG

pytestmark = pytest.mark.whole_program

KILLED = -9
MOMENTS = (
    *("move_expected:1", "response_captured:2", "move_asked:1", "move_away:1", "hub_found:3"),
    *("hub_back:1", "device_way_back:2", "device_way_back:5", "move_ended:1"),
)


def play(folder: Path, **environment: str) -> tuple[int, list[str]]:
    command = [sys.executable, "-m", "hht", "--data-dir", str(folder)]
    done = subprocess.run(
        [*command, "train", "channel-move", "--auto", "--json", "--seed", "1"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.mark.skipif(not LONG, reason="half a minute each: a row of .ci/long")
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_move_and_its_watch_go_on_after_a_kill(tmp_path: Path, moment: str) -> None:
    assert play(tmp_path, HHT_DIE_AT=moment)[0] == KILLED
    code, lines = play(tmp_path)
    assert (code, json.loads(lines[-1])["outcome"]) == (0, "complete")
    shown = subprocess.run(
        [sys.executable, "-m", "hht", "--data-dir", str(tmp_path), "jobs", "move", "1", "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    first, *devices = map(json.loads, shown.stdout.splitlines())
    assert (first["state"], first["second_look"]) == ("done", False)
    assert {each["state"] for each in devices} == {"back"}
