"""Ends a sentence with its values: as many as there is room for, all settings by a mark."""

from collections.abc import Callable, Sequence

from hht.gbcs.explain.bounds import CUT, LONGEST, bounded, no_moment_in_short, with_short_moments
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.clock_notes import notes_to_choose_from
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.summary.values.highlights import (
    any_in_short,
    highlights,
    highlights_in_short,
    is_condensed,
    mark_of,
    named_highlights,
    number_alone,
    number_and_best,
    number_and_one,
    one_and_more,
)
from hht.gbcs.explain.timing import Timing
from hht.spans import EMPTY, Line, say

Highlights = Callable[[tuple[Field, ...], int, str], Line]
_PICKS = (
    highlights,
    highlights_in_short,
    number_and_best,
    one_and_more,
    number_and_one,
    any_in_short,
    number_alone,
)
"""How values are put into a line, the ones that say most first."""

_PICKS_IN_PART = (named_highlights, *_PICKS[1:-1])
"""The same where some values are missing: one alone needs its name."""

_ROOM_FOR_VALUES = 40
"""Characters that are kept for values where moments before them can be said in fewer."""


def with_values(head: Line, parsed: ParsedMessage) -> Line:
    """Return the sentence with as many values as there is room for, if need be with shorter
    moments; a Command whose settings are not all there with their mark."""
    line, complete = _with_those_that_fit(head, parsed)
    moments = (parsed.timing or Timing()).each
    if (complete and not moments) or not parsed.is_command:
        return line
    mark = f" ({mark_of(parsed.fields, moments)})."
    line, _ = _with_those_that_fit(head, parsed, len(mark))
    room = LONGEST - parsed.room_for_unfinished - len(mark)
    return Line.of(bounded(line.without_end("."), room), mark)


def with_values_found(parsed: ParsedMessage) -> Line:
    """Say what a Response that misses some items has: each by its name; empty where none fits.

    Before a value is left out, less is said of the clock and of what is missing.
    """
    head = parsed.reported
    is_named = _name_of_single(parsed.fields) in str(head)
    picks = (highlights, *_PICKS_IN_PART) if is_named else _PICKS_IN_PART
    end, *shorter = _missing_in_words(parsed)
    for last, ways in ((end, picks), *((each, (named_highlights,)) for each in shorter)):
        line, _ = _with_those_that_fit(head, parsed, last.size, ways)
        if line.size > head.size + len("."):
            return Line.of(line.without_end("."), last)
    return EMPTY


def _missing_in_words(parsed: ParsedMessage) -> tuple[Line, ...]:
    """Return how many items are missing and why, in fewer and fewer words."""
    missing, reason = parsed.missing, parsed.outcome.reason
    short = missing.replace(" items", "")
    why = "; {} ({})."
    return say(why, missing, reason), say(why, short, reason), say("; {}.", short)


def _name_of_single(fields: tuple[Field, ...]) -> str:
    """Return the name of a single value; empty of several."""
    named, alone = (str(pick(fields, LONGEST)) for pick in (named_highlights, highlights))
    return named.removesuffix(alone).strip(": ")


def _with_those_that_fit(
    head: Line, parsed: ParsedMessage, kept: int = 0, picks: Sequence[Highlights] = _PICKS
) -> tuple[Line, bool]:
    """Return the sentence with its values, some room kept free, and whether these are all."""
    room = LONGEST - _ROOM_FOR_VALUES - parsed.room_for_unfinished
    shorter = with_short_moments(head, room)
    shorter = shorter if shorter.size <= room else no_moment_in_short(shorter)
    cut_off = EMPTY
    for pick in picks:
        for start in (head, shorter):
            for note in notes_to_choose_from(parsed, start):
                values = _values(pick, start, parsed, kept, note)
                if str(values).endswith(CUT):
                    cut_off = cut_off or values
                elif values:
                    return say("{}: {}.", start, values), not is_condensed(values)
        if cut_off:
            return say("{}: {}", shorter, cut_off), False
    return Line.of(head, "."), True


def _values(pick: Highlights, head: Line, parsed: ParsedMessage, kept: int, note: str) -> Line:
    """Return the values, of a Pre-Command also where it has only its short mark before it."""
    room = LONGEST - head.size - len(f": .{note}") - kept
    what = "setting" if parsed.is_command else "value"
    for mark in parsed.unfinished or ("",):
        values = pick(parsed.fields, room - len(mark), "" if kept and parsed.is_command else what)
        if values and not str(values).endswith(CUT):
            break
    return EMPTY if str(values) in str(head) else values
