"""Alerts about future-dated Commands lead back to the Command, in each of the three encodings."""

import pytest

from hht.entity_id import EntityId
from hht.gbcs.correlation import CorrelationKey, key_of
from hht.gbcs.future_dated import (
    CosemTarget,
    ExecutedCommand,
    ZclTarget,
    executed_command,
)
from hht.gbcs.gbz import ZclFrame
from hht.gbcs.message import Cra, Message

DEVICE = EntityId.parse("00-DB-12-34-56-78-90-A0")
PARTY = EntityId.parse("90-B3-D5-1F-30-01-00-00")


def _alert(code: int, raw: str) -> Message:
    return Message(Cra.ALERT, 2000, DEVICE, PARTY, code, bytes.fromhex(raw))


def key_of_executed(alert: Message) -> CorrelationKey | None:
    found = executed_command(alert)
    if found is None:
        return None
    return CorrelationKey(alert.originator, alert.recipient, found.counter, found.message_code)


def test_a_dlms_alert_names_command_counter_and_attribute() -> None:
    alert = _alert(
        0x00CC,
        "0f200007de000203128f66090c07ee010fff090000008000ff"
        "0913001900000000000003f0232800005e2c020006",
    )
    target = CosemTarget(9000, bytes.fromhex("00005e2c0200"), 6)
    assert executed_command(alert) == ExecutedCommand(0x0019, 1008, target)
    assert key_of_executed(alert) == CorrelationKey(DEVICE, PARTY, 1008, 0x0019)


def test_a_gbz_alert_names_command_counter_and_zcl_command() -> None:
    alert = _alert(0x00CD, "0109018f66388188900e006b00000000000003ed07000906")
    target = ZclTarget(0x0700, ZclFrame(0x09, 0, 0x06))
    assert executed_command(alert) == ExecutedCommand(0x006B, 1005, target)


def test_a_firmware_alert_belongs_to_the_activation() -> None:
    alert = _alert(
        0x00CA,
        "30250203008f66180f32303330303131353039303030305a020203e9300902010004040123abcf",
    )
    assert executed_command(alert) == ExecutedCommand(0x0012, 1001)


@pytest.mark.parametrize(("mode", "code"), [(2, 0x0102), (9, 0x0109), (10, 0x0125), (11, 0x0126)])
def test_a_credentials_alert_belongs_to_the_command_of_its_mode(mode: int, code: int) -> None:
    outcome = f"020203e90201{mode:02x}30003000"
    body = "0203008f67180f32303330303131353030303030305a" + f"30{len(outcome) // 2:02x}" + outcome
    alert = _alert(0x00CB, f"30{len(body) // 2:02x}" + body)
    assert executed_command(alert) == ExecutedCommand(code, 1001)


def test_other_alerts_and_other_messages_belong_to_no_command() -> None:
    assert executed_command(_alert(0x1000, "0109008f301c374a80")) is None
    assert executed_command(_alert(0x00CD, "0109008f661c374a80")) is None
    response = Message(Cra.RESPONSE, 1, DEVICE, PARTY, 0x0012, b"\x05\x00")
    assert executed_command(response) is None


@pytest.mark.shared
def test_reference_alerts_lead_to_the_future_dated_command_they_are_filed_with(
    reference_messages: dict[str, Message],
) -> None:
    commands: dict[CorrelationKey, list[str]] = {}
    for name, message in reference_messages.items():
        if message.cra is Cra.COMMAND and not message.is_precommand:
            commands.setdefault(key_of(message), []).append(name)
    led = 0
    for name, message in reference_messages.items():
        key = key_of_executed(message)
        found = commands.get(key, []) if key else []
        assert not found or any("FUTURE_DATED" in command for command in found), name
        led += bool(found)
    assert led > 40
