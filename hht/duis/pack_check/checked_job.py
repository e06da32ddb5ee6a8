"""A job as a check sees it: read as far as it goes, every fault on the way noted."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hht.duis.job_json import json_object
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
from hht.duis.pack_files import DoubledName, inside, is_job_file, read_bounded, read_pack_files
from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.text_files import decode_text

_COMMANDS = (".xml", ".hex")


@dataclass(frozen=True, slots=True)
class CheckedDevice:
    """A Device of the pack; `joined` says that it is on the HAN already."""

    type: str
    entity_id: EntityId
    label: str
    joined: bool = False
    install_code: bytes | None = field(default=None, repr=False)


@dataclass(slots=True)
class CheckedJob:
    """What could be read. `commands` are in the order of delivery, each with its file's name."""

    where: str
    chf: EntityId | None = None
    gpf: EntityId | None = None
    devices: list[CheckedDevice] = field(default_factory=list)
    commands: list[tuple[str, LocalCommand]] = field(default_factory=list)
    certificates: dict[str, bytes] = field(default_factory=dict)
    mpxn: str = ""
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
    try:
        is_pack = path.is_dir() or path.suffix.lower() == ".zip"
        files = read_pack_files(path) if is_pack else {path.name: read_bounded(path)}
    except DoubledName as error:
        job.findings.append(Finding("duplicate-file", str(path), error.what))
        return job
    except InputError as error:
        if not path.exists():
            raise
        job.findings.append(Finding("unreadable-pack", str(path), error.what))
        return job
    _read_files(job, files)
    return job


def _read_files(job: CheckedJob, files: dict[str, bytes]) -> None:
    described = next((name for name in files if is_job_file(name)), None)
    names = [name for name in sorted(files) if name.lower().endswith(_COMMANDS)]
    entries = [{"file": name} for name in names]
    job.certificates = {n: files[n] for n in files if n.lower().endswith(".pem")}
    if described is not None:
        try:
            top = json_object(files[described], described)
            _describe(job, top)
            entries = _entries(job, top, described)
        except (InputError, ValueError, TypeError, KeyError, AttributeError) as error:
            what = error.what if isinstance(error, InputError) else f"it cannot be read: {error}"
            job.findings.append(Finding("unreadable-pack", described, what[:120]))
            return
        listed = {inside(str(entry["file"])) for entry in entries}
        for name in sorted(set(names) - listed):
            job.findings.append(Finding("surplus-file", name, "the pack does not list it"))
    if not entries and described is None:
        job.findings.append(Finding("unreadable-pack", job.where, "it holds no Local Command"))
    for entry in entries:
        _read_entry(job, files, entry)


def _describe(job: CheckedJob, top: dict[str, Any]) -> None:
    hub = top["hub"]
    job.chf, job.gpf = EntityId.parse(hub["chf"]), EntityId.parse(hub["gpf"])
    visit = top.get("visit", {})
    job.mpxn = str(visit.get("mpxn") or visit.get("answers", {}).get("MPxN", ""))
    if "not_after" in top:
        moment = datetime.fromisoformat(top["not_after"])
        job.not_after = moment if moment.tzinfo else None
    for entry in top.get("devices", []):
        code = entry.get("install_code")
        job.devices.append(
            CheckedDevice(
                entry["type"],
                EntityId.parse(entry["entity_id"]),
                entry.get("label", entry["type"]),
                entry.get("joined") is True,
                bytes.fromhex(code) if code else None,
            )
        )


def _entries(job: CheckedJob, top: dict[str, Any], described: str) -> list[dict[str, Any]]:
    entries = list(top.get("commands", []))
    counted = Counter(inside(str(entry["file"])) for entry in entries)
    for name in (name for name, times in counted.items() if times > 1):
        job.findings.append(Finding("duplicate-file", described, f"it lists {name} twice"))
    return entries


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
