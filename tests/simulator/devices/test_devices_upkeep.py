"""Credentials, firmware, sub-GHz radio and reads: carried out, not just answered."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from device_bench import BROKER, NOW, SUPPLIER, Bench
from encrypted_parts import dlms_parts

from hht.entity_id import EntityId
from hht.gbcs import dlms
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, FirmwareTransferResult
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.encryption import gbz_part, open_part
from hht.gbcs.gbz import decode_gbz
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.gbcs.protection import Verdict, check_signature
from hht.reference.devices import NOW as REFERENCE_NOW
from hht.simulator.devices.core.credentials import AGREEMENT, MANAGEMENT, SIGNING
from hht.simulator.devices.core.device import UnsignedMessage
from hht.simulator.devices.core.images import image_received
from hht.simulator.devices.core.joinable import JoiningDevice
from hht.simulator.devices.core.trust import slot_node
from hht.simulator.head_end.compose import payloads
from hht.simulator.head_end.compose.envelope import Address, protect
from hht.simulator.pki.smki import TrainingPki, hardware_module_name, key_usage

A = Role.ACCESS_CONTROL_BROKER
S = Role.SUPPLIER
NEW_SUPPLIER = EntityId.parse("90B3D51F30030000")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench.make(tmp_path / "run")
    made.put_all_in_the_han()
    return made


def certify(bench: Bench, party: EntityId, folder: Path) -> TrainingPki:
    """Another party of role supplier, certified by the training authority of the bench."""
    pki = TrainingPki(folder)
    pki.certify_party(party, S)
    return pki


def certificate(pki: TrainingPki, party: EntityId, use: str) -> der.Node:
    held = pki.keys.certificate(party, use)
    assert held is not None
    return der.decode_only_node(held.public_bytes(Encoding.DER))


def update(
    bench: Bench, pki: TrainingPki, *certificates: tuple[der.Node, tuple[Role, bytes, int]]
) -> bytes:
    """CS02b by the TCoS party: the supplier is replaced (SR 6.23)."""
    authority = der.sequence(
        der.integer(7),
        der.context(2, der.sequence(*slot_node((Role(5), SIGNING, MANAGEMENT)).children)),
        der.integer(0, 0x83),
        der.context(6, der.sequence(der.sequence(der.integer(S), der.integer(500)))),
    )
    pairs = (der.sequence(node, slot_node(slot)) for node, slot in certificates)
    path = der.sequence()
    return der.encode_node(der.sequence(authority, der.sequence(*pairs), path))


SUPPLIER_CELLS = ((S, SIGNING, MANAGEMENT), (S, AGREEMENT, MANAGEMENT))


def test_a_change_of_supplier_changes_whom_the_meter_obeys(bench: Bench) -> None:
    pki = certify(bench, NEW_SUPPLIER, bench.site.keys_dir)
    nodes = [
        (certificate(pki, NEW_SUPPLIER, u), c)
        for u, c in zip(("ds", "ka"), SUPPLIER_CELLS, strict=True)
    ]
    payload = update(bench, pki, *nodes)
    role = Role.TRANSITIONAL_CHANGE_OF_SUPPLIER
    response = bench.give_raw(bench.command("ESME", 0x0107, payload, role=role, critical=True))[0]
    assert outcome_of(response).positive
    assert bytes(NEW_SUPPLIER) in response.payload
    esme = bench.fleet.device(bench.entity("ESME"))
    assert esme.counters[NEW_SUPPLIER] == 500
    old = bench.command("ESME", payloads.CS07, payloads.nothing())
    assert [answer.cra for answer in bench.give_raw(old)] == [Cra.ALERT]
    assert "may not send" in esme.log[-1].text
    for counter, answered in ((500, Cra.ALERT), (501, Cra.RESPONSE)):
        address = Address(NEW_SUPPLIER, esme.entity_id, counter)
        keys = pki.keys
        raw = protect(address, payloads.CS07, payloads.nothing(), keys, critical=False)
        assert bench.give_raw(raw)[0].cra is answered


def test_a_certificate_of_another_authority_is_not_taken(bench: Bench, tmp_path: Path) -> None:
    stranger = TrainingPki.load_or_create(tmp_path / "stranger")
    stranger.certify_party(NEW_SUPPLIER, S)
    nodes = (certificate(stranger, NEW_SUPPLIER, "ds"), SUPPLIER_CELLS[0])
    payload = update(bench, stranger, nodes)
    role = Role.TRANSITIONAL_CHANGE_OF_SUPPLIER
    response = bench.give_raw(bench.command("ESME", 0x0107, payload, role=role, critical=True))[0]
    assert not outcome_of(response).positive
    assert bench.give_raw(bench.command("ESME", payloads.CS07, payloads.nothing()))


def test_a_certificate_goes_only_into_the_cell_it_is_for(bench: Bench) -> None:
    pki = certify(bench, NEW_SUPPLIER, bench.site.keys_dir)
    wrong_use = (certificate(pki, NEW_SUPPLIER, "ka"), SUPPLIER_CELLS[0])
    wrong_role = (
        certificate(pki, NEW_SUPPLIER, "ds"),
        (Role.NETWORK_OPERATOR, SIGNING, MANAGEMENT),
    )
    role = Role.TRANSITIONAL_CHANGE_OF_SUPPLIER
    for node in (wrong_use, wrong_role):
        payload = update(bench, pki, node)
        raw = bench.command("ESME", 0x0107, payload, role=role, critical=True)
        assert not outcome_of(bench.give_raw(raw)[0]).positive


def test_a_device_tells_which_credentials_it_holds(bench: Bench) -> None:
    cell = slot_node((A, AGREEMENT, MANAGEMENT))
    payload = der.encode_node(der.sequence(cell, der.sequence(der.integer(S), der.integer(6))))
    response = bench.give_raw(bench.command("GSME", 0x0008, payload, role=A))[0]
    assert bytes(SUPPLIER) in response.payload
    assert not outcome_of(response).positive, "a GSME has no WAN provider"


def signing_certificate(key: ec.EllipticCurvePublicKey, device: EntityId) -> bytes:
    """A certificate as the SMKI issues it for a Device's request (SR 6.17), DER."""
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(x509.Name([]))
    builder = builder.public_key(key).serial_number(1).not_valid_before(NOW)
    builder = builder.not_valid_after(NOW + timedelta(days=1))
    builder = builder.add_extension(key_usage("ds"), critical=True)
    builder = builder.add_extension(hardware_module_name(device), critical=True)
    authority = ec.generate_private_key(ec.SECP256R1())
    return builder.sign(authority, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_new_key_is_used_once_its_certificate_has_come(bench: Bench, tmp_path: Path) -> None:
    esme = bench.fleet.device(bench.entity("ESME"))
    usage = der.encode_node(der.sequence(der.Node(der.BIT_STRING, SIGNING)))
    request = bench.give_raw(bench.command("ESME", 0x000A, usage, critical=True))[0]
    csr = x509.load_der_x509_csr(request.payload)
    assert csr.is_signature_valid
    key = csr.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    old_key = esme.own_keys.private_key("ds")
    issued = signing_certificate(key, esme.entity_id)
    taken = bench.give_raw(bench.command("ESME", 0x000B, issued, critical=True))[0]
    assert outcome_of(taken).positive
    now_held = esme.own_keys.private_key("ds")
    assert now_held is not None
    assert old_key is not None
    assert now_held.public_key() == key != old_key.public_key()
    provided = bench.give_raw(bench.command("ESME", 0x000C, usage, critical=True))[0]
    assert provided.payload == issued
    kept = json.loads(json.dumps(bench.fleet.state()))
    bench.fleet = bench.site.make_fleet()
    bench.fleet.restore(kept)
    restored = bench.fleet.device(esme.entity_id).own_keys.private_key("ds")
    assert restored is not None
    assert restored.public_key() == key


def test_a_certificate_nobody_asked_for_is_not_taken(bench: Bench) -> None:
    own = bench.site.agreement_certificate(bench.entity("ESME"))
    others = bench.site.agreement_certificate(bench.entity("GSME"))
    results = []
    for payload in (own, others, b"\x30\x00"):
        raw = bench.command("ESME", 0x000B, payload, critical=True)
        results.append(bench.give_raw(raw)[0].payload[-1])
    assert results == [4, 2, 1]


IMAGE, VERSION = bytes(range(32)), bytes.fromhex("0123ABCF")


def activate(bench: Bench, when: datetime | None = None) -> Message:
    payload = payloads.activate_firmware(bench.counter + 1, IMAGE, when)
    return bench.give_raw(bench.command("ESME", payloads.CS06, payload, critical=True))[0]


def read_version(bench: Bench) -> bytes:
    payload = payloads.read(payloads.ECS52, bench.counter + 1)
    response = bench.give_raw(bench.command("ESME", payloads.ECS52, payload))[0]
    return dlms.decode_access_response(response.payload).data[0].octets


def test_firmware_is_activated_when_its_image_is_held(bench: Bench) -> None:
    assert activate(bench).payload.hex() == "300902010104040123abcd"
    bench.fleet.joining[bench.entity("ESME")].maintenance.firmware.load(bytes(32), VERSION)
    assert activate(bench).payload.hex() == "300902010204040123abcd"
    bench.fleet.joining[bench.entity("ESME")].maintenance.firmware.load(IMAGE, VERSION)
    assert activate(bench).payload.hex() == "300902010004040123abcf"
    assert read_version(bench) == VERSION


def test_a_future_dated_activation_happens_then_and_tells_of_it(bench: Bench) -> None:
    bench.fleet.joining[bench.entity("ESME")].maintenance.firmware.load(IMAGE, VERSION)
    when = NOW + timedelta(hours=1)
    response = activate(bench, when)
    assert response.payload == b"\x05\x00"
    assert len(response.date_time) == 12
    assert bench.fleet.tick(when - timedelta(seconds=1)) == []
    kept = json.loads(json.dumps(bench.fleet.state()))
    bench.fleet = bench.site.make_fleet()
    bench.fleet.restore(kept)
    (alert,) = map(Message.parse, bench.fleet.tick(when))
    assert (alert.message_code, alert.recipient) == (0x00CA, SUPPLIER)
    assert bytes.fromhex("8f66") in alert.payload
    assert read_version(bench) == VERSION
    assert bench.fleet.tick(when + timedelta(hours=1)) == []


def test_an_activation_can_be_cancelled(bench: Bench) -> None:
    when = NOW + timedelta(hours=1)
    activate(bench, when)
    activate(bench, datetime(3000, 12, 31, tzinfo=UTC))
    assert bench.fleet.tick(when) == []


def test_a_ppmid_tells_its_firmware_version_to_the_broker(bench: Bench) -> None:
    raw = bench.command("PPMID", payloads.CS08, payloads.nothing(), role=A)
    assert bench.give_raw(raw)[0].payload.hex() == "300904040123abcd020100"


def test_the_hub_tells_what_became_of_a_firmware_transfer(bench: Bench) -> None:
    ppmid = bench.entity("PPMID")
    result = FirmwareTransferResult.SUCCESS
    alert = Message.parse(bench.fleet.chf.firmware_transferred(ppmid, VERSION, result, NOW))
    assert (alert.message_code, alert.recipient) == (0x0128, BROKER)
    assert alert.mac is None
    assert check_signature(alert, bench.site.keys) is Verdict.VALID
    assert alert.payload.hex().startswith("30290203008f8a180f")


def chf_command(bench: Bench, code: int, payload: bytes) -> list[Message]:
    return bench.give_raw(bench.command("CHF", code, payload, role=A))


def test_a_scan_is_accepted_only_while_no_hht_is_there(bench: Bench) -> None:
    later = NOW + timedelta(hours=2)  # joining has closed
    for admitted, status in ((False, "00"), (True, "01")):
        if admitted:
            bench.fleet.chf.admit_hht(bench.site.hht, bytes(16), NOW)
        raw = bench.command("CHF", payloads.DBCH05, payloads.scan_channels(0), role=A)
        response, alert = bench.give_raw(raw, later)
        assert response.payload.hex().endswith("010200")
        assert alert.message_code == 0x0112
        assert alert.payload.hex().endswith(f"02020901{status}090100")


def test_a_chf_reports_its_firmware_version_by_ecs52_as_a_meter_does(bench: Bench) -> None:
    payload = payloads.read(payloads.ECS52, 0)
    (response,) = chf_command(bench, payloads.ECS52, payload)
    assert outcome_of(response).positive
    assert len(dlms.decode_access_response(response.payload).data[0].octets) == 4


def test_a_sub_ghz_configuration_that_was_set_is_read_back_and_reported(bench: Bench) -> None:
    before = dlms.decode_access_response(
        chf_command(bench, payloads.DBCH03, payloads.read(payloads.DBCH03, 0))[0].payload
    ).data[0]
    changed = dlms.structure(*before.members[:-1], dlms.long_unsigned(1234))
    payload = payloads.dlms_command(payloads.DBCH04, 0, changed)
    response, alert = chf_command(bench, payloads.DBCH04, payload)
    assert outcome_of(response).positive
    assert alert.message_code == 0x0113
    read = chf_command(bench, payloads.DBCH03, payloads.read(payloads.DBCH03, 0))[0]
    assert dlms.decode_access_response(read.payload).data[0] == changed
    wrong = payloads.dlms_command(payloads.DBCH04, 0, dlms.structure(dlms.unsigned(1)))
    assert not outcome_of(chf_command(bench, payloads.DBCH04, wrong)[0]).positive


def test_a_channel_log_is_read_between_two_moments(bench: Bench) -> None:
    end = REFERENCE_NOW - timedelta(days=7)
    entries = []
    for start in (REFERENCE_NOW - timedelta(days=30), end):
        payload = payloads.read_channel_log(0, start, end)
        response = chf_command(bench, payloads.DBCH02, payload)[0]
        content = dlms.decode_access_response(response.payload).data[0].content
        assert isinstance(content, dlms.CompactArray)
        entries.append(len(content.elements))
    assert entries[0] > 3
    assert entries[1] == 0


def test_the_log_of_a_replaced_hub_is_restored(bench: Bench) -> None:
    ids = {EntityId(bytes([7] * 7 + [n])): bytes([n]) * 16 for n in range(3)}
    response, alert = chf_command(bench, 0x0003, payloads.restore_log(0, bytes(8), ids))
    assert outcome_of(response).positive
    assert bench.fleet.chf.device_log.extended_pan_id == bytes(8)
    assert all(bytes(entity) in alert.payload for entity in ids)
    backup = chf_command(bench, 0x00FE, payloads.back_up_log(0))[0]
    assert all(key_hash in backup.payload for key_hash in ids.values())
    too_many = {EntityId(bytes([7] * 7 + [n])): bytes(16) for n in range(17)}
    refused = chf_command(bench, 0x0003, payloads.restore_log(0, bytes(8), too_many))[0]
    assert not outcome_of(refused).positive


def test_a_gpf_log_is_restored_device_by_device(bench: Bench) -> None:
    entries = {
        bench.entity("GSME"): DeviceType.GSME,
        EntityId(bytes([7] * 8)): DeviceType.PPMID,
        EntityId(bytes([8] * 8)): DeviceType.ESME,
    }
    raw = bench.command("GPF", payloads.GCS59, payloads.restore_gpf_log(entries), role=A)
    response, alert = bench.give_raw(raw)
    (rows,) = der.decode_only_node(response.payload).children
    assert [row.children[1].number for row in rows.children] == [0, 12, 2]
    assert alert.message_code == 0x00B2


@pytest.mark.shared
def test_an_electricity_register_read_is_encrypted_for_who_asked(
    bench: Bench, shared: Path
) -> None:
    reference = shared / "rtds/messages/4.1.1_ECS17b/ECS17b_4.1.1_SINGLE_SUCCESS_COMMAND_GBCS.HEX"
    asked = Message.parse(bytes.fromhex(reference.read_text()))
    esme = bench.entity("ESME")
    payload = asked.payload.replace(asked.recipient, esme)
    response = bench.give_raw(bench.command("ESME", 0x0027, payload))[0]
    (part,) = dlms_parts(dlms.decode_access_response(response.payload), response)
    opened = open_part(part, bench.site.keys)
    assert opened.verdict is Verdict.VALID
    assert dlms.decode_only_value(opened.plaintext).members[0].members
    stranger = payload.replace(SUPPLIER, BROKER)
    refused = bench.give_raw(bench.command("ESME", 0x0027, stranger))[0]
    assert not outcome_of(refused).positive


def test_a_gas_register_read_is_encrypted_and_says_how_good_the_clock_is(bench: Bench) -> None:
    payload = bytes.fromhex("010901010702000b0000000203010300030000")
    for status in (0x02, 0x00):
        response = bench.give_raw(bench.command("GSME", 0x0074, payload))[0]
        (component,) = decode_gbz(response.payload).components
        assert open_part(gbz_part(component, response), bench.site.keys).verdict is Verdict.VALID
        assert response.date_time[-1] == status
        clock = payloads.gas_clock(NOW, NOW + timedelta(hours=1))
        bench.give_raw(bench.command("GSME", payloads.GCS28, clock, critical=True))


def test_a_gas_command_of_another_use_case_is_refused(bench: Bench) -> None:
    payload = bytes.fromhex("010901010702000b0000000203010300030000")
    raw = bench.command("GSME", payloads.GCS38, payload.replace(b"\x07\x02", b"\x07\x05", 1))
    assert [answer.cra for answer in bench.give_raw(raw)] == [Cra.ALERT]


def test_an_attribute_the_meter_does_not_have_is_said_to_be_missing(bench: Bench) -> None:
    payload = bytes.fromhex("01090101070200050000000602").replace(b"\x06\x02", b"\xee\xee")
    response = bench.give_raw(bench.command("GSME", payloads.GCS38, payload))[0]
    assert response.payload.hex().endswith("eeee86")


def test_what_a_command_set_is_read_back_after_a_power_cut(bench: Bench) -> None:
    calendar = dlms.array(
        dlms.structure(dlms.octets(bytes(4)), dlms.octets(b"\xff\xff\xff\x05\xff"))
    )
    payload = payloads.dlms_command(payloads.ECS30, 0, calendar)
    assert outcome_of(
        bench.give_raw(bench.command("ESME", payloads.ECS30, payload, critical=True))[0]
    ).positive
    kept = json.loads(json.dumps(bench.fleet.state()))
    bench.fleet = bench.site.make_fleet()
    bench.fleet.restore(kept)
    read = bench.give_raw(bench.command("ESME", 0x003E, payloads.read(0x003E, 0)))[0]
    assert dlms.decode_access_response(read.payload).data == (calendar,)


def test_a_value_of_another_type_is_not_stored(bench: Bench) -> None:
    payload = payloads.dlms_command(payloads.ECS30, 0, dlms.unsigned(1))
    raw = bench.command("ESME", payloads.ECS30, payload, critical=True)
    response = bench.give_raw(raw)[0]
    assert response.payload.hex().endswith("01020c")


def test_an_event_log_is_cleared_and_its_bit_tells(bench: Bench) -> None:
    for number, cleared in (("03", "08"), ("0e", "00")):
        payload = bytes.fromhex(f"0109010107090004010001{number}")
        response = bench.give_raw(bench.command("GSME", 0x0015, payload))[0]
        assert response.payload.hex().endswith(f"090002{cleared}")


def test_what_a_broken_command_asks_is_refused_and_nothing_else_happens(bench: Bench) -> None:
    """Every truncation of a well protected payload is a format error, never a crash."""
    whole = Message.parse(bench.commands["cs03c-gsme-ppmid"]).payload
    for code, payload, critical in (
        (0x00AF, whole, True),
        (0x0062, Message.parse(bench.commands["ecs70-esme"]).payload, True),
        (0x0013, b"\x05\x00", False),
    ):
        label = "ESME" if code == 0x0062 else "GSME"
        for end in range(0, len(payload), max(1, len(payload) // 40)):
            raw = bench.command(label, code, payload[:end], critical=critical)
            answers = bench.give_raw(raw)
            assert answers[0].cra is Cra.ALERT, payload[:end].hex()


@pytest.mark.parametrize(
    ("label", "message_code", "code", "recipient"),
    [
        ("ESME", 0x00CE, "8f72", SUPPLIER),
        ("GSME", 0x00CF, "8f72", SUPPLIER),
        ("PPMID", 0x012B, "8f8b", BROKER),
    ],
)
def test_an_image_that_came_whole_is_reported(
    bench: Bench, label: str, message_code: int, code: str, recipient: EntityId
) -> None:
    device = bench.fleet.joining[bench.entity(label)]
    alert = Message.parse(image_received(device, IMAGE, VERSION, NOW))
    assert (alert.message_code, alert.recipient) == (message_code, recipient)
    assert alert.mac is None
    assert check_signature(alert, bench.site.keys) is Verdict.VALID
    assert bytes.fromhex(code) in alert.payload
    firmware = device.maintenance.firmware
    assert (firmware.version == VERSION) is (label == "PPMID")
    assert firmware.activate(IMAGE) == (1 if label == "PPMID" else 0)


def test_a_load_control_switch_holds_its_image_until_it_is_activated(bench: Bench) -> None:
    entity = EntityId(bytes.fromhex("00DB1234567890C5"))
    device = JoiningDevice(DeviceType.HCALCS, entity, bench.site.keys)
    draft_of_image(device)
    assert device.maintenance.firmware.version != VERSION
    assert device.maintenance.firmware.activate(IMAGE) == 0


def draft_of_image(device: JoiningDevice) -> None:
    """Give it an image; its keys are not made, so the Alert stays without its signature."""
    with pytest.raises(UnsignedMessage) as unsigned:
        image_received(device, IMAGE, VERSION, NOW)
    assert unsigned.value.message.message_code == 0x00CF


@pytest.mark.parametrize(
    ("label", "code", "make"),
    [
        ("ESME", payloads.ECS15A, payloads.clear_event_log),
        ("GSME", payloads.CS11, lambda counter, code: payloads.clear_gas_event_log()),
    ],
)
def test_a_cleared_event_log_is_empty(
    bench: Bench, label: str, code: int, make: Callable[[int, int], bytes]
) -> None:
    device = bench.fleet.joining[bench.entity(label)]
    assert device.events, "joining the SM HAN is an event"
    response = bench.give_raw(bench.command(label, code, make(bench.counter + 1, code)))[0]
    assert outcome_of(response).positive
    assert not device.events


def test_a_broken_image_is_not_held(bench: Bench) -> None:
    esme = bench.fleet.joining[bench.entity("ESME")]
    alert = Message.parse(image_received(esme, IMAGE, VERSION, NOW, intact=False))
    assert bytes.fromhex("8f1c") in alert.payload
    assert esme.maintenance.firmware.activate(IMAGE) == 1


def test_a_gas_meter_tells_the_version_that_runs(bench: Bench) -> None:
    gsme = bench.fleet.joining[bench.entity("GSME")]
    gsme.maintenance.firmware.load(IMAGE, VERSION)
    gsme.maintenance.firmware.activate(IMAGE)
    raw = bench.command("GSME", payloads.GCS38, payloads.read_gas_firmware())
    assert bench.give_raw(raw)[0].payload.endswith(VERSION)
