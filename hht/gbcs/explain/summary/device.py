"""Summaries of what Devices are commissioned with: clock, firmware, Security Credentials."""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from hht.entity_id import EntityId
from hht.gbcs import gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.asn1.certificates import read_certificate, read_request
from hht.gbcs.asn1.codes import KeyUsage, TrustAnchorStatus
from hht.gbcs.dlms import AccessResponse
from hht.gbcs.explain.amounts import hex_in_words, whole
from hht.gbcs.explain.dates import Place, cosem_moment, no_asn1_time, utc
from hht.gbcs.explain.summary.alerts import outcome_told
from hht.gbcs.explain.summary.highlights import mark_of
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.timing import Timing, When
from hht.gbcs.explain.tree.asn1 import code_in_words
from hht.gbcs.explain.value_formats import enumeration
from hht.gbcs.outcome import OutcomeKind
from hht.spans import EMPTY, Line, Part, Span, code, count, device, entity, moment, say

_PRESET, _ADJUST, _TIME, _STATUS = range(1, 5)
_LONGEST_HASH = 8  # hexadecimal digits that tell two images apart and leave room in the line
_LONGEST_VERSION = 8  # octets; a ZigBee file version has 4
_ACTIVATION_RESULTS = (0, 1)
"""What CS09 defines: the new firmware runs, or it does not."""


def _set_clock(parsed: ParsedMessage) -> Line:
    """Summarise ECS70: clock base, preset time, adjust, then read the time and its status."""
    if parsed.is_command:
        start, end = (parsed.values[_PRESET].members[at].octets for at in (1, 2))
        return _clock_command(parsed, cosem_moment(start), cosem_moment(end))
    if not parsed.outcome.positive:
        return parsed.did_not("set its clock")
    shown = cosem_moment(parsed.values[_TIME].octets)
    number = parsed.values[_STATUS].number
    status = enumeration("clock_status", number & 3) or ""
    return _clock(parsed, shown, code(status, number))


def _set_gas_clock(parsed: ParsedMessage) -> Line:
    if parsed.is_command:
        names = (f"Validity Interval {name}" for name in ("Start", "End"))
        start, end = (_time(parsed.element, name) for name in names)
        return _clock_command(parsed, start, end)
    return _clock(
        parsed, _time(parsed.element, "Device Time"), _code(parsed.element, "Time Status")
    )


def _clock(parsed: ParsedMessage, shown: Span, status: Part) -> Line:
    if shown.at is None:
        words = "The clock of {} shows no time ({}); its status is {}."
        return say(words, parsed.device, shown, status)
    return say("The clock of {} shows {}; its status is {}.", parsed.device, shown, status)


def _clock_command(parsed: ParsedMessage, start: Part, end: Part) -> Line:
    words = "Asks {} to set its clock from the hub, if that is between {} and {}."
    return say(words, parsed.device, start, end)


def _read_firmware(parsed: ParsedMessage) -> Line | None:
    """Summarise ECS52, GCS38 and CS08."""
    if parsed.is_command or not parsed.outcome.positive:
        return None
    version = _firmware(parsed)
    if isinstance(version, Span) and not version.text.strip("0"):
        return say("{} answered, but gives no firmware version ({}).", parsed.subject, version)
    return say("{} runs firmware version {}.", parsed.subject, version)


def _firmware(parsed: ParsedMessage) -> Part:
    match parsed.payload:
        case AccessResponse():
            return code(hex_in_words(parsed.values[0].octets))
        case gbz.GbzPayload():
            component = parsed.payload.components[0]
            (record,) = gbz.decode_fields(component.cluster, component.frame)
            value = record.members[-1].value
            return code(hex_in_words(value)) if isinstance(value, bytes) else "not valid"
    return _octets(parsed.element, "Firmware Version")


def _activate_firmware(parsed: ParsedMessage) -> Line:
    if parsed.is_command:
        return _activation_command(parsed)
    if parsed.outcome.kind is OutcomeKind.ACCEPTED:
        return _accepted(parsed, "activate firmware")
    result = _code(parsed.element, "Result")
    version = _octets(parsed.element, "Firmware Version")
    done = not _failed(parsed.element)
    if done:
        told = say("{} activated firmware and runs version {}.", parsed.subject, version)
    else:
        words = "{} did not activate firmware: {}. It runs version {}."
        told = say(words, parsed.subject, result, version)
    return outcome_told(parsed, done, told)


