"""The bench's app on the books of a facility, with a bench that plugs nothing in by itself."""

import asyncio
from typing import Any, ClassVar

from facility_site import FacilitySite

from hht.facility.batches.book_keeping import FindBatches
from hht.facility.bench.run import BenchRun
from hht.facility.bench.worker import Order, WorkerSettings
from screens.facility.app import BenchApp
from screens.facility.slot_board import SlotBoard
from screens.themes import NAMES


class IdleBench(BenchRun):
    """A bench whose slots do nothing, and that keeps its orders."""

    orders: ClassVar[list[Order]] = []

    async def run(self) -> None:
        await asyncio.Event().wait()

    def order(self, order: Order) -> None:
        super().order(order)
        self.orders.append(order)


class RingingApp(BenchApp):
    """Counts the bell, and the states that the slots had."""

    rung = 0
    seen: ClassVar[set[str]] = set()

    def bell(self) -> None:
        self.rung += 1

    def take(self, event: Any) -> None:
        super().take(event)
        self.seen.update(line.state for line in self.query_one(SlotBoard).lines.values())


def app_for(
    site: FacilitySite, *, theme: str = NAMES[0], bench: type[BenchRun] = IdleBench
) -> RingingApp:
    books = site.books()
    batch = books.do(FindBatches())[0]
    slots = [(f"sim-{n}", "") for n in range(1, 5)]
    settings = WorkerSettings(str(site.data_dir), batch.id, "bench-1", slots)
    return RingingApp(bench(settings, print, site.units_dir), books, batch, theme)
