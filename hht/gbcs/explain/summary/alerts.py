"""Summaries of Alerts: their code beside their content, a supply restored, limited controllers."""

from collections.abc import Callable

from hht.gbcs.dlms import Notification, Value
from hht.gbcs.explain.bounds import with_short_moments
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.tree.dlms_values import value_in_words
from hht.spans import Line, Part, amount, code, say

CARRIED_OUT, NOT_CARRIED_OUT = 0x8F66, 0x8F67
NOT_TRANSFERRED, TRANSFERRED = 0x8F89, 0x8F8A
_SUCCESSES = (CARRIED_OUT, TRANSFERRED)
_FAILURES = (NOT_CARRIED_OUT, NOT_TRANSFERRED)
_CODES: dict[int, tuple[int, ...]] = {
    0x0018: (0x8F12,),
    0x0067: (0x8F36,),
    0x00B2: (0x8071,),
    0x0110: (0x8F20,),
    0x0111: (0x8F26,),
    0x0112: (0x8F28,),
    0x0114: (0x8F2C,),
    0x0115: (0x8F2D,),
    0x0121: (0x8F86,),
    0x0122: (0x8F87,),
    0x0128: (NOT_TRANSFERRED, TRANSFERRED),
    0x012B: (0x8F8B,),
}
"""The codes of Alerts that have words of their own, by message code (RTDS 4.5.0)."""

_SIDES = {1: "output", 2: "input"}


def outcome_line(parsed: ParsedMessage, done: bool, words: Line) -> Line:
    """Return the words for what an Alert's content says was done, or not.

    Or that its code denies it.
    """
    number = alert_code(parsed)
    if number in (_FAILURES if done else _SUCCESSES):
        said = "failure" if done else "success"
        spoken = code(f"{number:04X} ({said})", number)
        return say("Contradiction: {}, but {}", spoken, words.uncapital())
    return words


def is_of_its_code(parsed: ParsedMessage) -> bool:
    """Return whether an Alert has a code that its use case is for, so that its own words fit."""
    number = parsed.payload.alert_code if isinstance(parsed.payload, Notification) else None
    codes = _CODES.get(parsed.message.message_code)
    return codes is None or (alert_code(parsed) if number is None else number) in codes


def alert_code(parsed: ParsedMessage) -> int | None:
    """Return the code in the payload of an ASN.1 Alert; None where there is none."""
    found = parsed.element.find("Alert Code") if parsed.element else None
    return found.value if found and isinstance(found.value, int) else None


def _supply_restored(parsed: ParsedMessage) -> Line:
    """Summarise ECS80: when the supply was lost, when it was restored."""
    lost, restored = (value_in_words(value, "time") for value in parsed.values)
    if not all(span.at for span in (*lost.spans, *restored.spans)):  # such a date is longer
        lost, restored = _without_zone(parsed.values[0]), _to_the_minute(parsed.values[1])
    words = "{} has its supply again (8F36): lost {}, restored {}."
    return say(words, parsed.subject, lost, restored)


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
    0x0067: _supply_restored,
    0x0121: _limited,
    0x0122: _no_longer_limited,
}
"""By message code."""
