"""A visit as it is read, and the scenario that grows from it: labels, and phrases of Commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.device_commands import (
    CCS01_DEVICE_TYPES,
    AddDevice,
    JoinDevice,
    RemoveDevice,
    UnjoinDevice,
    device_command,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.gbcs.use_cases import use_case
from hht.journeys.firmware.images import activation_of
from hht.journeys.move.asked import mask_channels
from hht.simulator.devices.types.chf_mask import SET_MASK
from hht.simulator.head_end.job_phrases import parse_step
from hht.simulator.site.device_limits import DEVICE_TYPES, gbcs_type, too_many

if TYPE_CHECKING:
    from hht.duis.visit_questions import Answer
    from hht.entity_id import EntityId
    from hht.store import CommandRow, JobRow

Row = Mapping[str, Any]

_BY_CODE = {
    "CCS06": "read log",
    "CCS05/CCS04": "back up log",
    "CS07": "read joins {}",
    "ECS70": "clock {}",
    "GCS28": "clock {}",
    "ECS52": "read firmware {}",
    "GCS38": "read firmware {}",
    "CS08": "read firmware {}",
    "DBCH01": "read channel",
    "DBCH02": "read channel log",
    "DBCH03": "read channel settings",
    "DBCH05": "scan channels",
    "DRAFT channels": "read mask",
}
"""Phrases of the use cases that name no other Device and no channel, by the use case's name."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What is read of a visit: the events' rows each with its "elapsed" seconds.

    `answers` are those to the questions about the hub, by question.
    """

    job: "JobRow"
    commands: Sequence["CommandRow"]
    events: Sequence[Row]
    minutes: float
    outcome: str
    answers: Mapping[str, "Answer"] = field(default_factory=dict)


@dataclass
class Draft:
    """The scenario as it grows."""

    visit: Visit
    labels: dict["EntityId", tuple[str, str]] = field(default_factory=dict)
    """By the Device's Entity Identifier: its label and its type."""
    phrases: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    """How many Commands of the new job have gone when that one of the visit went."""
    hub: list[str] = field(default_factory=list)
    wrong_codes: set[str] = field(default_factory=set)
    refused_images: set[str] = field(default_factory=set)
    """Labels of the Devices that refused their Activate Firmware."""
    faults: list[list[str]] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    score: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def name_devices(draft: Draft) -> None:
    """Label every Device that the job or a Command names, as many as premises may have."""
    found = {each.entity_id: each.type for each in draft.visit.job.devices}
    for row in draft.visit.commands:
        said = _said(row)
        if isinstance(said, AddDevice):
            found.setdefault(said.device, CCS01_DEVICE_TYPES.get(said.device_type, ""))
    kinds: list[str] = []
    for entity, kind in found.items():
        if kind in DEVICE_TYPES and not too_many([*kinds, kind]):
            kinds.append(kind)
            number = kinds.count(kind)
            draft.labels[entity] = (kind if number == 1 else f"{kind}{number}", kind)
    if not draft.labels:  # a scenario has a job, and a job is about a Device
        from hht.entity_id import EntityId

        draft.labels[EntityId(bytes(8))] = ("ESME", "ESME")


def _said(row: "CommandRow") -> AddDevice | RemoveDevice | JoinDevice | UnjoinDevice | None:
    try:
        return device_command(Message.parse(row.raw))
    except MalformedMessage:
        return None


def find_phrases(draft: Draft) -> None:
    """Put every Command of the visit into a phrase; name those by their use case that have none."""
    kinds = {label: gbcs_type(kind) for label, kind in draft.labels.values()}
    gone = 0
    for row in draft.visit.commands:
        draft.positions[row.position] = gone
        wanted = _phrases_of(draft, row)
        fitting = [each for each in wanted if _fits(each, kinds)]
        is_other_side = len(wanted) > 1 and set(wanted) & set(draft.phrases)
        if fitting and not is_other_side:
            draft.phrases.append(fitting[0])
        if fitting:
            gone += 1
        else:
            draft.left_out.append(use_case(row.message_code).name)
    if not draft.phrases and "visit" not in draft.visit.answers:  # nothing to do at all
        label = next(iter(kinds))
        draft.phrases.append(f"add {label}")


def _fits(phrase: str, kinds: Mapping[str, DeviceType]) -> bool:
    try:
        parse_step(phrase, kinds)
    except ValueError:
        return False
    return True


def _phrases_of(draft: Draft, row: "CommandRow") -> list[str]:
    """Return every way to say what a Command does; a join is one phrase for both of its sides."""
    match _said(row):
        case AddDevice(device=device):
            return [f"add {label_of(draft, device)}"]
        case RemoveDevice(device=device):
            return [f"remove {label_of(draft, device)}"]
        case JoinDevice(device=device, other=other):
            return _both("join", label_of(draft, device), label_of(draft, other))
        case UnjoinDevice(device=device, other=other):
            return _both("unjoin", label_of(draft, device), label_of(draft, other))
    words = _words_of(row)
    return [words.format(label_of(draft, row.device))] if words else []


def _words_of(row: "CommandRow") -> str:
    """Return the phrase of a Command that names no other Device, {} in place of its own label."""
    if activation := activation_of(row.raw):
        return f"activate firmware {'later ' if activation.at else ''}{{}}"
    if row.message_code == SET_MASK:
        return _mask_words(row.raw)
    return _BY_CODE.get(use_case(row.message_code).name, "")


def _mask_words(raw: bytes) -> str:
    try:
        channels = mask_channels(raw)
    except (MalformedMessage, ValueError):
        return ""
    if channels is None:
        return "remove mask"
    return " ".join(["set mask", *map(str, sorted(channels))])


def _both(word: str, one: str, other: str) -> list[str]:
    return [f"{word} {one} {other}", f"{word} {other} {one}"]


def label_of(draft: Draft, entity: "EntityId") -> str:
    job = draft.visit.job
    if entity in (job.hub_chf, job.hub_gpf):
        return "CHF" if entity == job.hub_chf else "GPF"
    return draft.labels.get(entity, ("?", ""))[0]
