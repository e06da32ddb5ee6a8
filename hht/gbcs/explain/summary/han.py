"""Summaries of the use cases of the HAN: Device Logs, joining, unjoining."""

from collections.abc import Callable

from hht.entity_id import EntityId
from hht.gbcs.asn1 import Element
from hht.gbcs.asn1.codes import DeviceType, JoinMethod
from hht.gbcs.dlms import Tag, Value
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.explain.summary.parsed import ParsedMessage, listed
from hht.gbcs.explain.tree.asn1 import code_in_words
from hht.spans import Line, Part, Span, amount, capital, count, device, entity, say

_SUCCESS = AccessResult.SUCCESS
_MINUTE = 60  # seconds
_MOST_LISTED = 3
"""Devices that a line names; a log may hold sixteen."""
_ROOM_FOR_WHEN = len(" At 2030-01-15 00:00:00 UTC.")
"""What follows an Alert's line."""


def _add_device(parsed: ParsedMessage) -> Line:
    added = _added(parsed)
    subject, why = parsed.subject, parsed.outcome.why
    if parsed.is_command:
        words = "to close joining" if _closes(parsed) else "to let it join"
        return say(
            "Asks {} to add {} to its log and {}{}.", parsed.device, added, words, _open_for(parsed)
        )
    if parsed.codes[0] != _SUCCESS:
        return say("{} did not add {} to its log: {}.", subject, added, why)
    if not parsed.outcome.positive:
        words = "joining is not closed" if _closes(parsed) else "joining is not open"
        return say("{} added {} to its log, but {}: {}.", subject, added, words, why)
    words = "joining closed" if _closes(parsed) else "joining open"
    return say("{} added {} to its log; {}{}.", subject, added, words, _open_for(parsed))


def _added(parsed: ParsedMessage) -> Part:
    """Return the Device a Command adds, where the Command is at hand."""
    if not parsed.request:
        return "the Device"
    entry = parsed.request.data[0]
    number = entry.members[3].number
    kind = enumeration("joining_device", number)
    added = device(identifier_in(entry.members[0]), kind or "Device")
    return added if kind else say("{} (type {}, not defined)", added, str(number))


def _closes(parsed: ParsedMessage) -> bool:
    """Return whether the Command disables joining, which CCS01 sets last."""
    return parsed.request is not None and not parsed.request.data[2].number


def _open_for(parsed: ParsedMessage) -> Part:
    """Return for how long the Device may join, where the Command is at hand and opens it."""
    if not parsed.request or _closes(parsed):
        return ""
    return say(" for {}", _joining_time(parsed.request.data[1].number))


