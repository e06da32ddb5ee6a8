"""Says after a summary that the clock behind a time of the message is not to be relied on."""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from hht.gbcs.explain.dates import clock_in_words, clock_status
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.timing import cosem_stamp
from hht.gbcs.message import Cra
from hht.spans import Kind, Line


def clock_notes(parsed: ParsedMessage, shown: Line) -> str:
    """What `shown` does not say of the clock of the message's own time, and of times in it."""
    said = set(_doubts(shown))
    own = clock_status(cosem_stamp(parsed.message, parsed.payload))
    inner = {status for field in parsed.fields for status in _in_field(field)} - said
    if parsed.message.cra is Cra.ALERT:
        inner.discard(own)  # its tree has the Alert's own time too
    notes = (
        _note("Its time", {own} - said),
        _note("Times in it", inner),
    )
    return "".join(notes)


def _note(what: str, statuses: Iterable[int]) -> str:
    words = clock_in_words(reduce(or_, statuses, 0))
    return f" {what}: {words}." if words else ""


def _in_field(field: Field) -> Iterator[int]:
    yield from _doubts(field.value)
    for child in field.children:
        yield from _in_field(child)


def _doubts(line: Line) -> Iterator[int]:
    """The clock status of each moment of a line that a doubtful clock gave."""
    return (span.number for span in line.spans if span.kind is Kind.MOMENT and span.number)
