"""What a scenario may ask its head-end to compose: short phrases, one or two Commands each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One phrase of a job: what to do, and the labels of the Devices it is about."""

    action: str
    labels: tuple[str, ...]


_PHRASES: Mapping[str, int] = {
    "add": 1,
    "remove": 1,
    "clock": 1,
    "join": 2,
    "unjoin": 2,
    "read joins": 1,
    "read log": 0,
    "read firmware": 1,
    "back up log": 0,
    "read channel": 0,
    "scan channels": 0,
}
"""The actions and how many Devices each names after it."""

HUB_LABELS = ("CHF", "GPF")


def parse_step(phrase: str, labels: Iterable[str]) -> Step:
    """Read "join ESME PPMID"; ValueError says what is wrong with the phrase."""
    known = (*labels, *HUB_LABELS)
    for action, count in _PHRASES.items():
        words = phrase.removeprefix(action).split()
        if phrase.startswith(action) and len(words) == count:
            strangers = [word for word in words if word not in known]
            if strangers:
                raise ValueError(f"{phrase!r} names {strangers[0]!r}, which is no Device here")
            return Step(action, tuple(words))
    raise ValueError(f"{phrase!r} is not one of the Commands a job can have")
