"""Start the simulated hub as a process of its own, learn its address, and end it."""

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from hht.errors import HhtError

START_SECONDS = 60.0  # a cold start imports zigpy and makes a PKI: seconds, many on a busy machine
STOP_SECONDS = 5.0  # saving the state takes milliseconds; a hub that needs longer has hung


spawn: Callable[..., Any] | None = None
"""What starts the process in place of subprocess.Popen: a seat of a class has it forked warm."""


class HubProcess:
    """A running simulated hub; a context manager that ends it."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.process = process
        self.address = address

    @classmethod
    def start(
        cls, run_dir: Path, options: Sequence[str] = (), program: str = "hht.simulator.process"
    ) -> Self:
        """Start the hub of `run_dir`; `address` is then what `--radio` is given. HhtError if not.

        `program` is the module that serves it.
        """
        command = [sys.executable, "-m", program, "--with-parent"]
        command += ["--run-dir", str(run_dir), *options]
        log = run_dir / "hub.log"
        with log.open("ab") as stderr:
            process = (spawn or subprocess.Popen)(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
            )
        address = _first_line(process)
        if address:
            return cls(process, address)
        process.wait()
        raise HhtError(
            f"The simulated hub did not start{_last_line(log)}",
            where=str(run_dir),
            remedy="Put that right and try again.",
        )

    def next_address(self) -> str:
        """Read the address of the second dongle, where it was started with one."""
        return _first_line(self.process)

    def stop(self) -> None:
        """End the process; by force if it does not end by itself."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _first_line(process: "subprocess.Popen[str]") -> str:
    """Wait for the address; empty when the process ended, or was ended for saying nothing."""
    assert process.stdout is not None
    deadline = threading.Timer(START_SECONDS, process.kill)
    deadline.start()
    try:
        return process.stdout.readline().strip()
    finally:
        deadline.cancel()


def _last_line(log: Path) -> str:
    """Quote the last line that the process printed before it ended."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return f" ({lines[-1]})" if lines else ""
