"""What happens, as frozen events of one schema: a visit's, a hub's and the outbox's.

An event's `name` is its word in JSON; names and fields never change their meaning. No event
carries a key, an install code or message bytes, and whatever it reports has been committed before
the event exists. A `Record` is an event as a journal keeps it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar, get_args, get_type_hints

from hht.entity_id import EntityId
from hht.spans import Line

VERSION = 1
"""Of the records written now. A field that comes later has a default, for older ones lack it."""

_KINDS: "dict[tuple[Source, str], type[Event]]" = {}


class Source(StrEnum):
    """Where an event comes from; a name is that of one kind of event of one source."""

    VISIT = "visit"
    HUB = "hub"
    OUTBOX = "outbox"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened."""

    source: ClassVar[Source]
    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        if "name" in vars(cls):
            known = _KINDS.setdefault((cls.source, cls.name), cls)
            if known.__qualname__ != cls.__qualname__:
                raise TypeError(f"{cls.name} of {cls.source} is {known.__qualname__} already")
            _KINDS[cls.source, cls.name] = cls  # the dataclass with slots, made of the first


@dataclass(frozen=True, slots=True)
class Record:
    """An event in a journal: when it was, and its name and fields as JSON has them.

    `at` is the time of day where it happened. `seconds` measures from the beginning of its
    `sitting`, one run of the program on a job; a hub counts none.
    """

    source: Source
    at: datetime
    name: str
    facts: Mapping[str, Any]
    version: int = VERSION
    job_id: int | None = None
    sitting: int = 0
    seconds: float = 0.0
    row: dict[str, Any] = field(init=False, repr=False, compare=False)
    """What `to_json` makes of the event."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "row", {"event": self.name, **self.facts})

    def event(self) -> Event | None:
        """Return the event again; None for one that this version does not know."""
        kind = _KINDS.get((self.source, self.name))
        return _made(kind, self.facts) if kind else None


def facts_of(event: Event) -> dict[str, Any]:
    """Return the fields as JSON has them."""
    return {each.name: _plain(getattr(event, each.name)) for each in fields(event)}


def to_json(event: Event) -> dict[str, Any]:
    """Return the event as a JSON object: "event" first, then its fields."""
    return {"event": event.name, **facts_of(event)}


def _plain(value: object) -> object:
    if isinstance(value, EntityId | Line):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def _made(kind: type[Event], facts: Mapping[str, Any]) -> Event:
    hints = get_type_hints(kind)
    known = {each.name for each in fields(kind)} & facts.keys()
    return kind(**{name: _typed(hints[name], facts[name]) for name in known})


def _typed(hint: Any, value: Any) -> Any:
    """Return the value as its field has it: all but numbers and truth is text in JSON.

    A line comes back as one span of text.
    """
    if value is None:
        return None
    for kind in get_args(hint) or (hint,):
        if kind is EntityId:
            return EntityId.parse(value)
        if kind is Line:
            return Line.of(value)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(value)
    return value
