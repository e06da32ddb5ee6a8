"""What happens while a hub changes its channel, as events of a visit."""

from dataclasses import dataclass
from typing import ClassVar

from hht.entity_id import EntityId
from hht.journeys.events import VisitEvent


@dataclass(frozen=True, slots=True)
class MoveExpected(VisitEvent):
    """A Command is about to go that may set a move going: how long that lasts, and why.

    `devices` are the Devices that have to follow, each with its time in words.
    """

    name: ClassVar[str] = "move_expected"

    command_id: int
    kind: str
    seconds: float
    why: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveAsked(VisitEvent):
    """The hub took the Command, or refused it for now; `said` is what it made of it."""

    name: ClassVar[str] = "move_asked"

    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class MoveAway(VisitEvent):
    """The HHT has stepped out of the HAN; it looks for the hub in so many seconds.

    `in_doubt` are the Local Commands under way, by number and title: their Responses did not come
    before, and once the hub is back each has to be settled, read back or delivered once more.
    """

    name: ClassVar[str] = "move_away"

    kind: str
    reason: str
    seconds: float
    in_doubt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HubNotBack(VisitEvent):
    """The hub is not heard though its time is over; `steps` are what to do, in this order."""

    name: ClassVar[str] = "hub_not_back"

    seconds: float
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HubBack(VisitEvent):
    """The HHT has its tunnel again; `was` is the channel that the hub was on before."""

    name: ClassVar[str] = "hub_back"

    kind: str
    channel: int | None
    was: int | None
    said: str
    seconds: float


@dataclass(frozen=True, slots=True)
class DeviceWayBack(VisitEvent):
    """What is known of a Device's way back has changed; `state` is one of `WayBack`."""

    name: ClassVar[str] = "device_way_back"

    device: EntityId
    label: str
    state: str
    said: str
    seconds: float | None
    rssi: int | None


@dataclass(frozen=True, slots=True)
class DeviceNotBack(VisitEvent):
    """A Command is about to go to a Device that was not heard since the move: it may not answer."""

    name: ClassVar[str] = "device_not_back"

    command_id: int
    device: EntityId
    label: str
    state: str
    said: str


@dataclass(frozen=True, slots=True)
class SecondLook(VisitEvent):
    """A second look is owed to these Devices, an open item of the job until it is done."""

    name: ClassVar[str] = "second_look"

    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveEnded(VisitEvent):
    """How many Devices are where, as the HHT leaves or all are back."""

    name: ClassVar[str] = "move_ended"

    kind: str
    channel: int | None
    moved: int
    back: int
    silent: int
    unknown: int
    second_look: bool
    said: str


@dataclass(frozen=True, slots=True)
class OutsidePlan(VisitEvent):
    """The hub is on a channel that the building's plan does not have; said before one leaves."""

    name: ClassVar[str] = "outside_plan"

    channel: int
    plan: tuple[int, ...]
    note: str
