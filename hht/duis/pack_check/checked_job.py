"""A job as a check sees it: read as far as it goes, every fault on the way noted."""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from hht.duis.job.brief import read_brief
from hht.duis.job.head import check_head, install_code_of
from hht.duis.job_json import JobObject, read_document
from hht.duis.local_command import (
    LocalCommand,
    NotACommand,
    NothingToDeliver,
    PreCommandRefused,
    read_command,
    read_local_command,
)
from hht.duis.octets_in_text import hexadecimal
from hht.duis.pack_check.findings import Finding
from hht.duis.pack_files import (
    DoubledName,
    inside,
    is_job_file,
    job_file_of,
    read_bounded,
    read_pack_files,
)
from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.files import decode_text

_COMMANDS = (".xml", ".hex")


@dataclass(frozen=True, slots=True)
class CheckedDevice:
    """A Device of the pack; `joined` says that it is on the HAN, `where` its file and line."""

    type: str
    entity_id: EntityId
    label: str
    joined: bool = False
    install_code: bytes | None = field(default=None, repr=False)
    where: str = ""


@dataclass(slots=True)
class CheckedJob:
    """What could be read. `commands` are in the order of delivery, each with its file's name.

    `mpxns` are the meter points of the pack, each with the line where it stands. `other_hubs` are
    CHFs and GPFs of other jobs.
    """

    where: str
    chf: EntityId | None = None
    gpf: EntityId | None = None
    devices: list[CheckedDevice] = field(default_factory=list)
    commands: list[tuple[str, LocalCommand]] = field(default_factory=list)
    certificates: dict[str, bytes] = field(default_factory=dict)
    mpxns: tuple[tuple[str, str], ...] = ()
    other_hubs: frozenset[EntityId] = frozenset()
    not_after: datetime | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_described(self) -> bool:
        """Whether a job.json says who is on site."""
        return self.chf is not None or self.gpf is not None


def read_job(path: Path) -> CheckedJob:
    """Read a pack as far as it goes; InputError where the path can't be opened at all."""
    job = CheckedJob(str(path))
    if path.is_file() and is_job_file(path.name):
        path = path.parent
    passed_over: list[str] = []
    try:
        is_pack = path.is_dir() or path.suffix.lower() == ".zip"
        read_pack = partial(read_pack_files, passed_over=passed_over)
        files = read_pack(path) if is_pack else {path.name: read_bounded(path)}
    except DoubledName as error:
        job.findings.append(Finding("duplicate-file", str(path), error.what))
        return job
    except InputError as error:
        if not os.access(path, os.R_OK):
            raise
        job.findings.append(Finding("unreadable-pack", str(path), error.what))
        return job
    _read_files(job, files)
    for name in passed_over:
        job.findings.append(Finding("surplus-file", name, "no job pack has a file of this kind"))
    return job


def _read_files(job: CheckedJob, files: dict[str, bytes]) -> None:
    try:
        described = job_file_of(files, job.where)
    except InputError as error:
        job.findings.append(Finding("unreadable-pack", job.where, error.what))
        return
    names = [name for name in sorted(files) if name.lower().endswith(_COMMANDS)]
    entries: list[dict[str, Any]] | None = [{"file": name} for name in names]
    job.certificates = {n: files[n] for n in files if n.lower().endswith(".pem")}
    if described is not None:
        entries = _described(job, files, described)
    elif not names:
        job.findings.append(Finding("unreadable-pack", job.where, "it holds no Local Command"))
    for entry in entries or ():
        _read_entry(job, files, entry)


def _described(
    job: CheckedJob, files: dict[str, bytes], described: str
) -> list[dict[str, Any]] | None:
    """Read job.json or job.toml; the Commands it lists, None where it cannot say which."""
    try:
        top = read_document(files[described], described, described)
        coverage = _coverage(job, top, files)
        _describe(job, top, files)
        entries = _entries(job, top)
    except (InputError, ValueError, TypeError, KeyError, AttributeError) as error:
        job.findings.append(_unreadable(error, described))
        return None
    try:
        check_head(top)
        for command in top.entries("commands"):
            command.line("title")
    except InputError as error:
        job.findings.append(_unreadable(error, described))
    listed = {described, coverage, *map(inside, top.names("firmware_warnings"))}
    listed |= {*(inside(str(entry["file"])) for entry in entries)}
    keys = f"{inside(str(top.fields.get('keys', '')))}/"
    for name in sorted(set(files) - listed):
        if not (name in job.certificates and name.startswith(keys)):
            job.findings.append(Finding("surplus-file", name, "the pack does not list it"))
    return entries


