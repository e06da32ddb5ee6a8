"""Job packs: an engineer's job and its Local Commands, from a folder, a ZIP or one file."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hht.duis.job.brief import JobBrief, doubts_of, read_brief
from hht.duis.job.device import JobDevice
from hht.duis.job.head import (
    PackVisit,
    check_head,
    device_of,
    premises_of,
    profile_of,
    visit_of,
)
from hht.duis.job.words import TRAINING, WITH_VISIT
from hht.duis.job_json import JobObject, one_line, read_document, refuse
from hht.duis.local_command import LocalCommand, NothingToDeliver, read_local_command
from hht.duis.mail.loose_files import (
    may_hold_commands,
    refuse_without_document,
    with_documents,
)
from hht.duis.octets_in_text import hexadecimal
from hht.duis.pack_files import (
    MarkedForTraining,
    job_file_of,
    read_bounded,
    read_pack_files,
)
from hht.duis.pack_names import inside, is_job_file
from hht.entity_id import EntityId
from hht.files import decode_text
from hht.gbcs.use_cases import use_case
from hht.spans import counted

_MOST_NAMED = 20
"""Files that are named as passed over; a folder of photos has hundreds."""


@dataclass(frozen=True, slots=True)
class PackCommand:
    """One Local Command of the job; `after` are the positions of those that must succeed first."""

    title: str
    local_command: LocalCommand
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JobPack:
    """A job as it was handed over. Loose files have no mode and no hub: those are None.

    `certificates` are the PEM files, by name, with which Devices' answers can be checked. `notes`
    say in a line each what was left out or is doubtful, and why.
    """

    reference: str
    title: str
    premises: str
    hub_gpf: EntityId | None
    hub_chf: EntityId | None
    profile: str
    mode: str | None
    devices: tuple[JobDevice, ...]
    commands: tuple[PackCommand, ...]
    certificates: tuple[tuple[str, bytes], ...] = ()
    visit: PackVisit | None = None
    notes: tuple[str, ...] = ()
    brief: JobBrief = field(default_factory=JobBrief)

    def check_mode(self, mode: str, where: str) -> None:
        """Raise PackRefused where a Local Command has the training mark and `mode` is another."""
        marked = [each.title for each in self.commands if each.local_command.is_training]
        if marked and mode != TRAINING:
            raise MarkedForTraining(
                f"{marked[0][:60]!r} is marked as training data and cannot become {mode}",
                where=where,
                remedy="Import it with --training, or ask for the live job.",
            )


def read_job_pack(path: Path) -> JobPack:
    """Read a job pack (format hht-job/1 or 2), or loose DUIS XML as a job of its own.

    PackRefused or DuisRefused names the file and what is wrong with it; nothing is read in part,
    and a pack whose job.json is not where it should be is never taken as loose files.
    """
    if path.is_file() and is_job_file(path.name):
        path = path.parent
    passed_over: list[str] = []
    if path.is_dir() or path.suffix.lower() == ".zip":
        files = read_pack_files(path, passed_over=passed_over)
        if job_file := job_file_of(files, str(path)):
            return _described(files, job_file, path)
    else:
        files = {path.name: read_bounded(path)}
    refuse_part_of_pack(path)
    return _loose(with_documents(files, str(path)), path, passed_over)


def refuse_part_of_pack(path: Path) -> None:
    """Refuse what is in a pack's folder: alone it would lose its mode and its order.

    A file of a pack may lie in a folder of it.
    """
    folders = [path.parent] if path.is_dir() else [path.parent, path.parent.parent]
    beside: list[str] = []
    for folder in folders:
        with contextlib.suppress(OSError):
            beside += [each.name for each in folder.iterdir() if is_job_file(each.name)]
    if beside:
        refuse(
            f"This belongs to the job pack of {beside[0]!r} beside it",
            str(path),
            "Import the whole folder; or move this elsewhere, if it is no part of that pack.",
        )


def _notes_on(passed_over: list[str]) -> list[str]:
    named = [f"{one_line(name)}: a file of this kind is not read" for name in passed_over]
    more = len(named) - _MOST_NAMED
    if more <= 0:
        return named
    return [*named[:_MOST_NAMED], f"{counted(more, 'more file')} of such kinds"]


def _loose(files: dict[str, bytes], path: Path, passed_over: list[str]) -> JobPack:
    names = sorted(name for name in files if may_hold_commands(name, files[name]))
    if not names:
        refuse("There is no Local Command in it", str(path), "Import DUIS XML or a job pack.")
    loose, notes = _loose_commands(files, names, path)
    commands = tuple(
        PackCommand(use_case(command.message.message_code).title, command, after=())
        for command in loose
    )
    return JobPack(
        reference=one_line(path.stem),
        title=one_line(path.stem),
        premises="",
        hub_gpf=None,
        hub_chf=None,
        profile="",
        mode=None,
        devices=(),
        commands=commands,
        notes=(*notes, *_notes_on(passed_over)),
    )


def _loose_commands(
    files: dict[str, bytes], names: list[str], path: Path
) -> tuple[list[LocalCommand], list[str]]:
    """Return the Local Commands, and a line for each file beside them that adds none."""
    found: dict[tuple[bytes, bool], tuple[str, LocalCommand]] = {}
    empty: list[NothingToDeliver] = []
    again: list[str] = []
    for name in names:
        try:
            command = _command(files, {"file": name}, path)
        except NothingToDeliver as error:
            empty.append(error)
            continue
        key = (command.raw, command.is_training)  # a marked one must not hide behind another
        first, known = found.setdefault(key, (name, command))
        if first != name:
            _refuse_other_request(name, command, first, known, path)
            again.append(f"{one_line(name)}: the same Local Command as {one_line(first)}")
    if empty and not found:
        raise empty[0]
    notes = [*(f"{error.where}: {error.what}" for error in empty), *again]
    return [command for _, command in found.values()], notes


def _refuse_other_request(
    name: str, command: LocalCommand, first: str, known: LocalCommand, path: Path
) -> None:
    """Refuse one message under two RequestIDs: its Response can be returned under one only."""
    if command.request_id != known.request_id:
        refuse(
            f"{one_line(first)} and {one_line(name)} have one Local Command under two RequestIDs",
            str(path),
            "Ask the sender which of the two requests it answers, and import that file.",
        )


def _described(files: dict[str, bytes], job_file: str, path: Path) -> JobPack:
    job = read_document(files[job_file], job_file, f"{path}: {job_file}")
    check_head(job)
    hub, brief = job.entry("hub"), read_brief(job, files)
    pack = JobPack(
        reference=job.line("reference"),
        title=job.line("title"),
        premises=premises_of(job),
        hub_gpf=hub.entity_id("gpf"),
        hub_chf=hub.entity_id("chf"),
        profile=profile_of(job),
        mode=job.text("mode"),
        devices=tuple(device_of(entry) for entry in job.entries("devices")),
        commands=_commands(job, files, path),
        visit=visit_of(job),
        certificates=_certificates(files, job.text("keys", "")),
        notes=(
            *(doubts_of(job) if job.text("format") == WITH_VISIT else ()),
            *_unlisted(job, files, job_file),
        ),
        brief=brief,
    )
    _check_recipients(pack, job.where)
    pack.check_mode(job.text("mode"), job.where)
    return pack


def _unlisted(job: JobObject, files: dict[str, bytes], job_file: str) -> Iterator[str]:
    """Name each file that the description does not: it may be a Local Command of this job."""
    beside = (job.names(name, also_text=True) for name in ("coverage", "firmware_warnings"))
    listed = {inside(name) for names in beside for name in names}
    listed |= {inside(entry.text("file")) for entry in job.entries("commands")}
    for name in sorted(files.keys() - listed - {job_file}):
        if not name.lower().endswith(".pem"):
            yield f"{name[:60]}: the pack does not list it"


def _check_recipients(pack: JobPack, where: str) -> None:
    """Refuse a Local Command that is neither for the job's hub nor for one of its Devices."""
    on_site = {pack.hub_gpf, pack.hub_chf, *(device.entity_id for device in pack.devices)}
    for command in pack.commands:
        recipient = command.local_command.message.recipient
        if recipient not in on_site:
            refuse(
                f"{command.title!r} is for {recipient}, not for this hub or a Device on it",
                where,
                "Ask for the pack of this hub.",
            )


