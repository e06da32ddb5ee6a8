"""`hht scenario`: list the exercises, begin one of your own, check it line by line, try it."""

import math
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.commands.train import auto_speed, list_scenarios, play
from hht.cli.completing import one_of, scenarios
from hht.cli.context import Context, JsonOption, print_result
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.nothing_yet import need_data
from hht.cli.start import start_run
from hht.errors import InputError
from hht.spans import with_article

if TYPE_CHECKING:
    from hht.training.scenario.writing import Answers

app = typer.Typer(no_args_is_help=True, help="Training scenarios: list, write, check.")
NONE = "nothing"


@app.command("list")
def list_them(as_json: JsonOption = False) -> None:
    """Name the scenarios that come with hht."""
    list_scenarios(as_json)


@app.command()
def new(
    file: Annotated[
        Path, typer.Argument(help="The file to write, NAME.toml; it must not exist yet.")
    ],
    context: typer.Context,
    example: Annotated[bool, typer.Option("--example", help="Ask nothing.")] = False,
    visit: Annotated[
        int | None,
        typer.Option("--from", min=0, help="Of a visit: a number of 'hht jobs list'; 0: newest."),
    ] = None,
    mode: ModeOption = "",
) -> None:
    """Write a scenario of your own. It asks a few questions; comments say what can be changed.

    With --from it is made of what went wrong on a visit, live or training; nothing that names
    premises, customer or Device is taken over.
    """
    from hht.files import there_already, write_new
    from hht.training.scenario.writing import Answers, scenario_text

    if file.suffix != ".toml":
        raise InputError("A scenario's file ends in .toml", where=str(file), remedy="Name it so.")
    if file.exists():
        raise there_already(file)
    if visit is not None:
        text = _of_visit(context.obj, visit, mode)
    else:
        text = scenario_text(Answers(title="A noisy flat", fault="noise") if example else ask())
    try:
        write_new(file, text.encode())
    except FileExistsError:
        raise there_already(file) from None
    print(f"{file}: written. Check it with 'hht scenario check {file} --try'.")


def _of_visit(settings: Context, job: int, mode: str) -> str:
    """Make the text of a scenario of a visit; HhtError where there is none to be made of."""
    from hht.cli.pin_prompt import open_to_look
    from hht.cli.replay.command import records_of
    from hht.events import Source
    from hht.journeys.auto.outcome import outcome_of
    from hht.journeys.delivery_time import timed
    from hht.journeys.install.install_journey import InstallJourney
    from hht.journeys.plan.later_outcomes import failed_later_of
    from hht.training.exercise.event_log import minutes_of
    from hht.training.scenario.from_visit import scenario_text
    from hht.training.scenario.visit_draft import Visit

    mode = settle_mode(settings.data_dir, mode)
    need_data(settings.data_dir, mode)
    with open_to_look(settings.data_dir, mode) as store:
        records = [each for each in records_of(store, job) if each.source is Source.VISIT]
        found = store.jobs.get(records[0].job_id or 0)
        commands = store.commands.of_job(found.id)
        events = tuple(timed(records))
        outcome = outcome_of(commands, failed_later_of(store, found))
        answers = InstallJourney(store, found).view.known if found.visit else {}
        visit = Visit(found, commands, events, minutes_of(records), outcome, answers)
        return scenario_text(visit)


def ask() -> "Answers":
    """Ask for title, Devices and what goes wrong; InputError where there is no terminal."""
    from hht.cli.tables import print_table
    from hht.simulator.hub.faults.kinds import FAULTS
    from hht.simulator.hub.milestones import MOMENTS
    from hht.training.scenario.writing import METERS, Answers

    if not sys.stdin.isatty():
        raise InputError(
            "There is no terminal to ask on", remedy="Say --example and edit the file."
        )
    title = typer.prompt("What is it called", value_proc=_words)
    while not (devices := tuple(filter(_is_there, METERS))):
        print("A scenario needs a Device.")
    print_table((f"  {name}", kind.title) for name, kind in FAULTS.items())
    names = (NONE, *FAULTS)
    fault = typer.prompt("What goes wrong (a name above)", NONE, value_proc=_one_of(names))
    if fault == NONE:
        return Answers(title, devices)
    asked = f"After which moment ({', '.join(MOMENTS)})"
    after = typer.prompt(asked, "joined", value_proc=_one_of(MOMENTS))
    seconds = typer.prompt("How many seconds after it", "30", value_proc=_seconds)
    return Answers(title, devices, fault, after, seconds)


def _is_there(device: str) -> bool:
    return typer.confirm(f"Is there {with_article(device)}", default=True)


def _words(said: str) -> str:
    if not said.strip():
        raise typer.BadParameter("a name has a word")
    return said.strip()


def _one_of(names: Collection[str]) -> Callable[[str], str]:
    """Make what takes one of these names; any other is asked for again."""

    def name(said: str) -> str:
        if said.strip() not in names:
            raise typer.BadParameter(f"{said!r} is not one of {', '.join(names)}")
        return said.strip()

    return name


def _seconds(said: str) -> float:
    try:
        seconds = float(said)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < math.inf:
        raise typer.BadParameter(f"{said!r} is no number of seconds from 0 on")
    return seconds


@app.command()
def check(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            autocompletion=one_of(scenarios), help="A scenario's file, or the name of one of ours."
        ),
    ],
    try_it: Annotated[bool, typer.Option("--try", help="Play it, as fast as it goes.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a scenario, a line for each mistake; exit 1 for any.

    With --try it is also played without a person: exit 1 unless it ends as it expects.
    """
    from hht.training.scenario.load import check_scenario

    mistakes = check_scenario(file)
    for each in mistakes:
        row = {"where": each.where, "what": each.what, "remedy": each.remedy}
        print_result(row, each, as_json)
    if mistakes:
        raise typer.Exit(1)
    if try_it:
        raise typer.Exit(_try(context.obj, file, as_json))
    if not as_json:
        print(f"{file}: no mistake found. --try plays it.")


def _try(settings: Context, file: str, as_json: bool) -> int:
    """Play it in a folder that is deleted: a try is no trainee's run."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="hht-try-") as folder:
        own = Context.make(Path(folder), settings.radio)
        run = start_run(own, file, 1, None, auto_speed(file))
        return play(run, own.radio, as_json)
