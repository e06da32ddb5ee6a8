"""Each Device's way back: moved, back, silent and unknown differ, and none is hidden."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pairing_bench import pairing_bench

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.journeys.move.record import MoveRecord
from hht.journeys.move.states import Move, MoveKind, MoveState
from hht.journeys.move.ways_back import DeviceWay, WayBack, seconds_allowed, ways_back
from hht.journeys.premises.devices import HanState

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ESME, GSME, PPMID = (EntityId.parse(f"00-DB-00-00-00-30-10-A{n}") for n in (0, 1, 4))
DEVICES = (
    JobDevice("ESME", ESME, "ESME", band="2.4 GHz"),
    JobDevice("GSME", GSME, "", band="sub-GHz"),
    JobDevice("PPMID", PPMID, "display"),
)
MOVED = Move(MoveState.WATCHING, since=AT, hub_at=AT, looked_at=AT)


def ways(move: Move) -> dict[str, DeviceWay]:
    return {way.label: way for way in ways_back(move, DEVICES)}


def test_before_the_hub_is_back_nothing_is_said_of_any_device() -> None:
    assert ways_back(replace(MOVED, hub_at=None), DEVICES) == ()


def test_a_device_of_which_nothing_is_known_is_unknown_with_its_deadline() -> None:
    found = ways(MOVED)
    assert {way.state for way in found.values()} == {WayBack.UNKNOWN}
    assert found["ESME"].deadline == AT + timedelta(minutes=10)


def test_a_device_that_had_not_joined_when_the_hub_moved_has_no_way_back(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path)
    with bench.store:
        bench.stands("PPMID", HanState.IN_LOG)
        record = MoveRecord(bench.store, bench.job, bench.published.append, bench.premises)
        record.begin(MoveKind.HUB, "the hub moves", AT, command=1)
        kept = Move.restore(json.loads(json.dumps(record.move.snapshot())))
    there = {way.label for way in ways_back(replace(kept, hub_at=AT), bench.job.devices)}
    assert there == {"ESME", "GSME"}


def test_a_gas_meter_has_as_long_as_it_sleeps_twice() -> None:
    assert ways(MOVED)["GSME"].deadline == AT + timedelta(hours=1)
    assert seconds_allowed("GSME") > seconds_allowed("something new") > 0


def test_one_that_the_hub_lists_has_moved_and_is_not_back() -> None:
    way = ways(replace(MOVED, listed={ESME: (AT + timedelta(seconds=9), -58)}))["ESME"]
    assert (way.state, way.seconds, way.rssi) == (WayBack.MOVED, 9.0, -58)


def test_one_that_was_heard_is_back_whatever_else_there_is() -> None:
    late = replace(
        MOVED, heard={ESME: AT + timedelta(seconds=30)}, looked_at=AT + timedelta(days=1)
    )
    assert (ways(late)["ESME"].state, ways(late)["ESME"].seconds) == (WayBack.BACK, 30.0)


def test_a_silent_device_is_never_hidden_behind_the_hubs_list() -> None:
    over = replace(MOVED, listed={PPMID: (AT, -80)}, looked_at=AT + timedelta(minutes=15))
    way = ways(over)["display"]
    assert (way.state, way.seconds, way.rssi) == (WayBack.SILENT, None, -80)


def test_who_left_before_a_deadline_cannot_call_a_device_silent() -> None:
    assert (
        ways(replace(MOVED, looked_at=AT + timedelta(minutes=9)))["ESME"].state is WayBack.UNKNOWN
    )


def test_what_the_engineer_saw_counts_and_is_said() -> None:
    way = ways(replace(MOVED, seen={PPMID: "it shows today's use"}))["display"]
    assert (way.state, way.said) == (WayBack.BACK, "seen: it shows today's use")


def test_a_sub_ghz_move_does_not_concern_a_device_of_2_4_ghz() -> None:
    assert set(ways(replace(MOVED, kind=MoveKind.SUB_GHZ))) == {"GSME", "display"}


def test_a_display_that_an_hht_never_hears_is_to_be_looked_at_and_not_said_to_be_silent() -> None:
    ihd = JobDevice("IHD", PPMID, "display")
    over = replace(MOVED, looked_at=AT + timedelta(days=1))
    (unlisted,) = ways_back(over, (ihd,))
    (listed,) = ways_back(replace(over, listed={PPMID: (AT, -60)}), (ihd,))
    assert (unlisted.state, listed.state) == (WayBack.UNKNOWN, WayBack.MOVED)
    for way in (unlisted, listed):
        assert way.is_settled
        assert "look at it" in way.said
    (seen,) = ways_back(replace(over, seen={PPMID: "its screen"}), (ihd,))
    assert seen.state is WayBack.BACK
