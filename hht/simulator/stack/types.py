"""What a simulated radio node reports to its owner."""

from dataclasses import dataclass, field
from enum import StrEnum

from hht.entity_id import EntityId


@dataclass(frozen=True, slots=True)
class BeaconHeard:
    """One answer to an active scan; RSSI in dBm."""

    channel: int
    pan_id: int
    extended_pan_id: EntityId
    short_address: int
    permit_joining: bool
    stack_profile: int
    update_id: int
    lqi: int
    rssi: int


class JoinReason(StrEnum):
    """How a join went."""

    JOINED = "joined"
    NO_BEACON = "no beacon of that network was heard"
    NOT_PERMITTED = "the network does not permit association"
    NO_RESPONSE = "the coordinator did not answer the association request"
    REFUSED = "the Trust Centre refused this device"
    NO_KEY = "no network key came that the link key opens"
    NO_LINK_KEY = "key establishment with the Trust Centre failed"


@dataclass(frozen=True, slots=True)
class JoinResult:
    """The outcome of a join; `short` is the address given when `ok`."""

    ok: bool
    reason: JoinReason
    short: int = 0xFFFE


@dataclass(frozen=True, slots=True)
class Received:
    """One APS data frame (fragments put together) for one of the node's endpoints."""

    sender_short: int
    sender_eui: EntityId
    cluster: int
    profile: int
    source_endpoint: int
    destination_endpoint: int
    payload: bytes = field(repr=False)
    aps_encrypted: bool
    lqi: int
    rssi: int
    counter: int = 0
