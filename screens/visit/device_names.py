"""Devices by name: what an engineer calls them, in place of or before their Entity Identifier."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.spans import Line, Span
from hht.texts import text

if TYPE_CHECKING:
    from hht.gbcs.explain.describe import Description, Field
    from hht.store import JobRow

_NAMED = re.compile(
    r"(?P<article>\b[Tt]he )?(?P<type>\b(?:Device|CHF|GPF|ESME|GSME|PPMID|HCALCS|IHD|CAD|HHT) )?"
    r"\b(?P<id>(?:[0-9A-F]{2}-){7}[0-9A-F]{2})\b"
)
"""An Entity Identifier in a sentence, with the article and the type before it."""
END = 5  # characters: the last two bytes tell one Device on the premises from another


def this_hht() -> str:
    """Return what the handheld itself is called."""
    return text("device.this_hht")


class Names:
    """What the Devices of one job are called; one that is not known keeps its identifier."""

    def __init__(self, devices: Iterable[tuple[EntityId, str]] = ()) -> None:
        named = dict(devices)
        alike = Counter(named.values())
        self._names: Mapping[EntityId, str] = {
            entity: name if alike[name] == 1 else f"{name} …{str(entity)[-END:]}"
            for entity, name in named.items()
        }

    def short(self, entity: EntityId) -> str:
        """Write `ESME`; with its end where there are two, `PPMID …10-A4`."""
        return self._names.get(entity, str(entity))

    def brief(self, entity: EntityId) -> str:
        """Write `ESME`; of what has no name the end, `…FF-01`, so that a row has room for more."""
        return self._names.get(entity, f"…{str(entity)[-END:]}")

    def with_id(self, entity: EntityId) -> str:
        """Write `ESME 00-DB-...`: the identifier after the name."""
        name = self._names.get(entity)
        return f"{name} {entity}" if name else str(entity)

    def in_sentence(self, entity: EntityId) -> str:
        """Return the Device in the middle of a sentence: `the ESME`."""
        name = self.short(entity)
        is_named = entity in self._names and name != this_hht()
        return text("device.in_sentence", name=name) if is_named else name

    def without_sender(self, entity: EntityId, words: str) -> str:
        """Return what a Device reported where it is named already: `Device Log changed`."""
        return words.removeprefix(f"{self.short(entity)} ")

    def in_line(self, line: Line) -> Line:
        """Return a sentence with names in place of identifiers: `The CHF added the ESME to its
        log.`"""
        return Line(tuple(map(self._spoken, line.spans)))

    def in_text(self, words: str) -> str:
        """Return a reading that a journal has as plain text, with names in place of identifiers."""
        return _NAMED.sub(self._renamed, words)

    def _renamed(self, found: re.Match[str]) -> str:
        name = self._names.get(EntityId.parse(found["id"]))
        if name is None:
            return found[0]
        article = found["article"] or ("the " if found["type"] else "")
        return name if name == this_hht() else f"{article}{name}"

    def _spoken(self, span: Span) -> Span:
        """Return one span of a sentence; the name replaces all that the span says."""
        name = self._names.get(span.entity) if span.entity else None
        if name is None:
            return span
        return span._replace(text=name if name == this_hht() else f"{span.article}{name}")

    def in_description(self, description: Description) -> Description:
        """Return a message in words with its Devices by name.

        Its fields keep the identifiers too.
        """
        fields = tuple(map(self._in_field, description.fields))
        return replace(description, reading=self.in_line(description.reading), fields=fields)

    def _in_field(self, field: Field) -> Field:
        """Return a field, and those below it, with the name before each identifier."""
        value = Line(tuple(map(self._before, field.value.spans)))
        return replace(field, value=value, children=tuple(map(self._in_field, field.children)))

    def _before(self, span: Span) -> Span:
        name = self._names.get(span.entity) if span.entity else None
        return span._replace(text=f"{name} {span.text}") if name else span


def names_of(job: JobRow, hht: EntityId | None = None) -> Names:
    """Return the names of a job's Devices: by label where there is one, else by type."""
    hub = [(job.hub_chf, "CHF"), (job.hub_gpf, "GPF"), (hht, this_hht())]
    devices = [(device.entity_id, device.name) for device in job.devices]
    return Names([(entity, name) for entity, name in hub if entity] + devices)
