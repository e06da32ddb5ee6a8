"""A unit that stays, and one exchanged for another at any request: no unit gets another's package,
none is blamed for another, and a slot shows what came of its unit until that is unplugged."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from facility_samples import eui
from package_samples import BATCH, ISSUED, NOW, content, keys, secret

from hht.clock import SYSTEM_CLOCK, ManualClock
from hht.facility.batches.book_keeping import (
    AddUnits,
    ListEvents,
    ListUnits,
    OpenBatch,
    SetBatchState,
)
from hht.facility.batches.claiming import ClaimUnit
from hht.facility.batches.operation import Operation
from hht.facility.batches.queue import BooksQueue
from hht.facility.batches.records import BatchState, NewUnit, UnitRow
from hht.facility.batches.sqlite_engine import SqliteEngine
from hht.facility.batches.store import apply
from hht.facility.bench.line import UnitLine, UnitRefused
from hht.facility.bench.session import Session
from hht.facility.bench.slot import Slot, SlotChanged
from hht.facility.bench.station import Station
from hht.facility.package.keys import point_of
from hht.facility.package.reader import open_package
from hht.facility.package.writer import write_package
from hht.facility.unit.loading import LoadingUnit
from hht.facility.unit.memory import UnitMemory, unit_file
from hht.facility.unit.simulated_bench import SimulatedSlot
from hht.facility.wire.frames import Frame, decode_fields, encode_fields
from hht.facility.wire.messages import REFUSED, Kind
from hht.simulator.pki.smki import TrainingPki

Answer = TypeVar("Answer")
REQUESTS = 9
"""More than a whole loading has."""
STAYS = 2.0  # seconds: a finished unit is asked four times who it is
UNTIL_MISSED_ONCE = 5.0  # a block is sent three times, then one question has no answer
Prepared = Callable[["Plant"], None]


@dataclass(frozen=True)
class Made:
    """A unit as it comes from its maker, and its row of the books."""

    memory: UnitMemory
    row: NewUnit


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Made]:
    folder = tmp_path_factory.mktemp("pki")
    pki = TrainingPki.load_or_create(folder)
    return {number: make(pki, folder, number) for number in (1, 2)}


def make(pki: TrainingPki, folder: Path, number: int) -> Made:
    pki.certify_device(eui(number), "PPMID")
    agreement, signing = (pki.keys.private_key(eui(number), use) for use in ("ka", "ds"))
    assert agreement
    assert signing
    known = [point_of(keys().facility.public)]
    own = secret(agreement), secret(signing), der(folder, number, "ds")
    package = write_package(
        content(number), agreement.public_key(), keys().facility, batch=BATCH, issued=ISSUED
    )
    digest, certificate = sha256(package).hexdigest(), der(folder, number, "ka")
    row = NewUnit(str(eui(number)), digest, certificate, package)
    return Made(UnitMemory(str(eui(number)), *own, known), row)


class Plant:
    """A batch of two units, 1 and 2, and the books it is in."""

    def __init__(self, made: Mapping[int, Made]) -> None:
        self.books = SqliteEngine(Path(":memory:"))
        self.made = made
        self.units = {number: new_unit(each.memory) for number, each in made.items()}
        self.do_now(OpenBatch(BATCH, "sha", "m.csv", keys().facility.key_id.hex(), "training"))
        self.do_now(AddUnits(BATCH, [each.row for each in made.values()]))
        self.do_now(SetBatchState(BATCH, BatchState.OPEN))

    def do_now(self, operation: Operation[Answer]) -> Answer:
        return apply(self.books, operation)

    def close(self) -> None:
        self.books.close()

    async def do(self, operation: Operation[Answer]) -> Answer:
        return self.do_now(operation)

    def row(self, number: int) -> UnitRow:
        return self.do_now(ListUnits(BATCH))[number - 1]

    def session(self, line: "ExchangedLine") -> str:
        """The outcome of one session with what is at the line."""
        station = Station(cast(BooksQueue, self), BATCH, "A", ManualClock(NOW))
        return asyncio.run(Session(station, "slot-1", cast(UnitLine, line)).run()).code

    def exchange(self, first: int, last: int) -> str:
        """Have unit 2 answer from one request to another, and look at what each holds then."""

        def at_the_line(request: int) -> LoadingUnit:
            return self.units[2 if first <= request < last else 1]

        said = self.session(ExchangedLine(at_the_line))
        for number, unit in self.units.items():
            memory = unit.memory
            if memory.active:
                opened = open_package(memory.active, memory.agreement, memory.trust(BATCH), NOW)
                assert opened.content.unit_id == eui(number)
            assert self.row(number).state != "loaded" or memory.active
        return said

    def load(self, number: int) -> str:
        return self.session(ExchangedLine(lambda at: self.units[number]))


def new_unit(memory: UnitMemory) -> LoadingUnit:
    return LoadingUnit(msgspec.structs.replace(memory), lambda: None, ManualClock(NOW))


def der(folder: Path, number: int, use: str) -> bytes:
    path = folder / f"{eui(number).hex()}-{use}.pem"
    return load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)


class ExchangedLine:
    """A line that stays while `unit` says which unit is at it, request by request."""

    def __init__(self, unit: Callable[[int], LoadingUnit]) -> None:
        self._unit = unit
        self._asked = 0

    async def ask(
        self, kind: Kind, *fields: Any, answer: int = 0, optional: int = 0
    ) -> list[bytes]:
        unit = self._unit(self._asked)
        self._asked += 1
        frame = unit.answer(Frame(kind, self._asked, encode_fields(*fields)))
        if frame.kind == REFUSED:
            raise UnitRefused(decode_fields(frame.payload, 1)[0].decode())
        return decode_fields(frame.payload, answer, optional)


def waiting(plant: Plant) -> None:
    """Unit 2 has not been here yet."""


def loaded(plant: Plant) -> None:
    assert plant.load(2) == "loaded"


def both_committed(plant: Plant) -> None:
    """Both carry their packages, and the books do not know of the first: its answer was lost."""
    loaded(plant)
    plant.units[1].memory.active = plant.made[1].row.package


def both_booked(plant: Plant) -> None:
    loaded(plant)
    assert plant.load(1) == "loaded"


@pytest.mark.parametrize("prepare", [waiting, loaded, both_committed, both_booked])
def test_an_exchange_that_stays_loads_nothing_wrong_and_blames_nobody(
    made: Mapping[int, Made], prepare: Prepared
) -> None:
    for at in range(REQUESTS):
        with closing(Plant(made)) as plant:
            prepare(plant)
            assert plant.exchange(at, REQUESTS) != "lost-package", at
            for number in plant.units:
                assert plant.row(number).state != "rejected", (at, number)
                assert plant.load(number) in ("loaded", "already-loaded"), (at, number)


def test_an_exchange_for_one_request_loads_nothing_wrong(made: Mapping[int, Made]) -> None:
    for at in range(REQUESTS):
        with closing(Plant(made)) as plant:
            both_committed(plant)
            plant.exchange(at, at + 1)


class TakenOverLine(ExchangedLine):
    """A line whose unit refuses its package once another session has the unit."""

    def __init__(self, plant: Plant) -> None:
        super().__init__(lambda request: plant.units[1])
        self._plant = plant

    async def ask(
        self, kind: Kind, *fields: Any, answer: int = 0, optional: int = 0
    ) -> list[bytes]:
        if kind is Kind.BLOCK:
            self._plant.do_now(ClaimUnit(BATCH, str(eui(1)), "later", "A", "slot-1"))
            raise UnitRefused("no-room")
        return await super().ask(kind, *fields, answer=answer, optional=optional)


async def test_a_unit_that_the_books_do_not_reject_any_more_is_not_said_to_be_rejected(
    made: Mapping[int, Made],
) -> None:
    with closing(Plant(made)) as plant:
        station = Station(cast(BooksQueue, plant), BATCH, "A", ManualClock(NOW))
        line = cast(UnitLine, TakenOverLine(plant))
        outcome = await Session(station, "slot-1", line).run()
        assert (outcome.code, outcome.is_rejected) == ("lost-claim", False)
        assert plant.row(1).state == "unknown"


@asynccontextmanager
async def slot_with(
    plant: Plant, folder: Path, number: int, *faults: str
) -> AsyncIterator[tuple[SimulatedSlot, list[SlotChanged]]]:
    """A slot with a unit that stays in it: the unit's place, and what the slot has shown."""
    memory = msgspec.structs.replace(plant.units[number].memory, faults=[*faults])
    memory.save(path := unit_file(folder, memory.unit_id))
    place, shown = SimulatedSlot("sim-1", folder / "sim-1", lambda: None), list[SlotChanged]()
    place.plug(path)
    station = Station(cast(BooksQueue, plant), BATCH, "A", SYSTEM_CLOCK)
    slot = Slot("sim-1", place.link, station, shown.append)
    serving = asyncio.create_task(slot.run())
    await asyncio.sleep(STAYS)
    yield place, shown
    place.unplug()
    await asyncio.sleep(0.1)
    assert shown[-1].state == "empty"
    slot.stopping = True
    await serving


