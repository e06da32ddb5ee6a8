"""What happened in a play, in few lines: counted and timed from the journey's events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from hht.journeys.delivery_time import delivery_seconds, is_answer
from hht.texts import has_text, text

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


TECHNICAL = ("RAD", "HUB")
"""Families of codes whose own lines have words of the radio's stack."""

Placed = tuple[int, Happening]
"""A happening, and the place of the event with which it began."""


def happenings(rows: Sequence[Row]) -> tuple[Happening, ...]:
    """Put a play's events, as `to_json` made them with their "elapsed" seconds, into lines.

    The way to the HAN and what went wrong in the order they first came, then the sums.
    """
    ways = [*_hubs(rows), *_connections(rows), *_troubles(rows)]
    sums = (_deliveries, _alerts, _doubts)
    return (
        *(happening for _, happening in sorted(ways, key=itemgetter(0))),
        *(happening for of_one_kind in sums for happening in of_one_kind(rows)),
    )


def _of(rows: Sequence[Row], *names: str) -> list[Row]:
    return [row for row in rows if row["event"] in names]


def _hubs(rows: Sequence[Row]) -> Iterator[Placed]:
    heard = _of(rows, "hub_found")
    if heard:
        yield rows.index(heard[0]), Happening("hubs", len({row["gpf"] for row in heard}))


def _connections(rows: Sequence[Row]) -> Iterator[Placed]:
    """Yield how often the HHT came from a confirmed hub to a tunnel.

    The seconds of the first time are from the first choice of that hub: failed tries count.
    """
    chosen, hub, taken, first = dict[str, Row](), "", list[float](), 0
    for place, row in enumerate(rows):
        if row["event"] == "hub_chosen":
            hub = row["gpf"]
            chosen.setdefault(hub, row)
        elif row["event"] == "step_done" and row["step"] == "tunnel" and hub:
            first = first if taken else place
            taken.append(row["elapsed"] - chosen[hub]["elapsed"])
    if taken:
        yield first, Happening("connected", len(taken), taken[0])


def _troubles(rows: Sequence[Row]) -> Iterator[Placed]:
    """Yield each trouble once, with how often it came."""
    names = {"failed": "failed", "connection_lost": "lost"}
    troubles = [(names[row["event"]], words_of(row)) for row in _of(rows, *names)]
    for place, row in enumerate(rows):
        trouble = names.get(row["event"], ""), words_of(row)
        if trouble in troubles:
            count = troubles.count(trouble)
            troubles = [each for each in troubles if each != trouble]
            yield place, Happening(trouble[0], count, words=trouble[1])


def _deliveries(rows: Sequence[Row]) -> Iterator[Happening]:
    answered = {row["command_id"] for row in rows if is_answer(row)}
    if answered and _of(rows, "command_sent"):
        yield Happening("delivered", len(answered), delivery_seconds(rows))


def _alerts(rows: Sequence[Row]) -> Iterator[Happening]:
    heard = [row for row in _of(rows, "alert_captured") if not row["duplicate"]]
    if heard:
        yield Happening("alerts", len(heard))


def _doubts(rows: Sequence[Row]) -> Iterator[Happening]:
    doubted = {r["command_id"] for r in _of(rows, "command_changed") if r["state"] == "unknown"}
    if doubted:
        yield Happening("doubt", len(doubted))


def words_of(row: Row) -> str:
    """Return what went wrong in a trainee's words: those of the screens where the stack speaks."""
    code, what = str(row.get("code", "")), str(row.get("what", ""))
    return failure_words(code) if code.startswith(TECHNICAL) else what


def failure_words(code: str) -> str:
    """Return what the screens call the failure with this code; other words as they are."""
    title = f"failure_title.{code}"
    return text(title) if has_text(title) else code
