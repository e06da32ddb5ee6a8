"""A visit played again from its journal: which events, and how long to wait before each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    """Return whether all the words are in the event, in any case and order."""
    text = " ".join(f"{name} {value}" for name, value in record.row.items()).casefold()
    return all(word in text for word in words.casefold().split())


def _between(last: Record | None, record: Record) -> float:
    if last is None:
        return 0.0
    if last.sitting != record.sitting:
        return SITTING_GAP
    return max(0.0, record.seconds - last.seconds)


_IDENTIFIER = re.compile(r"\b(?:[0-9A-F]{2}-){7}[0-9A-F]{2}\b|\b[0-9A-F]{16}\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:/|\b[A-Za-z]:\\|\b[a-z]+://)[^\s,;'\"]+")
_UNSEEN = ("where", "line", "reading")
"""Fields that quote a path, a port or what a Device has reported, such as a customer's readings."""


class Redaction:
    """The redaction of what names a Device, a place on disk or a customer's readings.

    A Device has the same made-up name in all events of one redaction.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the event's row without it; its names and kinds stay."""
        return {name: self._value(name, value) for name, value in row.items()}

    def _value(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return 0 if name in ("pan_id",) else value
        if name in _UNSEEN and value:
            return "(left out)"
        return _ADDRESS.sub("(an address)", _IDENTIFIER.sub(self._name, value))

    def _name(self, found: "re.Match[str]") -> str:
        known = found[0].replace("-", "").upper()
        return self._names.setdefault(known, f"Device {len(self._names) + 1}")
