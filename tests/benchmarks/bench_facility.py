"""Times the facility: python tests/benchmarks/bench_facility.py [UNITS] [SLOTS].

Goals, on an idle machine: 10,000 units at 300 a second on SQLite; building 1.6 times as fast with
two workers as with one; peak memory of the bench at most 5 MiB above that of 100 units. PostgreSQL
is printed without a goal, where a server is installed. The reference is this machine's, in the same
run: a durable write of 4 KiB, and an ECDSA signature on P-256. Exit 1 where a goal is missed.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

os.environ.setdefault("HHT_FACILITY_UNITS", "many")  # its commands may take minutes then

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from facility_site import FacilitySite

GOAL_UNITS_A_SECOND = 300
GOAL_BUILDING = 1.6
GOAL_MIB = 5


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


def load(site: FacilitySite, slots: int) -> tuple[float, float]:
    """Units a second between the first and the last unit, and the peak MiB of the bench."""
    moments: list[float] = []
    peak = 0.0
    run = site.start_load(slots)
    for event in run.follow():
        if event.get("state") == "good":
            moments.append(time.perf_counter())
            peak = max(peak, mebibytes(run.worker)) if len(moments) % 100 == 0 else peak
    assert run.summary["loaded"] == len(site.rows()), run.summary
    return (len(moments) - 1) / (moments[-1] - moments[0]), peak


def mebibytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def build(site: FacilitySite, workers: int) -> float:
    for path in site.data_dir.glob("batches.db*"):
        path.unlink()

    def once() -> None:
        ran = site.hht("build", str(site.manifest), "--workers", str(workers), "--json")
        site.batch = json.loads(ran.stdout)["batch"]

    return seconds(once)


def make(folder: Path, units: int, url: str | None = None) -> FacilitySite:
    return FacilitySite(folder, url).make(units)


def main() -> int:
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    slots = int(sys.argv[2]) if len(sys.argv) > 2 else 32
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        reference(folder)
        _, small = load(make(folder / "small", 100), slots)
        site = make(folder / "large", units)
        kill_keeper(site)
        one, two = build(site, 1), build_again(site)
        print(f"building {units:,}: {one:.1f} s with one worker, {two:.1f} s with two", end="")
        print(f": {one / two:.2f} x (goal {GOAL_BUILDING})")
        rate, large = load(site, slots)
        print(f"SQLite, {slots} slots: {rate:,.0f} units a second (goal {GOAL_UNITS_A_SECOND})")
        print(f"bench's memory: {small:.1f} MiB at 100, {large:.1f} MiB at {units:,} units")
        postgresql(folder, min(units, 1000), slots)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"load at the end {os.getloadavg()[0]:.1f}, CPU {children.ru_utime:.0f} s")
    missed = rate < GOAL_UNITS_A_SECOND or one / two < GOAL_BUILDING
    return int(missed or large - small > GOAL_MIB)


def build_again(site: FacilitySite) -> float:
    kill_keeper(site)
    return build(site, 2)


def kill_keeper(site: FacilitySite) -> None:
    from facility_site import kill

    kill(site.keeper())


def postgresql(folder: Path, units: int, slots: int) -> None:
    import pytest
    from postgres_server import Server

    try:
        server = Server.make()
    except pytest.skip.Exception as reason:
        print(f"PostgreSQL: {reason}")
        return
    try:
        rate, _ = load(make(folder / "postgresql", units, server.url), slots)
        print(f"PostgreSQL, {slots} slots: {rate:,.0f} units a second ({units:,} units; no goal)")
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
