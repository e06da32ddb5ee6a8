"""A class of twenty: as many hubs on this machine, each serving its own handheld.

Run it: `python tests/benchmarks/bench_class_of_twenty.py [--class 20] [--spread 20] [SCENARIO]`.
Every hub is a process of its own and so is every handheld, which plays the whole job; they begin
spread over as many seconds, with `--spread 0` all at once. Prints CPU and memory of each hub while
it is idle and for the job, and how late the latest of its timers came. Exit 1 when a job did
not end as expected, when anything failed on the way, or when a timer was later than LATEST.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from hht.simulator.control_client import watch
from hht.training.exercise.run import TrainingRun
from hht.training.scenario.load import load_scenario

HHT = [sys.executable, "-c", "from hht.cli.main import run; run()"]
TICKS = os.sysconf("SC_CLK_TCK")
IDLE_SECONDS = 10
LATEST_MS = 1000  # the shortest time that a handheld waits for any answer is 2 s
TROUBLE = ("failed", "connection_lost")


@dataclass
class Desk:
    """One trainee's desk: the hub's process, and what was measured of it."""

    run: TrainingRun
    address: str
    idle_cpu: float = 0.0
    job_cpu: float = 0.0
    events: list[dict[str, object]] = field(default_factory=list)
    code: int = -1

    @property
    def pid(self) -> int:
        assert self.run.hub is not None
        return self.run.hub.process.pid

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self, name: str) -> float:
        """Rss, or Pss: what it does not share with the others."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024

    @property
    def worst_delay_ms(self) -> int:
        status = next(row["status"] for row in watch(self.run.run_dir) if "status" in row)
        return int(status["worst_delay_ms"])

    @property
    def troubles(self) -> list[str]:
        return [str(event.get("what")) for event in self.events if event["event"] in TROUBLE]

    def play(self, delay: float) -> None:
        time.sleep(delay)
        before = self.cpu_seconds
        command = [*HHT, "--radio", self.address, "--data-dir", str(self.run.data_dir)]
        command += ["train", self.run.scenario.name, "--auto", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        self.code = done.returncode
        self.events = [json.loads(line) for line in done.stdout.splitlines()]
        self.job_cpu = self.cpu_seconds - before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="no-wan-install")
    parser.add_argument("--class", type=int, default=20, dest="size")
    parser.add_argument("--spread", type=float, default=20.0)
    options = parser.parse_args()
    speed = load_scenario(options.scenario).auto_speed
    desks: list[Desk] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            started = time.monotonic()
            for number in range(options.size):
                data_dir = Path(folder) / str(number)
                run = TrainingRun.resume_or_start(data_dir, options.scenario, speed=speed)
                desks.append(Desk(run, run.start_hub()))
            print(f"{options.size} hubs started in {time.monotonic() - started:.1f} s")
            return measure(desks, options.spread)
        finally:
            for desk in desks:
                desk.run.stop_hub()


def measure(desks: list[Desk], spread: float) -> int:
    before = [desk.cpu_seconds for desk in desks]
    time.sleep(IDLE_SECONDS)
    for desk, cpu in zip(desks, before, strict=True):
        desk.idle_cpu = (desk.cpu_seconds - cpu) / IDLE_SECONDS
    started = time.monotonic()
    with ThreadPoolExecutor(len(desks)) as pool:
        delays = [spread * number / len(desks) for number in range(len(desks))]
        list(pool.map(Desk.play, desks, delays))
    print(f"{len(desks)} jobs done in {time.monotonic() - started:.1f} s, spread over {spread:g} s")
    return report(desks)


def report(desks: list[Desk]) -> int:
    print("hub   idle CPU   job CPU   memory (own)      latest timer   end")
    late = []
    for number, desk in enumerate(desks, 1):
        late.append(desk.worst_delay_ms)
        outcome = desk.events[-1].get("outcome") if desk.events else "none"
        print(
            f"{number:>3} {desk.idle_cpu:>9.2%} {desk.job_cpu:>7.2f} s"
            f" {desk.memory_mb('Rss'):>6.1f} MB ({desk.memory_mb('Pss'):.1f}) {late[-1]:>9} ms"
            f"   {outcome} {'; '.join(desk.troubles)}"
        )
    own = [desk.memory_mb("Pss") for desk in desks]
    cpu = [desk.job_cpu for desk in desks]
    print(
        f"all: {sum(own):.0f} MB, job CPU {sum(cpu) / len(cpu):.2f} s a hub (most {max(cpu):.2f}), "
        f"latest timer {max(late)} ms"
    )
    good = all(desk.code == 0 and not desk.troubles for desk in desks)
    return 0 if good and max(late) < LATEST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
