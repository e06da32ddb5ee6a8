"""How long a visit takes on an air without latency: to connect, and for twenty Local Commands.

Run it: `python tests/benchmarks/bench_journeys.py`. The simulated hub runs as a process of its own,
as in training; every commit of the store is on the disk (WAL, synchronous FULL). Goals: a
connection in 300 ms, twenty Local Commands in a second.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from hht.duis.job_pack import read_job_pack
from hht.gbcs.keystore import PemFolder
from hht.hub_profile import load_profile
from hht.journeys.equipment import RadioKit
from hht.journeys.visit import Visit
from hht.session.identity import load_identity
from hht.simulator.launcher import HubProcess
from hht.simulator.site.preparation import prepare_site
from hht.store import Mode, Store
from hht.training.scenario.load import load_scenario

SCENARIO = "no-wan-install"
VISITS = 5


def visit(folder: Path) -> tuple[float, float, float]:
    """Seconds to scan, to connect after it, and for one Local Command with its Response."""
    run_dir = folder / "site"
    run_dir.mkdir()
    prepare_site(load_scenario(SCENARIO).site, run_dir, 1)
    with (
        HubProcess.start(run_dir) as hub,
        Store.open(folder / "training.db", Mode.TRAINING) as store,
    ):
        job = store.jobs.add(read_job_pack(run_dir / "job"))
        identity = load_identity(run_dir / "hht-identity.json")
        keys = PemFolder(run_dir / "keys")
        kit = RadioKit(hub.address, identity, load_profile(), keys)
        return asyncio.run(timed(Visit(store, job.id, kit)))


async def timed(visit: Visit) -> tuple[float, float, float]:
    await visit.scan()
    started = time.perf_counter()
    await visit.scan()
    scanned = time.perf_counter()
    assert visit.job.hub_gpf is not None
    await visit.connect(visit.job.hub_gpf)
    connected = time.perf_counter()
    await visit.deliver_all()
    delivered = time.perf_counter()
    answered = visit.view.counts.answered
    await visit.leave()
    return scanned - started, connected - scanned, (delivered - connected) / answered


def main() -> None:
    figures = []
    for _ in range(VISITS):
        with tempfile.TemporaryDirectory() as folder:
            figures.append(visit(Path(folder)))
    scan, connect, command = (statistics.median(each) for each in zip(*figures, strict=True))
    print(
        f"median of {VISITS} visits: scan {scan * 1000:.0f} ms, connect {connect * 1000:.0f} ms, "
        f"20 Local Commands {command * 20 * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