def _commands(job: JobObject, files: dict[str, bytes], path: Path) -> tuple[PackCommand, ...]:
    entries = job.entries("commands")
    positions = {inside(entry.text("file")): number for number, entry in enumerate(entries)}
    may_be_empty = job.text("format") == WITH_VISIT
    if len(positions) != len(entries) or not (entries or may_be_empty):
        what = "It lists no command, or one file twice"
        refuse(what, job.at("commands"), "Ask for the pack again.")
    return tuple(
        PackCommand(
            title=entry.line("title"),
            local_command=_command(files, entry.fields, path),
            after=tuple(
                _earlier(inside(name), number, positions, entry) for name in entry.names("after")
            ),
        )
        for number, entry in enumerate(entries)
    )


def _earlier(name: str, number: int, positions: dict[str, int], entry: JobObject) -> int:
    """Return the position of a command that comes before.

    In file order, so no circle is possible.
    """
    if positions.get(name, number) >= number:
        refuse(
            f"'after' names {name[:60]!r}, which is not an earlier command",
            entry.at("after"),
            "Ask for the pack again.",
        )
    return positions[name]


def _command(files: dict[str, bytes], entry: dict[str, Any], path: Path) -> LocalCommand:
    name = inside(str(entry["file"]))
    where = str(path) if path.name == name else f"{path}: {name}"
    if name not in files:
        refuse(f"The pack lists {name[:60]!r} and does not hold it", str(path), "Ask for it again.")
    if not name.lower().endswith(".hex"):
        refuse_without_document(name, files[name], where)
        return read_local_command(files[name], where)
    if "request_id" not in entry:
        refuse(
            "A HEX file does not say under which RequestID its Response must be returned",
            where,
            "Wrap it in a job pack whose entry has a request_id, or import DUIS XML.",
        )
    raw = _hex(files[name], where)
    reference = str(entry.get("service_reference", ""))
    variant = str(entry.get("service_reference_variant", reference))
    return LocalCommand.of(str(entry["request_id"]), reference, variant, raw, where)


def _hex(content: bytes, where: str) -> bytes:
    try:
        raw = hexadecimal(decode_text(content))
    except UnicodeDecodeError:
        raw = b""
    if not raw:
        refuse("The file is not hexadecimal text", where, "Get the file again from the sender.")
    return raw


def _certificates(files: dict[str, bytes], folder: str) -> tuple[tuple[str, bytes], ...]:
    prefix = f"{inside(folder).strip('/')}/"
    return tuple(
        (name.removeprefix(prefix), content)
        for name, content in sorted(files.items())
        if folder and name.startswith(prefix) and name.lower().endswith(".pem")
    )
