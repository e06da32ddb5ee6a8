"""The rules of a job that could be read: hub, Devices, order, joins, proof."""

from collections.abc import Callable, Iterator
from datetime import datetime

from hht.duis.job.words import LIVE
from hht.duis.local_command import LocalCommand
from hht.duis.pack_check.checked_job import CheckedDevice, CheckedJob
from hht.duis.pack_check.findings import Finding
from hht.duis.pack_check.validity import expired, unreadable_certificates
from hht.entity_id import EntityId
from hht.gbcs.correlation import CorrelationKey, key_of_command
from hht.gbcs.device_commands import (
    CCS01_DEVICE_TYPES,
    AddDevice,
    DeviceCommand,
    JoinDevice,
    RemoveDevice,
    UnjoinDevice,
    device_command,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.use_cases import use_case
from hht.mpxn import check_digits_fit, mpxn_kind

_NEED_NO_JOIN = ("ESME", "CHF", "GPF")
_NEED_ESME_OR_GPF = ("PPMID", "HCALCS", "IHD", "CAD")
_TAKE_NO_COMMANDS = ("IHD", "CAD")  # Type 2 Devices: the other side of their Join does not exist
_PROOFS = {0x0004, 0x010F, 0x00FE, 0x0013}  # CCS05/04, CCS06, CCS07, CS07
_FIRST_OF_A, _SECOND_OF_A = 0x000D, 0x00AB  # CS03A1 and CS03A2: who answers, and who asks

Rule = Callable[[CheckedJob], Iterator[Finding]]


def check_job(job: CheckedJob, now: datetime) -> list[Finding]:
    """Find everything that is wrong with a job; `now` is UTC."""
    findings = list(job.findings)
    if job.commands or job.is_described:
        for rule in (*_RULES, *(_ABSENCES if job.lists_commands else ())):
            findings += rule(job)
        findings += expired(job, now)
    return list(dict.fromkeys(findings))


def _named(job: CheckedJob, entity: EntityId) -> str:
    label = next((each.label for each in job.devices if each.entity_id == entity), "")
    return f"{label} {entity}".strip()


def _about(job: CheckedJob) -> list[tuple[str, DeviceCommand]]:
    found = ((name, _about_command(command)) for name, command in job.commands)
    return [(name, about) for name, about in found if about is not None]


def _about_command(command: LocalCommand) -> DeviceCommand | None:
    """Return what a Command adds or joins; None where it does neither, or cannot be read."""
    try:
        return device_command(command.message)
    except MalformedMessage:
        return None


def _training(job: CheckedJob) -> Iterator[Finding]:
    """Find training data in a job that is not: its import is refused."""
    if job.mode != LIVE:  # another word is a fault of its own
        return
    for name, command in job.commands:
        if command.is_training:
            yield Finding("unreadable-pack", name, "it is training data in a live job")


def _damaged(job: CheckedJob) -> Iterator[Finding]:
    for name, command in job.commands:
        try:
            device_command(command.message)
        except MalformedMessage as error:
            device = command.message.recipient
            yield Finding("unreadable-command", name, f"a Command of {device}: {error}")


def _doubled(job: CheckedJob) -> Iterator[Finding]:
    """Find a Command that is there twice, and two whose Responses have the same headers.

    A Response is known by the two parties, the Originator Counter and the Message Code (GBCS).
    """
    seen: dict[CorrelationKey, tuple[str, bytes]] = {}
    for name, command in job.commands:
        key = key_of_command(command.message)
        if key in seen:
            first, raw = seen[key]
            same = "the same as" if raw == command.raw else "its Response looks like that of"
            yield Finding("duplicate-command", name, f"{same} {first}")
        seen.setdefault(key, (name, command.raw))


def _hub(job: CheckedJob) -> Iterator[Finding]:
    """Find Commands that only a hub accepts and that are not for this one, or its other half."""
    if not job.is_described:
        return
    own = {"CHF": job.chf, "GPF": job.gpf}
    for name, command in job.commands:
        wanted = use_case(command.message.message_code).device
        recipient = command.message.recipient
        if wanted not in own or recipient == own[wanted]:
            continue
        if recipient in own.values():
            yield Finding("swapped-hub", name, f"a Command for the {wanted} goes to {recipient}")
        else:
            yield Finding("wrong-hub", name, f"it is for the {wanted} {recipient}")


def _unknown(job: CheckedJob) -> Iterator[Finding]:
    if not job.is_described:
        return
    known = {job.chf, job.gpf, *(each.entity_id for each in job.devices)}
    others = job.other_hubs | {c.message.recipient for _, c in job.commands if _is_for_hub(c)}
    for name, command in job.commands:
        recipient = command.message.recipient
        if recipient in known or _is_for_hub(command):
            continue
        if recipient in others:
            yield Finding("wrong-hub", name, f"it is for the hub {recipient}")
        else:
            yield Finding("unknown-device", name, f"it is for {recipient}")


def _is_for_hub(command: LocalCommand) -> bool:
    """Return whether only a CHF or a GPF accepts this Command."""
    return use_case(command.message.message_code).device in ("CHF", "GPF")


def _counters(job: CheckedJob) -> Iterator[Finding]:
    last: dict[tuple[EntityId, EntityId], int] = {}
    for name, command in job.commands:
        message = command.message
        parties = message.originator, message.recipient
        before = last.get(parties, -1)
        if message.counter < before:
            what = f"{_named(job, message.recipient)}: {message.counter} after {before}"
            yield Finding("counters-fall", name, what)
        last[parties] = max(before, message.counter)


def _adds(job: CheckedJob) -> Iterator[Finding]:
    added = {about.device: (name, about) for name, about in _about(job) if _is_add(about)}
    for device in job.devices:
        if device.type in ("CHF", "GPF"):
            continue
        if device.entity_id in added:
            name, about = added[device.entity_id]
            assert isinstance(about, AddDevice)
            yield from _added(job, device, name, about)
        elif not device.joined and job.lists_commands:
            where = device.where or job.where
            yield Finding("missing-add", where, _named(job, device.entity_id))
        if device.type not in CCS01_DEVICE_TYPES.values() and device.entity_id not in added:
            what = f"{_named(job, device.entity_id)} is {device.type[:20]!r}, which is no type"
            yield Finding("wrong-device-type", device.where or job.where, what)


def _is_add(about: DeviceCommand) -> bool:
    return isinstance(about, AddDevice)


def _added(
    job: CheckedJob, device: CheckedDevice, name: str, about: AddDevice
) -> Iterator[Finding]:
    kind = CCS01_DEVICE_TYPES.get(about.device_type)
    if kind != device.type:
        kind = kind or f"type {about.device_type}"
        what = f"{_named(job, device.entity_id)} is {device.type[:20]!r} and is added as {kind}"
        yield Finding("wrong-device-type", name, what)
    if device.install_code is not None and about.install_code != device.install_code:
        yield Finding("wrong-install-code", name, _named(job, device.entity_id))


def _joins(job: CheckedJob) -> Iterator[Finding]:
    joins = {(a.device, a.other): n for n, a in _about(job) if isinstance(a, JoinDevice)}
    pairs = set(joins)
    types = {each.entity_id: each.type for each in job.devices}
    hub = {job.gpf, job.chf}  # exchanged they are a fault of their own, and no Join is missing
    for device in job.devices:
        if device.joined or device.type in _NEED_NO_JOIN:
            continue
        partners = {b for a, b in pairs if a == device.entity_id}
        partners |= {a for a, b in pairs if b == device.entity_id}
        esmes = {each.entity_id for each in job.devices if each.type == "ESME"}
        if device.type == "GSME" and not partners & hub:
            what = f"{_named(job, device.entity_id)} has no Join with the GPF"
            yield Finding("missing-join", device.where or job.where, what)
        elif device.type in _NEED_ESME_OR_GPF and not partners & (esmes | hub):
            what = f"{_named(job, device.entity_id)} has no Join with ESME or GPF"
            yield Finding("missing-join", device.where or job.where, what)
    for one, other in sorted(pairs):
        if (other, one) not in pairs and types.get(other) not in _TAKE_NO_COMMANDS:
            what = f"the Join of {_named(job, other)} with {_named(job, one)}"
            yield Finding("missing-join", joins[one, other], what)


def _order(job: CheckedJob) -> Iterator[Finding]:
    """Find what goes to a Device, or joins with it, before its CCS01 or after its CCS02.

    And a PPMID's or HCALCS's side of a Join before the ESME's: its partner would not answer it.
    """
    about = [_about_command(command) for _, command in job.commands]
    added_at: dict[EntityId, int] = {}
    for position, each in enumerate(about):
        if isinstance(each, AddDevice):
            added_at.setdefault(each.device, position)
    removed: set[EntityId] = set()
    for position, (name, command) in enumerate(job.commands):
        each = about[position]
        needs = {command.message.recipient}
        needs |= {each.other} if isinstance(each, JoinDevice | UnjoinDevice) else set()
        for device in sorted(needs):
            if position < added_at.get(device, -1):
                yield Finding("order", name, f"it comes before the CCS01 of {_named(job, device)}")
            if device in removed:
                yield Finding("order", name, f"it comes after the CCS02 of {_named(job, device)}")
        if later := _first_of_pair(job, position, about):
            yield Finding("order", name, f"it comes before {later}: that side answers it")
        removed |= {each.device} if isinstance(each, RemoveDevice) else set()
        removed -= {each.device} if isinstance(each, AddDevice) else set()


def _first_of_pair(job: CheckedJob, position: int, about: list[DeviceCommand | None]) -> str:
    """Name the CS03A1 that comes after the CS03A2 at this position; else empty."""
    here = about[position]
    if job.commands[position][1].message.message_code != _SECOND_OF_A:
        return ""
    for (name, command), each in zip(job.commands[position:], about[position:], strict=True):
        if command.message.message_code == _FIRST_OF_A and _is_other_side(here, each):
            return name
    return ""


def _is_other_side(one: DeviceCommand | None, other: DeviceCommand | None) -> bool:
    if not isinstance(one, JoinDevice) or not isinstance(other, JoinDevice):
        return False
    return (one.device, one.other) == (other.other, other.device)


def _mpxn(job: CheckedJob) -> Iterator[Finding]:
    for number, where in job.mpxns:
        if not (mpxn_kind(number) and check_digits_fit(number)):
            yield Finding("mpxn-check", where, f"the check digit of {number[:13]} fails")


def _proof(job: CheckedJob) -> Iterator[Finding]:
    """Find a pack without a read of a log, or one that reads them before it changes anything."""
    codes = [command.message.message_code for _, command in job.commands]
    proofs = [position for position, code in enumerate(codes) if code in _PROOFS]
    changes = [at for at, (_, each) in enumerate(job.commands) if _about_command(each)]
    if not proofs and codes:
        yield Finding("no-read-back", job.where, "no Command reads a log")
    elif changes and proofs[-1] < changes[0]:
        yield Finding("no-read-back", job.where, "every log is read before it is changed")


_RULES: tuple[Rule, ...] = (
    *(_training, _damaged, _doubled, _hub, _unknown, _counters),
    *(_adds, _order, _mpxn, unreadable_certificates),
)
_ABSENCES: tuple[Rule, ...] = (_joins, _proof)
"""What can be said only where it is known which Local Commands the pack has."""
