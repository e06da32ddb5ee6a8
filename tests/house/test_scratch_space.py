"""Files that tests leave in memory go with the next run, but for those to be looked at."""

import os
import sys
from pathlib import Path

import pytest
from scratch_space import clear, hold, keep

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/shm is Linux's")


def left_by_a_run(memory: Path, name: str, *, at: float = 0, failed: bool = False) -> Path:
    """Make the folder of a run whose process is gone."""
    folder = memory / f"hht-tests-{name}"
    folder.mkdir()
    os.close(hold(folder))
    if failed:
        keep(folder)
    os.utime(folder, (at, at))
    return folder


def test_the_folders_of_ended_runs_go_but_for_the_last_that_was_kept(tmp_path: Path) -> None:
    left_by_a_run(tmp_path, "killed")
    left_by_a_run(tmp_path, "kept-before", at=1, failed=True)
    kept = left_by_a_run(tmp_path, "kept-last", at=2, failed=True)
    running = tmp_path / "hht-tests-running"
    running.mkdir()
    descriptor = hold(running)
    clear(tmp_path)
    assert set(tmp_path.iterdir()) == {kept, running}
    os.close(descriptor)
