"""A program on a pty of its own, as on a terminal: what it paints, how it ends, what it leaves."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

from patience import PATIENCE

QUIET = 0.5  # s; between two pieces of one painting, on a busy machine too
ROWS, COLUMNS = 30, 150


class OnPty:
    """The program behind the terminal's other side."""

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor = descriptor
        self._before = termios.tcgetattr(descriptor)
        self.painted = b""
        self._status: int | None = None

    def send(self, content: bytes) -> None:
        os.write(self._descriptor, content)

    def resize(self, rows: int, columns: int) -> None:
        """Change the size of the terminal."""
        _set_size(self._descriptor, rows, columns)

    def kill(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def until(self, *wanted: bytes) -> None:
        """Read what is painted until one of these was."""
        while not any(each in self.painted for each in wanted):
            assert self._read(), f"it ended without {wanted!r}: {self.painted[-500:]!r}"

    def until_quiet(self) -> None:
        """Read until nothing more is painted for a moment."""
        while self._goes_on():
            assert self._read(), "it ended"

    def until_answered(self, sent: bytes, wanted: bytes, most: int = 20) -> None:
        """Send a key, again after each painting without the answer, until that is painted.

        A painting comes in pieces: it is over when nothing more follows for a moment.
        """
        began = len(self.painted)
        for _ in range(most):
            self.send(sent)
            assert self._read(), "it ended"
            while wanted not in self.painted[began:] and self._goes_on():
                assert self._read(), "it ended"
            if wanted in self.painted[began:]:
                return
        raise AssertionError(f"no {wanted!r} in {self.painted[began:]!r}")

    def ended(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        if self._status is None:
            self._status = os.waitpid(self.pid, 0)[1]
        return os.waitstatus_to_exitcode(self._status)

    @property
    def is_put_back(self) -> bool:
        """Whether echo, lines and signals are as before, and the other screen was left."""
        left = self.painted.rfind(b"\x1b[?1049l") > self.painted.rfind(b"\x1b[?1049h")
        shown = self.painted.rfind(b"\x1b[?25h") > self.painted.rfind(b"\x1b[?25l")
        return left and shown and termios.tcgetattr(self._descriptor)[:4] == self._before[:4]

    def _goes_on(self) -> bool:
        return bool(select.select([self._descriptor], [], [], QUIET)[0])

    def _read(self) -> bool:
        ready, _, _ = select.select([self._descriptor], [], [], PATIENCE)
        assert ready, f"nothing was painted for {PATIENCE} s: {self.painted[-500:]!r}"
        try:
            content = os.read(self._descriptor, 65536)
        except OSError:  # no process has the other side open
            return False
        self.painted += content
        return bool(content)


@contextlib.contextmanager
def on_pty(arguments: list[str], **environment: str) -> Iterator[OnPty]:
    """Run Python with these arguments on a pty; what is still running at the end is killed."""
    # The other side stays open here, so that how the terminal was left can be read.
    ours, theirs = pty.openpty()
    _set_size(ours, ROWS, COLUMNS)
    root = str(Path(__file__).parents[2])
    settings = os.environ | {"TERM": "xterm-256color", "PYTHONPATH": root} | environment
    pid = os.fork()
    if pid == 0:
        os.login_tty(theirs) if hasattr(os, "login_tty") else _take(theirs)
        os.execve(sys.executable, [sys.executable, *arguments], settings)
    program = OnPty(pid, ours)
    os.close(theirs)
    try:
        yield program
    finally:
        if program._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(ours)


def _set_size(descriptor: int, rows: int, columns: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _take(terminal: int) -> None:
    """Make it the process's controlling terminal and its standard streams."""
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for stream in (0, 1, 2):
        os.dup2(terminal, stream)
