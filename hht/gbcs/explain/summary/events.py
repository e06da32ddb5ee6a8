"""Summaries of which events a meter logs and sends, and of which maximum demand it resets."""

from collections.abc import Callable, Iterable, Iterator

from hht.gbcs.explain.field import Field
from hht.gbcs.explain.object_names import object_name
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.summary.values.highlights import mark_of
from hht.gbcs.explain.timing import When, when_asked
from hht.spans import EMPTY, Kind, Line, Part, code, count, joined, say

_WAYS = {
    "sent over the WAN": "sent over the WAN",
    "sent to HAN Devices": "to HAN Devices",
    "sound an alarm": "with an alarm",
    "logged": "logged",
}
"""What the name of a filter says of its events, and how a line says it."""

_FOR = {0x00EE: "the Supplier", 0x00EF: "the Network Operator"}
"""By message code whose filters ECS25r1 and ECS25r2 read."""

_DEMAND = "Maximum demand"
_LISTED = 3  # codes of events that a line has room for
_EVENT = "event id"


def _filters(parsed: ParsedMessage) -> Line | None:
    if parsed.is_command or not parsed.outcome.positive:
        return None
    ways = [say("{} {}", number, way) for field in parsed.fields for number, way in _of(field)]
    if len(ways) != len(parsed.fields):
        return None
    whose = _FOR[parsed.message.message_code]
    words = "{} reports its events for {}: {}."
    return say(words, parsed.subject, whose, joined(", ", ways))


def _of(field: Field) -> Iterator[tuple[Part, str]]:
    """Yield how many events a filter has, and what becomes of them."""
    way = next((words for name, words in _WAYS.items() if name in field.name), "")
    for span in field.value.spans:
        if way and span.kind is Kind.COUNT:
            yield span._replace(text=str(span.number or "none")), way


def _configured(parsed: ParsedMessage) -> Line | None:
    """Summarise GCS20: the events whose logging and sending it sets."""
    timing = parsed.timing
    events = list(_events(parsed.fields))
    if not parsed.is_command or not events or (timing and timing.when is When.CANCELLED):
        return None
    shown = joined(", ", [Line.of(code(f"{event:04X}", event)) for event in events[:_LISTED]])
    more = len(events) - _LISTED
    return say(
        "Asks {} to {}{}: {}, {}{} ({}).",
        parsed.device,
        parsed.case.task,
        when_asked(timing) if timing else EMPTY,
        count(len(events), "event"),
        shown,
        f" and {more} more" if more > 0 else "",
        mark_of(parsed.fields),
    )


def _demand_reset(parsed: ParsedMessage) -> Line | None:
    """Summarise ECS57, which may leave out any of its registers."""
    if parsed.request is None or not (parsed.is_command or parsed.outcome.positive):
        return None
    names = [object_name(spec.obis) or "" for spec in parsed.request.specs]
    if not names or not all(name.startswith(_DEMAND) for name in names):
        return None
    which = "; ".join(name.removeprefix(_DEMAND).lstrip(", ") for name in names)
    if parsed.is_command:
        return say("Asks {} to {}: {}.", parsed.device, parsed.case.task, which)
    return say("{} {}: {}.", parsed.subject, parsed.case.done, which)


def _events(fields: Iterable[Field]) -> Iterator[int]:
    for field in fields:
        for span in field.value.spans if field.name == _EVENT else ():
            if span.number is not None:
                yield span.number
        yield from _events(field.children)


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    **dict.fromkeys(_FOR, _filters),
    0x00AD: _configured,
    0x005A: _demand_reset,
}
"""By message code; None where the general words do."""
