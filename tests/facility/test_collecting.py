"""A unit's captures become items for SR 8.13, by any way of collecting, and each of them once."""

from collections.abc import Mapping
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from capture_samples import captured
from package_samples import content, keys

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.facility.collecting.collect import NotCollected, collect_at
from hht.facility.collecting.kept import FOLDER, KeptCaptures
from hht.facility.collecting.taking_in import take_in
from hht.facility.unit.memory import UnitMemory
from hht.facility.unit.port import UnitPort
from hht.facility.wire.capture import UnitCapture
from hht.store import CommandState, Mode, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "training.db", Mode.TRAINING)


def test_a_collected_response_is_an_item_with_the_request_it_answers(store: Store) -> None:
    command = content().commands[1]
    capture = take_in(store, captured())
    row = store.commands.get(capture.command_id or 0)
    assert (row.state, row.request_id) == (CommandState.ANSWERED, command.request_id)
    assert row.captured
    (item,) = store.returns.of_job(row.job_id)
    assert item.id == capture.return_id


def test_a_capture_that_is_collected_twice_is_kept_once(store: Store) -> None:
    first, again = (take_in(store, captured()) for _ in range(2))
    assert (first.id, first.return_id) == (again.id, again.return_id)
    assert len(store.captures.all()) == len(store.jobs.all()) == 1


def test_a_command_that_a_job_has_is_that_jobs(store: Store) -> None:
    job = store.jobs.add(content().job_pack())
    capture = take_in(store, captured())
    assert capture.job_id == job.id
    states = [row.state for row in store.commands.of_job(job.id)]
    assert states.pop(1) is CommandState.ANSWERED
    assert set(states) == {CommandState.WAITING}


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"unit":"x","hub":"y","received_at":"","gbcs":""}'])
def test_what_is_no_capture_is_refused_and_stays_in_the_unit(raw: bytes) -> None:
    with pytest.raises(InputError, match="no capture"):
        UnitCapture.decode(raw)


SPOILED: Mapping[str, Mapping[str, Any]] = {
    "no time": {"received_at": "yesterday"},
    "no zone": {"received_at": "2026-11-20T09:00:00"},
    "no year": {"received_at": "9999-12-31T23:59:59-14:00"},
    "no Command": {"command": msgspec.structs.replace(content().commands[1], gbcs=b"\xdd\x00")},
}


@pytest.mark.parametrize("spoiled", SPOILED.values(), ids=SPOILED)
def test_what_is_no_capture_is_set_aside_and_holds_up_no_other(
    tmp_path: Path, store: Store, spoiled: Mapping[str, Any]
) -> None:
    kept = KeptCaptures(tmp_path)
    for raw in (msgspec.structs.replace(captured(), **spoiled).encode(), captured().encode()):
        kept.keep(raw)
    assert kept.take_all(lambda mode: nullcontext(store)) == (1, 1)
    assert kept.waiting() == []
    assert len(list((tmp_path / FOLDER).glob("*.refused"))) == 1


def unit(folder: Path, captures: list[bytes]) -> UnitMemory:
    secret = keys().unit.private_numbers().private_value.to_bytes(32, "big")
    return UnitMemory(
        eui=content().unit,
        agreement_key=secret,
        signing_key=secret,
        signing_certificate=b"",
        facilities=[],
        captures=captures,
    )


async def test_everything_is_collected_and_forgotten_only_once_it_is_kept(tmp_path: Path) -> None:
    memory = unit(tmp_path, [b"a" * 5000, b"b", b"c" * 2048])
    wanted, kept, saves = list(memory.captures), [], []
    port = UnitPort(memory, lambda: saves.append(list(memory.captures)))
    port.open(tmp_path)

    def keep(_: EntityId, raw: bytes) -> None:
        assert raw in memory.captures
        kept.append(raw)

    try:
        assert await collect_at(tmp_path / "port", keep) == (EntityId.parse(memory.eui), 3)
    finally:
        port.close()
    assert kept == wanted
    assert saves[-1] == memory.captures == []
    assert memory.taken == [sha256(each).digest() for each in wanted]


async def test_a_capture_that_could_not_be_kept_stays_in_the_unit(tmp_path: Path) -> None:
    memory = unit(tmp_path, [b"one", b"two"])
    port = UnitPort(memory, lambda: None)
    port.open(tmp_path)

    def keep(_: EntityId, raw: bytes) -> None:
        if raw == b"two":
            raise InputError("The disk is full")

    try:
        with pytest.raises(InputError, match="full"):
            await collect_at(tmp_path / "port", keep)
    finally:
        port.close()
    assert memory.captures == [b"two"]


async def test_a_port_without_a_unit_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(NotCollected, match="can't be opened"):
        await collect_at(tmp_path / "none", lambda eui, raw: None)
