"""Summaries of Commands that change several debts of a meter: each debt with what it comes to."""

import re
from collections.abc import Callable, Iterable, Iterator

from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.parsed import ParsedMessage, small
from hht.gbcs.explain.summary.values.highlights import mark_of
from hht.gbcs.explain.timing import Timing, When, when_asked
from hht.spans import Kind, Line, joined, say

_DEBT = re.compile(r"((?:time|payment)-based debt(?: \d)?)(?:, to |: )(add|set)")
"""How GCS04 and ECS07 name a debt to which an amount is added, or that is set to one."""

_AMOUNT = "debt amount"
_IN_SHORT = {"time-based debt": "debt", "payment-based": "payment"}


def _debts(parsed: ParsedMessage) -> Line | None:
    """Summarise ECS07 and GCS04: all debts, whatever else there is behind a mark."""
    timing = parsed.timing or Timing()
    if not parsed.is_command or timing.when is When.CANCELLED:
        return None
    debts = list(_of_debts(parsed.fields))
    if len(debts) < 2:
        return None
    head = say("Asks {} to {}{}: ", parsed.device, parsed.case.task, when_asked(timing))
    mark = f" ({mark_of(parsed.fields, timing.each)})."
    for words in (debts, [_in_short(debt) for debt in debts]):
        said = Line.of(head, joined(", ", words), mark)
        if said.size <= LONGEST - parsed.room_for_unfinished:
            return said
    return None


def _of_debts(fields: Iterable[Field]) -> Iterator[Line]:
    """Yield `time-based debt 1 +10.00 GBP` of each debt, or `set to` an amount."""
    for field in fields:
        yield from _of_debts(field.children)
        name = (field.brief or "") if field.name == _AMOUNT else small(field.name.partition(" ")[2])
        if (found := _DEBT.match(name)) and field.value.has(Kind.MONEY):
            is_added = found[2] == "add" and not str(field.value).startswith("-")
            sign = "+" if is_added else "" if found[2] == "add" else "set to "
            yield say("{} {}{}", found[1], sign, field.value.without(Kind.RAW))


def _in_short(debt: Line) -> Line:
    name, *rest = debt.spans
    for words, short in _IN_SHORT.items():
        name = name._replace(text=name.text.replace(words, short))
    return Line.of(name, *rest)


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = dict.fromkeys((0x001E, 0x006E), _debts)
"""By message code; None where the general words do."""
