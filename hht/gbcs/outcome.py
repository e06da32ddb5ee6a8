"""Did a Response report success? Partial success is none: every access must have succeeded.

A GSME or GPF that answers a read with `not found` has carried it out: there was nothing to give.
"""

from dataclasses import dataclass
from enum import IntEnum

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.encryption import gbz_part, open_part
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.gbz.statuses import TopUpResult, ZclStatus
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload, Unknown, decode_payload
from hht.gbcs.protection import KeyStore, Verdict

_VERDICTS = ("Result", "Status", "Time Status")
_GIVEN = ("Device Certificate", "Certification Request")
_TOP_UP_RESPONSE = (0x0705, 0x03)
_START_SAMPLING_RESPONSE = (0x0702, 0x0D)
_CLEAR_LOG_RESPONSE = (0x0709, 0x02)
_NO_SAMPLE = 0xFFFF
_ENCRYPTED = "Answered; what is encrypted was not read."


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether all of it succeeded, and one line that says so."""

    positive: bool
    summary: str


def outcome_of(response: Message, keys: KeyStore | None = None) -> Outcome:
    """What a Response says became of its Command; one that cannot be read is not positive.

    With the keys, what is encrypted has its say too; without, it counts as answered.
    """
    if response.cra is not Cra.RESPONSE:
        return Outcome(False, f"This is a {response.cra.name.capitalize()}, not a Response.")
    try:
        payload = decode_payload(response)
    except MalformedMessage as error:
        return _unreadable(error)
    return outcome_of_payload(payload, response, keys)


def outcome_of_payload(payload: Payload, response: Message, keys: KeyStore | None) -> Outcome:
    """What `outcome_of` says, of a payload that is decoded already."""
    try:
        return _of_payload(payload, response, keys)
    except MalformedMessage as error:
        return _unreadable(error)


def _unreadable(error: MalformedMessage) -> Outcome:
    return Outcome(False, f"The Response cannot be read: {error.what}.")


def _of_payload(payload: Payload, response: Message, keys: KeyStore | None) -> Outcome:
    match payload:
        case dlms.AccessResponse():
            return _judge([_access(result) for result in payload.results], "accesses")
        case Asn1Payload():
            return _of_element(payload.element)
        case gbz.GbzPayload():
            return _of_components(payload, response, keys)
        case Unknown():
            return Outcome(False, payload.note)
    return Outcome(False, "The payload is not that of a Response.")


def _judge(failures: list[str], many: str, success: str = "Success.") -> Outcome:
    """From one entry for each part, empty where it succeeded."""
    bad = [failure for failure in failures if failure]
    if not failures:
        return Outcome(False, "The Response answers nothing.")
    if not bad:
        return Outcome(True, success)
    if len(failures) == 1:
        return Outcome(False, f"Failed: {bad[0]}.")
    return Outcome(False, f"{len(bad)} of {len(failures)} {many} failed, first: {bad[0]}.")


def _access(result: dlms.Result) -> str:
    return _words(AccessResult, result.code) if result.code else ""


def _of_element(element: Element) -> Outcome:
    verdicts = [found.value for name in _VERDICTS for found in element.all(name)]
    if verdicts:
        return _judge([_spoken(verdict) if verdict else "" for verdict in verdicts], "parts")
    if element.find("Command Accepted"):
        return Outcome(True, "Accepted; to be executed later.")
    if any(map(element.find, _GIVEN)):
        return Outcome(True, "Success.")
    return Outcome(False, "The Response is not of a form this tool knows.")


def _of_components(payload: gbz.GbzPayload, message: Message, keys: KeyStore | None) -> Outcome:
    plain = [_plain(component, message, keys) for component in payload.components]
    unread = _ENCRYPTED if None in plain else "Success."
    failures = [_failure(component) if component else "" for component in plain]
    found = [ZclStatus.NOT_FOUND not in _statuses(component) for component in plain if component]
    success = "Success; nothing was found." if found and not any(found) else unread
    return _judge(failures, "components", success)


def _plain(
    component: gbz.Component, message: Message, keys: KeyStore | None
) -> gbz.Component | None:
    """The component, decrypted if need be; None when the key is not held."""
    if not component.is_encrypted:
        return component
    opened = open_part(gbz_part(component, message), keys)
    if opened.verdict is Verdict.UNCHECKED:
        return None
    if opened.verdict is Verdict.INVALID:
        raise MalformedMessage("an encrypted part does not open with its key")
    frame = component.frame._replace(payload=opened.plaintext)
    return gbz.Component(component.control, component.cluster, frame)


def _failure(component: gbz.Component) -> str:
    """Why a component failed, in words; empty when it did not."""
    for status in _statuses(component):
        if status not in (ZclStatus.SUCCESS, ZclStatus.NOT_FOUND):
            return _words(ZclStatus, status)
    frame = component.frame
    fields = gbz.decode_fields(component.cluster, frame)
    if frame.is_foundation or not fields:
        return ""
    return _refusal((component.cluster, frame.command), fields[0].value)


def _refusal(command: tuple[int, int], first: object) -> str:
    """What the first field of a cluster's own response tells, where it can tell of failure."""
    if command == _TOP_UP_RESPONSE:
        return "" if _is_accepted(first) else _words(TopUpResult, first)
    if command == _START_SAMPLING_RESPONSE and first == _NO_SAMPLE:
        return "sampling was not started"
    if command == _CLEAR_LOG_RESPONSE and not first:
        return "no log was cleared"
    return ""


def _is_accepted(result: object) -> bool:
    accepted = isinstance(result, int) and result >= TopUpResult.ACCEPTED_SUPPLY_ENABLED
    return accepted or result == TopUpResult.ACCEPTED


def _statuses(component: gbz.Component) -> list[object]:
    """The statuses of a default response or of attribute records."""
    if not component.frame.is_foundation:
        return []
    fields = gbz.decode_fields(component.cluster, component.frame)
    flat = (member for field in fields for member in field.members or (field,))
    return [field.value for field in flat if field.name == "status"]


def _words(codes: type[IntEnum], code: object) -> str:
    return _spoken(codes._value2member_map_.get(code, code))


def _spoken(code: object) -> str:
    if isinstance(code, IntEnum):
        return code.name.lower().replace("_", " ")
    return f"code {code}" if isinstance(code, int) else "a code out of range"
