"""What happens at simulated premises, as events of the common schema; `text` is for people."""

from dataclasses import dataclass
from typing import ClassVar

from hht.events import Event, Source


@dataclass(frozen=True, slots=True)
class HubEvent(Event):
    """Something that has happened at the premises."""

    source: ClassVar[Source] = Source.HUB

    text: str


@dataclass(frozen=True, slots=True)
class PowerOn(HubEvent):
    """The hub got power."""

    name: ClassVar[str] = "power-on"

    text: str = "The hub has power; its inter-PAN window opens"


@dataclass(frozen=True, slots=True)
class PowerCut(HubEvent):
    """The hub lost power for so many seconds of the premises."""

    name: ClassVar[str] = "power-cut"

    seconds: float


@dataclass(frozen=True, slots=True)
class WindowClosed(HubEvent):
    """The inter-PAN window was closed before its time."""

    name: ClassVar[str] = "window-closed"

    text: str = "The inter-PAN window has been closed"


@dataclass(frozen=True, slots=True)
class Refused(HubEvent):
    """The HHT, or another Device, was not let in."""

    name: ClassVar[str] = "refused"

    text: str = "The HHT was not admitted: there is no room for it"


@dataclass(frozen=True, slots=True)
class Admitted(HubEvent):
    """The HHT was added to the CHF Device Log."""

    name: ClassVar[str] = "admitted"

    text: str = "The HHT is in the CHF Device Log"


@dataclass(frozen=True, slots=True)
class Joined(HubEvent):
    """The HHT became a member of the HAN."""

    name: ClassVar[str] = "joined"

    text: str = "The HHT is in the HAN and has its link key"


@dataclass(frozen=True, slots=True)
class DeviceJoined(HubEvent):
    """A Device of the premises has joined the HAN and agreed its link key with the hub."""

    name: ClassVar[str] = "device-joined"


@dataclass(frozen=True, slots=True)
class ImageArrived(HubEvent):
    """A firmware image came to the hub over the WAN."""

    name: ClassVar[str] = "image"


@dataclass(frozen=True, slots=True)
class Left(HubEvent):
    """The HHT left the HAN by itself."""

    name: ClassVar[str] = "left"

    text: str = "The HHT has left the HAN"


@dataclass(frozen=True, slots=True)
class ResidencyEnded(HubEvent):
    """The HHT was removed from the HAN after its hours of membership."""

    name: ClassVar[str] = "stay-ended"

    text: str = "The HHT's residency is over: it is removed from the HAN"


@dataclass(frozen=True, slots=True)
class FormedAnew(HubEvent):
    """The hub formed its HAN again, under another Extended PAN ID."""

    name: ClassVar[str] = "formed-anew"


@dataclass(frozen=True, slots=True)
class ChannelChanged(HubEvent):
    """The hub formed its HAN again on another 2.4 GHz channel (a DRAFT of SECMP0012)."""

    name: ClassVar[str] = "channel-changed"

    channel: int


@dataclass(frozen=True, slots=True)
class CommandArrived(HubEvent):
    """A Command reached the hub, `by` "HHT" or "WAN"; unreadable ones name no Device."""

    name: ClassVar[str] = "command"

    by: str
    device: str | None = None
    counter: int | None = None


@dataclass(frozen=True, slots=True)
class DeviceAnswered(HubEvent):
    """A Device gave its Response; `device` is its label, `counter` the Command's."""

    name: ClassVar[str] = "response"

    device: str
    counter: int


@dataclass(frozen=True, slots=True)
class DeviceAlerted(HubEvent):
    """A Device raised an Alert; `code` is None where its payload has none."""

    name: ClassVar[str] = "alert"

    device: str
    code: int | None


@dataclass(frozen=True, slots=True)
class FaultInjected(HubEvent):
    """Something was made to go wrong, `by` "scenario", "trainer" or "trainee"."""

    name: ClassVar[str] = "fault"

    fault: str
    by: str


@dataclass(frozen=True, slots=True)
class FaultReverted(HubEvent):
    """A fault that was in force is over."""

    name: ClassVar[str] = "fault-over"

    fault: str