def _coverage(job: CheckedJob, top: JobObject, files: dict[str, bytes]) -> str:
    """Name the answer to SR 12.1; that it is missing is noted, for the rest can be read."""
    name = top.text("coverage", "")
    if name and name not in files:
        job.findings.append(Finding("missing-file", top.at("coverage"), f"the pack lists {name}"))
        del top.fields["coverage"]
    return name


def _unreadable(error: Exception, described: str) -> Finding:
    if isinstance(error, InputError):
        return Finding("unreadable-pack", error.where or described, error.what)
    return Finding("unreadable-pack", described, f"it cannot be read: {error}"[:120])


def _describe(job: CheckedJob, top: JobObject, files: dict[str, bytes]) -> None:
    hub, brief = top.entry("hub"), read_brief(top, files)
    job.chf, job.gpf = hub.entity_id("chf"), hub.entity_id("gpf")
    job.mpxns = _mpxns(top, brief.mpxns)
    job.not_after = brief.not_after
    job.devices = [
        CheckedDevice(
            entry.line("type"),
            entry.entity_id("entity_id"),
            entry.line("label", "") or entry.line("type"),
            entry.boolean("joined"),
            install_code_of(entry),
            entry.at(),
        )
        for entry in top.entries("devices")
    ]


def _mpxns(top: JobObject, of_site: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return every MPxN that the pack gives, each with its line."""
    found = [(number, top.entry("site").at("mpxn")) for number in of_site]
    if "visit" in top.fields:
        visit = top.entry("visit")
        answers = visit.entry("answers") if "answers" in visit.fields else visit
        for table, name in ((visit, "mpxn"), (answers, "MPxN")):
            if given := table.text(name, ""):
                found.append((given, table.at(name)))
    return tuple(dict(found).items())


def _entries(job: CheckedJob, top: JobObject) -> list[dict[str, Any]]:
    entries = [entry.fields for entry in top.entries("commands")]
    counted = Counter(inside(str(entry["file"])) for entry in entries)
    for name in (name for name, times in counted.items() if times > 1):
        job.findings.append(Finding("duplicate-file", top.at("commands"), f"it lists {name} twice"))
    _check_after(job, top, [inside(str(entry["file"])) for entry in entries])
    return entries


def _check_after(job: CheckedJob, top: JobObject, names: list[str]) -> None:
    """Find a Command that the pack has wait for one that comes later, or for none of its own."""
    for at, entry in enumerate(top.entries("commands")):
        for name in map(inside, entry.names("after")):
            if name not in names[:at]:
                what = f"{names[at]} waits for {name[:60]}, which is not before it"
                job.findings.append(Finding("order", entry.at("after"), what))


def _read_entry(job: CheckedJob, files: dict[str, bytes], entry: dict[str, Any]) -> None:
    name = inside(str(entry["file"]))
    if name not in files:
        job.findings.append(Finding("missing-file", name, "the pack lists it"))
        return
    try:
        job.commands.append((name, _command(files[name], name, entry)))
    except PreCommandRefused as error:
        job.findings.append(Finding("pre-command", name, error.what))
    except (NothingToDeliver, NotACommand) as error:
        job.findings.append(Finding("not-a-command", name, error.what))
    except InputError as error:
        job.findings.append(Finding("unreadable-command", name, error.what))


def _command(content: bytes, name: str, entry: dict[str, Any]) -> LocalCommand:
    if not name.lower().endswith(".hex"):
        return read_local_command(content, name)
    raw = hexadecimal(decode_text(content)) or b""
    message = read_command(raw, name)
    reference = str(entry.get("service_reference", ""))
    request_id = RequestId.parse(str(entry.get("request_id", "")), name)
    return LocalCommand(request_id, reference, reference, message, raw)
