"""A test that hangs is one failed test with its name; it never holds up the suite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole_program

CONFTEST = """
from hang_guard import HangGuard

def pytest_configure(config):
    config.pluginmanager.register(HangGuard())
"""
TESTS = """
import asyncio
import threading

def test_waits_for_ever():
    threading.Event().wait()

async def test_awaits_for_ever():
    await asyncio.Event().wait()

def test_comes_after():
    pass

def test_does_not_let_itself_be_broken_off():
    while True:
        try:
            threading.Event().wait()
        except BaseException:
            pass
"""
# As short as a test of nothing never needs, on a busy machine too: all of it is waited for.
LIMIT = "5"


def run_pytest(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(TESTS)
    environment = os.environ | {
        "HHT_TEST_SECONDS": LIMIT,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(Path(__file__).parents[1] / "support"),
    }
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "pytest_asyncio"]
    command += ["--rootdir", str(folder), "-o", "asyncio_mode=auto", *options, str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)


def test_a_test_that_hangs_fails_with_its_name_and_the_line_where_it_waited(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "-n", "0", "-k", "for_ever or comes_after")
    assert "2 failed, 1 passed" in done.stdout
    assert "test_it.py::test_waits_for_ever did not end in 5 s" in done.stdout
    assert "test_it.py:6:" in done.stdout


def test_a_test_that_cannot_be_broken_off_ends_its_worker_alone(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "-n", "1", "-k", "broken_off or comes_after")
    assert "1 failed, 1 passed" in done.stdout
    assert (
        "crashed while running 'test_it.py::test_does_not_let_itself_be_broken_off'" in done.stdout
    )
    assert "test_it.py" in done.stderr
