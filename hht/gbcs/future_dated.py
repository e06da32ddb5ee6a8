"""Which future-dated Command an Alert reports on, as its payload names it.

Source: GBCS section 9.2.2 (future-dated Commands) and the RTDS 4.5.0 Alerts 00CA, 00CB, 00CC, 00CD
and 0124.
"""

from dataclasses import dataclass
from typing import NamedTuple

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1.codes import ReplacementMode
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload, decode_payload

FUTURE_DATED_DLMS = 0x00CC
FUTURE_DATED_GBZ = 0x00CD
ACTIVATE_FIRMWARE = 0x00CA
LATER_OUTCOMES = frozenset({ACTIVATE_FIRMWARE, 0x00CB, FUTURE_DATED_DLMS, FUTURE_DATED_GBZ, 0x0124})
"""The message codes of Alerts that report what became of a future-dated Command."""
_COMMAND_OF_ACTIVATION = 0x0012
_COMMAND_OF_MODE = {
    ReplacementMode.LOAD_CONTROLLER_BY_LOAD_CONTROLLER: 0x0125,
    ReplacementMode.LOAD_CONTROLLER_BY_SUPPLIER: 0x0126,
}
_FIRST_COMMAND_OF_MODE = 0x0100


class CosemTarget(NamedTuple):
    """The attribute a DLMS Command acted on; `obis` is the 6-byte logical name."""

    class_id: int
    obis: bytes
    attribute: int


class ZclTarget(NamedTuple):
    """The ZCL command a GBZ Command was carried out by."""

    cluster: int
    frame: gbz.ZclFrame


@dataclass(frozen=True, slots=True)
class ExecutedCommand:
    """The Command whose outcome an Alert reports, and which part of it, where the Alert says."""

    message_code: int
    counter: int
    target: CosemTarget | ZclTarget | None = None


def executed_command(alert: Message) -> ExecutedCommand | None:
    """Return the future-dated Command an Alert reports on; None for any other message."""
    if alert.cra is not Cra.ALERT:
        return None
    return _executed(alert.message_code, decode_payload(alert))


def activation_result(alert: Message) -> int:
    """Return the result of a future-dated CS06 that an Alert reports; 0, success, of any other."""
    if alert.message_code != ACTIVATE_FIRMWARE:
        return 0
    payload = decode_payload(alert)
    found = payload.element.find("Result") if isinstance(payload, Asn1Payload) else None
    return found.value if found and isinstance(found.value, int) else 0


def _executed(alert_message_code: int, payload: Payload) -> ExecutedCommand | None:
    match payload:
        case dlms.Notification() if alert_message_code == FUTURE_DATED_DLMS:
            return _from_dlms(payload.content[0].octets if payload.content else b"")
        case gbz.GbzAlert() if alert_message_code == FUTURE_DATED_GBZ:
            return _from_gbz(payload.content)
        case Asn1Payload():
            return _from_asn1(alert_message_code, payload)
    return None


def _from_dlms(raw: bytes) -> ExecutedCommand | None:
    """Read message code (2), counter (8), class (2), logical name (6), attribute (1)."""
    if len(raw) != 19:
        return None
    target = CosemTarget(_number(raw[10:12]), raw[12:18], raw[18])
    return ExecutedCommand(_number(raw[:2]), _number(raw[2:10]), target)


def _from_gbz(raw: bytes) -> ExecutedCommand | None:
    """Read length (1), message code (2), counter (8), cluster (2), frame control, command (1
    each)."""
    if len(raw) != 15 or raw[0] != 14:
        return None
    target = ZclTarget(_number(raw[11:13]), gbz.ZclFrame(raw[13], 0, raw[14]))
    return ExecutedCommand(_number(raw[1:3]), _number(raw[3:11]), target)


def _from_asn1(alert_message_code: int, payload: Asn1Payload) -> ExecutedCommand | None:
    element = payload.element
    counter = element.find("Originator Counter")
    if counter is None or not isinstance(counter.value, int):
        return None
    if alert_message_code == ACTIVATE_FIRMWARE:
        return ExecutedCommand(_COMMAND_OF_ACTIVATION, counter.value)
    mode = element.find("Replacement Mode")
    if mode is None or not isinstance(mode.value, ReplacementMode):
        return None
    code = _COMMAND_OF_MODE.get(mode.value, _FIRST_COMMAND_OF_MODE + mode.value)
    return ExecutedCommand(code, counter.value)


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")