async def test_a_unit_that_stays_in_its_slot_is_loaded_once_and_shown_green_until_it_is_unplugged(
    made: Mapping[int, Made], tmp_path: Path
) -> None:
    with closing(Plant(made)) as plant:
        async with slot_with(plant, tmp_path, 1) as (_, shown):
            assert [each.state for each in shown] == ["empty", "identified", "writing", "good"]
        happened = [each.what for each in plant.do_now(ListEvents(BATCH))]
        assert happened == ["batch-open", "claimed", "begun", "loaded"]


async def test_a_unit_that_is_taken_from_an_adapter_is_missed_within_four_seconds(
    made: Mapping[int, Made], tmp_path: Path
) -> None:
    with closing(Plant(made)) as plant:
        async with slot_with(plant, tmp_path, 1) as (place, shown):
            assert place.port
            place.port.memory.faults.append("silent")
            await asyncio.sleep(4 + 3 * 2)  # the next one is asked three times who it is
            assert (shown[-1].state, shown[-1].code) == ("wait", "silent")


async def test_an_exchanged_unit_is_taken_out_by_the_name_that_a_bench_started_later_finds(
    made: Mapping[int, Made], tmp_path: Path
) -> None:
    memory = msgspec.structs.replace(made[1].memory, faults=["swapped"])
    memory.save(path := unit_file(tmp_path, memory.unit_id))
    place = SimulatedSlot("sim-1", tmp_path / "sim-1", lambda: None)
    place.plug(path)
    with closing(Plant(made)) as plant:
        station = Station(cast(BooksQueue, plant), BATCH, "A", SYSTEM_CLOCK)
        await serve_until_killed(Slot("sim-1", place.link, station, lambda _: None))
        shown: list[SlotChanged] = []
        await serve_until_killed(Slot("sim-1", place.link, station, shown.append))
    assert (shown[-1].code, shown[-1].eui == memory.eui) == ("not-in-batch", False)
    assert place.port
    assert place.port.is_named(shown[-1].eui)
    assert place.port.is_named(memory.eui)
    assert not place.port.is_named(str(eui(2)))
    place.unplug()


