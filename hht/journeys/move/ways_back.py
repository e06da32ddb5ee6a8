"""Each Device's way back after its hub has changed its channel: moved, back, silent or unknown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.journeys.move.states import Move, MoveKind, MoveState
from hht.journeys.plan.kinds import ways_back as seconds_of_types
from hht.texts import text

_OTHERS_SECONDS = 900.0
"""For a type of Device without a row of its own."""
_ELSEWHERE = {MoveKind.SUB_GHZ: "2.4 GHz"}
"""The band whose Devices a move of this kind leaves where they are."""


_NEVER_HEARD = frozenset({"IHD", "CAD"})
"""Types of which there is no GBCS message: an HHT hears none of them, wherever it is."""


class WayBack(StrEnum):
    """What is known of a Device since the move."""

    UNKNOWN = (
        "unknown"  # nothing shows where it is, and its time is not over or no engineer was there
    )
    MOVED = "moved"  # the hub lists it; it has said nothing itself
    BACK = "back"  # it was heard itself, or seen by the engineer
    SILENT = "silent"  # its time is over, and it was not heard


@dataclass(frozen=True, slots=True)
class DeviceWay:
    """One Device's way back: its state, how that is known, when it was due and when it was seen.

    `seconds` count from the hub's being heard again; `rssi` (dBm) is the average that the hub's log
    has given since, None where it was not read.
    """

    device: EntityId
    label: str
    type: str
    state: WayBack
    said: str
    deadline: datetime | None
    at: datetime | None = None
    seconds: float | None = None
    rssi: int | None = None

    @property
    def is_settled(self) -> bool:
        """Whether waiting longer shows nothing more."""
        return self.state in (WayBack.BACK, WayBack.SILENT) or self.type in _NEVER_HEARD


def ways_back(move: Move, devices: Sequence[JobDevice]) -> tuple[DeviceWay, ...]:
    """Say of every Device that the move concerns its state; none before the hub is back.

    Who was looked for when it began is looked for on, though this move is not about its band.
    """
    own = _of_this(move, devices)
    if move.earlier is None:
        return own
    known = {each.device for each in own}
    earlier = ways_back(replace(move.earlier, looked_at=move.looked_at), devices)
    return (*own, *(each for each in earlier if each.device not in known))


def to_follow(move: Move, devices: Sequence[JobDevice]) -> frozenset[EntityId]:
    """Return the Devices whose answers prove nothing yet: their hub may still leave its channel."""
    if move.state is not MoveState.ASKED or move.hub_at is not None:
        return frozenset()
    return frozenset(each.entity_id for each in devices if _is_concerned(move, each))


def _of_this(move: Move, devices: Sequence[JobDevice]) -> tuple[DeviceWay, ...]:
    if move.hub_at is None:
        return ()
    since = move.hub_at
    return tuple(_way(move, each, since) for each in devices if _is_concerned(move, each))


def _is_concerned(move: Move, device: JobDevice) -> bool:
    was_there = device.entity_id not in move.absent
    return was_there and device.band != _ELSEWHERE.get(move.kind, "none")


def seconds_allowed(kind: str) -> float:
    """Return how long a Device of this type may take."""
    known = seconds_of_types().get(kind)
    return known.seconds if known else _OTHERS_SECONDS


def _way(move: Move, device: JobDevice, since: datetime) -> DeviceWay:
    entity = device.entity_id
    deadline = since + timedelta(seconds=seconds_allowed(device.type))
    at, rssi = move.listed.get(entity, (None, None))
    state, said = WayBack.UNKNOWN, text("way_back.unknown")
    if at:
        state, said = WayBack.MOVED, text("way_back.listed")
    if device.type in _NEVER_HEARD:
        said = text("way_back.never_heard", said=said)
    elif move.looked_at and move.looked_at >= deadline:
        state, said, at = WayBack.SILENT, text("way_back.silent"), None
    if entity in move.seen:
        state, said = WayBack.BACK, text("way_back.seen", what=move.seen[entity])
    if entity in move.heard:
        state, said, at = WayBack.BACK, text("way_back.heard"), move.heard[entity]
    seconds = max(0.0, round((at - since).total_seconds(), 1)) if at else None
    label = device.label or device.type
    return DeviceWay(entity, label, device.type, state, said, deadline, at, seconds, rssi)