def _activation_command(parsed: ParsedMessage) -> Line:
    found = _find(parsed.element, "Manufacturer Image Hash")
    octets = found.value if found and isinstance(found.value, bytes) else b""
    shown = f"of hash {octets.hex().upper()[:_LONGEST_HASH]}..." if octets else "without a hash"
    image = f"the firmware image {shown}"
    timing = parsed.timing or Timing()
    match timing.when:
        case When.CANCELLED:
            return say("Asks {} not to activate {} any more (cancelled).", parsed.device, image)
        case When.AT | When.UNREADABLE:
            return say("Asks {} to activate {} at {}.", parsed.device, image, timing.moment)
    return say("Asks {} to activate {} at once.", parsed.device, image)


def _accepted(parsed: ParsedMessage, task: str) -> Line:
    """Say for which moment it was accepted, or that it was cancelled, if the Command is known."""
    timing = parsed.timing
    if timing and timing.when is When.CANCELLED:
        return say("{} will not {} after all (cancelled).", parsed.subject, task)
    if timing and timing.when in (When.AT, When.UNREADABLE):
        return say("{} accepted, for {}: to {}.", parsed.subject, timing.moment, task)
    return say("{} accepted the Command to {}, for later or to cancel it.", parsed.subject, task)


def _firmware_transferred(parsed: ParsedMessage) -> Line:
    found = _find(parsed.element, "Device")
    octets = found.value if found and isinstance(found.value, bytes) else b""
    to: Part = device(EntityId(octets)) if len(octets) == 8 else "a Device"
    version = _octets(parsed.element, "Firmware Version")
    if done := not _failed(parsed.element):
        words = say("{} gave firmware {} to {}.", parsed.subject, version, to)
    else:
        why = _code(parsed.element, "Result")
        words = say("{} did not give {} firmware {}: {}.", parsed.subject, to, version, why)
    return outcome_told(parsed, done, words)


def _firmware_activated(parsed: ParsedMessage) -> Line:
    version = _octets(parsed.element, "Firmware Version")
    result = _find(parsed.element, "Result")
    if result and isinstance(result.value, int) and result.value not in _ACTIVATION_RESULTS:
        words = "{} reports outcome {}, not defined, of its new firmware. It runs version {}."
        return say(words, parsed.subject, str(result.value), version)
    if not _failed(parsed.element):
        return say("{} activated its new firmware and runs version {}.", parsed.subject, version)
    words = "{} did not activate its new firmware. It runs version {}."
    return say(words, parsed.subject, version)


def _replace_credentials(parsed: ParsedMessage) -> Line:
    """Summarise CS02b and CS02g."""
    if parsed.is_command:
        return _replacement_command(parsed)
    if _find(parsed.element, "Execution Outcome") is None:
        return _accepted(parsed, "change Security Credentials")
    outcomes = parsed.element.all("Replacement Outcome") if parsed.element else ()
    done = [found for found in outcomes if _status(found) is TrustAnchorStatus.SUCCESS]
    failed = [found for found in outcomes if found not in done]
    why = say(", first failure: {}", code_in_words(_status(failed[0]))) if failed else EMPTY
    told = say(
        "{} replaced {} ({}){}.",
        parsed.subject,
        _share(len(done), len(outcomes)),
        _code(parsed.element, "Replacement Mode"),
        why,
    )
    return outcome_told(parsed, bool(done) and not failed, told)


def _share(done: int, total: int) -> Line:
    """Return `all 3 credentials`, `2 credentials`, `2 of 3 ...`, `none of 3 ...`."""
    credentials = count(total, "credential")
    if done == total:
        return say("{}{}", "all " if total > 2 else "", credentials)
    return say("{} of {}", str(done or "none"), credentials)


def _replacement_command(parsed: ParsedMessage) -> Line:
    certificates = parsed.element.all("Replacement") if parsed.element else ()
    timing = parsed.timing or Timing()
    if timing.when is When.CANCELLED:
        words = "Asks {} not to change Security Credentials ({}) any more (cancelled)."
        return say(words, parsed.device, _code(parsed.element, "Replacement Mode"))
    dated = timing.when in (When.AT, When.UNREADABLE)
    when = say("at {}", timing.moment) if dated else Line.of("at once")
    return say(
        "Asks {} to replace {} ({}), {} ({}).",
        parsed.device,
        count(len(certificates), "credential"),
        _code(parsed.element, "Replacement Mode"),
        when,
        mark_of(parsed.fields[0].children[1:2]),
    )


