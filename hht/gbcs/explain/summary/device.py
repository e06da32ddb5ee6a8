"""Readings of what Devices are commissioned with: clock, firmware, Security Credentials."""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from hht.entity_id import EntityId
from hht.gbcs import gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.asn1.codes import TrustAnchorStatus
from hht.gbcs.dlms import AccessResponse
from hht.gbcs.explain.amounts import hex_in_words
from hht.gbcs.explain.dates import NEVER, cosem_moment, moment
from hht.gbcs.explain.summary.parsed import Told, counted, reason
from hht.gbcs.explain.tree.asn1 import code_in_words
from hht.gbcs.explain.value_formats import enumeration
from hht.gbcs.message import Cra

_PRESET, _ADJUST, _TIME, _STATUS = range(1, 5)
_FIRMWARE_ATTRIBUTE = 0x0206


def _set_clock(told: Told) -> str:
    """ECS70: clock base, preset time, adjust, then read the time and its status."""
    if told.message.cra is Cra.COMMAND:
        start, end = (told.values[_PRESET].members[at].octets for at in (1, 2))
        return _clock_command(told, cosem_moment(start), cosem_moment(end))
    if not told.outcome.positive:
        return f"{told.subject} did not wholly set its clock: {reason(told.outcome)}"
    stands = cosem_moment(told.values[_TIME].octets)
    code = told.values[_STATUS].number
    status = enumeration("clock_status", code & 3) or ""
    return f"The clock of {told.device} stands at {stands}; it holds it to be {status}."


def _set_gas_clock(told: Told) -> str:
    if told.message.cra is Cra.COMMAND:
        start, end = (_time(told.element, f"Validity Interval {name}") for name in ("Start", "End"))
        return _clock_command(told, start, end)
    stands = _time(told.element, "Device Time")
    return (
        f"The clock of {told.device} stands at {stands}; "
        f"it holds it to be {_code(told.element, 'Time Status')}."
    )


def _clock_command(told: Told, start: str, end: str) -> str:
    return f"Asks {told.device} to set its clock, if its time is then from {start} to {end}."


def _read_firmware(told: Told) -> str | None:
    """ECS52 and GCS38 and CS08."""
    if told.message.cra is not Cra.RESPONSE or not told.outcome.positive:
        return None
    return f"{told.subject} runs firmware version {_firmware(told)}."


def _firmware(told: Told) -> str:
    match told.payload:
        case AccessResponse():
            return hex_in_words(told.values[0].octets)
        case gbz.GbzPayload():
            component = told.payload.components[0]
            (record,) = gbz.decode_fields(component.cluster, component.frame)
            value = record.members[-1].value
            return hex_in_words(value) if isinstance(value, bytes) else ""
    return _octets(told.element, "Firmware Version")


def _activate_firmware(told: Told) -> str:
    if told.message.cra is Cra.COMMAND:
        return _activation_command(told)
    if _find(told.element, "Command Accepted"):
        return f"{told.subject} accepted the Command on the activation of firmware, for later."
    code = _code(told.element, "Result")
    version = _octets(told.element, "Firmware Version")
    if code == "success":
        return f"{told.subject} activated firmware and runs version {version}."
    return f"{told.subject} did not activate firmware: {code}. It runs version {version}."


def _activation_command(told: Told) -> str:
    image = f"the firmware image of hash {_octets(told.element, 'Manufacturer Image Hash')[:8]}..."
    if _find(told.element, "Execution Date Time") is None:
        return f"Asks {told.device} to activate {image} at once."
    when = _time(told.element, "Execution Date Time")
    if when == NEVER:
        return f"Asks {told.device} not to activate {image}: cancels what was to come."
    return f"Asks {told.device} to activate {image} at {when}."


def _firmware_transferred(told: Told) -> str:
    device = _find(told.element, "Device")
    to = f"Device {EntityId(device.value)}" if device and isinstance(device.value, bytes) else ""
    version = _octets(told.element, "Firmware Version")
    code = _code(told.element, "Result")
    if code == "success":
        return f"{told.subject} gave firmware version {version} to {to}."
    return f"{told.subject} did not give firmware version {version} to {to}: {code}."


def _firmware_activated(told: Told) -> str:
    version = _octets(told.element, "Firmware Version")
    if _code(told.element, "Result") == "success":
        return f"{told.subject} activated its new firmware and runs version {version}."
    return f"{told.subject} did not activate its new firmware. It runs version {version}."


def _replace_credentials(told: Told) -> str:
    """CS02b and CS02g."""
    if told.message.cra is Cra.COMMAND:
        return _replacement_command(told)
    if _find(told.element, "Execution Outcome") is None:
        return f"{told.subject} accepted the Command on Security Credentials, for later."
    outcomes = told.element.all("Replacement Outcome") if told.element else ()
    done = [found for found in outcomes if _status(found) is TrustAnchorStatus.SUCCESS]
    words = f"{told.subject} replaced {len(done)} of {counted(len(outcomes), 'credential')}"
    failed = [code_in_words(_status(found)) for found in outcomes if found not in done]
    why = f", first failure: {failed[0]}" if failed else ""
    return f"{words} ({_code(told.element, 'Replacement Mode')}){why}."


def _replacement_command(told: Told) -> str:
    certificates = told.element.all("Replacement") if told.element else ()
    when = _time(told.element, "Execution Date Time") or "at once"
    if when == NEVER:
        return f"Asks {told.device} to cancel the change of Security Credentials to come."
    return (
        f"Asks {told.device} to replace {counted(len(certificates), 'credential')} "
        f"({_code(told.element, 'Replacement Mode')}), {when}."
    )


def _status(outcome: Element) -> TrustAnchorStatus:
    found = outcome.find("Status")
    known = isinstance(found.value, TrustAnchorStatus) if found else False
    return found.value if found and known else TrustAnchorStatus.OTHER  # type: ignore[return-value]


def _find(element: Element | None, name: str) -> Element | None:
    return element.find(name) if element else None


def _octets(element: Element | None, name: str) -> str:
    found = _find(element, name)
    return hex_in_words(found.value) if found and isinstance(found.value, bytes) else ""


def _code(element: Element | None, name: str) -> str:
    found = _find(element, name)
    value = found.value if found else None
    if isinstance(value, bytes):
        return "out of range"
    return code_in_words(value) if isinstance(value, IntEnum) else str(value)


def _time(element: Element | None, name: str) -> str:
    found = _find(element, name)
    return moment(found.value) if found and isinstance(found.value, datetime) else ""


READERS: dict[int, Callable[[Told], str | None]] = {
    0x0062: _set_clock,
    0x007F: _set_gas_clock,
    **dict.fromkeys((0x0059, 0x0084, 0x0129), _read_firmware),
    0x0012: _activate_firmware,
    0x00CA: _activate_firmware,
    0x0128: _firmware_transferred,
    0x012B: _firmware_activated,
    **dict.fromkeys((*range(0x0100, 0x010A), 0x0125, 0x0126, 0x00CB, 0x0124), _replace_credentials),
}
"""By message code; each gives None where the general words do."""
