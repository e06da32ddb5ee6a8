"""`hht survey advise`: which channel the hub should use, and each channel in its rank."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.mode_option import ModeOption
from hht.cli.pin_prompt import open_to_look
from hht.cli.survey.plan_option import PlanOption, planned_in
from hht.errors import InputError
from hht.files import read_input

if TYPE_CHECKING:
    from hht.survey.advice import Advice, ChannelAdvice


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("advise")(advise_command)


def advise_command(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A survey file.")],
    plan: PlanOption = None,
    job: Annotated[
        int | None, typer.Option(help="A job whose pack has the plan, where no file has it.")
    ] = None,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Say which channel the hub should use. Stay, move or choose, then each channel in its rank."""
    from hht.survey.advice import advise
    from hht.survey.survey_file import read_survey

    planned = planned_in(plan)
    if job is not None and not planned:
        planned = plan_of_job(context.obj, job, mode)
    advice = advise(read_survey(read_input(file), str(file)), planned)
    if as_json:
        print_json(to_json(advice))
        for each in advice.channels:
            print_json(channel_to_json(each))
    else:
        print_advice(advice)


def plan_of_job(settings: Context, job: int, mode: str) -> tuple[int, ...]:
    """Look up the plan in a job's pack; InputError where it has none."""
    with open_to_look(settings.data_dir, mode) as store:
        channels = store.jobs.get(job).brief.channels
    if not channels:
        raise InputError("This job's pack has no channel plan", where=f"job {job}")
    return channels


def to_json(advice: "Advice") -> dict[str, object]:
    """Give the advice as the first object of `hht survey advise --json`."""
    return {
        "advice": advice.advice,
        "channel": advice.channel,
        "reason": advice.reason,
        "outside_plan": advice.outside_plan,
        "plan_noisy": advice.plan_noisy,
    }


def channel_to_json(each: "ChannelAdvice") -> dict[str, object]:
    """Give one channel as its object of `hht survey advise --json`."""
    from hht.survey.advice import rounded

    return {
        "channel": each.channel,
        "rank": each.rank,
        "median_dbm": rounded(each.median_dbm),
        "worst_dbm": rounded(each.worst_dbm),
        "hubs": each.hubs,
        "reason": each.reason,
    }


def print_advice(advice: "Advice") -> None:
    """Print advice and channels as a table for people, at most 80 columns with short reasons."""
    from hht.cli.tables import print_table
    from hht.survey.advice import shown

    print(f"{advice.advice.capitalize()}: channel {advice.channel}. {advice.reason}")
    for warning in advice.warnings:
        print(warning)
    rows = []
    for each in advice.channels:
        median, worst = shown(each.median_dbm), shown(each.worst_dbm)
        rows.append((each.rank, each.channel, median, worst, each.hubs, each.reason))
    print_table(rows, ("rank", "channel", "median", "worst", "hubs", "reason"), right=range(5))
