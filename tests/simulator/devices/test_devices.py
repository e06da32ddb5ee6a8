"""Simulated Devices take what GBCS lets them take, and answer with the protection it asks for."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from device_bench import BROKER, LINK_KEY, NOW, SUPPLIER, Bench

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType, JoinResult, UnjoinResult
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.correlation import key_of
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import Verdict, check_mac, check_signature, seal
from hht.simulator.devices.core.device import Device
from hht.simulator.devices.core.join_log import JoinRequest
from hht.simulator.devices.core.rules import rules
from hht.simulator.devices.core.times import zigbee_utc
from hht.simulator.head_end.compose import payloads
from hht.zse import aes_mmo
from hht.zse.install_code import InstallCode


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench.make(tmp_path / "run")


def test_the_whole_job_is_executed_and_every_response_belongs_to_its_command(bench: Bench) -> None:
    bench.put_all_in_the_han()
    for name, raw in bench.commands.items():
        if name.startswith("ccs01"):
            continue
        command = Message.parse(raw)
        response = bench.give(name)[0]
        assert response.cra is Cra.RESPONSE
        assert key_of(response) == key_of(command)
        assert response.other_info == command.other_info


def test_a_response_is_signed_where_its_command_was_and_has_a_mac_where_not(bench: Bench) -> None:
    bench.put_all_in_the_han()
    critical = bench.give("ecs70-esme")[0]
    assert critical.mac is None
    assert check_signature(critical, bench.site.keys) is Verdict.VALID
    plain = bench.give("cs07-esme")[0]
    assert plain.signature == b""
    assert check_mac(plain, bench.site.keys) is Verdict.VALID


def test_ccs01_enters_the_device_opens_joining_and_raises_cs14(bench: Bench) -> None:
    response, alert = bench.give("ccs01-esme")
    assert response.payload.hex().endswith("0003000000" + "03" + "030002000200")
    assert (alert.cra, alert.message_code, alert.recipient) == (Cra.ALERT, 0x0018, BROKER)
    assert "128f12" in alert.payload.hex()
    assert bytes(bench.entity("ESME")) in alert.payload
    assert check_mac(alert, bench.site.keys) is Verdict.VALID
    esme = bench.site.device("ESME")
    key = InstallCode(esme.install_code).link_key
    assert bench.fleet.chf.join_key(esme.entity_id, NOW) == key


def test_joining_closes_when_its_time_is_over(bench: Bench) -> None:
    bench.give("ccs01-esme")
    chf, esme = bench.fleet.chf, bench.entity("ESME")
    assert chf.join_key(esme, NOW + timedelta(seconds=3599)) is not None
    assert chf.join_key(esme, NOW + timedelta(seconds=3600)) is None
    assert chf.join_key(bench.entity("GSME"), NOW) is None


def test_a_device_that_is_in_the_log_already_keeps_its_key(bench: Bench) -> None:
    bench.give("ccs01-esme")
    esme = bench.entity("ESME")
    before = bench.fleet.chf.join_key(esme, NOW)
    payload = payloads.add_device(0, esme, bytes(16), 3600, 0)
    raw = bench.command("CHF", 0x0001, payload, role=Role.ACCESS_CONTROL_BROKER)
    answers = bench.give_raw(raw)
    assert len(answers) == 1, "no alert: the log did not change"
    assert bench.fleet.chf.join_key(esme, NOW) == before


@pytest.mark.parametrize(
    ("label", "device_type", "registers"),
    [
        ("ESME", 0, True),
        ("GSME", 1, True),
        ("PPMID", 0x84, True),
        ("PPMID", 0, False),  # as an ESME
        ("ESME", 0x80, False),  # as an IHD
        ("ESME", 0x84, False),
        ("ESME", 7, False),  # no device type of CCS01
        ("stranger", 0x0D, True),  # what the premises do not have may come yet
        ("stranger", 2, False),
    ],
)
def test_the_chf_registers_a_device_as_what_it_is_and_refuses_another_type(
    bench: Bench, label: str, device_type: int, registers: bool
) -> None:
    stranger = EntityId(bytes.fromhex("00DB1234567890EE"))
    entity = stranger if label == "stranger" else bench.entity(label)
    payload = payloads.add_device(0, entity, bytes(16), 3600, device_type)
    raw = bench.command("CHF", 0x0001, payload, role=Role.ACCESS_CONTROL_BROKER)
    response = bench.give_raw(raw)[0]
    assert response.payload[-6:-4].hex() == ("0300" if registers else "03fa")
    assert (entity in bench.fleet.chf.device_log.entries) is registers


def test_a_join_changes_the_hash_and_cs14_tells_it(bench: Bench) -> None:
    bench.give("ccs01-esme")
    alerts = bench.fleet.joined(bench.entity("ESME"), LINK_KEY, NOW)
    cs14, joined = map(Message.parse, alerts)
    assert aes_mmo.digest(LINK_KEY) in cs14.payload
    assert (joined.originator, joined.recipient) == (bench.entity("ESME"), SUPPLIER)
    assert "128183" in joined.payload.hex()


def test_a_full_log_takes_no_more(bench: Bench) -> None:
    log = bench.fleet.chf.device_log
    for number in range(log.limit):
        log.add(type(BROKER)(bytes([9] * 7 + [number])), bytes(16))
    response = bench.give("ccs01-esme")[0]
    assert response.payload.hex().endswith("0303fa02000200")
    assert bench.entity("ESME") not in log.entries
    assert bench.fleet.chf.admit_hht(bench.site.hht, bytes(16), NOW) is None


def test_ccs02_moves_a_device_to_the_historic_log_and_its_old_key_lets_it_back(
    bench: Bench,
) -> None:
    bench.put_all_in_the_han()
    esme = bench.entity("ESME")
    raw = bench.command(
        "CHF", 0x0002, payloads.remove_device(0, esme), role=Role.ACCESS_CONTROL_BROKER
    )
    assert bench.give_raw(raw)[0].payload.hex().endswith("010001" + "0300")
    log = bench.fleet.chf.device_log
    assert log.historic[esme] == aes_mmo.digest(LINK_KEY)
    again = payloads.add_device(0, esme, bench.site.device("ESME").install_code, 600, 0)
    bench.give_raw(bench.command("CHF", 0x0001, again, role=Role.ACCESS_CONTROL_BROKER))
    assert bench.fleet.chf.join_key(esme, NOW + timedelta(seconds=299)) == LINK_KEY
    assert bench.fleet.chf.join_key(esme, NOW + timedelta(seconds=301)) != LINK_KEY


def test_a_hand_held_terminal_leaves_no_trace_in_the_historic_log(bench: Bench) -> None:
    chf, hht = bench.fleet.chf, bench.site.hht
    assert chf.admit_hht(hht, bytes(16), NOW)
    assert chf.join_key(hht, NOW) == InstallCode(bytes(16)).link_key
    assert chf.remove(hht, NOW)
    assert hht not in chf.device_log.historic
    chf.admit_hht(hht, bytes(16), NOW)
    assert chf.power_cycled() == [hht]
    assert hht not in chf.device_log.entries


@pytest.mark.parametrize(
    ("damage", "alert"),
    [
        (lambda b, m: replace(m, mac=bytes(12)), 0x8F3D),
        (lambda b, m: replace(m, recipient=b.entity("GSME")), 0x8F3E),
        (lambda b, m: replace(m, message_code=0x7777), 0x8F1E),
        (lambda b, m: replace(m, message_code=0x0001), 0x8F1E),
        (lambda b, m: replace(m, originator=BROKER), 0x8F30),
    ],
)
def test_what_is_not_as_it_should_be_gets_no_response(bench: Bench, damage, alert: int) -> None:
    message = damage(bench, Message.parse(bench.commands["ecs70-esme"]))
    esme = bench.fleet[bench.entity("ESME")]
    assert isinstance(esme, Device)
    answers = [Message.parse(raw) for raw in esme.handle(message.encode(), NOW)]
    assert [answer.cra for answer in answers] == [Cra.ALERT]
    assert alert.to_bytes(2, "big") in answers[0].payload
    assert esme.log[-1].code == alert


def test_a_wrong_signature_is_refused_although_the_mac_is_right(bench: Bench) -> None:
    message = Message.parse(bench.commands["ecs70-esme"])
    z = bench.site.keys.shared_secret(BROKER, message.recipient)
    assert z is not None
    for signature in (bytes(64), b""):
        forged = seal(replace(message, signature=signature), z)
        assert [a.cra for a in bench.give_raw(forged.encode())] == [Cra.ALERT]
    assert bench.give("ecs70-esme")[0].cra is Cra.RESPONSE


def test_a_replayed_or_older_command_is_refused(bench: Bench) -> None:
    first = bench.command("ESME", 0x0013, payloads.nothing())
    second = bench.command("ESME", 0x0013, payloads.nothing())
    assert bench.give_raw(second)[0].cra is Cra.RESPONSE
    for raw in (second, first):
        (alert,) = bench.give_raw(raw)
        assert alert.cra is Cra.ALERT
        assert bytes.fromhex("8f3e") in alert.payload


def test_a_command_cannot_hide_another_use_case_under_a_harmless_code(bench: Bench) -> None:
    esme = bench.entity("ESME")
    bench.put_all_in_the_han()
    hidden = payloads.remove_device(0, esme)
    raw = bench.command("CHF", 0x010F, hidden, role=Role.ACCESS_CONTROL_BROKER)
    assert [answer.cra for answer in bench.give_raw(raw)] == [Cra.ALERT]
    assert esme in bench.fleet.chf.device_log.entries


def test_bytes_that_are_no_message_raise_an_alert_and_nothing_else(bench: Bench) -> None:
    esme = bench.fleet[bench.entity("ESME")]
    for raw in (b"", b"\xdd", bench.commands["ecs70-esme"][:-1]):
        assert [Message.parse(answer).cra for answer in esme.handle(raw, NOW)] == [Cra.ALERT]


def test_a_clock_outside_the_interval_stays_unreliable(bench: Bench) -> None:
    late = NOW + timedelta(days=2)
    esme, gsme = bench.give("ecs70-esme", late)[0], bench.give("gcs28-gsme", late)[0]
    assert "1102" + "05" in esme.payload.hex()
    assert gsme.payload.hex().endswith("020102")
    assert "1100" + "05" in bench_again(bench, "ecs70-esme").payload.hex()


def bench_again(bench: Bench, name: str) -> Message:
    """The same Command to Devices fresh from the factory, in time."""
    return Bench(bench.site, bench.site.make_fleet(), bench.commands).give(name)[0]


def join(bench: Bench, label: str, other: str, **changes: Any) -> JoinResult:
    kind, _ = bench.site.named(label)
    other_kind, entity = bench.site.named(other)
    certificate = bench.site.agreement_certificate(entity)
    request = JoinRequest.decode(payloads.join(kind, entity, other_kind, certificate))
    request = replace(request, **changes)
    code = payloads.join_code(kind, other_kind)
    role = Role.ACCESS_CONTROL_BROKER if kind is DeviceType.PPMID else Role.SUPPLIER
    critical = rules()[code].protection == "signed"
    raw = bench.command(label, code, request.encode(), role=role, critical=critical)
    return JoinResult(bench.give_raw(raw)[0].payload[-1])


def test_a_join_needs_the_partner_in_the_han(bench: Bench) -> None:
    assert join(bench, "ESME", "PPMID") is JoinResult.NO_CBKE_RESPONSE
    assert join(bench, "GPF", "GSME") is JoinResult.NO_PARTNER_LINK_KEY_RECEIVED
    bench.put_all_in_the_han()
    assert join(bench, "ESME", "PPMID") is JoinResult.SUCCESS
    assert join(bench, "GPF", "GSME") is JoinResult.SUCCESS


def test_a_join_of_the_wrong_form_says_which_way_it_is_wrong(bench: Bench) -> None:
    bench.put_all_in_the_han()
    wrong_code = JoinResult.INVALID_MESSAGE_CODE_FOR_JOIN_METHOD_AND_ROLE
    assert join(bench, "ESME", "PPMID", method=2) is wrong_code
    wrong_pair = JoinResult.INVALID_JOIN_METHOD_AND_ROLE
    assert join(bench, "ESME", "PPMID", other_type=int(DeviceType.GSME)) is wrong_pair
    assert join(bench, "ESME", "PPMID") is JoinResult.SUCCESS
    other_type = int(DeviceType.HCALCS)
    incompatible = JoinResult.INCOMPATIBLE_WITH_EXISTING_ENTRY
    assert join(bench, "ESME", "PPMID", other_type=other_type) is incompatible


def test_method_c_wants_the_partners_own_certificate(bench: Bench) -> None:
    bench.put_all_in_the_han()
    missing = JoinResult.INVALID_OR_MISSING_CERTIFICATE
    assert join(bench, "GSME", "PPMID", certificate=b"") is missing
    somebody_elses = bench.site.agreement_certificate(bench.entity("ESME"))
    assert join(bench, "GSME", "PPMID", certificate=somebody_elses) is missing
    assert join(bench, "GSME", "PPMID") is JoinResult.SUCCESS


def test_a_full_device_log_refuses_a_join(bench: Bench) -> None:
    bench.put_all_in_the_han()
    bench.fleet.joining[bench.entity("ESME")].device_log.limit = 0
    assert join(bench, "ESME", "PPMID") is JoinResult.DEVICE_LOG_FULL


def test_an_unjoin_takes_out_what_a_join_put_in(bench: Bench) -> None:
    bench.put_all_in_the_han()
    join(bench, "ESME", "PPMID")
    payload = payloads.unjoin(bench.entity("PPMID"))
    outcomes = []
    for _ in range(2):
        raw = bench.command("ESME", 0x000F, payload, critical=True)
        outcomes.append(UnjoinResult(bench.give_raw(raw)[0].payload[-1]))
    assert outcomes == [UnjoinResult.SUCCESS, UnjoinResult.OTHER_DEVICE_NOT_IN_DEVICE_LOG]


def test_the_gpf_tells_the_broker_when_its_log_changes(bench: Bench) -> None:
    bench.put_all_in_the_han()
    _, alert = bench.give("cs03b-gpf-gsme")
    assert (alert.message_code, alert.recipient) == (0x00B2, BROKER)
    assert bytes(bench.entity("GSME")) in alert.payload


def test_a_power_cut_forgets_nothing_that_counts(bench: Bench) -> None:
    bench.put_all_in_the_han()
    join(bench, "ESME", "PPMID")
    used = bench.command("ESME", 0x0013, payloads.nothing())
    bench.give_raw(used)
    kept = json.loads(json.dumps(bench.fleet.state()))
    bench.fleet = bench.site.make_fleet()
    bench.fleet.restore(kept)
    assert [a.cra for a in bench.give_raw(used)] == [Cra.ALERT], "still a replay"
    read = bench.give_raw(bench.command("ESME", 0x0013, payloads.nothing()))[0]
    assert bytes(bench.entity("PPMID")) in read.payload
    assert bench.fleet.in_han(bench.entity("GSME"))


def test_every_alert_has_a_counter_of_its_own(bench: Bench) -> None:
    seen = [m.counter for n in ("ccs01-esme", "ccs01-gsme") for m in bench.give(n)[1:]]
    kept = bench.fleet.state()
    bench.fleet = bench.site.make_fleet()
    bench.fleet.restore(kept)
    seen += [m.counter for m in bench.give("ccs01-ppmid")[1:]]
    assert seen == sorted(set(seen))
    assert len(seen) == 3


def test_a_clock_before_2000_is_zero_seconds_in_zigbees_count() -> None:
    assert zigbee_utc(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert zigbee_utc(datetime(2000, 1, 1, 0, 1, tzinfo=UTC)) == 60