async def serve_until_killed(slot: Slot) -> None:
    """Serve what is plugged in, and end as a bench that is killed."""
    serving = asyncio.create_task(slot.run())
    await asyncio.sleep(STAYS)
    serving.cancel()
    await asyncio.wait([serving])


async def test_a_unit_that_a_quick_hand_puts_back_into_an_adapter_is_loaded(
    made: Mapping[int, Made], tmp_path: Path
) -> None:
    with closing(Plant(made)) as plant:
        async with slot_with(plant, tmp_path, 1, "silent") as (place, shown):
            assert place.port
            unit: Any = place.port._unit
            faults, sound = place.port.memory.faults, unit.answer

            def answers_no_block(frame: Frame) -> Frame:
                faults.extend(["silent"] * (frame.kind == Kind.BLOCK))
                return sound(frame)

            unit.answer = answers_no_block
            faults.clear()
            await asyncio.sleep(UNTIL_MISSED_ONCE)
            assert shown[-1].code == "no-answer"
            unit.answer = sound
            faults.clear()
            await asyncio.sleep(STAYS)
            assert shown[-1].state == "good"


async def test_the_reason_of_a_rejection_is_shown_until_the_unit_is_unplugged(
    made: Mapping[int, Made], tmp_path: Path
) -> None:
    with closing(Plant(made)) as plant:
        async with slot_with(plant, tmp_path, 1, "refuses-blocks") as (_, shown):
            assert (shown[-1].state, shown[-1].code) == ("bad", "no-room")
            assert shown[-1].rejected


async def test_a_unit_that_is_exchanged_when_it_is_loaded_stops_the_slot_and_is_booked_once(
    made: Mapping[int, Made], tmp_path: Path
) -> None:
    with closing(Plant(made)) as plant:
        async with slot_with(plant, tmp_path, 1) as (place, shown):
            assert place.port
            place.port._unit = plant.units[2]
            await asyncio.sleep(STAYS)
            assert (shown[-1].state, shown[-1].code) == ("bad", "swapped")
            assert not shown[-1].rejected
        assert plant.row(2).state == "waiting"
        last = plant.do_now(ListEvents(BATCH))[-1]
        assert (last.what, last.eui, last.detail) == ("swapped", str(eui(1)), f"now {eui(2)}")
        assert plant.row(1).state == "loaded"
        assert [each.what for each in plant.do_now(ListEvents(BATCH))].count("swapped") == 1
