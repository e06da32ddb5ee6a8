"""Times the facility: python tests/benchmarks/bench_facility.py [UNITS] [SLOTS].

Goals, on an idle machine: 10,000 units at 300 a second on SQLite; building 1.6 times as fast with
two workers as with one; peak memory of the bench at most 5 MiB above that of 100 units; and a unit
costs no more processor time among all than among 500, whether it is made, built or loaded (1.25
times as much for what is measured so short). PostgreSQL is printed without a goal, where a server
is installed. The reference is this machine's, in the same run: a durable write of 4 KiB, and an
ECDSA signature on P-256. Exit 1 where a goal is missed.

Beside each rate is what its processor time allows on two cores with nothing else to do: on a busy
machine that is the figure to compare with the goal.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

os.environ.setdefault("HHT_FACILITY_UNITS", "many")  # its commands may take minutes then

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from facility_site import HHT, FacilitySite

GOAL_UNITS_A_SECOND = 300
GOAL_BUILDING = 1.6
GOAL_MIB = 5
GOAL_GROWTH = 1.25
CORES = 2
FEW, SOME, BUILT_AGAIN = 100, 500, 2000


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def reference(folder: Path) -> None:
    """How fast this machine is at what a unit costs."""
    key = ec.generate_private_key(ec.SECP256R1())
    signing = seconds(lambda: [key.sign(b"x", ec.ECDSA(hashes.SHA256())) for _ in range(1000)])
    path = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY)

    def sync() -> None:
        for _ in range(200):
            os.pwrite(path, bytes(4096), 0)
            os.fsync(path)

    syncing = seconds(sync)
    os.close(path)
    print(f"reference: {1000 / signing:,.0f} P-256 signatures a second,", end=" ")
    print(f"{200 / syncing:,.0f} syncs a second, load {os.getloadavg()[0]:.1f}")


def processor_seconds(keeper: int = 0) -> float:
    """What ended children have used, and the keeper where it is given: it outlives them."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = children.ru_utime + children.ru_stime
    try:
        fields = Path(f"/proc/{keeper}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return used
    return used + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Loaded:
    """Units a second from the first to the last, peak MiB of the bench, processor seconds."""

    rate: float
    peak: float
    processor: float
    units: int

    def beyond(self, small: "Loaded") -> float:
        """Units a second that two cores allow, without what starting costs."""
        return CORES * (self.units - small.units) / (self.processor - small.processor)


def load(site: FacilitySite, slots: int) -> Loaded:
    """Load every unit of a site."""
    kill_keeper(site)  # so that the one that is measured is new
    before = processor_seconds()
    moments: list[float] = []
    peak = 0.0
    run = site.start_load(slots)
    for event in run.follow():
        if event.get("state") == "good":
            moments.append(time.perf_counter())
            peak = max(peak, mebibytes(run.worker)) if len(moments) % 100 == 0 else peak
    units = len(moments)
    used = processor_seconds(0 if site.url else site.keeper()) - before
    assert run.summary["loaded"] == len(site.rows()) == units, run.summary
    return Loaded((units - 1) / (moments[-1] - moments[0]), peak, used, units)


def mebibytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def build(site: FacilitySite, workers: int, manifest: Path | None = None) -> tuple[float, float]:
    """Wall and processor seconds."""
    kill_keeper(site)
    for path in site.data_dir.glob("batches.db*"):
        path.unlink()

    def once() -> None:
        data_dir = ["--data-dir", str(site.data_dir)]
        command = ["build", str(manifest or site.manifest), "--workers", str(workers), "--json"]
        ran = subprocess.run([*HHT, *data_dir, "facility", *command], capture_output=True)
        site.batch = json.loads(ran.stdout)["batch"]

    before = processor_seconds()
    return seconds(once), processor_seconds(site.keeper()) - before


@dataclass
class Measured:
    """A site of so many units with what it cost: processor seconds to make, build and load it."""

    site: FacilitySite
    units: int
    costs: dict[str, float]
    loaded: Loaded


def hht(site: FacilitySite, *arguments: str) -> None:
    command = [*HHT, "--data-dir", str(site.data_dir), "facility", *arguments]
    subprocess.run(command, capture_output=True, check=True)


def made(folder: Path, units: int, slots: int) -> Measured:
    """Make, build and load a site on SQLite."""
    site = FacilitySite(folder)
    hht(site, "init")
    before = processor_seconds()
    hht(site, "example", "--units", str(units), "--out", str(folder / "example"))
    making = processor_seconds() - before
    _, building = build(site, 1)
    loaded = load(site, slots)
    costs = {"made": making, "built": building, "loaded": loaded.processor}
    return Measured(site, units, costs, loaded)


def grows(few: Measured, some: Measured, all_of_them: Measured) -> float:
    """Print what a unit more costs among `some` and among all; returns the worst ratio."""
    worst = 0.0
    for done in some.costs:
        each = [
            (large.costs[done] - small.costs[done]) / (large.units - small.units) * 1000
            for small, large in ((few, some), (some, all_of_them))
        ]
        worst = max(worst, each[1] / each[0])
        print(f"a unit is {done} in {each[1]:.2f} ms of processor time among", end=" ")
        print(f"{all_of_them.units:,}, {each[0]:.2f} among {some.units}:", end=" ")
        print(f"{each[1] / each[0]:.2f} x (goal {GOAL_GROWTH})")
    return worst


def main() -> int:
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    slots = int(sys.argv[2]) if len(sys.argv) > 2 else 32
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        reference(folder)
        few, some = (made(folder / str(number), number, slots) for number in (FEW, SOME))
        large = made(folder / "all", units, slots)
        growth = grows(few, some, large)
        rate, peak = large.loaded.rate, large.loaded.peak
        print(f"SQLite, {slots} slots: {rate:,.0f} units a second", end=" ")
        allowed = large.loaded.beyond(few.loaded)
        print(f"(goal {GOAL_UNITS_A_SECOND}), processor time allows {allowed:,.0f}")
        print(f"bench's memory: {few.loaded.peak:.1f} MiB at {FEW},", end=" ")
        print(f"{peak:.1f} at {units:,} units (goal {GOAL_MIB} more)")
        faster = workers(large.site, min(units, BUILT_AGAIN))
        postgresql(folder, min(units, 1000), slots)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = children.ru_utime + children.ru_stime
        print(f"load at the end {os.getloadavg()[0]:.1f}, processor {used:.0f} s")
    missed = rate < GOAL_UNITS_A_SECOND or faster < GOAL_BUILDING or growth > GOAL_GROWTH
    return int(missed or peak - few.loaded.peak > GOAL_MIB)


def workers(site: FacilitySite, units: int) -> float:
    """Print how much faster two workers build than one; returns it.

    Each is built twice, and the shorter time counts: another program's second is no fault of ours.
    The first rows are enough, for a unit costs the same among all.
    """
    part = site.manifest.with_name("part.csv")
    part.write_text("".join(site.manifest.read_text().splitlines(keepends=True)[: units + 1]))
    (one, alone), (two, both) = (min(build(site, each, part) for _ in range(2)) for each in (1, 2))
    print(f"building {units:,}: {one:.1f} s with one worker, {two:.1f} s with two", end="")
    print(f": {one / two:.2f} x (goal {GOAL_BUILDING}),", end=" ")
    print(f"processor {alone:.1f} and {both:.1f} s, which allows {CORES * alone / both:.2f} x")
    return one / two


def kill_keeper(site: FacilitySite) -> None:
    from facility_site import kill

    lock = site.data_dir / "batches.db.lock"
    if lock.exists() and (keeper := site.keeper()):
        kill(keeper)


def postgresql(folder: Path, units: int, slots: int) -> None:
    import pytest
    from postgres_server import Server

    try:
        server = Server.make()
    except pytest.skip.Exception as reason:
        print(f"PostgreSQL: {reason}")
        return
    try:
        loaded = load(FacilitySite(folder / "postgresql", server.url).make(units), slots)
        print(f"PostgreSQL, {slots} slots: {loaded.rate:,.0f} units a second", end=" ")
        print(f"({units:,} units; no goal)")
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
