"""What the dongle reports of the air: beacons, frames, messages, and how well they were heard."""

from dataclasses import dataclass, field

from hht.entity_id import EntityId


@dataclass(frozen=True, slots=True)
class Beacon:
    """A network's answer to an active scan; `rssi` is in dBm, `lqi` 0 to 255."""

    channel: int
    pan_id: int
    extended_pan_id: EntityId
    allowing_join: bool
    lqi: int
    rssi: int
    stack_profile: int = 2


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """An inter-PAN frame as it was on the air: MAC header first, without FCS."""

    raw: bytes
    lqi: int
    rssi: int


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """An APS message from a member of the HAN; `sender` is its 16-bit network address."""

    cluster: int
    profile: int
    source_endpoint: int
    destination_endpoint: int
    sender: int
    payload: bytes = field(repr=False)
    aps_encrypted: bool
    lqi: int
    rssi: int


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """How well the last frame from the hub was heard."""

    lqi: int
    rssi: int


@dataclass(frozen=True, slots=True)
class Table:
    """How many entries a dongle's table was asked to have, and has: None where it is not said."""

    asked: int
    granted: int | None


@dataclass(frozen=True, slots=True)
class Network:
    """The HAN that the dongle is a member of, and its 16-bit address there."""

    channel: int
    pan_id: int
    extended_pan_id: EntityId
    short_address: int