def _report_credentials(parsed: ParsedMessage) -> Line | None:
    """Summarise CS02a and CS02f: whose credentials a Device holds."""
    if parsed.is_command or not parsed.element or not parsed.outcome.positive:
        return None
    parties = parsed.element.all("Remote Party")
    cells = parsed.element.all("Trust Anchor Cell")
    return say(
        "{} holds {} of {}.",
        parsed.subject,
        count(len(cells), "Security Credential"),
        count(len(parties), "Remote Party role", "Remote Party roles"),
    )


def _issue_credentials(parsed: ParsedMessage) -> Line | None:
    """Summarise CS02c: new keys, and the request for a certificate of them."""
    if parsed.is_command:
        usage = _usage(parsed.element)
        words = "Asks {} to make a new key pair for {} and to ask for its certificate."
        return say(words, parsed.device, usage)
    found = _find(parsed.element, "Certification Request")
    request = read_request(found.node) if found else None
    if request is None:
        return None
    usage = code_in_words(request.key_usage) if request.key_usage else "a use that is not said"
    owner = entity(request.entity_id) if request.entity_id else "no Device"
    words = "{} made a new key pair for {} and asks for the certificate of {}."
    return say(words, parsed.subject, usage, owner)


def _own_certificate(parsed: ParsedMessage) -> Line | None:
    """Summarise CS02d, which gives a Device its certificate, and CS02e, which asks for it."""
    found = _find(parsed.element, "Device Certificate")
    certificate = read_certificate(found.node) if found else None
    if certificate is None:
        if parsed.is_command and _find(parsed.element, "Key Usage"):
            words = "Asks {} to report its certificate for {}."
            return say(words, parsed.device, _usage(parsed.element))
        return None
    owner: Part = entity(certificate.entity_id) if certificate.entity_id else "no Device"
    usage = code_in_words(certificate.key_usage)
    if parsed.is_command:
        return say("Gives {} the certificate of {} for {}.", parsed.device, owner, usage)
    return say("{} reports the certificate of {} for {}.", parsed.subject, owner, usage)


def _usage(element: Element | None) -> str:
    found = _find(element, "Key Usage")
    value = found.value if found else None
    return code_in_words(value) if isinstance(value, KeyUsage) else "a use that is not defined"


def _status(outcome: Element) -> TrustAnchorStatus:
    found = outcome.find("Status")
    value = found.value if found else None
    return value if isinstance(value, TrustAnchorStatus) else TrustAnchorStatus.OTHER


def _failed(element: Element | None) -> bool:
    found = _find(element, "Result")
    return found is None or found.value != 0


def _find(element: Element | None, name: str) -> Element | None:
    return element.find(name) if element else None


def _octets(element: Element | None, name: str) -> Part:
    found = _find(element, name)
    value = found.value if found else None
    return code(_hex_in_short(value)) if isinstance(value, bytes) else "not given"


def _hex_in_short(octets: bytes) -> str:
    """Return octets in hexadecimal, of more than any version has how many there are."""
    return hex_in_words(octets) if len(octets) <= _LONGEST_VERSION else f"of {len(octets)} bytes"


def _code(element: Element | None, name: str) -> Part:
    found = _find(element, name)
    value = found.value if found else None
    if isinstance(value, IntEnum):
        return code(code_in_words(value), int(value))
    return whole(value) if isinstance(value, int) else "out of range"


def _time(element: Element | None, name: str) -> Span:
    found = _find(element, name)
    if found is None:
        return moment("not given")
    at = found.value
    return utc(at, Place.STAMP) if isinstance(at, datetime) else no_asn1_time(found.node.content)


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    0x0062: _set_clock,
    0x007F: _set_gas_clock,
    **dict.fromkeys((0x0059, 0x0084, 0x0129), _read_firmware),
    0x0012: _activate_firmware,
    0x00CA: _activate_firmware,
    0x0128: _firmware_transferred,
    0x012B: _firmware_activated,
    **dict.fromkeys((*range(0x0100, 0x010A), 0x0125, 0x0126, 0x00CB, 0x0124), _replace_credentials),
    **dict.fromkeys((0x0008, 0x011B), _report_credentials),
    0x000A: _issue_credentials,
    **dict.fromkeys((0x000B, 0x000C), _own_certificate),
}
"""By message code; each gives None where the general words do."""
