"""Says after a summary that the clock behind a time of the message is not to be relied on."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from hht.gbcs.explain.dates import clock_in_words, clock_status
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.timing import cosem_stamp
from hht.gbcs.message import Cra
from hht.spans import Line


def clock_notes(parsed: ParsedMessage, shown: Line) -> str:
    """Return what `shown` does not say of the clock of the message's own time, and of times in
    it."""
    said = set(shown.doubts)
    own = clock_status(cosem_stamp(parsed.message, parsed.payload))
    is_alert = parsed.message.cra is Cra.ALERT  # its tree has the Alert's own time too
    inner = parsed.doubts - said - ({own} if is_alert else set())
    notes = (
        _note("Its time", {own} - said),
        _note("Times in it", inner),
    )
    return "".join(notes)


def _note(what: str, statuses: Iterable[int]) -> str:
    words = clock_in_words(reduce(or_, statuses, 0))
    return f" {what}: {words}." if words else ""
