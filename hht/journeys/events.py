"""What happens on a visit, as events that screens, the command line and tests consume."""

from dataclasses import dataclass
from typing import ClassVar

from hht.entity_id import EntityId
from hht.events import Event, Source
from hht.spans import Line


@dataclass(frozen=True, slots=True)
class VisitEvent(Event):
    """Something that has happened on a visit."""

    source: ClassVar[Source] = Source.VISIT


@dataclass(frozen=True, slots=True)
class DongleOpened(VisitEvent):
    """The dongle answers; `line` is the speed and flow control that were found, "" for none."""

    name: ClassVar[str] = "dongle_opened"

    firmware: str
    line: str


@dataclass(frozen=True, slots=True)
class InterPanOpened(VisitEvent):
    """The hub was reached between PANs; `way` is how its frames are heard."""

    name: ClassVar[str] = "inter_pan_opened"

    way: str


@dataclass(frozen=True, slots=True)
class ScanStarted(VisitEvent):
    """The dongle is looking for hubs."""

    name: ClassVar[str] = "scan_started"

    first_channel: int
    last_channel: int


@dataclass(frozen=True, slots=True)
class HubFound(VisitEvent):
    """A hub answered the scan; `gpf` is its Extended PAN ID, as printed on its label."""

    name: ClassVar[str] = "hub_found"

    gpf: EntityId
    channel: int
    pan_id: int
    lqi: int
    rssi: int
    is_jobs_hub: bool


@dataclass(frozen=True, slots=True)
class HubChosen(VisitEvent):
    """The engineer confirmed this hub."""

    name: ClassVar[str] = "hub_chosen"

    gpf: EntityId


@dataclass(frozen=True, slots=True)
class StepStarted(VisitEvent):
    """A step of the connect journey began.

    It gives up after so many seconds of silence; None where nothing is asked.
    """

    name: ClassVar[str] = "step_started"

    step: str
    silence: float | None = None


@dataclass(frozen=True, slots=True)
class StepDone(VisitEvent):
    """A step of the connect journey was done and persisted."""

    name: ClassVar[str] = "step_done"

    step: str
    seconds: float


@dataclass(frozen=True, slots=True)
class WindowClock(VisitEvent):
    """The inter-PAN window's clock was started, started again, or set back by the engineer.

    `seconds_left` is None where nothing is known of it any more.
    """

    name: ClassVar[str] = "window_clock"

    seconds_left: int | None


@dataclass(frozen=True, slots=True)
class TimeOfDaySet(VisitEvent):
    """Somebody set the handheld's clock by so many seconds; window and membership go on."""

    name: ClassVar[str] = "time_of_day_set"

    seconds: int


@dataclass(frozen=True, slots=True)
class ClockWarning(VisitEvent):
    """A clock of the visit has so many minutes left; 0 says that it has run out.

    `clock` is "window" (the hub's inter-PAN window) or "membership"; `certainty` says how sure its
    beginning is.
    """

    name: ClassVar[str] = "clock_warning"

    clock: str
    minutes: int
    seconds_left: int
    certainty: str
    remedy: str


@dataclass(frozen=True, slots=True)
class HubPower(VisitEvent):
    """The hub's power as it is watched from the air: "on", "off" or "back"."""

    name: ClassVar[str] = "hub_power"

    gpf: EntityId
    power: str


@dataclass(frozen=True, slots=True)
class CommandSent(VisitEvent):
    """A Local Command is about to leave: its state SENDING is persisted."""

    name: ClassVar[str] = "command_sent"

    command_id: int
    position: int
    title: str
    seconds_allowed: float = 0
    """How long its Response is waited for before the next one goes."""


@dataclass(frozen=True, slots=True)
class CommandChanged(VisitEvent):
    """A Local Command came to a new state."""

    name: ClassVar[str] = "command_changed"

    command_id: int
    position: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResponseCaptured(VisitEvent):
    """A Response is safe in the store; `command_id` is None if it answers nothing of ours.

    `positive` is None where what it says cannot be read.
    """

    name: ClassVar[str] = "response_captured"

    capture_id: int
    command_id: int | None
    use_case: str
    reading: Line
    positive: bool | None
    mac: str
    signature: str
    duplicate: bool


@dataclass(frozen=True, slots=True)
class AlertCaptured(VisitEvent):
    """An Alert is safe in the store; `alert` is its own name, `device` who sent it.

    Of an Alert that brings a Device Log, `about` is the Device that it changed for and `change`
    what became of it, where it changed for one.
    """

    name: ClassVar[str] = "alert_captured"

    capture_id: int
    device: EntityId
    alert: str
    use_case: str
    reading: Line
    mac: str
    signature: str
    duplicate: bool
    about: EntityId | None = None
    change: str = ""


@dataclass(frozen=True, slots=True)
class OtherCaptured(VisitEvent):
    """Something that is neither Response nor Alert is safe in the store."""

    name: ClassVar[str] = "other_captured"

    capture_id: int
    reading: Line


@dataclass(frozen=True, slots=True)
class ConnectionLost(VisitEvent):
    """The HHT is no longer in touch with the hub."""

    name: ClassVar[str] = "connection_lost"

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Failed(VisitEvent):
    """Something did not work: one line, with what to do; `code` is the error's."""

    name: ClassVar[str] = "failed"

    what: str
    where: str
    remedy: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class HubFault(VisitEvent):
    """The hub did something against the rules; `count` is how often by now, on this visit."""

    name: ClassVar[str] = "hub_fault"

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Left(VisitEvent):
    """The HHT left the HAN and its keys are gone."""

    name: ClassVar[str] = "left"

    gpf: EntityId


@dataclass(frozen=True, slots=True)
class ActivationConfirmed(VisitEvent):
    """Somebody has compared the hash of an Activate Firmware with its image, and wants it run."""

    name: ClassVar[str] = "activation_confirmed"

    command_id: int
    device: EntityId
    sha256: str


@dataclass(frozen=True, slots=True)
class Summary(VisitEvent):
    """How a whole journey ended; the last line of `hht train --auto --json`."""

    name: ClassVar[str] = "summary"

    scenario: str
    outcome: str
    delivered: int
    answered: int
    failed: int
    unknown: int
    captures: int
    returns: int
    reports: int
    uncaptured: int
    seconds: float
