"""Summaries of GCS32 and GCS39, where a gas meter reports another state than was asked for."""

from collections.abc import Callable, Iterable

from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.spans import Line, say

_STATE = "supply status"
_WANTED = {0x0081: "0, off", 0x0085: "1, armed"}
"""The state that GCS32 (disable) and GCS39 (arm) bring about, as `supply_status` has it."""


def _supply(parsed: ParsedMessage) -> Line | None:
    """Summarise the state of a supply: a success in another state than asked is not called done."""
    if parsed.is_command or not parsed.outcome.positive:
        return None
    state = _state(parsed.fields)
    if state is None or state == _WANTED[parsed.message.message_code]:
        return None
    words = "{} answered the Command to {} with success, but reports supply status {}."
    return say(words, parsed.subject, parsed.case.task, state)


def _state(fields: Iterable[Field]) -> str | None:
    for field in fields:
        if field.name == _STATE:
            return str(field.value)
        if found := _state(field.children):
            return found
    return None


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = dict.fromkeys(_WANTED, _supply)
"""By message code; None where the general words do."""
