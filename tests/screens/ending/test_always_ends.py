"""The app goes on and ends whatever its terminal does, and its process ends whatever hangs."""

import io
import subprocess
import sys
import threading

from patience import PATIENCE

from hht.logs import LOG_FILE
from screens.ending.output import OutputThread

MORE_THAN_KEPT = 200  # writes
HANGS = """
import sys, threading
from pathlib import Path
from hht.logs import start_log
from screens.ending.last_resort import LastResort
start_log(Path(sys.argv[1]))
LastResort(1.2).begin()
def here_it_hangs():
    threading.Lock().acquire() and threading.Event().wait()
here_it_hangs()
"""


class DeadTerminal(io.StringIO):
    """Reads nothing until it is set free."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.begun = threading.Event()

    def write(self, text: str) -> int:
        self.begun.set()
        assert self.free.wait(PATIENCE)
        return super().write(text)


def filled(terminal: io.StringIO, repainted: threading.Event) -> OutputThread:
    """A thread with more to write than it keeps."""
    output = OutputThread(terminal, repainted.set, stuck_seconds=0.01, stop_seconds=0.01)
    output.start()
    for number in range(MORE_THAN_KEPT):
        output.write(f"{number} ")
    return output


def test_a_terminal_that_takes_nothing_holds_up_no_write_and_no_end() -> None:
    terminal = DeadTerminal()
    output = filled(terminal, threading.Event())
    assert output.is_stuck
    output.stop()
    assert output.is_alive()  # left behind in its write, a daemon
    terminal.free.set()
    output.join(PATIENCE)
    assert not output.is_alive()


def test_all_is_painted_again_once_the_terminal_takes_something_again() -> None:
    terminal, repainted = DeadTerminal(), threading.Event()
    output = filled(terminal, repainted)
    assert not repainted.is_set()
    terminal.free.set()
    assert repainted.wait(PATIENCE)
    assert not output.is_stuck
    output.write("whole")
    output.stop()
    output.join(PATIENCE)
    assert terminal.getvalue().endswith("whole")


class GoneTerminal(io.StringIO):
    """Fails at every write, as a terminal that was closed."""

    def write(self, text: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_is_gone_holds_up_no_write_and_no_end() -> None:
    output = filled(GoneTerminal(), threading.Event())
    output.stop()
    output.join(PATIENCE)
    assert not output.is_alive()


def test_a_process_that_does_not_end_exits_and_the_log_says_where_it_hung(tmp_path) -> None:
    command = [sys.executable, "-c", HANGS, str(tmp_path)]
    done = subprocess.run(command, timeout=PATIENCE, capture_output=True, check=False)
    assert done.returncode == 1
    log = (tmp_path / LOG_FILE).read_text()
    assert "The app does not end" in log
    assert "here_it_hangs" in log
