"""Says after a summary that the clock behind a time of the message is not to be relied on."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from hht.gbcs.explain.dates import clock_in_words, clock_status, cosem_moment, read_cosem
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.timing import cosem_stamp
from hht.gbcs.message import Cra
from hht.spans import Line


def clock_notes(parsed: ParsedMessage, shown: Line) -> str:
    """Return what `shown` does not say of the clock of the message's own time, and of times in
    it."""
    said = set(shown.doubts)
    stamp = cosem_stamp(parsed.message, parsed.payload)
    own = clock_status(stamp)
    is_alert = parsed.message.cra is Cra.ALERT  # its line and its tree have its own time too
    inner = parsed.doubts - said - ({own} if is_alert else set())
    notes = (
        _note("Its time", {own} - said, "" if is_alert else _impossible(stamp, shown)),
        _note("Times in it", inner),
    )
    return "".join(notes)


def _impossible(stamp: bytes, shown: Line) -> str:
    """Return what a header has in place of a moment; empty where it gives one, or none at all."""
    found = read_cosem(stamp)
    if not stamp or found.at or found.is_never:
        return ""
    words = cosem_moment(stamp).text.partition(" (clock")[0]
    return "" if words in str(shown) else words


def _note(what: str, statuses: Iterable[int], instead: str = "") -> str:
    words = instead or clock_in_words(reduce(or_, statuses, 0))
    return f" {what}: {words}." if words else ""
