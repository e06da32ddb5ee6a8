"""A facility in a folder: its key, an example, a batch, and `hht facility load` as it is run."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import warm_start

from hht.facility.batches.opening import open_books
from hht.facility.batches.records import UnitRow
from hht.facility.batches.store import BatchStore, events_of, units_of
from hht.facility.unit.memory import SUFFIX, UnitMemory

LOAD_SECONDS = 1200 if "HHT_FACILITY_UNITS" in os.environ else 90
"""For 100 units in four slots: they need some ten seconds on a busy machine."""
UNIT_SECONDS = 1.2  # for each of more units, with a kill now and then
HHT = [sys.executable, "-m", "hht"]


@dataclass
class FacilitySite:
    folder: Path
    url: str | None = None
    batch: str = ""

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def units_dir(self) -> Path:
        return self.folder / "example" / "units"

    @property
    def manifest(self) -> Path:
        return self.folder / "example" / "manifest.csv"

    def make(self, units: int, *, faults: bool = False) -> "FacilitySite":
        self.hht("init")
        flags = ["--faults"] if faults else []
        self.hht("example", "--units", str(units), "--out", str(self.folder / "example"), *flags)
        built = self.hht("build", str(self.manifest), "--json", *self.store_option)
        self.batch = json.loads(built.stdout)["batch"]
        return self

    @property
    def store_option(self) -> list[str]:
        return ["--batch-store", self.url] if self.url else []

    def hht(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        command = ("hht", "--data-dir", self.data_dir, "facility", *arguments)
        ran = warm_start.run(*command, timeout=LOAD_SECONDS)
        assert code is None or ran.returncode == code, ran.stdout + ran.stderr
        return ran

    def start_load(self, slots: int, *, name: str = "bench-1", units: Path | None = None) -> "Load":
        options = ("--bench", f"sim:{slots}", "--units", str(units or self.units_dir))
        process = subprocess.Popen(
            [
                *(*HHT, "--data-dir", str(self.data_dir), "facility", "load", self.batch),
                *(*options, "--name", name, "--json", *self.store_option),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        count = sum(1 for _ in (units or self.units_dir).glob(f"*{SUFFIX}"))
        return Load(process, LOAD_SECONDS + UNIT_SECONDS * count)

    def load(self, slots: int = 4) -> "Load":
        load = self.start_load(slots)
        load.finish()
        return load

    def books(self) -> BatchStore:
        return open_books(self.data_dir, self.url)

    def rows(self) -> dict[str, UnitRow]:
        books = self.books()
        rows = {row.eui: row for row in units_of(books, self.batch)}
        books.close()
        return rows

    def loads_booked(self) -> Counter[str]:
        """How often each unit was booked as loaded."""
        books = self.books()
        booked = Counter(
            each.eui for each in events_of(books, self.batch) if each.what in ("loaded", "settled")
        )
        books.close()
        return booked

    def memories(self) -> dict[str, UnitMemory]:
        paths = sorted(self.units_dir.glob(f"*{SUFFIX}"))
        return {memory.eui: memory for memory in map(UnitMemory.load, paths)}

    def books_file(self) -> bytes:
        """All that is on the disk of the books; the keeper is killed first.

        One that lives moves what it keeps from file to file, and ends by itself after a while.
        """
        kill(self.keeper())
        files = (path for path in self.data_dir.glob("batches.db*") if path.is_file())
        return b"".join(path.read_bytes() for path in files)

    def keeper(self) -> int:
        return int((self.data_dir / "batches.db.lock").read_text() or 0)


@dataclass
class Load:
    process: "subprocess.Popen[str]"
    seconds: float
    events: list[dict[str, Any]] = field(default_factory=list)
    worker: int = 0
    code: int = -1

    def follow(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout is not None
        deadline = threading.Timer(self.seconds, self.process.kill)
        deadline.start()
        try:
            for line in self.process.stdout:
                event = json.loads(line)
                self.events.append(event)
                self.worker = event.get("pid", self.worker)
                yield event
            self.code = self.process.wait()
        finally:
            deadline.cancel()

    def finish(self, each: Callable[[dict[str, Any]], None] = lambda event: None) -> None:
        for event in self.follow():
            each(event)

    def kill_worker(self) -> None:
        kill(self.worker)

    @property
    def summary(self) -> dict[str, Any]:
        assert self.events[-1]["event"] == "summary"
        return self.events[-1]


def kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass
