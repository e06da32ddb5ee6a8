"""The process that serves a bench's slots; settings on its command line, orders on its stdin.

It writes one JSON object a line: what each slot shows. It may be killed at any moment: the books
and the units know where everything is, and the next one goes on from there.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import msgspec

from hht.clock import SYSTEM_CLOCK
from hht.entity_id import EntityId
from hht.facility.batches.opening import open_books
from hht.facility.batches.queue import BooksQueue
from hht.facility.bench.slot import Slot
from hht.facility.bench.station import Station
from hht.facility.collecting.kept import KeptCaptures
from hht.facility.publishing import publish
from hht.logs import log_unforeseen, start_log

# A commit waits for the disk or the network: while one does, the other commits what has come.
_CONNECTIONS = 2


BATCH_STORE = "HHT_BATCH_STORE"
"""Where the books' address is for a worker: everybody on the machine can read a command line, and
it may have a password in it."""


class WorkerSettings(msgspec.Struct, frozen=True):
    """What a worker needs; `slots` are names and ports, `expected` the unit that was scanned."""

    data_dir: str
    batch: str
    bench: str
    slots: list[tuple[str, str]]
    batch_store: str | None = None
    operator: str = ""
    expected: str = ""
    patience: float = 1.0


class Order(msgspec.Struct, frozen=True, omit_defaults=True):
    """The messages to a worker: `stop`, `operator` with a name, `expect` with a unit or none."""

    order: str
    name: str = ""


def settings_text(settings: WorkerSettings) -> str:
    """Write settings for a worker's command line, without the books' address."""
    return msgspec.json.encode(msgspec.structs.replace(settings, batch_store=None)).decode()


class Worker:
    """All slots of a bench."""

    def __init__(self, settings: WorkerSettings) -> None:
        data_dir, url = Path(settings.data_dir), settings.batch_store or None
        self._books = BooksQueue([open_books(data_dir, url) for _ in range(_CONNECTIONS)])
        self._station = Station(
            self._books,
            settings.batch,
            settings.bench,
            SYSTEM_CLOCK,
            settings.operator,
            keep=KeptCaptures(data_dir).keep,
        )
        self._do(Order("expect", settings.expected))
        self._slots = [
            Slot(name, Path(port), self._station, publish, settings.patience)
            for name, port in settings.slots
        ]

    async def run(self) -> None:
        """Serve until stdin ends or says stop; each slot finishes the unit it is at."""
        orders = asyncio.create_task(self._obey())
        await asyncio.gather(*(slot.run() for slot in self._slots))
        orders.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await orders
        self._books.close()

    async def _obey(self) -> None:
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            with contextlib.suppress(msgspec.MsgspecError, ValueError):
                self._do(msgspec.json.decode(line, type=Order))
        self._do(Order("stop"))

    def _do(self, order: Order) -> None:
        if order.order == "stop":
            for slot in self._slots:
                slot.stopping = True
        elif order.order == "operator":
            self._station.operator = order.name
        elif order.order == "expect":
            self._station.expected = EntityId.parse(order.name) if order.name else None


def main() -> None:
    """Run a worker with the settings of the command line; the log has what ends it unforeseen."""
    settings = msgspec.json.decode(sys.argv[1].encode(), type=WorkerSettings)
    settings = msgspec.structs.replace(settings, batch_store=os.environ.get(BATCH_STORE))
    start_log(Path(settings.data_dir))
    try:
        asyncio.run(Worker(settings).run())
    except Exception as error:
        log_unforeseen(error)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
