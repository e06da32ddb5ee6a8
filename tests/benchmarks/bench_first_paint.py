"""From the shell to the first paint, and what memory that needs (bounds: 250 ms, 60 MiB).

Run it: `python tests/benchmarks/bench_first_paint.py`. The same is measured for the smallest
Textual app there is, in the same run, so that the ratio travels between machines. Each run is a
process of its own on a terminal of 80x24; the clock stops when the marker has been painted.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time
from dataclasses import dataclass
from pathlib import Path

RUNS = 9
LONGEST = 20.0
SMALLEST_APP = str(Path(__file__).with_name("smallest_app.py"))
PROGRAM = "from hht.cli.main import run; run()"


@dataclass(frozen=True)
class Painted:
    """Until the marker was on the screen: milliseconds, those of work, and the most memory (MiB).

    The milliseconds of work say the same on a machine that is busy with other things.
    """

    milliseconds: float
    worked: float
    mebibytes: float


def paint(marker: str, *arguments: str) -> Painted:
    """Start Python with these arguments on a terminal, and stop it at the marker."""
    start = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, *arguments])
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        wait_for(terminal, marker.encode(), start + LONGEST)
        passed = 1000 * (time.perf_counter() - start)
        return Painted(passed, milliseconds_worked(process), most_memory(process))
    finally:
        os.kill(process, 9)
        os.waitpid(process, 0)
        os.close(terminal)


def wait_for(terminal: int, marker: bytes, deadline: float) -> None:
    """Read what is painted until the marker comes."""
    seen = b""
    while marker not in seen:
        if not select.select([terminal], [], [], max(0.0, deadline - time.perf_counter()))[0]:
            raise SystemExit(f"{marker!r} was never painted:\n{seen[-2000:]!r}")
        seen += os.read(terminal, 65536)


def milliseconds_worked(process: int) -> float:
    """What all threads of a process have run (the first figure of Linux's schedstat)."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6


def most_memory(process: int) -> float:
    """The most memory that a process has held at once (VmHWM of Linux), in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def best(runs: list[Painted]) -> Painted:
    """The one with the least work: the least disturbed."""
    return min(runs, key=lambda run: run.worked)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        hht = ("-c", PROGRAM, "--data-dir", folder)
        kinds = {
            "smallest Textual app": ("PAINTED", SMALLEST_APP),
            "hht": ("LIVE", *hht),
            "hht train": ("TRAINING", *hht, "train"),
        }
        runs: dict[str, list[Painted]] = {name: [] for name in kinds}
        for _ in range(RUNS):  # in turn, so that all meet the same load
            for name, arguments in kinds.items():
                runs[name].append(paint(*arguments))
    base = best(runs["smallest Textual app"])
    for name, each in runs.items():
        got = best(each)
        print(
            f"{name:<22}{got.milliseconds:6.0f} ms, {got.worked:6.0f} of them work"
            f" (x{got.worked / base.worked:.2f}), {got.mebibytes:6.1f} MiB"
        )
