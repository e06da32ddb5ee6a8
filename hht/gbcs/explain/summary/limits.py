"""Summaries of the Alerts on an auxiliary controller's limit: which, how far, how long."""

from collections.abc import Callable

from hht.gbcs.dlms import Value
from hht.gbcs.explain.bounds import with_short_moments
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.tree.dlms_values import value_in_words
from hht.spans import Line, Part, amount, say

_SIDES = {1: "output", 2: "input"}


def _limited(parsed: ParsedMessage) -> Line:
    """Summarise ECS101: controller, start, end, level."""
    controller, start, end, level = parsed.values
    times = (_without_zone(start), _to_the_minute(end))
    words = "{} limits {} to {} (8F86), from {} to {}."
    return say(words, parsed.subject, _in_short(controller), _percent(level), *times)


def _no_longer_limited(parsed: ParsedMessage) -> Line:
    """Summarise ECS102: controller, level."""
    controller, level = parsed.values
    words = "{} no longer limits {} to {} (8F87)."
    return say(words, parsed.subject, _controller(controller), _percent(level))


def _controller(value: Value) -> str:
    return f"the {_side(value)} of auxiliary controller {value.number & 0x0F}"


def _in_short(value: Value) -> str:
    """Return a controller's side for a line that has three moments."""
    return f"controller {value.number & 0x0F}'s {_side(value)}"


def _side(value: Value) -> str:
    direction = value.number >> 4
    return _SIDES.get(direction, f"direction {direction}")


def _without_zone(value: Value) -> Line:
    """Return a moment that another one in UTC follows."""
    spans = _to_the_minute(value).spans
    return Line(tuple(span._replace(text=span.text.removesuffix(" UTC")) for span in spans))


def _to_the_minute(value: Value) -> Line:
    return with_short_moments(value_in_words(value, "time"), 0)


def _percent(value: Value) -> Part:
    return amount(f"{value.number} %", value.number)


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    0x0121: _limited,
    0x0122: _no_longer_limited,
}
"""By message code."""
