"""A visit played again from its journal: which events, and how long to wait before each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hht.events import Record, Source

SITTING_GAP = 5.0
"""Seconds shown between two sittings, however many hours the handheld was off between them."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An event and the seconds that passed between the one before it and this one."""

    record: Record
    after: float


def play_back(records: Sequence[Record], words: str = "") -> Iterator[Moment]:
    """Yield the visit's events as they happened; only those with `words` in them, if any.

    Where events are left out, the next one's `after` is still the whole time that passed.
    """
    visit = [record for record in records if record.source is Source.VISIT]
    waited, last = 0.0, None
    for record in visit:
        waited += _between(last, record)
        last = record
        if says(record, words):
            yield Moment(record, waited)
            waited = 0.0


def says(record: Record, words: str) -> bool:
    """Tell whether all the words are in the event, in any case and order."""
    text = " ".join(f"{name} {value}" for name, value in record.row.items()).casefold()
    return all(word in text for word in words.casefold().split())


def _between(last: Record | None, record: Record) -> float:
    if last is None:
        return 0.0
    if last.sitting != record.sitting:
        return SITTING_GAP
    return max(0.0, record.seconds - last.seconds)
