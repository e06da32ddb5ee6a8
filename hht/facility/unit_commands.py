"""The Local Commands of one unit: read in their order, and whether they let this unit in."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from hht.duis.job.description import describes_training
from hht.duis.local_command import (
    LocalCommand,
    NothingToDeliver,
    PreCommandRefused,
    read_local_command,
)
from hht.duis.pack_files import read_pack_files
from hht.duis.pack_names import inside, is_job_file
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.facility.findings import shown
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.certificates import device_of
from hht.gbcs.device_commands import CCS01_DEVICE_TYPES, AddDevice, DeviceCommand, JoinDevice
from hht.gbcs.device_commands import device_command as read_device_command
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.use_cases import use_case

Fault = tuple[str, str]
"""A code of hht.facility.findings and what is wrong."""

_PPMID, _PARTNERS = "PPMID", ("ESME", "GPF", "GSME")
_JOIN_TYPES = {each.value: each.name for each in DeviceType}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a row says of its unit; `install_code` is without its check bytes."""

    eui: EntityId
    chf: EntityId | None
    gpf: EntityId | None
    install_code: bytes | None = field(default=None, repr=False)
    certificate: bytes | None = None


def commands_in(path: Path) -> Iterator[tuple[str, LocalCommand | Fault]]:
    """Read a folder's or ZIP's Local Commands in the order of delivery, each with its file's name.

    That order is job.json's where there is one, else the natural order of the names. What is
    beside the description of a job for training is for training. What carries no Command is passed
    over; what cannot be read, is a Pre-Command, or is in job.json alone, comes as a Fault.
    PackRefused where the folder or ZIP as a whole cannot be read, or leads outside itself.
    """
    files = read_pack_files(path)
    is_training = any(map(describes_training, files.values()))
    for name in _in_order(files):
        try:
            command = read_local_command(files[name], name)
            yield name, replace(command, is_training=command.is_training or is_training)
        except NothingToDeliver:
            continue
        except PreCommandRefused as error:
            yield name, ("pre-command", f"{shown(name)}: {error.what}")
        except InputError as error:
            yield name, ("unreadable-command", f"{shown(name)}: {shown(error.what)}")
    for name in dict.fromkeys(_listed(files)):
        if inside(name) not in files:
            yield name, ("missing-file", f"{shown(name)} is in job.json, and is not there")


def check_unit(unit: Unit, commands: list[LocalCommand]) -> list[Fault]:
    """Find what in these Commands is not this unit's, and what it lacks."""
    said = [_said(command) for command in commands]
    faults = [each for each in said if isinstance(each, tuple)]
    about = [each for each in said if isinstance(each, AddDevice | JoinDevice)]
    for each in about:
        faults += _added(unit, each) if isinstance(each, AddDevice) else _joined(unit, each)
    faults += _hub(unit, commands)
    faults += _missing(unit, about)
    faults += _falling_counters(commands)
    return list(dict.fromkeys(faults))


def _in_order(files: dict[str, bytes]) -> list[str]:
    names = [name for name in files if name.lower().endswith(".xml")]
    listed = _listed(files)
    ranks = {inside(name): rank for rank, name in enumerate(listed)}
    return sorted(names, key=lambda name: (ranks.get(name, len(ranks)), natural(name)))


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key under which 2.xml comes before 10.xml."""
    parts = re.split(r"(\d+)", name.lower())
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]


def _listed(files: dict[str, bytes]) -> list[str]:
    """Return the file names that job.json lists; none where there is no readable one."""
    raw = next((content for name, content in files.items() if is_job_file(name)), b"{}")
    try:
        commands = json.loads(raw.decode("utf-8-sig")).get("commands", [])
        return [str(entry["file"]) for entry in commands]
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return []


def _said(command: LocalCommand) -> DeviceCommand | Fault | None:
    try:
        return read_device_command(command.message)
    except MalformedMessage as error:
        return "unreadable-command", f"message code {command.message.message_code:04X}: {error}"


def _added(unit: Unit, command: AddDevice) -> list[Fault]:
    if command.device != unit.eui:
        return [("wrong-unit", f"CCS01 adds {command.device}")]
    faults = []
    if unit.install_code is not None and command.install_code != unit.install_code:
        faults.append(("wrong-install-code", "CCS01 has another Install Code than the row"))
    if CCS01_DEVICE_TYPES.get(command.device_type) != _PPMID:
        kind = CCS01_DEVICE_TYPES.get(command.device_type, f"type {command.device_type}")
        faults.append(("wrong-device-type", f"CCS01 adds it as {kind}"))
    if unit.chf is not None and command.chf != unit.chf:
        faults.append(("wrong-hub", f"CCS01 is for CHF {command.chf}"))
    return faults


def _joined(unit: Unit, command: JoinDevice) -> list[Fault]:
    if unit.eui not in (command.device, command.other):
        return [("wrong-unit", f"a Join of {command.device} with {command.other}")]
    faults = []
    kind = _JOIN_TYPES.get(command.other_type, f"type {command.other_type}")
    if kind not in ((_PPMID,) if command.other == unit.eui else _PARTNERS):
        what = f"the Join of {command.device} names {command.other} as {kind}"
        faults.append(("wrong-device-type", what))
    owner = device_of(command.certificate) if command.certificate else None
    pinned = command.certificate and command.other == unit.eui and unit.certificate
    if owner is not None and owner != command.other:
        faults.append(("wrong-certificate", f"the Join of {command.device} has that of {owner}"))
    elif pinned and command.certificate != unit.certificate:
        faults.append(("wrong-certificate", f"the Join of {command.device} has another one"))
    return faults


def _hub(unit: Unit, commands: list[LocalCommand]) -> list[Fault]:
    """Find Commands for another hub than the row's, and Joins with another GPF."""
    own = {"CHF": unit.chf, "GPF": unit.gpf}
    faults = []
    for command in commands:
        recipient, about = command.message.recipient, _said(command)
        kind = use_case(command.message.message_code).device
        if not isinstance(about, AddDevice) and own.get(kind) not in (None, recipient):
            faults.append(("wrong-hub", f"a Command for the {kind} goes to {recipient}"))
        if not isinstance(about, JoinDevice) or unit.gpf in (None, about.other):
            continue
        if _JOIN_TYPES.get(about.other_type) == "GPF":
            faults.append(("wrong-hub", f"a Join names GPF {about.other}"))
    return faults


def _missing(unit: Unit, about: list[AddDevice | JoinDevice]) -> list[Fault]:
    faults: list[Fault] = []
    if not any(isinstance(each, AddDevice) for each in about):
        faults.append(("missing-command", "there is no CCS01"))
    joins = {(each.device, each.other) for each in about if isinstance(each, JoinDevice)}
    if not joins:
        faults.append(("missing-command", "there is no Join"))
    for device, other in sorted(joins):
        if unit.eui in (device, other) and (other, device) not in joins:
            faults.append(("missing-command", f"the Join of {other} with {device} is not there"))
    return faults


def _falling_counters(commands: list[LocalCommand]) -> list[Fault]:
    """Find Commands of one party to one Device whose counters do not rise in their order."""
    last: dict[tuple[EntityId, EntityId], int] = {}
    faults = []
    for command in commands:
        message = command.message
        parties = message.originator, message.recipient
        if message.counter <= last.get(parties, -1):
            what = f"to {message.recipient}: {message.counter} after {last[parties]}"
            faults.append(("counters-fall", what))
        last[parties] = max(message.counter, last.get(parties, -1))
    return faults
