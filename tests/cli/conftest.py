"""Running the real program, as a shell would."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROGRAM = [sys.executable, "-c", "from hht.cli.main import run; run()"]
RUN_SECONDS = 60


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
        command = [*PROGRAM, *map(str, arguments)]
        return Ran(
            subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=RUN_SECONDS
            )
        )

    return run
