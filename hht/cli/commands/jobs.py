"""`hht jobs`: the jobs in the handheld and how far each has come."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hht.cli.context import Context, JsonOption, print_json, print_rows
from hht.cli.diagnostics import print_error
from hht.cli.mode_option import ModeOption
from hht.cli.pin_prompt import open_to_list, open_to_look
from hht.cli.visit.jobs_begin import begin
from hht.cli.visit.jobs_check import check
from hht.cli.visit.jobs_fetch import fetch
from hht.cli.visit.jobs_move import move
from hht.cli.visit.jobs_pairing_and_settings import pairing, settings
from hht.cli.visit.jobs_profile import profile
from hht.cli.visit.jobs_rehearse import rehearse
from hht.cli.visit.jobs_report import report
from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.journeys.plan.lost_response import LostResponse
    from hht.store import CommandRow, JobRow, Store

app = typer.Typer(no_args_is_help=True, help="The jobs in this handheld.")
app.command("begin")(begin)
app.command("check")(check)
app.command("fetch")(fetch)
app.command("move")(move)
app.command("pairing")(pairing)
app.command("profile")(profile)
app.command("rehearse")(rehearse)
app.command("report")(report)
app.command("settings")(settings)


@app.command("list")
def list_jobs(context: typer.Context, as_json: JsonOption = False, mode: ModeOption = "") -> None:
    """List the jobs, newest first. A damaged one is named on stderr and hides no other."""
    damaged: list[HhtError] = []
    settings: Context = context.obj
    with open_to_list(settings.data_dir, mode) as store:
        print_rows(_whole_jobs(store, damaged), _job_cells, as_json, right=(0,))
    for each in damaged:
        print_error(each)
    if damaged:
        raise typer.Exit(1)


def _whole_jobs(store: "Store", damaged: list[HhtError]) -> Iterator[dict[str, object]]:
    """Yield what the list says of each job; what is wrong with the others goes to `damaged`."""
    from hht.clock import SYSTEM_CLOCK
    from hht.journeys.plan.later_outcomes import failed_later_of
    from hht.journeys.summary.owed import open_items
    from hht.store import StoreDamaged

    for number in store.jobs.numbers():
        try:
            job, commands = store.jobs.get(number), store.commands.of_job(number)
            row = job_row(job, commands, failed_later_of(store, job))
            row["open_items"] = open_items(store, job, SYSTEM_CLOCK)
        except StoreDamaged as error:
            what = f"Job {number} is not listed: {error.what}"
            damaged.append(StoreDamaged(what, where=error.where, remedy=error.remedy))
        else:
            yield row


@app.command()
def show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The job's number in the list.")],
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show a job's Local Commands and their states."""
    from hht.journeys.link.repeats import hub_may_repeat
    from hht.journeys.plan.lost_response import lost_of

    with _store(context, mode) as store:
        job = store.jobs.get(number)
        commands = store.commands.of_job(job.id)
        ways = lost_of(commands, hub_may_repeat=hub_may_repeat(store, job))
        if as_json:
            for command in commands:
                print_json(command_row(command, ways.get(command.id)))
        else:
            from hht.cli.tables import print_table

            print_table(_command_cells(commands, ways), right=(0,))


def _store(context: typer.Context, mode: str) -> "Store":
    settings: Context = context.obj
    return open_to_look(settings.data_dir, mode)


def _job_cells(row: dict[str, Any]) -> tuple[object, ...]:
    words = "; ".join((row["title"], *row["open_items"]))
    return row["job"], row["reference"], "{answered}/{commands} answered".format(**row), words


def _command_cells(
    commands: Iterable["CommandRow"], ways: Mapping[int, "LostResponse"]
) -> Iterator[tuple[object, ...]]:
    for command in commands:
        lost = ways.get(command.id)
        row = command_row(command, lost)
        words = "{title}  {reason}".format(**row).rstrip()
        yield command.position + 1, row["state"], row["device"], words
        if lost:
            yield "", "", "", f"Response not kept: {lost.words}"


def job_row(
    job: "JobRow", commands: tuple["CommandRow", ...], failed_later: Mapping[int, str]
) -> dict[str, object]:
    """Return what the list says of a job."""
    from hht.journeys.auto.outcome import outcome_of
    from hht.store.command_states import is_done

    answered = sum(is_done(command.state) for command in commands)
    return {
        "job": job.id,
        "reference": job.reference,
        "title": job.title,
        "hub": str(job.hub_gpf or ""),
        "commands": len(commands),
        "answered": answered,
        "total": len(commands),
        "outcome": outcome_of(commands, failed_later),
    }


def command_row(command: "CommandRow", lost: "LostResponse | None" = None) -> dict[str, object]:
    """Return what is said of a Local Command, and of its Response where that was `lost`."""
    return {
        "position": command.position,
        "number": command.position + 1,
        "title": command.title,
        "state": command.state.value,
        "device": str(command.device),
        "request_id": command.request_id,
        "service_reference": command.service_reference_variant,
        "tries": command.tries,
        "uncaptured": command.is_uncaptured,
        "way_back": lost.way.value if lost else None,
        "way_back_words": lost.words if lost else None,
        "reason": command.reason,
    }
