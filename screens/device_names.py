"""Devices by name: what an engineer calls them, in place of or before their Entity Identifier."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hht.entity_id import EntityId

if TYPE_CHECKING:
    from hht.gbcs.explain.describe import Description, Field
    from hht.store import JobRow

THIS_HHT = "this HHT"
END = 5  # characters: the last two bytes tell one Device on the premises from another

_ID = r"(?P<id>(?:[0-9A-F]{2}-){7}[0-9A-F]{2})\b"
_TYPES = "Device|CHF|GPF|ESME|GSME|HCALCS|PPMID"
_SPOKEN = re.compile(rf"(?P<the>\b[Tt]he )?(?P<type>\b(?:{_TYPES}) )?{_ID}(?P<kind> \(\w+\))?")
_NOT_NAMED_YET = re.compile(rf"(?<![-\w]){_ID}")


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
        """`ESME`; with its end where there are two, `PPMID …10-A4`."""
        return self._names.get(entity, str(entity))

    def with_id(self, entity: EntityId) -> str:
        """`ESME 00-DB-...`: the identifier after the name."""
        name = self._names.get(entity)
        return f"{name} {entity}" if name else str(entity)

    def in_sentence(self, entity: EntityId) -> str:
        """The Device in the middle of a sentence: `the ESME`."""
        name = self.short(entity)
        return f"the {name}" if entity in self._names and name != THIS_HHT else name

    def name_devices(self, text: str) -> str:
        """A sentence with names in place of identifiers: `The CHF added the ESME to its log.`"""
        return _SPOKEN.sub(self._speak, text)

    def _speak(self, found: re.Match[str]) -> str:
        """One Device in a sentence; only where the sentence had words before it they are kept."""
        name = self._names.get(EntityId.parse(found["id"]))
        if name is None:
            return found[0]
        if name == THIS_HHT:
            return name
        article = found["the"] or ("the " if found["type"] else "")
        return f"{article}{name}"

    def in_description(self, told: Description) -> Description:
        """A message in words with its Devices by name; its fields keep the identifiers too."""
        fields = tuple(self._in_field(field) for field in told.fields)
        return replace(told, reading=self.name_devices(told.reading), fields=fields)

    def _in_field(self, field: Field) -> Field:
        """A field, and those below it, with the name before each identifier."""
        value = _NOT_NAMED_YET.sub(lambda at: self.with_id(EntityId.parse(at["id"])), field.value)
        return replace(field, value=value, children=tuple(map(self._in_field, field.children)))


def names_of(job: JobRow, hht: EntityId | None = None) -> Names:
    """The names of a job's Devices: by label where there is one, else by type."""
    hub = [(job.hub_chf, "CHF"), (job.hub_gpf, "GPF"), (hht, THIS_HHT)]
    devices = [(device.entity_id, _name(device.type, device.label)) for device in job.devices]
    return Names([(entity, name) for entity, name in hub if entity] + devices)


def _name(kind: str, label: str) -> str:
    """The type, and what the label adds to it."""
    return label if kind in label else f"{kind} {label}".rstrip()
