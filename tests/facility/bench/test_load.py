"""`hht facility load`: good units loaded once with their own package, bad ones named."""

import random
from hashlib import sha256

import pytest
from facility_site import FacilitySite, kill

from hht.entity_id import EntityId
from hht.facility.package.header import parse_header
from hht.facility.unit.faults import FAULTS

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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_batch_is_loaded_however_often_worker_and_keeper_are_killed(site: FacilitySite) -> None:
    site.make(100, faults=True)
    draw, load = random.Random(13), site.start_load(slots=4)
    kills = 0
    for number, event in enumerate(load.follow()):
        if event["event"] == "slot" and number % 16 == 0 and kills < 12:
            kill(load.worker if draw.random() < 0.6 or site.url else site.keeper())
            kills += 1
    assert kills == 12
    check(site)


@pytest.mark.slow
def test_a_second_run_finds_what_the_first_has_done(site: FacilitySite) -> None:
    site.make(6)
    assert site.load(slots=2).code == 0
    again = site.load(slots=3)
    assert again.code == 0
    done = [each for each in again.events if each.get("code") == "already-loaded"]
    assert len(done) == 6
    assert set(site.loads_booked().values()) == {1}
