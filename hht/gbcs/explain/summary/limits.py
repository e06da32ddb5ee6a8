"""Summaries of the Alerts on an auxiliary controller's limit: which, how far, how long."""

from collections.abc import Callable

from hht.gbcs.dlms import Value
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.tree.dlms_values import value_in_words
from hht.spans import Line, Part, amount, say

_SIDES = {1: "output", 2: "input"}


def _limited(parsed: ParsedMessage) -> Line:
    """Summarise ECS101: controller, start, end, level."""
    controller, start, end, level = parsed.values
    times = (value_in_words(value, "time") for value in (start, end))
    words = "{} limits {} to {}, from {} to {} (8F86)."
    return say(words, parsed.subject, _controller(controller), _percent(level), *times)


def _no_longer_limited(parsed: ParsedMessage) -> Line:
    """Summarise ECS102: controller, level."""
    controller, level = parsed.values
    words = "{} no longer limits {} to {} (8F87)."
    return say(words, parsed.subject, _controller(controller), _percent(level))


def _controller(value: Value) -> str:
    number = value.number
    side = _SIDES.get(number >> 4, f"direction {number >> 4}")
    return f"the {side} of auxiliary controller {number & 0x0F}"


def _percent(value: Value) -> Part:
    return amount(f"{value.number} %", value.number)


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    0x0121: _limited,
    0x0122: _no_longer_limited,
}
"""By message code."""
