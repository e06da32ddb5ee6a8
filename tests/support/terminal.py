"""A real terminal for tests: the app in tmux, keys as a keyboard sends them, the screen as text."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest

QUIET_SECONDS = 0.5  # as long as the Enter robot waits; longer than any repaint on a busy machine
LOOK_SECONDS = 0.1  # five looks within the quiet time, each a process of its own
_ENDED = "#{pane_dead_status}#{?pane_dead_signal,-#{pane_dead_signal},}"
PATIENCE = 90.0  # seconds: a simulated hub starts in a few, on a busy machine in many
_MOVING = re.compile(r"[0-9▰▱◐◓◑◒▁▂▄▆█~]")
"""What changes while a person waits: digits, bars and turning signs."""

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@dataclass
class Terminal:
    """One tmux server of its own with one window in it."""

    socket: str

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        size: tuple[int, int],
        environment: Mapping[str, str] | None = None,
    ) -> "Terminal":
        """Run a command in a window of so many columns and rows, which outlives the command."""
        terminal = cls(f"hht-test-{uuid4().hex[:12]}")
        columns, rows = map(str, size)
        given = [
            part for key, value in (environment or {}).items() for part in ("-e", f"{key}={value}")
        ]
        options = ["set", "-g", "remain-on-exit", "on", ";", "set", "-g", "status", "off", ";"]
        window = ["new-session", "-d", "-x", columns, "-y", rows, *given, *command]
        terminal.tmux("-f", "/dev/null", "start-server", ";", *options, *window)
        return terminal

    def tmux(self, *arguments: str) -> str:
        """Ask tmux for something; its output."""
        # pytest says how wide its own terminal is, which a program in this one would believe.
        surroundings = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        done = subprocess.run(
            ["tmux", "-u", "-L", self.socket, *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=surroundings,
            timeout=PATIENCE,
        )
        return done.stdout

    @property
    def text(self) -> str:
        """What is on the screen, line by line."""
        return self.tmux("capture-pane", "-p")

    @property
    def is_running(self) -> bool:
        """Whether the command has not ended."""
        return self.tmux("display", "-p", "#{pane_dead}").strip() == "0"

    @property
    def exit_code(self) -> int:
        """What a command that has ended gave back; below 0 the signal that ended it.

        tmux sees the closed terminal before it has heard of the process's end. On a busy machine it
        misses the signal for that: the process stays a zombie until the next SIGCHLD comes.
        """
        deadline = monotonic() + PATIENCE
        server = int(self.tmux("display", "-p", "#{pid}"))
        while not (ended := self.tmux("display", "-p", _ENDED).strip()):
            assert monotonic() < deadline, "tmux never heard how the command ended"
            sleep(LOOK_SECONDS)
            os.kill(server, signal.SIGCHLD)
        return int(ended)

    @property
    def process(self) -> int:
        """The number of the command's process."""
        return int(self.tmux("display", "-p", "#{pane_pid}"))

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, such as Enter or C-q, all in one write."""
        self.tmux("send-keys", *keys)

    def resize(self, size: tuple[int, int]) -> None:
        """Change the size of the window."""
        self.tmux("resize-window", "-x", str(size[0]), "-y", str(size[1]))

    def until(self, holds: Callable[[str], object], seconds: float = PATIENCE) -> str:
        """Wait until the screen is as wanted; the screen."""
        deadline = monotonic() + seconds
        while not holds(text := self.text):
            assert monotonic() < deadline, text
            sleep(LOOK_SECONDS)
        return text

    def settled(self, seconds: float = PATIENCE) -> str:
        """Wait until nothing but digits, bars and turning signs changes any more; the screen."""
        deadline = monotonic() + seconds
        still, since = "", monotonic()
        while True:
            text = self.text
            if (seen := _MOVING.sub("", text)) != still:
                still, since = seen, monotonic()
            elif monotonic() - since >= QUIET_SECONDS:
                return text
            assert monotonic() < deadline, text
            sleep(LOOK_SECONDS)

    def close(self) -> None:
        """End the command and the window."""
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], capture_output=True, check=False)


def hht(repository: Path) -> str:
    """The hht of this checkout."""
    return str(repository / ".venv" / "bin" / "hht")
