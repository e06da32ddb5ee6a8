"""What one Local Command costs in a job of 1,000 beside one in a job of 20.

Run it: `python tests/benchmarks/bench_large_job.py`. Both jobs are delivered to simulated hubs of
their own, by turns, each Local Command of the large job after the one before it; the view of the
visit is taken after every event, as the app does. Half of each job is answered already. Exit 1
when the ratio of the medians is above the goal.
"""

import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from hht.duis.job_pack import JobPack, read_job_pack
from hht.events import Event
from hht.gbcs.keystore import PemFolder
from hht.hub_profile import load_profile
from hht.journeys.equipment import RadioKit
from hht.journeys.visit import Visit
from hht.session.identity import load_identity
from hht.simulator.launcher import HubProcess
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.spec import Step
from hht.store import CommandEvent, Mode, Store
from hht.training.scenario.load import load_scenario

SMALL, LARGE = 20, 1000
TURNS = 10  # in both jobs as many are left waiting at the least
GOAL = 1.15


def prepare(folder: Path, size: int) -> JobPack:
    """A job of that many reads, each waiting for the one before it."""
    site = load_scenario("no-wan-install").site
    reads = tuple(Step("read log", ()) for _ in range(size))
    folder.mkdir()
    prepare_site(replace(site, job=replace(site.job, steps=reads)), folder, 1)
    pack = read_job_pack(folder / "job")
    chained = (
        replace(command, after=(at - 1,) if at else ()) for at, command in enumerate(pack.commands)
    )
    return replace(pack, commands=tuple(chained))


@contextlib.asynccontextmanager
async def visiting(folder: Path, pack: JobPack) -> AsyncIterator[Visit]:
    """A visit that is connected, with half of its job answered."""
    size = len(pack.commands)
    seen: list[Visit] = []

    def look(event: Event) -> None:
        assert not seen or len(seen[0].view.commands) == size

    with (
        HubProcess.start(folder) as hub,
        Store.open(folder / "training.db", Mode.TRAINING) as store,
    ):
        job = store.jobs.add(pack)
        for row in store.commands.of_job(job.id)[: size // 2]:
            store.commands.move(row.id, CommandEvent.POSITIVE)
        identity = load_identity(folder / "hht-identity.json")
        keys = PemFolder(folder / "keys")
        kit = RadioKit(hub.address, identity, load_profile(), keys)
        visit = Visit(store, job.id, kit, look)
        assert visit.job.hub_gpf is not None
        await visit.connect(visit.job.hub_gpf)
        seen.append(visit)
        yield visit
        await visit.leave()


async def one(visit: Visit) -> float:
    """Seconds for the next Local Command, from the key to its Response on the screen."""
    started = time.perf_counter()
    row = await visit.deliver_next()
    assert row is not None
    assert row.state == "answered", row
    return time.perf_counter() - started


async def measure(folder: Path) -> tuple[float, float]:
    small: list[float] = []
    large: list[float] = []
    few, many = prepare(folder / "small", SMALL), prepare(folder / "large", LARGE)
    # The large one first: a connection lives on turns of this loop, and storing it takes long.
    async with (
        visiting(folder / "large", many) as of_large,
        visiting(folder / "small", few) as of_small,
    ):
        for turn in range(TURNS):
            pairs = [(small, of_small), (large, of_large)]
            for times, visit in pairs[:: -1 if turn % 2 else 1]:
                times.append(await one(visit))
    return statistics.median(small), statistics.median(large)


def main() -> int:
    figures = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            figures.append(asyncio.run(measure(Path(folder))))
    small, large = (statistics.median(each) for each in zip(*figures, strict=True))
    print(
        f"a Local Command in a job of {SMALL}: {small * 1000:.1f} ms, "
        f"of {LARGE}: {large * 1000:.1f} ms, ratio {large / small:.2f} (goal {GOAL})"
    )
    return 0 if large / small <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
