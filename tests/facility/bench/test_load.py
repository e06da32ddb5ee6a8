"""`hht facility load`: good units loaded once with their own package, bad ones named."""

import contextlib
import os
import random
import sqlite3
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from facility_site import FacilitySite, kill
from postgres_server import Server

from hht.entity_id import EntityId
from hht.facility.package.header import parse_header
from hht.facility.unit.faults import FAULTS
from hht.facility.unit.memory import UnitMemory

pytestmark = pytest.mark.whole_program

UNITS = int(os.environ.get("HHT_FACILITY_UNITS", "48"))
"""A sample here; `.ci/long` loads 1,000 and kills 60 times."""
KILLS = UNITS * 60 // 1000

REJECTED_AS = {
    "loaded-elsewhere": "carries-other",
    "wrong-key": "identity-unproven",
    "knows-no-facility": "unknown-facility",
    "had-newer": "replayed",
    "bad-receipt": "bad-receipt",
    "other-digest": "other-digest",
    "refuses-blocks": "no-room",
}
LEFT = {"silent": "waiting"}


def fault_of(eui: str) -> str:
    """The fault that the example gave this unit."""
    number = int.from_bytes(EntityId.parse(eui)[4:], "big")
    return "" if number % 2 else list(FAULTS)[(number // 2 - 1) % len(FAULTS)]


def check(site: FacilitySite) -> None:
    """Every unit is where its fault says, and holds its own package or none of this batch."""
    rows, memories = site.rows(), site.memories()
    for eui, row in rows.items():
        fault = fault_of(eui)
        state = "rejected" if fault in REJECTED_AS else LEFT.get(fault, "loaded")
        assert (fault, row.state, row.reason) == (fault, state, REJECTED_AS.get(fault, ""))
        active = memories[eui].active
        if state == "loaded":
            assert sha256(active).hexdigest() == row.digest
            assert memories[eui].counter == 1
        if active and parse_header(active).header.batch == site.batch:
            assert parse_header(active).header.unit == EntityId.parse(eui)
    booked = site.loads_booked()
    assert set(booked.values()) == {1}
    assert set(booked) == {eui for eui, row in rows.items() if row.state == "loaded"}


def test_every_fault_is_named_and_every_sound_unit_is_loaded(site: FacilitySite) -> None:
    site.make(2 * len(FAULTS), faults=True)
    load = site.load(slots=6)
    assert load.code == 1
    check(site)
    codes = {each["code"] for each in load.events if each.get("code")}
    assert {*REJECTED_AS.values(), "not-in-batch", "already-loaded", "swapped", "silent"} <= codes
    summary = load.summary
    assert sum(summary[state] for state in ("loaded", "rejected", "waiting")) == len(site.rows())
    assert summary["writing"] == summary["claimed"] == summary["unknown"] == 0
    status = site.hht("status", site.batch, *site.store_option).stdout
    assert "carries-other: Carries another package already. Set it aside and ask" in status


def test_a_batch_is_loaded_however_often_worker_and_keeper_are_killed(site: FacilitySite) -> None:
    site.make(UNITS, faults=True)
    draw, load = random.Random(13), site.start_load(slots=4)
    kills = seen = 0
    for event in load.follow():
        seen += event["event"] == "slot" and event["state"] in ("identified", "writing", "good")
        if seen > (kills + 1) * UNITS // KILLS and kills < KILLS:
            kill(load.worker if draw.random() < 0.6 or site.url else site.keeper())
            kills += 1
    assert kills == KILLS
    check(site)


def test_a_unit_that_comes_loose_is_plugged_in_again_and_rejected_only_where_it_holds_nothing(
    site: FacilitySite,
) -> None:
    site.make(3)
    loose = (["unplugged-at-block"], ["unplugged-at-block"] * 5, ["unplugged-at-commit"] * 5)
    for path, faults in zip(sorted(site.units_dir.glob("*.unit")), loose, strict=True):
        memory = UnitMemory.load(path)
        memory.faults = faults
        memory.save(path)
    assert site.load(slots=1).code == 1
    states = [(row.state, row.reason) for _, row in sorted(site.rows().items())]
    assert states == [("loaded", ""), ("rejected", "failed-often"), ("loaded", "")]
    retry = ("retry", sorted(site.rows())[1], "--operator", "Ada", *site.store_option)
    assert "may be tried again" in site.hht(*retry).stdout
    assert "not rejected" in site.hht(*retry, code=2).stderr


def flipped(package: bytes, at: int) -> bytes:
    return package[:at] + bytes([package[at] ^ 1]) + package[at + 1 :]


SPOILT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "magic": (lambda package: flipped(package, 0), "not-a-package"),
    "version": (lambda package: package[:9] + b"\x02" + package[10:], "newer-version"),
    "unit": (lambda package: flipped(package, 12), "bad-signature"),
    "facility": (lambda package: flipped(package, 20), "unknown-facility"),
    "body": (lambda package: flipped(package, len(package) - 1), "altered"),
    "end": (lambda package: package[:-1], "torn"),
    "all of it": (lambda package: b"", "torn"),
    "what follows": (lambda package: package + bytes(1 << 21), "altered"),
}
"""How a package may be changed in the books, and by which code its unit is rejected."""


def test_a_package_that_was_changed_in_the_books_is_refused_by_name_and_the_bench_goes_on(
    tmp_path: Path,
) -> None:
    site = FacilitySite(tmp_path).make(len(SPOILT) + 1)
    kill(site.keeper())
    with contextlib.closing(sqlite3.connect(site.data_dir / "batches.db")) as books:
        rows = books.execute("SELECT eui, content FROM package ORDER BY eui").fetchall()
        for (eui, package), (spoil, _) in zip(rows, SPOILT.values(), strict=False):
            books.execute("UPDATE package SET content = ? WHERE eui = ?", (spoil(package), eui))
        books.commit()
    load = site.load(slots=4)
    reasons = [row.reason for _, row in sorted(site.rows().items())]
    assert reasons == [*(code for _, code in SPOILT.values()), ""]
    assert all(event["event"] != "worker-lost" for event in load.events)
    assert [bool(each.active) for _, each in sorted(site.memories().items())].count(True) == 1


def test_two_benches_share_a_batch_while_the_server_is_restarted(tmp_path: Path) -> None:
    server = Server.make()
    try:
        site = FacilitySite(tmp_path, server.url).make(UNITS, faults=True)
        second = tmp_path / "second"
        second.mkdir()
        for unit in sorted(site.units_dir.glob("*.unit"))[::2]:
            unit.rename(second / unit.name)
        one = site.start_load(slots=4, name="one")
        two = site.start_load(slots=4, name="two", units=second)
        other = threading.Thread(target=two.finish)
        other.start()
        restarted = False
        for event in one.follow():
            if not restarted and len(one.events) > UNITS // 2 and event["event"] == "slot":
                server.stop()
                server.start()
                restarted = True
        other.join()
        assert restarted
        for unit in second.glob("*.unit"):
            unit.rename(site.units_dir / unit.name)
        check(site)
        assert {row.bench for row in site.rows().values()} - {""} == {"one", "two"}
    finally:
        server.remove()


def test_a_second_run_finds_what_the_first_has_done(site: FacilitySite) -> None:
    site.make(6)
    assert site.load(slots=2).code == 0
    again = site.load(slots=3)
    assert again.code == 0
    done = [each for each in again.events if each.get("code") == "already-loaded"]
    assert len(done) == 6
    assert set(site.loads_booked().values()) == {1}
