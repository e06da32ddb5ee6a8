"""A dual-band CHF asked to scan: it refuses, or warns, scans, and changes its channel or not."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from device_bench import NOW, Bench

from hht.gbcs import dlms
from hht.gbcs.alerts import read_alert_code
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.explain.describe import explain
from hht.gbcs.message import Message, read_headers
from hht.simulator.devices.types.chf_radio import lower_band
from hht.simulator.head_end.compose import payloads

A = Role.ACCESS_CONTROL_BROKER
MINUTE = timedelta(minutes=1)
HALF_HOUR = 30 * MINUTE
DAY = timedelta(days=1)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench.make(tmp_path / "run")
    made.put_all_in_the_han()
    made.fleet.chf.device_log.joining_from = None
    return made


def ask(bench: Bench, now: datetime = NOW) -> str:
    """Request a scan; what the hub makes of it, in a sentence."""
    command = bench.command("CHF", payloads.DBCH05, payloads.scan_channels(1), role=A)
    _, alert = bench.give_raw(command, now)
    return said(alert)


def said(message: Message) -> str:
    line = str(explain(message).reading)
    when = re.compile(r" At [-0-9]+ [:0-9]+ UTC\.$")
    return when.sub("", line.removeprefix(f"The CHF {message.originator} "))


def tick(bench: Bench, now: datetime) -> list[str]:
    return [said(Message.parse(raw)) for raw in bench.fleet.chf.tick(now)]


def channel(bench: Bench, now: datetime) -> str:
    (answer,) = bench.give_raw(bench.command("CHF", 0x010A, payloads.read(0x010A, 2), role=A), now)
    return said(answer)


def log(bench: Bench, now: datetime) -> list[tuple[int, str]]:
    """The entries of the last day: code, and channel with trigger."""
    payload = payloads.read_channel_log(3, now - DAY, now + DAY)
    (answer,) = bench.give_raw(bench.command("CHF", payloads.DBCH02, payload, role=A), now)
    (entries,) = dlms.decode_access_response(answer.payload).data
    assert isinstance(entries.content, dlms.CompactArray)
    rows = (entry.members for entry in entries.content.elements)
    return [(code.number, about.octets.hex()) for _, code, about in rows]


def test_an_hht_in_the_log_is_the_reason_to_refuse(bench: Bench) -> None:
    bench.fleet.chf.admit_hht(bench.site.hht, bytes(16), NOW)
    assert ask(bench) == "refuses to scan its sub-GHz channels: an HHT is connected."
    assert tick(bench, NOW + DAY) == []
    bench.fleet.chf.remove(bench.site.hht, NOW)
    assert ask(bench) == "scans its sub-GHz channels (accepted): a Remote Party's request."


def test_joining_that_is_open_is_one_too(bench: Bench) -> None:
    bench.fleet.chf.device_log.open_joining(NOW)
    bench.fleet.chf.device_log.join_timeout = 600
    assert ask(bench) == "refuses to scan its sub-GHz channels: joining is permitted just now."


def test_sleepers_are_warned_one_wake_up_before_the_scan_and_two_before_the_change(
    bench: Bench,
) -> None:
    radio = bench.fleet.chf.radio
    radio.quieter, radio.wake_up = 2, lambda: HALF_HOUR
    ask(bench)
    assert tick(bench, NOW + HALF_HOUR - MINUTE) == []
    assert tick(bench, NOW + HALF_HOUR) == []
    assert tick(bench, NOW + 3 * HALF_HOUR - MINUTE) == []
    before = channel(bench, NOW + 3 * HALF_HOUR - MINUTE)
    assert before == "runs its sub-GHz HAN on page 28, channel 0, 863.25 MHz."
    changed = NOW + 3 * HALF_HOUR
    assert tick(bench, changed) == [
        "changed its sub-GHz channel to page 28, channel 2, 863.65 MHz: a Remote Party's request."
    ]
    assert channel(bench, changed) == "runs its sub-GHz HAN on page 28, channel 2, 863.65 MHz."
    assert log(bench, changed) == [(0x8F26, "e0000004090100")]
    assert [entry.code for entry in bench.fleet.chf.events][-2:] == [0x8F27, 0x8F26]


@pytest.mark.parametrize(
    ("quieter", "why"), [(None, "none is quieter"), (20, "not allowed"), (0, "in use already")]
)
def test_a_channel_is_kept_and_only_the_logs_tell(
    bench: Bench, quieter: int | None, why: str
) -> None:
    bench.fleet.chf.radio.quieter = quieter
    ask(bench)
    assert tick(bench, NOW) == []
    assert log(bench, NOW) == [(0x8F2B, "e0000001090100")]
    assert channel(bench, NOW) == "runs its sub-GHz HAN on page 28, channel 0, 863.25 MHz."


def test_as_many_changes_in_a_week_as_the_configuration_allows(bench: Bench) -> None:
    radio, now = bench.fleet.chf.radio, NOW
    for turn in range(5):
        radio.quieter = 1 + turn % 2
        ask(bench, now)
        assert len(tick(bench, now)) == 1
        now += DAY
    assert ask(bench, now).endswith("channels: too many scans this week.")
    assert ask(bench, now + 3 * DAY).startswith("scans")


def test_a_power_cut_in_between_loses_nothing(bench: Bench, tmp_path: Path) -> None:
    radio = bench.fleet.chf.radio
    radio.quieter, radio.wake_up = 2, lambda: HALF_HOUR
    ask(bench)
    tick(bench, NOW + HALF_HOUR)
    kept = json.loads(json.dumps(bench.fleet.state()))
    bench.fleet = bench.site.make_fleet()
    bench.fleet.restore(kept)
    assert len(tick(bench, NOW + 3 * HALF_HOUR)) == 1
    assert log(bench, NOW + 3 * HALF_HOUR) == [(0x8F26, "e0000004090100")]


def test_a_state_from_before_there_were_scans_is_read(bench: Bench) -> None:
    kept = bench.fleet.chf.state()
    del kept["parts"]["radio"]
    bench.fleet.chf.restore(kept)
    assert ask(bench).startswith("scans")


@pytest.mark.parametrize(
    ("number", "mask"),
    [(0, "e0000001"), (26, "e4000000"), (27, "e8000001"), (34, "e8000080"), (35, "f0000001")],
)
def test_a_channel_is_a_bit_of_its_page(number: int, mask: str) -> None:
    assert lower_band(number).hex() == mask


def duty(bench: Bench, percent: float) -> list[str]:
    """Use so much air time; the codes of the Alerts."""
    bench.fleet.chf.duty.rationed = bench.entity("GSME")
    raised = [Message.parse(raw) for raw in bench.fleet.chf.duty.use(percent, NOW)]
    return [f"{read_alert_code(each.payload) or 0:04X}" for each in raised]


def test_every_state_of_the_duty_cycle_is_reported_on_the_way_up_and_down(bench: Bench) -> None:
    assert duty(bench, 1.29) == []
    assert duty(bench, 1.3) == ["8F20"]
    assert duty(bench, 3) == ["8F22", "8F24"]
    assert duty(bench, 3) == []
    assert duty(bench, 2.3) == ["8F25"]
    assert duty(bench, 0) == ["8F23", "8F21"]


def test_a_limited_hub_names_the_device_that_it_rations_and_does_not_scan(bench: Bench) -> None:
    bench.fleet.chf.duty.rationed = bench.entity("GSME")
    (alert,) = map(Message.parse, bench.fleet.chf.duty.use(1.5, NOW))
    assert said(alert).startswith("has little sub-GHz airtime left (8F20) and holds ")
    assert ask(bench) == "refuses to scan its sub-GHz channels: the duty cycle is too high."


def test_a_dropped_message_is_named_by_its_parties_and_counter(bench: Bench) -> None:
    command = bench.commands["gcs28-gsme"]
    alert = bench.fleet.chf.duty.drop(read_headers(command), NOW)
    shown = str(explain(Message.parse(alert)).reading)
    assert f"Command {read_headers(command).counter} from " in shown
