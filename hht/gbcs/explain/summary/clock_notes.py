"""Says after a summary that the clock behind a time of the message is not to be relied on."""

from collections.abc import Set
from functools import reduce
from operator import or_

from hht.gbcs.explain.bounds import LONGEST, doubts_in_short, has_no_moment, no_moment_in_short
from hht.gbcs.explain.dates import clock_in_words, clock_status, cosem_moment, read_cosem
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.timing import cosem_stamp
from hht.gbcs.message import Cra
from hht.spans import EMPTY, Line, Span, moment

_WITHIN = "Times in it"
_FULL, _KEPT = LONGEST // 2, 50
"""Characters of a note in full, and of one in short that may cut off the end of the summary."""

_IN_DOUBT = " Its clock is in doubt."
IMPOSSIBLE = " Its time is impossible."
_NO_MOMENT = " A time in it is impossible."


def clock_notes(parsed: ParsedMessage, shown: Line, room: int = _FULL) -> str:
    """Return what `shown` does not say of the message's own time and its clock, and of times in
    it; in few words, where the room is short."""
    within = _of_no_moment(parsed, shown)
    own = _own_notes(parsed, shown, room - len(within))
    if len(own) + len(within) > room:
        return _own_notes(parsed, shown, room)
    return own if IMPOSSIBLE in own else f"{own}{within}"


def notes_to_choose_from(parsed: ParsedMessage, shown: Line) -> tuple[str, ...]:
    """Return the note in full and in fewest words; in fewest alone of an impossible time, which
    says the rest where there is room."""
    within = _of_no_moment(parsed, shown)
    if instead_of_own_time(parsed, shown):
        return (f"{_own_notes(parsed, shown, 0)}{within}",)
    notes = (_own_notes(parsed, shown, room) for room in (_FULL, len(_IN_DOUBT)))
    return tuple(dict.fromkeys(f"{note}{within}" for note in notes))


def _of_no_moment(parsed: ParsedMessage, shown: Line) -> str:
    return _NO_MOMENT if parsed.has_impossible_time and not has_no_moment(shown) else ""


def _own_notes(parsed: ParsedMessage, shown: Line, room: int) -> str:
    note = _notes(parsed, shown)
    short = doubts_in_short(note)
    if len(note) <= min(room, _FULL):
        return note
    if instead := instead_of_own_time(parsed, shown):
        return _without_room(short, instead, room)
    if "clock" not in short or len(short) <= min(room, _FULL):
        return short
    return short if len(short) <= _KEPT and room < len(_IN_DOUBT) else _IN_DOUBT


def _without_room(note: str, instead: Span, room: int) -> str:
    """Return a note on an impossible time with its date alone, or without it."""
    date = str(no_moment_in_short(Line.of(instead)))
    dated = note.replace(instead.text, date)
    inner = _IN_DOUBT if _WITHIN in note else ""
    return next((form for form in (note, dated) if len(form) <= room), IMPOSSIBLE + inner)


def _notes(parsed: ParsedMessage, shown: Line) -> str:
    said = set(shown.doubts)
    stamp = cosem_stamp(parsed.message, parsed.payload)
    own = {clock_status(stamp)} - said
    # the line and the tree of an Alert have its own time too, and a clock that is read has no other
    is_within = parsed.message.cra is Cra.ALERT or stamp is not parsed.message.date_time
    inner = parsed.doubts - said - (own if is_within else set())
    found = instead_of_own_time(parsed, shown)
    instead = found.text if found else ""
    if own == inner and not instead:
        return _note("Its time and times in it", own)
    return f"{_note('Its time', own, instead)}{_note(_WITHIN, inner)}"


def instead_of_own_time(parsed: ParsedMessage, shown: Line = EMPTY) -> Span | None:
    """Return what a header has in place of a moment that `shown` does not say; None where it gives
    one, or none at all."""
    stamp = b"" if parsed.message.cra is Cra.ALERT else cosem_stamp(parsed.message, parsed.payload)
    found = read_cosem(stamp)
    if not stamp or found.at or found.is_never:
        return None
    words = cosem_moment(stamp).text.partition(" (clock")[0]
    return None if words in str(shown) else moment(words)


def _note(what: str, statuses: Set[int], instead: str = "") -> str:
    words = instead or clock_in_words(reduce(or_, statuses, 0))
    return f" {what}: {words}." if words else ""
