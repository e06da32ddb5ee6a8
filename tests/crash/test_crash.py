"""Three hundred kills: nothing that was acknowledged is lost, and nothing is received twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).parents[1] / "support" / "crash_harness.py"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")
def test_three_hundred_kills_lose_nothing_and_double_nothing():
    run = subprocess.run(
        [sys.executable, str(HARNESS), "--kills", "300"],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    counts = json.loads(run.stdout)
    print(run.stdout)
    assert counts["clean"]
    assert counts["kills"] >= 300
    assert counts["boundary_kills"] > 100
    assert counts["acknowledged_captures"] > counts["kills"]  # there was something to lose
