"""The connect journey: from away to a tunnel with one hub, as a table and its persisted state.

Scan, confirm the hub, inter-PAN CBKE, CCS01 of the HHT, join, CBKE on the HAN, tunnel
(GBCS 0.8.1 annex on the HHT; order as the hub expects it). No I/O and no clock of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from hht.entity_id import EntityId
from hht.journeys.link.time_of_day import TimeOfDay
from hht.state_machine import follow


class Step(StrEnum):
    """What the engineer watches happen, in order."""

    SCAN = "scan"
    CONFIRM = "confirm"
    LINK_KEY = "inter-pan-cbke"
    ADMISSION = "ccs01"
    JOIN = "join"
    HAN_KEY = "han-cbke"
    TUNNEL = "tunnel"


class ConnectState(StrEnum):
    """How far the HHT has come with the hub."""

    AWAY = "away"
    HUBS_SEEN = "hubs-seen"
    CONFIRMED = "confirmed"
    LINKED = "linked"
    ADMITTED = "admitted"
    JOINED = "joined"
    KEYED = "keyed"
    CONNECTED = "connected"


class WindowCertainty(StrEnum):
    """How much is known of the hub's inter-PAN window."""

    UNKNOWN = "unknown"  # nothing shows when the hub was switched on
    ABOUT = "about"  # reckoned from the hub's first answer, or from what the engineer said
    KNOWN = "known"  # the hub was seen to come up
    CLOSED = "closed"  # the hub answered nothing over inter-PAN


class ConnectEvent(StrEnum):
    """What can happen between the HHT and the hub."""

    HUBS_HEARD = "hubs-heard"
    HUB_CONFIRMED = "hub-confirmed"
    LINK_KEY_AGREED = "link-key-agreed"
    HHT_ADMITTED = "hht-admitted"
    STILL_ADMITTED = "still-admitted"
    HAN_JOINED = "han-joined"
    HAN_KEY_AGREED = "han-key-agreed"
    TUNNEL_OPENED = "tunnel-opened"
    LINK_LOST = "link-lost"
    LEFT = "left"


_S, _E = ConnectState, ConnectEvent

TABLE: Final = {
    (_S.AWAY, _E.HUBS_HEARD): _S.HUBS_SEEN,
    (_S.HUBS_SEEN, _E.HUBS_HEARD): _S.HUBS_SEEN,
    (_S.CONFIRMED, _E.HUBS_HEARD): _S.HUBS_SEEN,
    (_S.HUBS_SEEN, _E.HUB_CONFIRMED): _S.CONFIRMED,
    (_S.CONFIRMED, _E.HUB_CONFIRMED): _S.CONFIRMED,
    (_S.CONFIRMED, _E.LINK_KEY_AGREED): _S.LINKED,
    # A hub keeps the HHT in its Device Log for the residency: the window need not be open again.
    (_S.CONFIRMED, _E.STILL_ADMITTED): _S.ADMITTED,
    (_S.LINKED, _E.HHT_ADMITTED): _S.ADMITTED,
    (_S.ADMITTED, _E.HAN_JOINED): _S.JOINED,
    (_S.JOINED, _E.HAN_KEY_AGREED): _S.KEYED,
    (_S.KEYED, _E.TUNNEL_OPENED): _S.CONNECTED,
    (_S.CONFIRMED, _E.LINK_LOST): _S.CONFIRMED,
    (_S.LINKED, _E.LINK_LOST): _S.CONFIRMED,
    (_S.ADMITTED, _E.LINK_LOST): _S.CONFIRMED,
    (_S.JOINED, _E.LINK_LOST): _S.CONFIRMED,
    (_S.KEYED, _E.LINK_LOST): _S.CONFIRMED,
    (_S.CONNECTED, _E.LINK_LOST): _S.CONFIRMED,
    (_S.AWAY, _E.LEFT): _S.AWAY,
    (_S.HUBS_SEEN, _E.LEFT): _S.AWAY,
    (_S.CONFIRMED, _E.LEFT): _S.AWAY,
    (_S.LINKED, _E.LEFT): _S.AWAY,
    (_S.ADMITTED, _E.LEFT): _S.AWAY,
    (_S.JOINED, _E.LEFT): _S.AWAY,
    (_S.KEYED, _E.LEFT): _S.AWAY,
    (_S.CONNECTED, _E.LEFT): _S.AWAY,
}

DONE_IN: Final = {
    Step.SCAN: _S.HUBS_SEEN,
    Step.CONFIRM: _S.CONFIRMED,
    Step.LINK_KEY: _S.LINKED,
    Step.ADMISSION: _S.ADMITTED,
    Step.JOIN: _S.JOINED,
    Step.HAN_KEY: _S.KEYED,
    Step.TUNNEL: _S.CONNECTED,
}
"""The state in which each step has been done (and so have those before it)."""


