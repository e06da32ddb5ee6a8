"""`hht serve` as a process of its own, started cold, and what is left of it at its end."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patience import PATIENCE

END_SECONDS = 10
"""So soon after the end no process of the class may be left."""


@dataclass
class RunningClass:
    """The process, and what it said of itself."""

    process: "subprocess.Popen[str]"
    said: dict[str, Any]
    data_dir: Path

    @property
    def base(self) -> str:
        return str(self.said["address"]).partition("/?")[0]

    def stop(self) -> tuple[int, list[int]]:
        """End it with SIGTERM; its exit code, and the processes that are left 10 s after that."""
        processes = family(self.process.pid)[1:]
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)  # an app that hangs is killed after seven
        end = time.monotonic() + END_SECONDS
        return code, [pid for pid in processes if not ends_by(end, pid)]


@contextmanager
def running_class(
    data_dir: Path, *options: str, program: Sequence[str] = ("-m", "hht")
) -> Iterator[RunningClass]:
    """Serve a class with these options; it is ended with all its processes in any case."""
    command = [
        sys.executable,
        *program,
        "--data-dir",
        os.path.relpath(data_dir),  # a seat's app works in another folder than we
        "serve",
        *options,
        "--json",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"SECRET": "of the trainer"}
    )
    try:
        assert process.stdout is not None
        yield RunningClass(process, json.loads(process.stdout.readline()), data_dir)
    finally:
        left = family(process.pid)
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()


def ends_by(moment: float, pid: int) -> bool:
    """Whether a process has ended by then, as the system reports it (Linux)."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        left = max(0.0, moment - time.monotonic())
        return bool(select.select([descriptor], [], [], left)[0])
    finally:
        os.close(descriptor)


def family(pid: int) -> list[int]:
    """A process and all that descend from it (Linux)."""
    return [pid, *(each for child in children(pid) for each in family(child))]


def children(pid: int) -> list[int]:
    """The processes that a process has started, in their order (Linux)."""
    threads = _read(f"/proc/{pid}/task", os.listdir, default=[])
    found = [_read(f"/proc/{pid}/task/{each}/children", _text, default="") for each in threads]
    return [int(child) for line in found for child in line.split()]


def _text(path: str) -> str:
    return Path(path).read_text()


def _read(path: str, how: Any, default: Any) -> Any:
    try:
        return how(path)
    except OSError:
        return default


def environment_of(pid: int) -> Sequence[str]:
    """The environment that a process was started with."""
    return Path(f"/proc/{pid}/environ").read_text().split("\0")
