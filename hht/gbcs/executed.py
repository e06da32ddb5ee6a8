"""Which future-dated Command an Alert reports on, as its payload names it.

Source: GBCS section 9.2.2 (future-dated Commands) and the RTDS 4.5.0 Alerts 00CA, 00CB, 00CC, 00CD
and 0124.
"""

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1.codes import ReplacementMode
from hht.gbcs.correlation import CorrelationKey
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload, decode_payload

FUTURE_DATED_DLMS = 0x00CC
FUTURE_DATED_GBZ = 0x00CD
ACTIVATE_FIRMWARE = 0x00CA
UPDATE_CREDENTIALS = frozenset({0x00CB, 0x0124})
_COMMAND_OF_ACTIVATION = 0x0012
_COMMAND_OF_MODE = {
    ReplacementMode.LOAD_CONTROLLER_BY_LOAD_CONTROLLER: 0x0125,
    ReplacementMode.LOAD_CONTROLLER_BY_SUPPLIER: 0x0126,
}
_FIRST_COMMAND_OF_MODE = 0x0100


def key_of_executed_command(alert: Message) -> CorrelationKey | None:
    """The key of the Command the Alert tells the outcome of; None for any other message."""
    command = _executed(alert.message_code, decode_payload(alert)) if _is_alert(alert) else None
    return CorrelationKey(alert.originator, alert.recipient, *command) if command else None


def _is_alert(message: Message) -> bool:
    return message.cra is Cra.ALERT


def _executed(alert_message_code: int, payload: Payload) -> tuple[int, int] | None:
    """Counter and message code of the Command."""
    match payload:
        case dlms.Notification() if alert_message_code == FUTURE_DATED_DLMS:
            return _code_and_counter(payload.content[0].octets if payload.content else b"")
        case gbz.GbzAlert() if alert_message_code == FUTURE_DATED_GBZ:
            return _code_and_counter(payload.content[1:])
        case Asn1Payload():
            return _from_asn1(alert_message_code, payload)
    return None


def _code_and_counter(raw: bytes) -> tuple[int, int] | None:
    if len(raw) < 10:
        return None
    return int.from_bytes(raw[2:10], "big"), int.from_bytes(raw[:2], "big")


def _from_asn1(alert_message_code: int, payload: Asn1Payload) -> tuple[int, int] | None:
    element = payload.element
    counter = element.find("Originator Counter")
    if counter is None or not isinstance(counter.value, int):
        return None
    if alert_message_code == ACTIVATE_FIRMWARE:
        return counter.value, _COMMAND_OF_ACTIVATION
    mode = element.find("Replacement Mode")
    if alert_message_code not in UPDATE_CREDENTIALS or mode is None:
        return None
    if not isinstance(mode.value, ReplacementMode):
        return None
    code = _COMMAND_OF_MODE.get(mode.value, _FIRST_COMMAND_OF_MODE + mode.value)
    return counter.value, code
