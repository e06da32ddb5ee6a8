"""A trainer beside a hub that is served: watch and faults on the command line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, CompletedProcess
from typing import Any

import pytest
import warm_start
from patience import PATIENCE

pytestmark = pytest.mark.whole_program

HHT = [sys.executable, "hht"]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder with `hht hub serve` at work in it."""
    command = [*HHT, "hub", "serve", "gsme-asleep", "--data-dir", str(tmp_path), "--speed", "100"]
    serving = warm_start.Popen(command, stdout=PIPE, stderr=PIPE)
    assert serving.stdout is not None
    assert serving.stderr is not None
    try:
        assert serving.stdout.readline().startswith("socket://127.0.0.1:")
        yield tmp_path
    finally:
        serving.terminate()
        serving.wait()
        serving.stdout.close()
        serving.stderr.close()


def hht(data_dir: Path, *arguments: str) -> "CompletedProcess[str]":
    return warm_start.run("hht", "hub", *arguments, "--data-dir", data_dir, timeout=PATIENCE)


def test_faults_are_injected_and_watched_from_the_shell(data_dir: Path) -> None:
    done = hht(data_dir, "fault", "device-off", "GSME", "--for", "5")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Switch a Device off GSME for 5 s\n"
    assert "dBm" in hht(data_dir, "lever", "noise", "-40", "--channel", "20").stdout
    wrong = hht(data_dir, "fault", "device-off", "TOASTER")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert len(wrong.stderr.splitlines()) == 1
    command = [*HHT, "hub", "watch", "--json", "--data-dir", str(data_dir)]
    watching = warm_start.Popen(command, stdout=PIPE)
    assert watching.stdout is not None
    rows = list[dict[str, Any]]()
    while not any("status" in row for row in rows):
        rows.append(json.loads(watching.stdout.readline()))
    watching.kill()
    watching.wait()
    watching.stdout.close()
    story = [row["story"]["what"] for row in rows[:-1]]
    assert story[0] == "power-on"
    assert story.count("fault") == 2
    assert rows[-1]["status"]["speed"] == 100
    assert rows[-1]["status"]["air"]["noise"] == {"20": -40}


def test_without_a_hub_there_is_one_line(tmp_path: Path) -> None:
    for command in (["watch"], ["fault", "power-cut"]):
        done = hht(tmp_path, *command)
        assert (done.returncode, done.stdout) == (1, "")
        assert "No simulated hub is being served" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_the_faults_are_listed(tmp_path: Path) -> None:
    lines = hht(tmp_path, "fault", "--list").stdout.splitlines()
    assert lines == hht(tmp_path, "lever", "--list").stdout.splitlines()
    assert {line.split()[0] for line in lines} >= {"power-cut", "noise", "device-off", "stay-ended"}