def _joining_time(seconds: int) -> Span:
    """Write whole minutes as minutes: an hour of joining is `60 minutes`."""
    if seconds >= _MINUTE and seconds % _MINUTE == 0:
        return amount(str(count(seconds // _MINUTE, "minute").text), seconds)
    return amount(f"{seconds} s", seconds)


def _remove_device(parsed: ParsedMessage) -> Line:
    removed: Part = "the Device"
    if parsed.request:
        removed = device(identifier_in(parsed.request.data[0]))
    if parsed.is_command:
        return say("Asks {} to remove {} from its log.", parsed.device, removed)
    if parsed.outcome.positive:
        return say("{} removed {} from its log.", parsed.subject, removed)
    why = parsed.outcome.why
    return say("{} did not remove {} from its log: {}.", parsed.subject, removed, why)


def _restore_log(parsed: ParsedMessage) -> Line:
    log: Part = "what was backed up"
    if parsed.request:
        log = _devices(parsed.request.data[0].members[1])
    if parsed.is_command:
        return say("Asks {} to restore its log and its HAN with {}.", parsed.device, log)
    if parsed.outcome.positive:
        return say("{} restored its log with {}.", parsed.subject, log)
    return say("{} did not restore its log: {}.", parsed.subject, parsed.outcome.why)


def _read_log(parsed: ParsedMessage) -> Line | None:
    if not parsed.is_answer:
        return None
    return say("{} holds in its log {}.", parsed.subject, _devices(parsed.values[0]))


def _back_up_logs(parsed: ParsedMessage) -> Line | None:
    if not parsed.is_answer:
        return None
    present, historic = (count(len(value.members[2].members), "Device") for value in parsed.values)
    return say(
        "{} holds {} in its log and {} in its historic log.", parsed.subject, present, historic
    )


def _log_changed(parsed: ParsedMessage) -> Line:
    entries = parsed.values[0].members[2]
    keyless = sum(not entry.members[1].octets for entry in entries.members)
    waiting = f" ({keyless} without a key yet)" if keyless else ""
    return _changed(parsed, [_devices(entries, most, waiting) for most in (2, 1, 0)])


def _gpf_log_changed(parsed: ParsedMessage) -> Line:
    return _changed(parsed, [_entries(parsed.element, most) for most in (1, 0)])


def _changed(parsed: ParsedMessage, logs: list[Line]) -> Line:
    """Say what a log holds, by the first of its wordings that leaves room for when that was."""
    lines = [say("The log of {} changed and holds {}.", parsed.device, log) for log in logs]
    room = LONGEST - _ROOM_FOR_WHEN
    return next((line for line in lines if line.size <= room), lines[-1])


def _join_details(parsed: ParsedMessage) -> Line | None:
    if not parsed.is_answer:
        return None
    return say("{} is joined with {}.", parsed.subject, _entries(parsed.element))


def _restore_gpf_log(parsed: ParsedMessage) -> Line:
    entries = _entries(parsed.element)
    if parsed.is_command:
        return say("Asks {} to restore its log with {}.", parsed.device, entries)
    if parsed.outcome.positive:
        return say("{} restored its log with {}.", parsed.subject, entries)
    return parsed.did_not("restore its log")


def _join(parsed: ParsedMessage) -> Line:
    other = _other(parsed.asked)
    if parsed.is_command:
        return say("Asks {} to join {} by {}.", parsed.device, other, _method(parsed.asked))
    if parsed.outcome.positive:
        return say("{} joined {}.", parsed.subject, other)
    return say("{} did not join {}: {}.", parsed.subject, other, parsed.outcome.why)


def _unjoin(parsed: ParsedMessage) -> Line:
    other = _other(parsed.asked)
    if parsed.is_command:
        return say("Asks {} to end its join with {}.", parsed.device, other)
    if parsed.outcome.positive:
        return say("{} is no longer joined with {}.", parsed.subject, other)
    return say("{} did not end its join with {}: {}.", parsed.subject, other, parsed.outcome.why)


def _devices(devices: Value, most: int = _MOST_LISTED, besides: str = "") -> Line:
    """Return how many Devices an array holds, what is to be said of some of them, and which.

    The identifier is each entry's first member.
    """
    names: list[Part] = [entity(identifier_in(entry.members[0])) for entry in devices.members]
    return Line.of(count(len(names), "Device"), besides, listed(names, most))


def identifier_in(value: Value) -> EntityId:
    """Return the Entity Identifier in an octet string; the empty one where there is none."""
    return EntityId(value.octets if value.tag == Tag.OCTET_STRING else b"")


def _entries(element: Element | None, most: int = 2) -> Line:
    entries = element.all("Device Log Entry") if element else ()
    names: list[Part] = [_typed(entry) for entry in entries]
    return Line.of(count(len(names), "Device"), listed(names, most))


def _typed(entry: Element) -> Part:
    """Write `00-DB-... (PPMID)`; where the Device's name is known, that alone."""
    found, kind = entry.find("Device"), entry.find("Device Type")
    octets = found.value if found else b""
    if not isinstance(octets, bytes) or len(octets) != len(EntityId(bytes(8))):
        return "a Device that cannot be read"
    identifier = EntityId(octets)
    words = f" ({_spoken(kind)})" if kind else ""
    return entity(identifier)._replace(text=f"{identifier}{words}")


def _other(asked: Element | None) -> Part:
    if asked is None:
        return "the other Device"
    typed = _typed(asked)
    if not isinstance(typed, Span):
        return typed
    return typed._replace(text=f"Device {typed.text}", article="the ")


def _method(asked: Element | None) -> str:
    method = asked.find("Join Method") if asked else None
    if method is None or not isinstance(method.value, JoinMethod):
        return "a method that is not defined"
    words = code_in_words(method.value).split()
    role = f", as {words[2]}" if len(words) > 2 else ""
    return f"method {words[1].upper()}{role}"


def _spoken(kind: Element) -> str:
    value = kind.value
    if isinstance(value, DeviceType):
        return capital(code_in_words(value))
    return f"type {value}" if isinstance(value, int) else "type out of range"


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    0x0001: _add_device,
    0x0002: _remove_device,
    0x0003: _restore_log,
    0x0004: _read_log,
    0x010F: _read_log,
    0x00FE: _back_up_logs,
    0x0018: _log_changed,
    0x00B2: _gpf_log_changed,
    0x0013: _join_details,
    0x008C: _restore_gpf_log,
    **dict.fromkeys((0x000D, 0x000E, 0x00AB, 0x00AF), _join),
    **dict.fromkeys((0x000F, 0x0010), _unjoin),
}
"""By message code; each gives None where the general words do."""
