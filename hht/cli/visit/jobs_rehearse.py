"""`hht jobs rehearse`: a job's own Local Commands played against a simulated hub beforehand."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hht.cli.context import JsonOption, print_row, print_rows
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import open_to_look
from hht.cli.visit.jobs_at_hand import PackOrJobArgument, job_number, kept_command

if TYPE_CHECKING:
    from hht.duis.job_pack import JobPack

_NOTE = "MACs and signatures were not checked: only the real Devices can."


def rehearse(
    context: typer.Context,
    job: PackOrJobArgument,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Play a job against a hub made from it. Exit 1 where something would stay open."""
    import asyncio

    from hht.duis.job_pack import read_job_pack
    from hht.store.command_states import is_done
    from hht.training.rehearsal import rehearse as play

    data_dir, number = context.obj.data_dir, job_number(job)
    pack = read_job_pack(Path(job)) if number is None else _imported(data_dir, number, mode)
    done = asyncio.run(play(pack))
    lines = [
        {
            "position": row.position,
            "number": row.position + 1,
            "title": row.title,
            "state": row.state.value,
            "seconds": done.seconds.get(row.id),
            "reason": "" if is_done(row.state) else row.reason,
        }
        for row in done.in_order
    ]
    print_rows(lines, _cells, as_json, right=(0, 2))
    summary = {
        "event": "rehearsal",
        "outcome": done.summary.outcome,
        "answered": done.summary.answered,
        "total": len(done.rows),
        "seconds": done.summary.seconds,
        "open": sum(not is_done(row.state) for row in done.rows),
        "note": _NOTE,
    }
    text = "{outcome}: {answered} of {total} answered in {seconds} s, {open} open. {note}"
    print_row(summary, text, as_json)
    if summary["open"]:
        raise typer.Exit(1)


def _cells(line: Mapping[str, object]) -> tuple[object, ...]:
    words = "{title}  {reason}".format(**line).rstrip()
    taken = "" if line["seconds"] is None else "{seconds} s".format(**line)
    return line["number"], line["state"], taken, words


def _imported(data_dir: Path, number: int, mode: str) -> "JobPack":
    """Return the pack that an imported job is made of, as if nothing had been delivered yet."""
    from hht.duis.job_pack import JobPack, PackCommand

    mode = settle_mode(data_dir, mode)
    with open_to_look(data_dir, mode) as store:
        row = store.jobs.get(number)
        commands = store.commands.of_job(row.id)
    packed = tuple(PackCommand(each.title, kept_command(each), each.after) for each in commands)
    hub = (row.hub_gpf, row.hub_chf, row.profile)
    return JobPack(row.reference, row.title, row.premises, *hub, str(mode), row.devices, packed)
