"""A class of twenty with hubs: memory, first paint, key to paint, and what is left at its end.

Run it: `python tests/benchmarks/bench_class.py [SEATS]`. Its trainees are sockets, no browsers,
so that the class alone is measured. Exit 1 where a goal is missed.
"""

import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import aiohttp
from served_class import RunningClass, family, running_class

MOST_GIB, PAINT_SECONDS, KEY_MS, END_SECONDS = 2.5, 3.0, 150.0, 10.0
"""The goals, for twenty seats on two cores that do nothing else."""
WHOLE_SCREEN = 3000
"""Bytes of a first screen; what comes before sets the terminal up."""
CORES = 2
KEYS_SECONDS = 15.0
KEY_EVERY = 0.5
LONGEST_SECONDS = 120.0
"""For each step; a benchmark that hangs is ended."""


@dataclass
class Seat:
    """One trainee: bytes painted so far, and how long each key took."""

    socket: aiohttp.ClientWebSocketResponse
    painted: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[float] = field(default_factory=list)

    async def read(self) -> None:
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.painted += len(message.data)
                self.news.set()

    async def until_whole(self) -> None:
        while self.painted < WHOLE_SCREEN:
            self.news.clear()
            await self.news.wait()

    async def press(self, key: str) -> float:
        """Press a key; the milliseconds until something is painted."""
        self.news.clear()
        begun = time.perf_counter()
        await self.socket.send_str(json.dumps(["stdin", key]))
        await asyncio.wait_for(self.news.wait(), LONGEST_SECONDS)
        return 1000 * (time.perf_counter() - begun)

    async def type(self, delay: float) -> None:
        """Move up and down, twice a second; the others are at other moments of it."""
        await asyncio.sleep(delay)
        end = time.perf_counter() + KEYS_SECONDS
        while time.perf_counter() < end:
            for key in ("\x1b[B", "\x1b[A"):
                self.taken.append(await self.press(key))
                await asyncio.sleep(max(0.0, KEY_EVERY - self.taken[-1] / 1000))


async def sit_down(served: RunningClass, address: str, socket: str) -> tuple[Seat, object]:
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    await (await session.get(address)).read()
    opened = await session.ws_connect(
        f"{served.base}/{socket}?width=80&height=24",
        headers={"Origin": served.base},
        max_msg_size=0,
    )
    seat = Seat(opened)
    return seat, (session, asyncio.create_task(seat.read()))


def work_seconds(pids: list[int]) -> float:
    """What they have worked so far, which says the same on a busy machine."""
    total = 0
    for pid in pids:
        try:
            columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(columns[11]) + int(columns[12])
    return total / os.sysconf("SC_CLK_TCK")


def memory_mib(pids: list[int]) -> float:
    """Their proportional share of memory, so that what they share counts once."""
    total = 0
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line)
    return total / 1024


async def measure(served: RunningClass, seats: int) -> list[tuple[str, float, float]]:
    """Each figure with its goal."""
    kept: list[object] = []
    board, held = await sit_down(served, served.said["board"], "board-ws")
    kept.append(held)
    await asyncio.wait_for(board.until_whole(), LONGEST_SECONDS)  # the parent is warm then
    begun, worked = time.perf_counter(), work_seconds(family(served.process.pid))
    sat = await asyncio.gather(
        *(sit_down(served, served.said["address"], "ws") for _ in range(seats))
    )
    kept += [held for _, held in sat]
    trainees = [seat for seat, _ in sat]
    await asyncio.wait_for(
        asyncio.gather(*(seat.until_whole() for seat in trainees)), LONGEST_SECONDS
    )
    painted = time.perf_counter() - begun
    worked = work_seconds(family(served.process.pid)) - worked
    print(f"painted after {worked:.1f} s of work: {worked / CORES:.1f} s of {CORES} idle cores")
    folder = served.data_dir / "class" / "seats"
    runs = [folder / f"{number:02}" / "training" / "runs" for number in range(1, seats + 1)]
    await asyncio.wait_for(all_to_their_hubs(trainees, runs), LONGEST_SECONDS)
    memory = memory_mib(family(served.process.pid)) / 1024
    worked = work_seconds(family(served.process.pid))
    await asyncio.gather(*(seat.type(KEY_EVERY * at / seats) for at, seat in enumerate(trainees)))
    worked = work_seconds(family(served.process.pid)) - worked
    taken = [each for seat in trainees for each in seat.taken]
    slow = statistics.quantiles(taken, n=20)[-1]
    middle, worst = statistics.median(taken), max(taken)
    print(f"{len(taken)} keys: {1000 * worked / len(taken):.1f} ms of work each, all else included")
    print(f"from key to paint: median {middle:.0f} ms, worst {worst:.0f} ms")
    return [
        ("memory of all, GiB", memory, MOST_GIB),
        ("all painted from a warm parent, s", painted, PAINT_SECONDS),
        ("key to paint, 95th percentile, ms", slow, KEY_MS),
    ]


async def all_to_their_hubs(trainees: list[Seat], runs: list[Path]) -> None:
    """Press Enter at every seat until each has its simulated hub."""
    while not all(map(has_hub, runs)):
        await asyncio.gather(*(seat.press("\r") for seat in trainees))
        await asyncio.sleep(KEY_EVERY)


def has_hub(runs: Path) -> bool:
    return any(runs.glob("*/control.json"))


def main() -> int:
    seats = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory(prefix="hht-bench-class-") as folder:
        options = ("no-wan-install", "--seats", str(seats), "--port", "0")
        with running_class(Path(folder), *options) as served:
            figures = asyncio.run(measure(served, seats))
            processes = family(served.process.pid)
            begun = time.perf_counter()
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(LONGEST_SECONDS)
            ended = time.perf_counter() - begun
            time.sleep(max(0.0, END_SECONDS - ended))
            left = sum(os.path.exists(f"/proc/{pid}") for pid in processes)
    print(f"{len(processes)} processes ended in {ended:.1f} s; load {os.getloadavg()[0]:.1f}")
    figures.append(("processes left after 10 s", left, 0))
    for name, figure, goal in figures:
        print(f"{name:<36}{figure:8.2f}  goal {goal:g}  {'ok' if figure <= goal else 'MISSED'}")
    missed = sum(figure > goal for _, figure, goal in figures)
    print(f"{seats} seats: {missed} of {len(figures)} goals missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
