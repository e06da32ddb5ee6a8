"""What a job wants of each display and switch: pair it, put it in another's place, take it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain

from hht.entity_id import EntityId
from hht.gbcs.device_commands import (
    AddDevice,
    DeviceCommand,
    JoinDevice,
    RemoveDevice,
    UnjoinDevice,
    device_command,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.store.rows import CommandRow

PAIRED_TYPES = frozenset({"PPMID", "HCALCS", "IHD", "CAD"})
"""Devices that an engineer pairs with the meters of a premises."""


class Purpose(StrEnum):
    """What is to become of a Device."""

    PAIR = "pair"  # add it and join it with its partners
    REPLACE = "replace"  # the same, after another of its type was taken out
    JOIN = "join"  # it is in the hub's log already
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class PairingTask:
    """One Device with the ids of its Local Commands; `joins` has those of each partner.

    `install_code` and `join_seconds` are what its CCS01 carries; None and 0 without one.
    `replaces` is the Device in whose place it comes; `leaves` says that it is taken out after
    it was added.
    """

    device: EntityId
    type: str
    purpose: Purpose
    out: tuple[int, ...] = ()
    adds: tuple[int, ...] = ()
    joins: Mapping[EntityId, tuple[int, ...]] = field(default_factory=dict)
    install_code: bytes | None = field(default=None, repr=False)
    join_seconds: int = 0
    replaces: EntityId | None = None
    leaves: bool = False

    @property
    def numbers(self) -> tuple[int, ...]:
        """The ids of all its Local Commands."""
        return (*self.out, *self.adds, *chain.from_iterable(self.joins.values()))


def pairing_tasks(
    rows: Sequence[CommandRow], types: Mapping[EntityId, str]
) -> tuple[PairingTask, ...]:
    """Return one task for each PPMID, HCALCS, IHD and CAD that a job names, those taken out
    first."""
    said = [(row.id, command) for row in rows if (command := _command(row)) is not None]
    named = dict.fromkeys(each for _, command in said for each in _named(command))
    tasks = [_task(each, types[each], said) for each in named if types.get(each) in PAIRED_TYPES]
    gone = [task for task in tasks if task.purpose is Purpose.REMOVE]
    left = [_replacing(task, gone) for task in tasks if task.purpose is not Purpose.REMOVE]
    return (*gone, *left)


def _task(device: EntityId, kind: str, said: Sequence[tuple[int, DeviceCommand]]) -> PairingTask:
    about = [(number, command) for number, command in said if device in _named(command)]
    out = [n for n, c in about if isinstance(c, UnjoinDevice | RemoveDevice)]
    adds = [(n, c) for n, c in about if isinstance(c, AddDevice)]
    joins: dict[EntityId, tuple[int, ...]] = {}
    for number, command in about:
        if isinstance(command, JoinDevice):
            partner = command.other if command.device == device else command.device
            joins[partner] = (*joins.get(partner, ()), number)
    purpose = Purpose.PAIR if adds else Purpose.JOIN if joins else Purpose.REMOVE
    added = adds[-1][1] if adds else None
    return PairingTask(
        device,
        kind,
        purpose,
        tuple(out),
        tuple(number for number, _ in adds),
        joins,
        added.install_code if added else None,
        added.join_seconds if added else 0,
        leaves=bool(adds and out) and out[-1] > adds[-1][0],
    )


def _replacing(task: PairingTask, gone: Sequence[PairingTask]) -> PairingTask:
    """Return whether a new Device replaces one of its type that the same job takes out."""
    old = next((each.device for each in gone if each.type == task.type), None)
    if old is None or task.purpose is not Purpose.PAIR:
        return task
    return replace(task, purpose=Purpose.REPLACE, replaces=old)


def _named(command: DeviceCommand) -> tuple[EntityId, ...]:
    if isinstance(command, AddDevice | RemoveDevice):
        return (command.device,)
    return command.device, command.other


def _command(row: CommandRow) -> DeviceCommand | None:
    try:
        return device_command(Message.parse(row.raw))
    except MalformedMessage:
        return None
