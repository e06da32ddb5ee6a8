"""The kinds of steps that plans are made of; data in assets/tables/plan_steps.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from hht.gbcs.use_cases import use_case

_ADD = "add"
"""The kind of step that puts a Device into the hub's log."""


class Remedy(StrEnum):
    """What can be done about a step that failed or may have failed."""

    READ_BACK = "read-back"  # ask the Device's own log
    AGAIN = "again"  # deliver it once more, byte for byte
    SETTLE = "settle"  # the engineer says what was seen
    SKIP = "skip"  # leave it out, with a reason
    WAIT = "wait"  # it may still come about by itself
    LABEL = "label"  # compare Entity Identifier and Install Code with the label
    SUPPLIER = "supplier"  # only a new Local Command can help
    POWER_CYCLE = "power-cycle"  # switch the hub off and on


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step; `rank` is its place in the usual order, seconds are how long it lasts.

    `moves` is what a positive Response may set going: "hub", "sub-ghz" or nothing.
    """

    id: str
    rank: int
    codes: frozenset[int]
    services: tuple[str, ...]
    needs: tuple[str, ...]
    proof: tuple[str, ...]
    seconds: float
    why: str
    silent: tuple[Remedy, ...]
    refused: tuple[Remedy, ...]
    moves: str = ""

    @property
    def needs_its_devices(self) -> bool:
        """Whether it can be done only where each Device it is about has been added."""
        return _ADD in self.needs

    def fits(self, code: int, services: tuple[str, ...]) -> bool:
        """Return whether a Command of this message code and these Service References is of it."""
        return code in self.codes or any(self._has(each) for each in services)

    def _has(self, service: str) -> bool:
        return any(
            service.startswith(wanted[:-1]) if wanted.endswith("*") else service == wanted
            for wanted in self.services
        )


@dataclass(frozen=True, slots=True)
class TypeSeconds:
    """Seconds that go with a type of Device, and why: between wake-ups, or on its way back."""

    type: str
    seconds: float
    why: str


@cache
def kinds() -> tuple[StepKind, ...]:
    """Return every kind of step, in the usual order."""
    return tuple(_kind(rank, entry) for rank, entry in enumerate(_table()["step"]))


@cache
def kind_of(code: int) -> StepKind:
    """Return the kind of a Command with this message code."""
    services = use_case(code).service_references
    by_code = (each for each in kinds() if code in each.codes)
    by_service = (each for each in kinds() if each.fits(code, services))
    return next(by_code, None) or next(by_service, kinds()[-1])


@cache
def sleepers() -> Mapping[str, TypeSeconds]:
    """Return the types of Devices that sleep."""
    return _by_type("sleeper")


@cache
def may_sleep() -> Mapping[str, TypeSeconds]:
    """Return the types of Devices of which one sleeps that answers after a silence."""
    return _by_type("may_sleep")


def sleeper_of(type_: str, *, late: bool) -> TypeSeconds | None:
    """Return how a Device sleeps, None where not; `late` says that it answered after a silence."""
    return sleepers().get(type_) or (may_sleep().get(type_) if late else None)


@cache
def ways_back() -> Mapping[str, TypeSeconds]:
    """Return how long each type of Device may take to be back after its hub has changed its
    channel."""
    return _by_type("way_back")


@cache
def hub_not_back() -> tuple[str, ...]:
    """Return what to do, in order, where a hub that changes its channel is not heard again."""
    return tuple(row["do"] for row in _table()["not_back"])


def _by_type(name: str) -> Mapping[str, TypeSeconds]:
    rows = _table().get(name, [])
    return {
        row["type"]: TypeSeconds(row["type"], float(row["seconds"]), row["why"]) for row in rows
    }


@cache
def _table() -> dict[str, Any]:
    text = (files("assets") / "tables" / "plan_steps.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _kind(rank: int, entry: dict[str, Any]) -> StepKind:
    return StepKind(
        entry["id"],
        rank,
        frozenset(int(code, 16) for code in entry.get("codes", ())),
        tuple(entry.get("services", ())),
        tuple(entry.get("needs", ())),
        tuple(entry.get("proof", ())),
        float(entry["seconds"]),
        entry["why"],
        tuple(map(Remedy, entry["silent"])),
        tuple(map(Remedy, entry["refused"])),
        entry.get("moves", ""),
    )
