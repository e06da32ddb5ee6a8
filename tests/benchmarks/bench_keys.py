"""How long until a key is painted with much in the handheld, beside the same key with little.

Run it: `python tests/benchmarks/bench_keys.py [ITEMS [TIMES]]`. Much is 100,000 items in the queue,
or so many, 200 jobs and 1,000 Local Commands in a job; little is 100, 3 and 20. Each key is pressed
seven times, or so often. Its figure is the median from the key to the screen that has what it asked
for, at 80x24, without the gap that shows a scanner:
the processor's time, which other programs do not lengthen, and the clock's, which they do.
Exit 1 where a key needs more of the processor's time than the goal.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).parent))

from bench_store import fill  # type: ignore[import-not-found]
from screen_bench import NORMAL, Bench
from screen_visit import HHT, Script, ScriptedVisit
from store_samples import CCS01_COMMAND, open_store, pack

import hht.journeys.visit
from hht.journeys.equipment import RadioKit
from hht.store import Store
from screens.app import HhtApp
from screens.context import HhtContext, Pace
from screens.widgets.numbered_list import NumberedList

GOAL_MS = 50.0
LONGEST = 20.0  # s
TIMES = 7  # each key, so that the median is one undisturbed; a busy machine has time for fewer


@dataclass(frozen=True)
class Amount:
    """How much there is."""

    items: int
    jobs: int
    commands: int


MUCH, LITTLE = Amount(100_000, 200, 1_000), Amount(100, 3, 20)


def filled(folder: Path, amount: Amount) -> Store:
    """A database with that much; the newest job has the Local Commands."""
    store = open_store(folder)
    fill(store, amount.items)
    for number in range(amount.jobs - 2):
        store.jobs.add(pack(CCS01_COMMAND, reference=f"JOB-1{number:03}"))
    store.jobs.add(pack(*[CCS01_COMMAND] * amount.commands, reference="JOB-9999"))
    return store


class Took(NamedTuple):
    """Seconds from a key to what it shows: the processor's and the clock's."""

    worked: float
    waited: float


class Keys:
    """Presses keys and measures the time until what they ask for is on the screen."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.taken: dict[str, list[Took]] = {}

    @property
    def rows(self) -> NumberedList:
        """The list on show."""
        return self.bench.app.screen.query(NumberedList).first()

    @property
    def place(self) -> str:
        """The screen on show."""
        return str(getattr(self.bench.app.screen, "HELP", ""))

    async def press(self, name: str, key: str, shown: Callable[[], object]) -> None:
        """Press it, and note how long it took until it is shown and painted."""
        await self.bench.settled()
        began, worked = time.perf_counter(), time.process_time()
        self.bench.app.simulate_key(key)
        while not self._is_there(shown):
            if time.perf_counter() - began > LONGEST:
                raise SystemExit(f"{name} was never painted:\n{self.bench.text}")
            await asyncio.sleep(0.001)  # or the loop is never free for the store's answer
        _ = self.bench.text
        took = Took(time.process_time() - worked, time.perf_counter() - began)
        self.taken.setdefault(name, []).append(took)

    @staticmethod
    def _is_there(shown: Callable[[], object]) -> bool:
        try:
            return bool(shown())
        except Exception:  # its screen is not put together yet
            return False

    async def in_a_list(self, where: str) -> None:
        """Down, a page, the end and the beginning of the list on show."""
        for name, key, target in (
            ("down", "down", lambda rows, at: at + 1),
            ("page", "pagedown", lambda rows, at: at + 2),
            ("end", "end", lambda rows, at: rows.total - 1),
            ("home", "home", lambda rows, at: 0),
        ):
            at, rows = self.rows.cursor, self.rows
            wanted = min(target(rows, at), rows.total - 1)

            def shown(rows: NumberedList = rows, wanted: int = wanted, key: str = key) -> bool:
                reached = rows.cursor >= wanted if key != "home" else rows.cursor == 0
                return reached and rows.current is not None

            await self.press(f"{where}: {name}", key, shown)


async def measured(folder: Path, amount: Amount, times: int) -> dict[str, list[Took]]:
    """Every key, several times."""
    store = filled(folder, amount)
    context = HhtContext(
        folder,
        "training",
        lambda: store,
        lambda job: RadioKit("socket://x", SimpleNamespace(entity_id=HHT), None),  # type: ignore[arg-type]
    )
    context.pace = Pace(gap_seconds=0)
    app = HhtApp(context)
    async with app.run_test(size=NORMAL) as pilot:
        bench = Bench(app, pilot)
        keys = Keys(bench)
        await bench.until("JOB-9999")
        gc.freeze()  # as an app with a terminal does once it is painted
        for _ in range(times):
            await keys.in_a_list("jobs")
            await keys.press(
                "queue: open", "t", lambda: keys.place == "queue" and keys.rows.current
            )
            await keys.press(
                "queue: next state",
                "right",
                lambda: keys.rows.total < amount.items and keys.rows.current,
            )
            await keys.in_a_list("queue")
            await keys.press("queue: back", "escape", lambda: keys.place == "home")
        await bench.press("enter")
        await bench.until_offered("connect_this")
        await bench.press("enter")
        await bench.until_offered("go_on")
        await bench.press("enter")
        await bench.until_offered("deliver_next")
        for _ in range(times):
            await keys.in_a_list("plan")
    return keys.taken


def main(items: int = MUCH.items, times: int = TIMES) -> int:
    """Print each key's figures; 1 where one is too slow."""
    vars(hht.journeys.visit)["Visit"] = ScriptedVisit
    ScriptedVisit.script = Script()
    with tempfile.TemporaryDirectory() as root:
        found = []
        for amount in (LITTLE, replace(MUCH, items=items)):
            folder = Path(root) / str(amount.items)
            folder.mkdir()
            found.append(asyncio.run(measured(folder, amount, times)))
    _, much = found
    worst = 0.0
    for name in much:
        quick, slow = (
            1e3 * statistics.median(took.worked for took in taken[name]) for taken in found
        )
        worst = max(worst, slow)
        waited = 1e3 * statistics.median(took.waited for took in much[name])
        print(f"{name:<20}{slow:7.1f} ms, {quick:6.1f} with little; by the clock {waited:6.1f} ms")
    return int(worst > GOAL_MS)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
