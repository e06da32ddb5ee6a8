"""`hht jobs check`: what is wrong with a job before the van leaves."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hht.cli.context import JsonOption, print_row
from hht.cli.mode_option import ModeOption
from hht.cli.pin_prompt import open_to_look
from hht.cli.visit.jobs_at_hand import PackOrJobArgument, job_number, jobs_at_hand, kept_command
from hht.errors import on_one_line
from hht.spans import counted

if TYPE_CHECKING:
    from hht.duis.pack_check.checked_job import CheckedJob
    from hht.entity_id import EntityId
    from hht.store import JobRow


def check(
    context: typer.Context,
    job: PackOrJobArgument,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Check a job pack, or a job that was imported. Exit 1 where something is wrong."""
    from hht.clock import SystemClock
    from hht.duis.pack_check.reading import read_job
    from hht.duis.pack_check.rules import check_job

    data_dir, number = context.obj.data_dir, job_number(job)
    checked = read_job(Path(job)) if number is None else _imported(data_dir, number, mode)
    checked.other_hubs = _hubs_of_other_jobs(data_dir, mode, {checked.chf, checked.gpf})
    findings = check_job(checked, SystemClock().now())
    for each in findings:
        row = {
            "severity": each.severity,
            "code": each.code,
            "where": on_one_line(each.where),
            "what": on_one_line(each.what).rstrip("."),
            "remedy": each.remedy,
        }
        line = "{severity}: {where}: {code}: {what}. {remedy}"
        print_row(row, line, as_json)
    if not findings and not as_json:
        commands, devices = len(checked.commands), len(checked.devices)
        print(f"{counted(commands, 'Local Command')}, {counted(devices, 'Device')}: no fault found")
    if any(each.severity == "error" for each in findings):
        raise typer.Exit(1)


def _hubs_of_other_jobs(
    data_dir: Path, mode: str, own: "set[EntityId | None]"
) -> "frozenset[EntityId]":
    """Return the CHFs and GPFs of other jobs, as far as they can be read."""
    jobs, _ = jobs_at_hand(data_dir, mode)
    hubs = {hub for each in jobs for hub in (each.hub_chf, each.hub_gpf)}
    return frozenset(hub for hub in hubs - own if hub)


def _imported(data_dir: Path, number: int, mode: str) -> "CheckedJob":
    """Return the job of this number as a check sees it."""
    from hht.duis.pack_check.checked_job import CheckedDevice, CheckedJob

    with open_to_look(data_dir, mode) as store:
        row = store.jobs.get(number)
        commands = store.commands.of_job(row.id)
        certificates = store.jobs.certificates(row.id)
    checked = CheckedJob(
        f"job {number}",
        row.hub_chf,
        row.hub_gpf,
        [
            CheckedDevice(each.type, each.entity_id, each.label, each.joined, each.install_code)
            for each in row.devices
        ],
        [(each.title, kept_command(each)) for each in commands],
        certificates,
        tuple((mpxn, f"job {number}") for mpxn in _mpxns_of(row)),
        not_after=row.brief.not_after,
    )
    if fault := _profile_fault(row.profile):
        checked.note("no-profile", f"job {number}", fault)
    return checked


def _profile_fault(name: str) -> str:
    """Say why a job's hub profile cannot be read, as one whose file is gone; empty where it can."""
    from hht.errors import HhtError
    from hht.hub_profile import DEFAULT, load_profile

    try:
        load_profile(name or DEFAULT)
    except HhtError as error:
        return f"{error.where}: {error.what}" if error.where else error.what
    return ""


def _mpxns_of(row: "JobRow") -> tuple[str, ...]:
    """Return the meter points of the site, and the one that the job answers for the visit."""
    answered = row.visit.answers.get("MPxN") if row.visit else None
    return tuple(dict.fromkeys((*row.brief.mpxns, *([str(answered)] if answered else []))))
