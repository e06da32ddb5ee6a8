"""Summaries of the use cases of a hub's channels: its sub-GHz radio, and the DRAFT of 2.4 GHz."""

from collections.abc import Callable

from hht.gbcs.dlms import NULL, Value
from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.explain.summary.han import identifier_in
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.tree.dlms_values import value_in_words
from hht.spans import Line, Part, count, entity, say

_REFUSALS = range(1, 8)
"""The answers to a request to scan, of assets/tables/enumerations.tsv, that refuse it."""
_DRAFT_TABLE = range(1, 50)
"""How many entries SECMP0012 lets a channel table have."""


def _channel(parsed: ParsedMessage) -> Line | None:
    if not parsed.is_answer:
        return None
    channel = value_in_words(parsed.values[0], "channels")
    return say("{} runs its sub-GHz HAN on {}.", parsed.subject, channel)


def _channel_changed(parsed: ParsedMessage) -> Line:
    channel, trigger = parsed.values[0].members
    to, why = value_in_words(channel, "channels"), _byte("scan_trigger", trigger)
    said = say("{} changed its sub-GHz channel to {}", parsed.subject, to)
    line = say("{}: {}.", said, why)
    return line if len(str(line)) <= LONGEST else Line.of(said, ".")


def _scan_answered(parsed: ParsedMessage) -> Line:
    """Say what the hub makes of a request to scan: why it does, or why it does not."""
    status, trigger = parsed.values[0].members
    answer = _byte("scan_status", status)
    if _number(status) in _REFUSALS:
        why = answer.removeprefix("refused: ")
        return say("{} refuses to scan its sub-GHz channels: {}.", parsed.subject, why)
    why = _byte("scan_trigger", trigger)
    return say("{} scans its sub-GHz channels ({}): {}.", parsed.subject, answer, why)


def _mask(parsed: ParsedMessage) -> Line | None:
    """Return the draft's mask: what it allows, or that it is removed."""
    if not parsed.request:
        return None
    (value,) = parsed.request.data
    wanted = "any 2.4 GHz channel" if value == NULL else value_in_words(value, "ghz_channels")
    if parsed.is_command:
        return say("DRAFT: asks {} to allow {}.", parsed.device, wanted)
    if parsed.outcome.positive:
        return say("DRAFT: {} allows {}.", parsed.subject, wanted)
    return say("DRAFT: {} refused to allow {}: {}.", parsed.subject, wanted, parsed.outcome.why)


def _ghz_channels(parsed: ParsedMessage) -> Line | None:
    if not parsed.is_answer:
        return None
    mask, table, in_use = parsed.values
    allowed = "any" if mask == NULL else value_in_words(mask, "ghz_channels")
    entries: Part = count(len(table.members), "channel")
    if len(table.members) not in _DRAFT_TABLE:
        entries = say("{}, and the draft has 1 to 49", entries)
    return say(
        "DRAFT: {} is on 2.4 GHz channel {}; its table has {}; allowed: {}.",
        parsed.subject,
        str(in_use.number),
        entries,
        allowed,
    )


def _rationed(parsed: ParsedMessage) -> Line:
    """Summarise DBCH06: the duty cycle is in its limited state."""
    rationed = entity(identifier_in(parsed.values[0]))
    words = "{} has little sub-GHz airtime left (8F20) and holds {} back."
    return say(words, parsed.subject, rationed)


def _dropped(parsed: ParsedMessage) -> Line:
    """Summarise DBCH10 by its parties alone: with moment and title the line has no room."""
    message = value_in_words(parsed.values[0], "transaction")
    return say("{} dropped {} (8F2C, no airtime).", parsed.subject, message)


def _no_capacity(parsed: ParsedMessage) -> Line:
    words = "{} has no sub-GHz capacity left (8F2D) for {}: it does not let it join."
    return say(words, parsed.subject, entity(identifier_in(parsed.values[0])))


def _byte(table: str, value: Value) -> str:
    number = _number(value)
    return enumeration(table, number) or f"{number}, which is not defined"


def _number(value: Value) -> int:
    return int.from_bytes(value.octets, "big")


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    0x010A: _channel,
    0x0110: _rationed,
    0x0111: _channel_changed,
    0x0112: _scan_answered,
    0x0114: _dropped,
    0x0115: _no_capacity,
    0xD012: _mask,
    0xD013: _ghz_channels,
}
"""By message code; each gives None where the general words do."""
