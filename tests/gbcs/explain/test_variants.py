"""What a Response holds is named by its use case: every variant, and no name that only one has."""

import re
from collections.abc import Iterator

import pytest

from hht.entity_id import EntityId
from hht.gbcs.dlms import (
    NULL,
    AccessResponse,
    Notification,
    Result,
    SpecKind,
    Value,
    array,
    boolean,
    double_long_unsigned,
    encode_access_response,
    encode_notification,
    enum,
    integer,
    long_unsigned,
    octets,
    structure,
)
from hht.gbcs.explain.describe import Field, explain
from hht.gbcs.explain.object_names import accesses_of
from hht.gbcs.gbz import GbzAlert, encode_gbz_alert
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.use_cases import use_cases

ESME = EntityId(bytes.fromhex("00DB1234567890A0"))
SUPPLIER = EntityId(bytes.fromhex("90B3D51F30010000"))
ONLY_NUMBERED = re.compile(r"\b(value|element|part|answer|data|content) \d+\b")
NEW_YEAR = "07DF0101FF000000008000FF"
HAN_ONLY = {0x0116, 0x0117, 0x0118, 0x0119}
"""Use cases whose messages are ZigBee's own; GBCS gives them a code and no payload."""


def response(code: int, kinds: list[SpecKind], values: list[Value]) -> Message:
    results = tuple(Result(kind, 0) for kind in kinds)
    payload = encode_access_response(AccessResponse(0x20000001, tuple(values), results))
    return Message(Cra.RESPONSE, 1, ESME, SUPPLIER, code, payload)


def rows(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield f"{field.name}: {field.value}"
        yield from rows(field.children)


def names(message: Message) -> list[str]:
    payload = next(field for field in explain(message).fields if field.name == "Payload")
    return [field.name for field in payload.children]


def test_every_dlms_use_case_has_its_accesses() -> None:
    dlms = {
        code
        for code, case in use_cases().items()
        if case.payload_kind == "DLMS" and not case.name.startswith("DRAFT")
    }
    assert {code for code in dlms - HAN_ONLY if not accesses_of(code)} == set()


def test_the_power_import_is_read_with_its_unit() -> None:
    scale = structure(integer(0), enum(27))
    power = structure(double_long_unsigned(2300), scale, double_long_unsigned(1200))
    described = explain(response(0x0028, [SpecKind.GET], [power]))
    assert "active power import 2300 W" in str(described.reading)
    assert "first element's active power import: 1200 W" in list(rows(described.fields))


def test_a_tariff_is_read_by_the_names_of_its_parts() -> None:
    kinds = [SpecKind.GET] * 17
    price = [double_long_unsigned(15000), structure(integer(-5), enum(254))]
    empty = [array()] * 4
    thresholds = [array(double_long_unsigned(1000))] * 8
    charges = [NULL, NULL]
    message = response(0x003A, kinds, [*price, *empty, *thresholds, boolean(True), *charges])
    found = names(message)
    assert found[0] == "Active tariff price: value"
    assert found[2] == "Tariff switching table: seasons, active"
    assert found[6] == "Tariff block thresholds in force, time of use 1: thresholds"
    assert found[14] == "Currency unit: value, active"
    assert found[15] == "Standing charge: unit charge, active"
    assert "0.15 GBP a kWh" in str(explain(message).reading)


def test_voltage_settings_of_three_phases_reset_their_counters() -> None:
    kinds = [SpecKind.SET] * 17 + [SpecKind.ACTION] * 6
    found = names(response(0x00AE, kinds, [NULL] * 23))
    assert found[2] == "Average voltage profile, phase 3: capture period"
    assert found[-1] == "Average over-voltage counter, phase 3: reset"


def test_a_label_that_may_be_of_any_controller_is_named_without_its_number() -> None:
    assert names(response(0x0053, [SpecKind.SET] * 5, [NULL] * 5)) == [
        f"Auxiliary controller {number}: description" for number in range(1, 6)
    ]
    assert names(response(0x0053, [SpecKind.SET], [NULL])) == ["Auxiliary controller: description"]


@pytest.mark.parametrize("code", [0x011E, 0x011F])
def test_a_controller_that_is_not_known_has_no_number(code: int) -> None:
    kinds = [SpecKind.SET, SpecKind.SET, SpecKind.ACTION]
    for name in names(response(code, kinds, [NULL] * 3))[:2]:
        assert name.startswith("Auxiliary controller: ")


def test_a_switch_that_may_be_activated_or_deactivated_is_not_said_to_be_either() -> None:
    found = names(response(0x0055, [SpecKind.SET, SpecKind.ACTION], [NULL] * 2))
    assert found[0] == "what was set 1 (value)"
    assert found[1] == "Auxiliary controller script table: execute"


def test_an_event_of_a_command_names_its_use_case() -> None:
    entry = bytes.fromhex("03 5481 00F9351C 02009B")
    log = bytes.fromhex("0100 00 01 10") + entry
    component = bytes.fromhex("01 0709") + (len(log) + 3).to_bytes(2, "big")
    payload = bytes.fromhex("0109 01") + component + bytes.fromhex("09 00 01") + log
    message = Message(Cra.RESPONSE, 1, ESME, SUPPLIER, 0x0014, payload)
    assert "event data: 009B, PCS01" in list(rows(explain(message).fields))


@pytest.mark.parametrize(
    ("code", "name"), [(0x811A, "HCALCS"), (0x8131, "HCALCS"), (0x8F8B, "PPMID"), (0x8F8A, "")]
)
def test_alerts_of_load_switches_and_displays_have_names(code: int, name: str) -> None:
    payload = encode_gbz_alert(GbzAlert(code, 473385600, b"", count=0))
    line = str(explain(Message(Cra.ALERT, 1, ESME, SUPPLIER, 0x1001, payload)).reading)
    assert "does not know" not in line
    assert name in line


def test_a_message_dropped_by_the_duty_cycle_is_named_by_its_parties() -> None:
    """DBCH10: originator (8), target (8), kind of message (1), counter (8)."""
    dropped = bytes(SUPPLIER) + bytes(ESME) + b"\x01" + (1234).to_bytes(8, "big")
    body = structure(long_unsigned(0x8F2C), octets(bytes.fromhex(NEW_YEAR)), octets(dropped))
    payload = encode_notification(Notification(0x20000001, body))
    described = explain(Message(Cra.ALERT, 1, ESME, SUPPLIER, 0x0114, payload))
    assert f"message: Command 1234 from {SUPPLIER} to {ESME}" in list(rows(described.fields))
    assert "8F2C" in str(described.reading)


@pytest.mark.shared
def test_nothing_in_a_reference_message_is_named_by_its_place_alone(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    for name, message in reference_messages.items():
        asked = reference_messages.get(name.replace("_RESPONSE", "_COMMAND"))
        command = asked if message.cra is Cra.RESPONSE else None
        described = explain(message, reference_keys, command=command)
        for row in rows(described.fields):
            assert not ONLY_NUMBERED.match(row), f"{name}: {row}"
            assert "unknown" not in row, f"{name}: {row}"
