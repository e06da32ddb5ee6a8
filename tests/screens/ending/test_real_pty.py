"""However the app ends: one line, the terminal as it was, an exit code, no secret anywhere."""

import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from real_pty import COLUMNS, ROWS, OnPty, on_pty
from store_samples import CS14_ALERT, hear, open_store

from hht.logs import LOG_FILE
from hht.store import Mode

pytestmark = pytest.mark.whole_program

BROKEN = """
import sys
from {module} import {owner}
async def broken(self, *_):
    held = "271828"
    raise RuntimeError(held)
{owner}.{place} = broken
sys.argv = ["hht", "--data-dir", {folder!r}]
from hht.cli.main import run
run()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder in which something was captured."""
    with open_store(tmp_path, Mode.LIVE) as store:
        hear(store, CS14_ALERT)
    return tmp_path


def said(program: OnPty) -> list[str]:
    """The lines on the terminal after the app's own screen was left."""
    text = program.painted.rpartition(b"\x1b[?1049l")[2].decode("utf-8", "replace")
    plain = re.sub(r"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b.", "", text)
    return [line for line in plain.splitlines() if line.strip()]


def check_end(program: OnPty, folder: Path, line: str) -> None:
    assert program.is_put_back
    (line_said,) = said(program)
    assert line in line_said
    with closing(sqlite3.connect(folder / "live.db")) as database:
        assert database.execute("SELECT COUNT(*) FROM captures").fetchone() == (1,)


ENDING = [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP]

AT_MOMENT = """
import functools, os, signal, sys
moment, folder, numbers = sys.argv[1:]
def signalled():
    for number in numbers.split(","):
        os.kill(os.getpid(), int(number))
class Importing:
    def find_spec(self, name, path=None, target=None):
        if name == "screens.app":
            sys.meta_path.remove(self)
            signalled()
def first(name):
    from screens.app import HhtApp
    before = getattr(HhtApp, name)
    @functools.wraps(before)
    def now(*given, **named):
        signalled()
        return before(*given, **named)
    setattr(HhtApp, name, now)
if moment == "importing":
    sys.meta_path.insert(0, Importing())
else:
    first(moment)
if moment == "_print_error_renderables":  # the engineer has quit
    from screens.app import HhtApp
    HhtApp.on_ready = HhtApp.exit
sys.argv = ["hht", "--data-dir", folder]
from hht.cli.main import run
run()
"""
MOMENTS = ("importing", "__init__", "_build_driver", "on_mount", "_print_error_renderables")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("numbers", [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]])
def test_a_signal_at_any_moment_is_one_line_and_an_exit_code(folder, moment, numbers):
    listed = ",".join(str(int(number)) for number in numbers)
    with on_pty(["-c", AT_MOMENT, moment, str(folder), listed]) as program:
        assert program.ended() == 128 + numbers[0]
        line_said = said(program)
        assert line_said == [
            f"hht: The app was ended by {numbers[0].name}. Everything captured is kept."
        ]
        assert program.is_put_back or b"\x1b[?1049h" not in program.painted


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_the_app_in_order(folder, number):
    with on_pty(["-m", "hht", "--data-dir", str(folder)]) as program:
        program.until(b"LIVE")
        program.kill(number)
        assert program.ended() == 128 + number
        check_end(program, folder, f"hht: The app was ended by {number.name}.")
    assert number.name in (folder / LOG_FILE).read_text()


def test_a_size_that_changes_away_and_back_at_once_leaves_nothing_unpainted(folder):
    with on_pty(["-m", "hht", "--data-dir", str(folder)]) as program:
        program.until(b"Import")
        program.until_quiet()
        program.painted = b""
        program.resize(5, 20)
        program.resize(ROWS, COLUMNS)
        program.until(b"Import")  # a row of the launch pad; the status line is painted often
        program.kill(signal.SIGTERM)
        assert program.ended() == 128 + signal.SIGTERM


def threads_of(program: OnPty) -> list[str]:
    """The names of the process's threads."""
    tasks = Path(f"/proc/{program.pid}/task").glob("*/comm")
    return sorted(task.read_text().strip() for task in tasks)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_a_sigcont_that_nobody_stopped_starts_nothing_twice_and_the_app_ends(folder):
    with on_pty(["-m", "hht", "--data-dir", str(folder)]) as program:
        program.until(b"LIVE")
        program.until_answered(b"\x1bOP", b"Esc")
        program.until_quiet()
        before = threads_of(program)
        program.painted = b""
        program.kill(signal.SIGCONT)
        program.until(b"Esc", b"Import")  # painted again: a key sent twice closes the help too
        assert len(threads_of(program)) == len(before)
        program.kill(signal.SIGTERM)
        program.kill(signal.SIGCONT)
        assert program.ended() == 128 + signal.SIGTERM


@pytest.mark.parametrize("sent", [b"\xa3", b"\x1b[M \xe8\xe8", b"\xff\xfe\xff", b"\xc3("])
def test_a_byte_that_is_no_utf_8_costs_a_key_and_not_the_app(folder, sent):
    with on_pty(["-m", "hht", "--data-dir", str(folder)]) as program:
        program.until(b"LIVE")
        program.send(sent)
        program.until_answered(b"\x1bOP", b"Esc")  # F1 opens the help
        program.kill(signal.SIGTERM)
        assert program.ended() == 128 + signal.SIGTERM
        check_end(program, folder, "SIGTERM")


@pytest.mark.parametrize(
    ("module", "owner", "place"),
    [("screens.service.rounds", "Rounds", "_every"), ("screens.app", "HhtApp", "on_mount")],
)
def test_an_error_in_a_background_worker_or_at_the_start_ends_the_app_in_order(
    folder, module, owner, place
):
    code = BROKEN.format(folder=str(folder), module=module, owner=owner, place=place)
    with on_pty(["-c", code]) as program:
        assert program.ended() == 1
        assert program.is_put_back
        line_said = " ".join(said(program))
        assert "hht failed in a way that nobody foresaw (RuntimeError)" in line_said
        assert line_said.count("hht failed") == 1
        report = (folder / LOG_FILE).read_text()
        assert "RuntimeError" in report
        assert "271828" not in report + line_said


def test_no_memory_is_written_to_the_disk_when_the_program_crashes():
    code = (
        "import resource; from hht.cli.main import leave_no_core_dump as leave\n"
        "leave(); print('limit', resource.getrlimit(resource.RLIMIT_CORE))"
    )
    with on_pty(["-c", code]) as program:
        assert program.ended() == 0
        assert b"limit (0, 0)" in program.painted
