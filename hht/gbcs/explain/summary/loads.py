"""Summaries of the scripts of an ESME: its supply, its auxiliary controllers, its boost button."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hht.gbcs.dlms import AccessRequest, SpecKind, Tag, Value
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.asked import access_of
from hht.gbcs.explain.dates import gives_a_date
from hht.gbcs.explain.object_names import layout_of
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.tree.dlms_values import value_in_words
from hht.gbcs.explain.value_formats import number_in_words
from hht.spans import EMPTY, Line, joined, say

_ACTIONS = {
    0x11: ("activate", "activated"),
    0x12: ("deactivate", "deactivated"),
    0x20: ("reset", "reset"),
}
_SIDES = {1: "output", 2: "input"}
_LEVEL, _LIMIT = ("set", "set"), ("limit", "limited")
_LIMITS = 0x011F
_PLAIN_SCRIPTS = {0x001D: 99, 0x004F: 51, 0x0050: 52, 0x0051: 54}
"""The script by which ECS05, ECS42, ECS43 and ECS44 bring about what they are for."""

_BUTTON = (0, 0, 94, 44, 6)
"""The first five octets of the objects that tie the boost button to a controller, the sixth."""

_BUTTON_VERBS = (("tie", "tied", "to"), ("untie", "untied", "from"))


class _Doing(NamedTuple):
    """What a Command asks for: after `to`, after the Device's name, what is done so, and when."""

    task: str
    done: str
    what: Line
    when: Line = EMPTY


def _switch(parsed: ParsedMessage) -> Line | None:
    """Summarise ECS47, ECS47a, ECS47e: one controller, by a script of its number and its act."""
    if parsed.request is None:
        return None
    request = parsed.request
    at, script = next(
        (at, request.data[at].number)
        for at, spec in enumerate(request.specs)
        if spec.kind == SpecKind.ACTION
    )
    controller = script >> 8 & 0xF
    if not 1 <= controller <= 5 or script > 0xFFFF:
        return None
    name = f"auxiliary controller {controller}"
    times = _times(request, at)
    side = _SIDES.get(script >> 12)
    if side is None:
        verbs = _ACTIONS.get(script & 0xFF)
        return _said(parsed, [_Doing(*verbs, Line.of(name), times)]) if verbs else None
    verbs = _LIMIT if parsed.message.message_code == _LIMITS else _LEVEL
    level = Line.of(f"{name} to {side} {script & 0x7F} %")
    return _said(parsed, [_Doing(*verbs, level, times)])


def _other_script(parsed: ParsedMessage) -> Line | None:
    """Summarise a Command whose script does something else than its use case; None of others."""
    if parsed.request is None or not (parsed.is_command or parsed.outcome.positive):
        return None
    (value,) = parsed.request.data
    if value.number == _PLAIN_SCRIPTS[parsed.message.message_code]:
        return None
    script, task = number_in_words(value.number, "script"), parsed.case.task
    if parsed.is_command:
        words = "Contradiction: asks {} to {}, but by {}."
        return say(words, parsed.device, task, script)
    words = "{} carried out {}, by a Command to {}."
    return say(words, parsed.subject, script, task)


def _times(request: AccessRequest, script_at: int) -> Line:
    """Write `, for 30 min`, or `, from ... to ...`, as far as the Command sets start and end."""
    values = {
        spec.obis[5]: (value, value_in_words(value, layout_of(access_of(spec)).form))
        for at, (spec, value) in enumerate(zip(request.specs, request.data, strict=True))
        if at != script_at
    }
    first, last = (values.get(at) or values.get(at + 2) for at in (1, 2))
    durations = [words for value, words in filter(None, (first, last)) if _is_duration(value)]
    if durations:
        return Line.of(*(say(", for {}", words) for words in durations))
    start = say(", from {}", first[1]) if first and gives_a_date(str(first[1])) else EMPTY
    if last is None or not gives_a_date(str(last[1])):
        return start
    end = say("{}to {}", " " if start else ", ", last[1])
    return Line.of(start, end)


def _is_duration(value: Value) -> bool:
    return value.tag != Tag.OCTET_STRING


def _tie_button(parsed: ParsedMessage) -> Line | None:
    """Summarise ECS62: one object a controller, true to tie the boost button to it."""
    if parsed.request is None:
        return None
    chosen: dict[bool, list[int]] = {True: [], False: []}
    for spec, value in zip(parsed.request.specs, parsed.request.data, strict=True):
        if spec.kind != SpecKind.SET or tuple(spec.obis[:5]) != _BUTTON:
            return None
        chosen[bool(value.number)].append(spec.obis[5])
    doings: list[_Doing] = []
    for (task, done, where), controllers in zip(_BUTTON_VERBS, chosen.values(), strict=True):
        if controllers:
            button = "it" if doings else "its boost button"
            what = f"{button} {where} {_controllers(controllers)}"
            doings.append(_Doing(task, done, Line.of(what)))
    return _said(parsed, doings) if doings else None


def _controllers(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"auxiliary controller {numbers[0]}"
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"auxiliary controllers {numbers[0]} to {numbers[-1]}"
    return f"auxiliary controllers {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _said(parsed: ParsedMessage, doings: list[_Doing]) -> Line:
    when = joined("", [doing.when for doing in doings])
    asked = _joined(say("{} {}", doing.task, doing.what) for doing in doings)
    if parsed.is_command:
        return say("Asks {} to {}{}.", parsed.device, asked, when)
    if parsed.outcome.positive:
        done = _joined(say("{} {}", doing.done, doing.what) for doing in doings)
        return say("{} {}{}.", parsed.subject, done, when)
    return parsed.did_not(asked)


def _joined(parts: Iterable[Line]) -> Line:
    return joined(" and ", list(parts))


def _where_it_fits(reader: Callable[[ParsedMessage], Line | None]) -> Callable[..., Line | None]:
    """Return the reader; None where a Command is not of the shape that it needs."""

    def read(parsed: ParsedMessage) -> Line | None:
        try:
            return reader(parsed)
        except (MalformedMessage, IndexError, ValueError, StopIteration):
            return None

    return read


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    **dict.fromkeys((0x0055, 0x011E, _LIMITS), _where_it_fits(_switch)),
    0x005F: _where_it_fits(_tie_button),
    **dict.fromkeys(_PLAIN_SCRIPTS, _where_it_fits(_other_script)),
}
"""By message code; each gives None where the general words do."""