@dataclass(frozen=True, slots=True)
class PowerBefore:
    """Window and membership as they were before a power-on that was answered."""

    window_started: datetime | None
    window_certainty: WindowCertainty
    admitted_at: datetime | None

    def moved(self, by: timedelta) -> Self:
        """Return them as the time of day has them that was set by so much."""
        started, admitted = _moved(self.window_started, by), _moved(self.admitted_at, by)
        return replace(self, window_started=started, admitted_at=admitted)

    def snapshot(self) -> list[str]:
        """Give it as texts, for the store."""
        moments = (self.window_started, self.admitted_at)
        return [*(_text(each) or "" for each in moments), self.window_certainty.value]

    @classmethod
    def restore(cls, kept: Sequence[str]) -> Self:
        """Return what `snapshot` wrote."""
        started, admitted, certainty = kept
        return cls(_time(started), WindowCertainty(certainty), _time(admitted))


@dataclass(frozen=True, slots=True)
class Connect:
    """What a restart needs to know of the journey, and no secret."""

    state: ConnectState = ConnectState.AWAY
    hub: EntityId | None = None
    """GPF Entity Identifier of the confirmed hub."""
    window_started: datetime | None = None
    """When the hub's inter-PAN window opened, or is taken to have opened."""
    admitted_at: datetime | None = None
    tunnel: int | None = None
    """The last tunnel that was open, which the hub may still hold."""
    window_certainty: WindowCertainty = WindowCertainty.UNKNOWN
    window_before: tuple[datetime | None, WindowCertainty] | None = None
    """The clock as it was before the engineer set it; None where there is nothing to take back."""
    power_before: PowerBefore | None = None
    """The clock as it was before the visit's question about the power was answered."""
    time_of_day: TimeOfDay | None = None
    """What the handheld's clock showed when these moments were last reckoned."""
    clock_set_at: int = 0
    """The number of the job's last capture when the time of day was set: what was captured until
    then compares no clocks any more."""

    def moved(self, by: timedelta) -> Self:
        """Return the journey with every moment by a time of day that was set by so much."""
        before, power = self.window_before, self.power_before
        return replace(
            self,
            window_started=_moved(self.window_started, by),
            admitted_at=_moved(self.admitted_at, by),
            window_before=(_moved(before[0], by), before[1]) if before else None,
            power_before=power.moved(by) if power else None,
        )

    def after(self, event: ConnectEvent) -> Self:
        """Return the journey once `event` has happened; OutOfStep if it cannot happen now."""
        return replace(self, state=follow(TABLE, self.state, event))

    def resumed(self) -> Self:
        """Return the journey as a restarted program finds it: no link survives the process."""
        if self.state in (ConnectState.AWAY, ConnectState.HUBS_SEEN):
            return replace(self, state=ConnectState.AWAY)
        return self.after(ConnectEvent.LINK_LOST)

    def done(self, step: Step) -> bool:
        """Return whether `step` is behind."""
        states = list(ConnectState)
        return states.index(self.state) >= states.index(DONE_IN[step])

    def snapshot(self) -> dict[str, str | int | list[str] | None]:
        """Return the journey by name, for the store."""
        return {
            "state": self.state,
            "hub": str(self.hub) if self.hub else None,
            "window_started": _text(self.window_started),
            "window_certainty": self.window_certainty,
            "admitted_at": _text(self.admitted_at),
            "tunnel": self.tunnel,
            "window_before": _before_as_text(self.window_before),
            "power_before": self.power_before.snapshot() if self.power_before else None,
            "time_of_day": self.time_of_day.snapshot() if self.time_of_day else None,
            "clock_set_at": self.clock_set_at,
        }

    @classmethod
    def restore(cls, snapshot: Mapping[str, Any]) -> Self:
        """Return what `snapshot` wrote."""
        hub, power_before = snapshot["hub"], snapshot.get("power_before")
        known = snapshot.get("time_of_day")
        return cls(
            state=ConnectState(snapshot["state"]),
            hub=EntityId.parse(hub) if hub else None,
            window_started=_time(snapshot["window_started"]),
            window_certainty=_certainty(snapshot),
            admitted_at=_time(snapshot["admitted_at"]),
            tunnel=snapshot["tunnel"],
            window_before=_before(snapshot.get("window_before")),
            power_before=PowerBefore.restore(power_before) if power_before else None,
            time_of_day=TimeOfDay.restore(known) if known else None,
            clock_set_at=int(snapshot.get("clock_set_at", 0)),
        )


def seconds_left(since: datetime | None, limit: timedelta | None, now: datetime) -> int | None:
    """Return whole seconds until `limit` after `since`, never below 0.

    None if there is no such clock.
    """
    if since is None or limit is None:
        return None
    return max(0, int((since + limit - now).total_seconds()))


def _certainty(snapshot: Mapping[str, Any]) -> WindowCertainty:
    """Return the certainty kept.

    A snapshot from before it was kept began its clock at first contact.
    """
    begun = WindowCertainty.ABOUT if snapshot["window_started"] else WindowCertainty.UNKNOWN
    return WindowCertainty(snapshot.get("window_certainty", begun))


def _before_as_text(before: tuple[datetime | None, WindowCertainty] | None) -> list[str] | None:
    return [_text(before[0]) or "", before[1].value] if before else None


def _before(kept: Sequence[str] | None) -> tuple[datetime | None, WindowCertainty] | None:
    return (_time(kept[0]), WindowCertainty(kept[1])) if kept else None


def _moved(moment: datetime | None, by: timedelta) -> datetime | None:
    return moment + by if moment else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
