"""What happens on a visit, as frozen events that screens, the command line and tests consume.

`name` is the event's word in JSON. No event carries a key, an install code or message bytes.
Whatever an event tells of has been committed to the store before the event exists.
"""

import re
from dataclasses import dataclass, fields
from enum import Enum
from typing import ClassVar

from hht.entity_id import EntityId


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened."""

    name: ClassVar[str] = "event"

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True, slots=True)
class ScanStarted(Event):
    """The dongle is looking for hubs."""

    first_channel: int
    last_channel: int


@dataclass(frozen=True, slots=True)
class HubFound(Event):
    """A hub answered the scan; `gpf` is its Extended PAN ID, as printed on its label."""

    gpf: EntityId
    channel: int
    pan_id: int
    lqi: int
    rssi: int
    is_jobs_hub: bool


@dataclass(frozen=True, slots=True)
class HubChosen(Event):
    """The engineer confirmed this hub."""

    gpf: EntityId


@dataclass(frozen=True, slots=True)
class StepStarted(Event):
    """A step of the connect journey began."""

    step: str


@dataclass(frozen=True, slots=True)
class StepDone(Event):
    """A step of the connect journey was done and persisted."""

    step: str
    seconds: float


@dataclass(frozen=True, slots=True)
class WindowClock(Event):
    """The inter-PAN window's clock was started, or started again."""

    seconds_left: int


@dataclass(frozen=True, slots=True)
class CommandSent(Event):
    """A Local Command is about to leave: its state SENDING is persisted."""

    command_id: int
    position: int
    title: str
    seconds_allowed: float = 0
    """How long its Response is waited for before the next one goes."""


@dataclass(frozen=True, slots=True)
class CommandChanged(Event):
    """A Local Command came to a new state."""

    command_id: int
    position: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResponseCaptured(Event):
    """A Response is safe in the store; `command_id` is None if it answers nothing of ours."""

    capture_id: int
    command_id: int | None
    use_case: str
    reading: str
    positive: bool
    mac: str
    signature: str
    duplicate: bool


@dataclass(frozen=True, slots=True)
class AlertCaptured(Event):
    """An Alert is safe in the store; `alert` is its own name, `device` who sent it."""

    capture_id: int
    device: EntityId
    alert: str
    use_case: str
    reading: str
    mac: str
    signature: str
    duplicate: bool


@dataclass(frozen=True, slots=True)
class OtherCaptured(Event):
    """Something that is neither Response nor Alert is safe in the store."""

    capture_id: int
    reading: str


@dataclass(frozen=True, slots=True)
class ConnectionLost(Event):
    """The HHT is no longer in touch with the hub."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """Something did not work: one line, with what to do."""

    what: str
    where: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Left(Event):
    """The HHT left the HAN and its keys are gone."""

    gpf: EntityId


@dataclass(frozen=True, slots=True)
class Summary(Event):
    """How a whole journey ended; the last line of `hht train --auto --json`."""

    scenario: str
    outcome: str
    delivered: int
    answered: int
    failed: int
    unknown: int
    captures: int
    returns: int
    reports: int
    seconds: float


def to_json(event: Event) -> dict[str, object]:
    """The event as a JSON object: "event" first, then its fields."""
    shown = {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
    return {"event": event.name, **shown}


def _plain(value: object) -> object:
    if isinstance(value, EntityId):
        return str(value)
    return value.value if isinstance(value, Enum) else value
