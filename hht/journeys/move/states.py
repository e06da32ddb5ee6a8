"""The journey of a change of channel, as a table and its persisted state. No I/O, no clock.

Leave, wait, find the hub again by its Extended PAN ID, rejoin, watch each Device come back, and
leave an open item where one did not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from hht.entity_id import EntityId
from hht.state_machine import allows, follow


class MoveKind(StrEnum):
    """What moves."""

    HUB = "hub"  # the HAN goes to another 2.4 GHz channel
    SUB_GHZ = "sub-ghz"  # the hub's sub-GHz leg goes to another channel


class MoveState(StrEnum):
    """How far it has come."""

    NONE = "none"
    ASKED = "asked"  # the hub took a Command that may set it going
    AWAY = "away"  # the HHT has stepped out of the HAN
    NOT_BACK = "not-back"  # the hub is not heard, though its time is over
    WATCHING = "watching"  # the HHT is in the HAN, and looks who comes back
    OPEN = "open"  # the HHT left while a Device was not back: a second look is owed
    DONE = "done"


class MoveEvent(StrEnum):
    """What can happen."""

    ASKED = "asked"
    STAYED = "stayed"
    STEPPED_OUT = "stepped-out"
    NOT_HEARD = "not-heard"
    CAME_BACK = "came-back"
    CHANGED = "changed"
    LEFT_OPEN = "left-open"
    ALL_BACK = "all-back"
    CLOSED = "closed"


_S, _E = MoveState, MoveEvent
_BEFORE = (_S.NONE, _S.DONE)
_UNDER_WAY = (_S.ASKED, _S.AWAY, _S.NOT_BACK, _S.WATCHING)

TABLE: Final = {
    **{(state, _E.ASKED): _S.ASKED for state in _S},
    # A hub may go without a word: what is seen of it afterwards is watched all the same.
    **{(state, _E.CHANGED): _S.WATCHING for state in _S},
    (_S.ASKED, _E.STAYED): _S.DONE,
    (_S.AWAY, _E.STAYED): _S.DONE,
    (_S.NOT_BACK, _E.STAYED): _S.DONE,
    (_S.ASKED, _E.STEPPED_OUT): _S.AWAY,
    (_S.ASKED, _E.NOT_HEARD): _S.NOT_BACK,
    (_S.AWAY, _E.NOT_HEARD): _S.NOT_BACK,
    (_S.NOT_BACK, _E.NOT_HEARD): _S.NOT_BACK,
    (_S.ASKED, _E.CAME_BACK): _S.WATCHING,
    (_S.AWAY, _E.CAME_BACK): _S.WATCHING,
    (_S.NOT_BACK, _E.CAME_BACK): _S.WATCHING,
    (_S.WATCHING, _E.CAME_BACK): _S.WATCHING,
    (_S.OPEN, _E.CAME_BACK): _S.WATCHING,
    **{(state, _E.LEFT_OPEN): _S.OPEN for state in _UNDER_WAY},
    (_S.WATCHING, _E.ALL_BACK): _S.DONE,
    (_S.OPEN, _E.ALL_BACK): _S.DONE,
    (_S.OPEN, _E.CLOSED): _S.DONE,
    **{(state, _E.CLOSED): _S.DONE for state in _UNDER_WAY},
}


@dataclass(frozen=True, slots=True)
class Move:
    """What a restart has to know of a move.

    `since` is when the hub took the Command, or changed; nothing heard before it proves anything.
    `under_way` has for each Local Command that had been sent before it how often. `heard` is when
    each Device was first heard since, `listed` when the hub's own log had it, with the average RSSI
    (dBm). `hub_at` is when the hub was
    heard again, `looked_at` the last moment at which the HHT was there to hear a Device. `channel`
    is the hub's 2.4 GHz channel as heard last, `was` the one before. `expects_leave`: the HHT has
    to step out. `sub_ghz` is the sub-GHz channel known last (hexadecimal), `noted` the newest
    capture that was taken in. `seen` are Devices that the engineer saw to be back, each with what
    was seen; `closed` is why the second look was given up. `earlier` is the watch that was not over
    when this move began: its Devices are still looked for. `absent` are the Devices that had not
    joined yet when it began: they have no way back.
    """

    state: MoveState = MoveState.NONE
    kind: MoveKind = MoveKind.HUB
    said: str = ""
    since: datetime | None = None
    due: datetime | None = None
    hub_at: datetime | None = None
    looked_at: datetime | None = None
    channel: int | None = None
    was: int | None = None
    expects_leave: bool = False
    sub_ghz: str = ""
    noted: int = 0
    command: int | None = None
    under_way: Mapping[int, int] = field(default_factory=dict)
    heard: Mapping[EntityId, datetime] = field(default_factory=dict)
    listed: Mapping[EntityId, tuple[datetime, int | None]] = field(default_factory=dict)
    published: Mapping[EntityId, str] = field(default_factory=dict)
    """What was published last of each Device."""
    seen: Mapping[EntityId, str] = field(default_factory=dict)
    closed: str = ""
    earlier: Self | None = None
    absent: frozenset[EntityId] = frozenset()

    def after(self, event: MoveEvent) -> Self:
        """Return the move once `event` has happened; OutOfStep if it cannot happen now."""
        return replace(self, state=follow(TABLE, self.state, event))

    @property
    def is_open(self) -> bool:
        """Whether something is still owed: the move is under way, or a second look."""
        return self.state not in _BEFORE

    @property
    def awaits_hub(self) -> bool:
        """Whether the whole HAN is to move, or moves, and the hub was not heard since."""
        return self.is_open and self.kind is MoveKind.HUB and self.hub_at is None

    def hub_gone(self, now: datetime) -> float | None:
        """Return for how many seconds the hub may have been away; None where it is not to be."""
        may_be_away = allows(TABLE, self.state, MoveEvent.NOT_HEARD) and self.kind is MoveKind.HUB
        return (now - self.since).total_seconds() if may_be_away and self.since else None

    @property
    def watch(self) -> Self | None:
        """The watch of Devices that goes on beside a new move of the sub-GHz leg."""
        is_watch = self.is_open and self.hub_at is not None
        return self if is_watch else self.earlier

    @property
    def watch_of_all(self) -> Self | None:
        """The watch of every Device, which a watch of the sub-GHz ones has not ended."""
        if self.watch is None or self.watch.kind is MoveKind.HUB:
            return self.watch
        return self.watch.earlier and self.watch.earlier.watch_of_all

    def stayed(self, said: str) -> Self:
        """Return what comes of it where nothing moves: the earlier watch goes on, if there is
        one."""
        if self.earlier is None:
            return replace(self, said=said).after(MoveEvent.STAYED)
        known = ("channel", "was", "sub_ghz", "noted")
        return replace(self.earlier, **{name: getattr(self, name) for name in known})

    def saw(self, device: EntityId, what: str) -> Self:
        """Return the move with a Device that the engineer saw to be back."""
        earlier = self.earlier and self.earlier.saw(device, what)
        return replace(self, seen={**self.seen, device: what}, earlier=earlier)

    def snapshot(self) -> dict[str, Any]:
        """Return the move by name, for the store."""
        times = ("since", "due", "hub_at", "looked_at")
        return {
            "state": self.state.value,
            "kind": self.kind.value,
            "said": self.said,
            **{name: _text(getattr(self, name)) for name in times},
            "channel": self.channel,
            "was": self.was,
            "expects_leave": self.expects_leave,
            "sub_ghz": self.sub_ghz,
            "noted": self.noted,
            "command": self.command,
            "under_way": {str(command): tries for command, tries in self.under_way.items()},
            "heard": {str(device): at.isoformat() for device, at in self.heard.items()},
            "listed": {
                str(device): [at.isoformat(), rssi] for device, (at, rssi) in self.listed.items()
            },
            "told": {str(device): state for device, state in self.published.items()},
            "seen": {str(device): what for device, what in self.seen.items()},
            "closed": self.closed,
            "earlier": self.earlier and self.earlier.snapshot(),
            "absent": sorted(map(str, self.absent)),
        }

    @classmethod
    def restore(cls, row: Mapping[str, Any]) -> Self:
        """Return what `snapshot` wrote."""
        times = ("since", "due", "hub_at", "looked_at")
        return cls(
            state=MoveState(row["state"]),
            kind=MoveKind(row["kind"]),
            said=row["said"],
            **{name: _time(row[name]) for name in times},
            channel=row["channel"],
            was=row["was"],
            expects_leave=row["expects_leave"],
            sub_ghz=row["sub_ghz"],
            noted=row["noted"],
            command=row["command"],
            under_way={int(command): tries for command, tries in row["under_way"].items()},
            heard={EntityId.parse(e): datetime.fromisoformat(at) for e, at in row["heard"].items()},
            listed={
                EntityId.parse(e): (datetime.fromisoformat(at), rssi)
                for e, (at, rssi) in row["listed"].items()
            },
            published={EntityId.parse(device): state for device, state in row["told"].items()},
            seen={EntityId.parse(device): what for device, what in row["seen"].items()},
            closed=row["closed"],
            earlier=cls.restore(earlier) if (earlier := row.get("earlier")) else None,
            absent=frozenset(map(EntityId.parse, row.get("absent", ()))),
        )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
