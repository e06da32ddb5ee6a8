"""A slot whose books can't be written waits with its unit, and says why."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from facility_samples import eui
from package_samples import keys, secret
from patience import PATIENCE

from hht.clock import SYSTEM_CLOCK
from hht.errors import HhtError
from hht.facility.batches.operation import Operation
from hht.facility.batches.queue import BooksQueue
from hht.facility.batches.store import BooksAway
from hht.facility.bench.slot import Slot, SlotChanged
from hht.facility.bench.station import Station
from hht.facility.unit.memory import UnitMemory, unit_file
from hht.facility.unit.simulated_bench import SimulatedSlot


class TroubledBooks:
    """Books that fail."""

    def __init__(self, error: HhtError) -> None:
        self._error = error

    def do(self, operation: Operation[Any]) -> Any:
        raise NotImplementedError

    def do_all(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        return [self._error] * len(operations)

    def close(self) -> None:
        pass


def plugged_in(folder: Path) -> SimulatedSlot:
    """A unit's terminal, with a name that leads to it."""
    signing = secret(ec.generate_private_key(ec.SECP256R1()))
    path = unit_file(folder, eui(1))
    UnitMemory(str(eui(1)), secret(keys().unit), signing, b"certificate", []).save(path)
    slot = SimulatedSlot("sim-1", folder / "sim-1", lambda: None)
    slot.plug(path)
    return slot


async def first_outcome(folder: Path, error: HhtError) -> SlotChanged:
    shown: asyncio.Future[SlotChanged] = asyncio.get_running_loop().create_future()
    publish: Callable[[SlotChanged], None] = lambda each: (  # noqa: E731
        shown.set_result(each) if each.code and not shown.done() else None
    )
    queue = BooksQueue([TroubledBooks(error)])
    station = Station(queue, "b1", "A", SYSTEM_CLOCK)
    unit = plugged_in(folder)
    slot = Slot("sim-1", unit.link, station, publish)
    serving = asyncio.create_task(slot.run())
    try:
        return await asyncio.wait_for(shown, PATIENCE)
    finally:
        slot.stopping = True
        unit.unplug()
        await serving
        queue.close()


@pytest.mark.parametrize("kind", [BooksAway, HhtError])
def test_a_slot_whose_books_fail_waits_and_says_why(tmp_path: Path, kind: type[HhtError]) -> None:
    error = kind("The disk is full", where="/data/batches.db")
    outcome = asyncio.run(first_outcome(tmp_path, error))
    assert (outcome.state, outcome.code) == ("wait", "books-away")
    assert outcome.what == "The books can't be written (The disk is full)"
    assert outcome.remedy == "Leave it plugged in."
