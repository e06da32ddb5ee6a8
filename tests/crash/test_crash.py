"""Kills at commit boundaries and anywhere: nothing acknowledged is lost, nothing comes twice."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import LONG

pytestmark = pytest.mark.whole_program

KILLS, ONE_IN = (300, 1) if LONG else (40, 3)
HARNESS = Path(__file__).parents[1] / "support" / "crash_harness.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_kills_lose_nothing_and_double_nothing() -> None:
    how = {"--kills": KILLS, "--one-in": ONE_IN, "--seed": random.randrange(1000)}
    run = subprocess.run(
        [sys.executable, str(HARNESS), *(str(word) for pair in how.items() for word in pair)],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, (how, run.stdout, run.stderr)
    counts = json.loads(run.stdout)
    print(run.stdout)
    assert counts["clean"]
    assert counts["kills"] >= KILLS
    assert counts["boundary_kills"] > KILLS / 3
    assert counts["acknowledged_captures"] > counts["kills"]  # there was something to lose
