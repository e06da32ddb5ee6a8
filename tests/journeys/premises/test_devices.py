"""The Devices of a job as captures show them, and the Alerts as a list of their own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from visit_stage import FIRST, scene

from hht.entity_id import EntityId
from hht.journeys.auto.play import play
from hht.journeys.premises.alerts import alerts_of, change_of
from hht.journeys.premises.device_logs import (
    CHF_LOG,
    GPF_LOG,
    Change,
    LogChange,
    change_between,
)
from hht.journeys.premises.devices import HanState, Premises, Proof, asleep_until
from hht.journeys.premises.not_joined import not_joined, not_joined_of
from hht.store.command_states import CommandState
from hht.store.rows import Capture

LATER = datetime(2100, 1, 1, tzinfo=UTC)


async def test_after_a_whole_visit_every_device_is_on_the_han_with_its_partners(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        devices = {each.label: each for each in on.visit.premises.devices(LATER)}
        assert {each.state for each in devices.values()} == {HanState.ON_HAN}
        esme, ppmid = devices["ESME"], devices["PPMID"]
        assert ppmid.entity_id in esme.partners
        assert esme.entity_id in ppmid.partners
        assert all(each.last_heard for label, each in devices.items() if label != "GPF")


async def test_the_same_devices_stand_so_after_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        again = Premises.of(on.visit.job, on.store.captures.of_job(1))
        pairs = zip(again.devices(LATER), on.visit.premises.devices(LATER), strict=True)
        for one, other in pairs:
            assert (one.state, one.proof, one.partners) == (
                other.state,
                other.proof,
                other.partners,
            )


async def test_a_device_that_is_not_added_yet_is_not_said_to_be_there(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await on.connect()
        await on.visit.deliver(on.named(FIRST).id)
        await on.until(lambda: _states(on)["ESME"] is not HanState.UNKNOWN)
        assert _states(on)["PPMID"] in (HanState.UNKNOWN, HanState.NOT_IN_LOG)
        await on.visit.leave()


async def test_a_ccs01_is_not_done_while_its_device_is_in_the_log_alone(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        premises, rows = on.visit.premises, on.visit.view.commands
        assert not on.visit.view.not_joined
        assert not not_joined_of(on.store, on.visit.job)
        (esme,) = (e.entity_id for e in premises.devices(LATER) if e.label == "ESME")
        premises.place(esme, HanState.IN_LOG, Proof.LOG_READ, LATER)
        assert on.visit.view.not_joined == {on.named(FIRST).id: esme}
        waiting = (replace(row, state=CommandState.WAITING) for row in rows)
        assert not not_joined(waiting, premises)


def _states(on) -> dict[str, HanState]:
    return {each.label: each.state for each in on.visit.premises.devices(LATER)}


async def test_every_alert_has_a_line_of_its_own_with_its_name(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        lines = alerts_of(on.store.captures.of_job(1))
        joined = [each for each in lines if each.code == 0x8183]
        assert len({each.device for each in joined}) == len(joined) == 3
        assert joined[0].name == "Device joined the SM HAN"
        assert len({each.capture_id for each in lines}) == len(lines)


async def test_the_clocks_difference_is_that_of_the_promptest_alert(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        off = on.visit.premises.clock_off
        assert off is not None
        assert abs(off) < timedelta(seconds=30)
        premises = Premises(on.visit.job)
        for each in on.store.captures.of_job(1):
            premises.note(_received_later(each, timedelta(minutes=7)))
        assert premises.clock_off is not None
        assert premises.clock_off > timedelta(minutes=6)


def _received_later(capture: Capture, by: timedelta) -> Capture:
    return replace(capture, received_at=capture.received_at + by)


async def test_a_copy_and_what_is_no_message_change_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        premises = Premises(on.visit.job)
        before = premises.devices(LATER)
        for each in on.store.captures.of_job(1):
            premises.note(replace(each, duplicate=True))
            premises.note(replace(each, originator=None, cra=None))
        assert premises.devices(LATER) == before
        assert {each.proof for each in before} == {Proof.NOTHING}


async def test_a_gas_meter_is_asleep_until_its_next_wake_up(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        gsme = next(e for e in on.visit.premises.devices(LATER) if e.type == "GSME")
        assert gsme.last_heard is not None
        assert gsme.asleep_until is None
        soon = gsme.last_heard + timedelta(minutes=1)
        now = next(e for e in on.visit.premises.devices(soon) if e.type == "GSME")
        assert now.asleep_until == gsme.last_heard + timedelta(minutes=30)
        assert asleep_until([gsme, now]) == {now.entity_id: now.asleep_until}


async def test_one_device_with_a_wrong_clock_puts_no_doubt_on_the_handhelds(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        premises, hub = Premises(on.visit.job), on.visit.job.hub_chf
        for each in on.store.captures.of_job(1):
            by = timedelta(minutes=-40) if each.originator == hub else timedelta()
            premises.note(_received_later(each, by))
        assert premises.clock_off is not None
        assert abs(premises.clock_off) < timedelta(seconds=30)
        premises.forget_clocks()
        assert premises.clock_off is None


async def test_a_restart_compares_no_clocks_of_before_the_handhelds_was_set(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        captures = on.store.captures.of_job(1)
        assert Premises.of(on.visit.job, captures).clock_off is not None
        assert Premises.of(on.visit.job, captures, captures[-1].id).clock_off is None
        assert Premises.of(on.visit.job, captures, captures[0].id).clock_off is not None


async def test_an_alert_of_a_changed_log_names_the_device_that_it_changed_for(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        await play(on.arrive())
        captures = on.store.captures.of_job(1)
        lines = alerts_of(captures)
        label = {each.entity_id: each.label for each in on.visit.job.devices}
        changes = {
            (each.code, label.get(each.about.device), each.about.change)
            for each in lines
            if each.about
        }
        for name in ("ESME", "GSME", "PPMID"):
            assert {(CHF_LOG, name, Change.ADDED), (CHF_LOG, name, Change.JOINED)} <= changes
        assert {(GPF_LOG, "GSME", Change.ADDED), (GPF_LOG, "PPMID", Change.ADDED)} <= changes
        about = {each.capture_id: each.about for each in lines}
        kept = [each for each in captures if each.id in about]
        assert {each.id: change_of(on.store, each) for each in kept} == about
        told = [each.facts for each in on.store.events.of_job(1) if each.name == "alert_captured"]
        for event in told:
            change = about[event["capture_id"]]
            said = (str(change.device), change.change) if change else (None, "")
            assert (event["about"], event["change"]) == said


def test_a_log_that_changed_for_several_or_unknown_devices_names_none() -> None:
    one, two = EntityId(bytes(7) + b"\1"), EntityId(bytes(7) + b"\2")
    assert change_between(None, {one: True, two: False}) is None
    assert change_between({}, {one: True, two: False}) is None
    assert change_between({one: True}, {one: True}) is None
    assert change_between({one: True, two: True}, {one: True}) == LogChange(two, Change.REMOVED)
