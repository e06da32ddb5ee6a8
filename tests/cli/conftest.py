"""Running the real program, as a shell would."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import warm_start
from patience import PATIENCE

PLAY = ("--auto", "--json", "--seed", "5")


class Ran:
    """What a finished command said, and its exit code."""

    def __init__(self, done: "subprocess.CompletedProcess[str]") -> None:
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A handheld's data folder, empty."""
    return tmp_path / "data"


@pytest.fixture
def hht(data_dir: Path) -> Callable[..., Ran]:
    """Call `hht` with these arguments on the empty data folder."""

    def run(*arguments: str | Path) -> Ran:
        environment = os.environ | {"HHT_DATA_DIR": str(data_dir), "COLUMNS": "100"}
        return Ran(warm_start.run("hht", *arguments, env=environment, timeout=PATIENCE))

    return run


Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def kept_plays(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Rows]]:
    """Play a scenario without a person, once in a process of pytest: its data folder and events.

    Tests of the group "kept play" are in one process, so that one of them waits for the play and
    not, on a busy machine, the first in each process for one of several at a time.
    """

    @cache
    def play(scenario: str) -> tuple[Path, Rows]:
        folder = tmp_path_factory.mktemp("played") / "data"
        ran = Ran(warm_start.run("hht", "--data-dir", folder, "train", scenario, *PLAY))
        assert ran.code == 0, ran.err
        return folder, ran.rows

    return play


@pytest.fixture
def after_play(
    kept_plays: Callable[[str], tuple[Path, Rows]], data_dir: Path
) -> Callable[[str], Rows]:
    """Leave the data folder as a play of the scenario does; give the play's events."""

    def after(scenario: str) -> Rows:
        folder, rows = kept_plays(scenario)
        shutil.copytree(folder, data_dir, symlinks=True)  # a unit's port leads nowhere now
        return rows

    return after
