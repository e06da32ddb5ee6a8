"""What happened in a play, in few lines: counted and timed from the journey's events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, so often, in so many seconds; `words` are a failure's own.

    `what` is "hubs", "connected", "delivered", "alerts", "doubt", "lost" or "failed".
    """

    what: str
    count: int = 0
    seconds: float = 0
    words: str = ""


def happenings(rows: Sequence[Row]) -> tuple[Happening, ...]:
    """Put a play's events, as `to_json` made them with their "elapsed" seconds, into lines."""
    return tuple(
        happening
        for tell in (_hubs, _connections, _troubles, _deliveries, _alerts, _doubts)
        for happening in tell(rows)
    )


def _of(rows: Sequence[Row], *names: str) -> list[Row]:
    return [row for row in rows if row["event"] in names]


def _hubs(rows: Sequence[Row]) -> Iterator[Happening]:
    heard = {row["gpf"] for row in _of(rows, "hub_found")}
    if heard:
        yield Happening("hubs", len(heard))


def _connections(rows: Sequence[Row]) -> Iterator[Happening]:
    """Yield how often the HHT came from a confirmed hub to a tunnel.

    The seconds of the first time.
    """
    seconds, taken = 0.0, list[float]()
    for row in _of(rows, "hub_chosen", "step_done"):
        seconds = 0.0 if row["event"] == "hub_chosen" else seconds + row["seconds"]
        if row.get("step") == "tunnel":
            taken.append(seconds)
    if taken:
        yield Happening("connected", len(taken), taken[0])


def _troubles(rows: Sequence[Row]) -> Iterator[Happening]:
    names = {"failed": "failed", "connection_lost": "lost"}
    for row in _of(rows, *names):
        yield Happening(names[row["event"]], words=row["what"])


def _deliveries(rows: Sequence[Row]) -> Iterator[Happening]:
    sent = _of(rows, "command_sent")
    answered = [row for row in _of(rows, "response_captured") if row["command_id"] is not None]
    if sent and answered:
        count = len({row["command_id"] for row in answered})
        yield Happening("delivered", count, answered[-1]["elapsed"] - sent[0]["elapsed"])


def _alerts(rows: Sequence[Row]) -> Iterator[Happening]:
    heard = [row for row in _of(rows, "alert_captured") if not row["duplicate"]]
    if heard:
        yield Happening("alerts", len(heard))


def _doubts(rows: Sequence[Row]) -> Iterator[Happening]:
    doubted = {r["command_id"] for r in _of(rows, "command_changed") if r["state"] == "unknown"}
    if doubted:
        yield Happening("doubt", len(doubted))
