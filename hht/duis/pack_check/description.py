"""Reads job.json or job.toml for a check: who is on site, and which Local Commands it lists."""

from collections import Counter
from typing import Any

from hht.duis.job.brief import read_brief, unknown_names
from hht.duis.job.head import check_head, install_code_of
from hht.duis.job_json import JobObject, read_document
from hht.duis.pack_check.checked_job import CheckedDevice, CheckedJob
from hht.duis.pack_names import inside
from hht.entity_id import EntityId
from hht.errors import InputError


def describe(job: CheckedJob, files: dict[str, bytes], described: str) -> list[dict[str, Any]]:
    """Note what the description says; the entries of the Commands it lists, none where it can't
    be read."""
    job.certificates = {n: files[n] for n in files if n.lower().endswith(".pem")}
    try:
        top = read_document(files[described], described, described)
        named = _missing_named(job, top, files)
        _describe(job, top, files)
        entries = _entries(job, top)
    except InputError as error:
        _note_unreadable(job, error, described)
        job.lists_commands = False
        return []
    try:
        check_head(top)
        for where, what in unknown_names(top):
            job.note("unknown-name", where, what)
    except InputError as error:
        _note_unreadable(job, error, described)
    _note_surplus(job, top, files, named | {described, *(inside(e["file"]) for e in entries)})
    return entries


def _note_unreadable(job: CheckedJob, error: InputError, described: str) -> None:
    job.note("unreadable-pack", error.where or described, error.what)


def _missing_named(job: CheckedJob, top: JobObject, files: dict[str, bytes]) -> set[str]:
    """Return the files that are named beside the Commands; what is missing is noted and left out,
    for the rest can be read."""
    named: set[str] = set()
    for field in ("coverage", "firmware_warnings"):
        names = top.names(field, also_text=True)
        named |= set(names)
        for name in (name for name in names if name and name not in files):
            job.note("missing-file", top.at(field), f"the pack lists {name[:60]}")
            top.fields.pop(field, None)
    folder = top.text("keys", "")
    if folder and not any(name.startswith(f"{inside(folder)}/") for name in job.certificates):
        job.note("missing-file", top.at("keys"), f"the pack has no certificate in {folder[:60]}")
    return named


def _note_surplus(
    job: CheckedJob, top: JobObject, files: dict[str, bytes], listed: set[str]
) -> None:
    keys = f"{inside(top.text('keys', ''))}/"
    for name in sorted(set(files) - listed):
        if not (name in job.certificates and name.startswith(keys)):
            job.note("surplus-file", name, "the pack does not list it")


def _describe(job: CheckedJob, top: JobObject, files: dict[str, bytes]) -> None:
    job.mode = top.text("mode", "")
    hub, brief = top.entry("hub"), read_brief(top, files)
    job.chf, job.gpf = hub.entity_id("chf"), hub.entity_id("gpf")
    job.mpxns = _mpxns(top, brief.mpxns)
    job.not_after, job.not_after_at = brief.not_after, top.at("not_after")
    seen: set[EntityId] = set()
    for entry in top.entries("devices"):
        device = _device(entry)
        job.devices.append(device)
        if device.entity_id in seen:
            what = f"it lists the Device {device.entity_id} twice"
            job.note("unreadable-pack", entry.at("entity_id"), what)
        seen.add(device.entity_id)


def _device(entry: JobObject) -> CheckedDevice:
    return CheckedDevice(
        entry.line("type"),
        entry.entity_id("entity_id"),
        entry.line("label", "") or entry.line("type"),
        entry.boolean("joined"),
        install_code_of(entry),
        entry.at(),
    )


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
    """Return the entries that name a file; what is wrong with the others is noted."""
    entries: list[dict[str, Any]] = []
    names: list[str] = []
    for entry in top.entries("commands"):
        try:
            name = inside(entry.text("file"))
            _check_after(job, entry, name, names)
            entry.line("title")
        except InputError as error:
            job.note("unreadable-pack", error.where, error.what)
        if isinstance(entry.fields.get("file"), str):
            entries.append(entry.fields)
            names.append(inside(entry.fields["file"]))
    job.lists_commands = len(entries) == len(top.entries("commands"))
    for name in (name for name, times in Counter(names).items() if times > 1):
        job.note("duplicate-file", top.at("commands"), f"it lists {name} twice")
    return entries


def _check_after(job: CheckedJob, entry: JobObject, name: str, earlier: list[str]) -> None:
    """Find a Command that the pack has wait for one that comes later, or for none of its own."""
    for other in map(inside, entry.names("after")):
        if other not in earlier:
            what = f"{name} waits for {other[:60]}, which is not before it"
            job.note("order", entry.at("after"), what)
