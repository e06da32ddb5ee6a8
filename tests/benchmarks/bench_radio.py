"""How long the virtual dongle takes: to open, for a command, for a scan, on a socket and on a pty.

Run it: `python tests/benchmarks/bench_radio.py`. The simulated hub runs as a process of its own,
as in training. The first opening pays the import of bellows.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from hht.radio.dongle import Dongle
from hht.simulator.site.preparation import prepare_site
from hht.training.scenario.load import load_scenario

OPENINGS = 12
COMMANDS = 1000
HUB = [sys.executable, "-m", "hht.simulator.process"]


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


async def measure(address: str) -> str:
    openings = []
    for _ in range(OPENINGS):
        start = time.perf_counter()
        dongle = await Dongle.open(address)
        openings.append((time.perf_counter() - start) * 1000)
        await dongle.close()
    dongle = await Dongle.open(address)
    trips = sorted(
        [await seconds(lambda: dongle.link.command("getEui64")) * 1000 for _ in range(COMMANDS)]
    )
    scan = await seconds(lambda: dongle.active_scan(timeout=9)) * 1000
    await dongle.close()
    return (
        f"{address}: open {openings[0]:.0f} ms at first, {statistics.median(openings[1:]):.1f} ms "
        f"then; command {trips[COMMANDS // 2]:.3f} ms, 99 % within "
        f"{trips[COMMANDS * 99 // 100]:.3f} ms; scan of 16 channels {scan:.0f} ms"
    )


def main() -> None:
    for line in ([], ["--pty"]):
        with tempfile.TemporaryDirectory() as folder:
            prepare_site(load_scenario("no-wan-install").site, Path(folder), 1)
            command = [*HUB, "--run-dir", folder, "--seed", "1", *line]
            hub = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert hub.stdout is not None
            print(asyncio.run(measure(hub.stdout.readline().strip())))
            hub.terminate()
            hub.wait()


if __name__ == "__main__":
    main()
