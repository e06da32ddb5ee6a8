"""Reads a job pack, or loose Local Commands, as far as it goes; every fault is noted."""

import os
from pathlib import Path
from typing import Any

from hht.duis.envelope import ServiceRequestRefused
from hht.duis.job_pack import refuse_part_of_pack
from hht.duis.local_command import (
    LocalCommand,
    NotACommand,
    NothingToDeliver,
    PreCommandRefused,
    read_command,
    read_local_command,
)
from hht.duis.mail.documents import is_document
from hht.duis.mail.loose_files import refuse_without_document, with_documents
from hht.duis.octets_in_text import hexadecimal
from hht.duis.pack_check.checked_job import CheckedJob
from hht.duis.pack_check.description import describe
from hht.duis.pack_files import (
    DoubledName,
    job_file_of,
    read_bounded,
    read_pack_files,
)
from hht.duis.pack_names import inside, is_job_file
from hht.duis.request_id import RequestId
from hht.errors import InputError
from hht.files import decode_text

_COMMANDS = (".xml", ".hex", ".eml")


def read_job(path: Path) -> CheckedJob:
    """Read a pack as far as it goes; InputError where the path can't be opened at all."""
    job = CheckedJob(str(path))
    if path.is_file() and is_job_file(path.name):
        path = path.parent
    passed_over: list[str] = []
    try:
        _read_path(job, path, passed_over)
    except DoubledName as error:
        job.note("duplicate-file", str(path), error.what)
    except InputError as error:
        if not os.access(path, os.R_OK):
            raise
        job.note("unreadable-pack", str(path), error.what)
    for name in passed_over:
        job.note("surplus-file", name, "no job pack has a file of this kind")
    return job


def _read_path(job: CheckedJob, path: Path, passed_over: list[str]) -> None:
    """Read a folder or ZIP by its description, and anything else as loose Local Commands."""
    if path.is_dir() or path.suffix.lower() == ".zip":
        files = read_pack_files(path, passed_over=passed_over)
        if described := job_file_of(files, job.where):
            _read_entries(job, files, describe(job, files, described))
            return
    else:
        files = {path.name: read_bounded(path)}
    refuse_part_of_pack(path)
    _read_loose(job, with_documents(files, job.where))


def _read_loose(job: CheckedJob, files: dict[str, bytes]) -> None:
    job.certificates = {n: files[n] for n in files if n.lower().endswith(".pem")}
    names = [n for n in sorted(files) if n.lower().endswith(_COMMANDS) or is_document(files[n])]
    if not names:
        job.note("unreadable-pack", job.where, "it holds no Local Command")
    _read_entries(job, files, [{"file": name} for name in names])


def _read_entries(job: CheckedJob, files: dict[str, bytes], entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        name = inside(entry["file"])
        if name in files:
            _read_entry(job, name, files[name], entry)
        else:
            job.note("missing-file", name, _titled(entry, "the pack lists it"))


def _read_entry(job: CheckedJob, name: str, content: bytes, entry: dict[str, Any]) -> None:
    try:
        job.commands.append((name, _command(content, name, entry)))
    except PreCommandRefused as error:
        job.note("pre-command", name, _titled(entry, error.what))
    except (NothingToDeliver, NotACommand, ServiceRequestRefused) as error:
        job.note("not-a-command", name, _titled(entry, error.what))
    except InputError as error:
        job.note("unreadable-command", name, _titled(entry, error.what))


def _titled(entry: dict[str, Any], what: str) -> str:
    """Put before it what the pack calls a Command that cannot be read: its Device is not known."""
    title = " ".join(str(entry.get("title", "")).split())
    return f"{title}: {what}" if title.isprintable() and title else what


def _command(content: bytes, name: str, entry: dict[str, Any]) -> LocalCommand:
    if not name.lower().endswith(".hex"):
        refuse_without_document(name, content, name)
        return read_local_command(content, name)
    raw = hexadecimal(decode_text(content)) or b""
    message = read_command(raw, name)
    reference = str(entry.get("service_reference", ""))
    request_id = RequestId.parse(str(entry.get("request_id", "")), name)
    return LocalCommand(request_id, reference, reference, message, raw)
