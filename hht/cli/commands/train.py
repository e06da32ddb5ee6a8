"""`hht train`: practise in the app, or have the whole journey played without a person."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.completing import one_of, profiles, scenarios, terms
from hht.cli.context import Context, JsonOption, print_json
from hht.cli.start import DEFAULT_SCENARIO, check_radio, need_terminal, open_training, start_run
from hht.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hht.events import Event
    from hht.journeys.visit import Visit
    from hht.store import Store
    from hht.training.debrief import Debrief
    from hht.training.exercise.run import TrainingRun

_CHANNEL_CHANGED = 0x8F26


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("train")(train)


def train(
    context: typer.Context,
    scenario: Annotated[
        str, typer.Argument(autocompletion=one_of(scenarios), help="A name from --list.")
    ] = DEFAULT_SCENARIO,
    list_them: Annotated[bool, typer.Option("--list", help="Name the scenarios.")] = False,
    auto: Annotated[bool, typer.Option("--auto", help="Play it without a person.")] = False,
    as_json: JsonOption = False,
    pcap: Annotated[
        Path | None,
        typer.Option(help="Capture the air into this file; replaces nothing but its own."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Makes chance repeatable.")] = None,
    profile: Annotated[
        str,
        typer.Option(
            autocompletion=one_of(profiles),
            help="Have the hub behave as that of this profile, such as strict.",
        ),
    ] = "",
    speed: Annotated[
        float | None, typer.Option(min=1, max=3600, help="Seconds of the premises in one of yours.")
    ] = None,
    lesson: Annotated[
        int, typer.Option(min=0, help="Its place in a class's curriculum, kept with the run.")
    ] = 0,
    mode: Annotated[
        str,
        typer.Option(
            autocompletion=one_of(terms),
            help="practice or check, as the curriculum has it; kept with the run.",
        ),
    ] = "",
    at: Annotated[
        str,
        typer.Option(help="Begin at a step: 'connected', or so many Local Commands delivered."),
    ] = "",
) -> None:
    """Practise against a simulated hub. In the app, or with --auto without a person."""
    settings: Context = context.obj
    if mode not in ("", "practice", "check"):
        raise typer.BadParameter(f"{mode!r} is neither 'practice' nor 'check'")
    if list_them:
        list_scenarios(as_json)
    elif mode == "check" and (auto or at):
        raise InputError(
            "A check is played by the trainee, from its beginning",
            remedy="Leave --auto and --at out, or say --mode practice.",
        )
    elif auto:
        check_radio(settings.radio)
        fast = speed or auto_speed(scenario)
        run = start_run(settings, scenario, seed, pcap, fast, profile, lesson, mode, again=bool(at))
        if at:
            prepare(run, at, settings.radio)
        raise typer.Exit(play(run, settings.radio, as_json))
    elif at:
        need_terminal()
        run = start_run(settings, scenario, seed, pcap, speed, profile, lesson, mode, again=True)
        prepare(run, at, settings.radio)
        open_training(settings, scenario, lambda: run)
    else:
        begin = partial(start_run, settings, scenario, seed, pcap, speed, profile, lesson, mode)
        open_training(settings, scenario, begin)


def prepare(run: "TrainingRun", at: str, radio: str | None) -> None:
    """Bring a new run to its step; InputError where another's hub is to be used."""
    from hht.training.exercise.starting import play_to

    if radio:
        raise InputError("--at needs a hub of its own", where=radio, remedy="Leave --radio out.")
    play_to(run, at)


def list_scenarios(as_json: bool) -> None:
    """Print each scenario's name, title and the outcome it expects."""
    from hht.training.scenario.load import list_scenarios

    rows = [
        {"scenario": each.name, "title": each.title, "expects": each.expects}
        for each in list_scenarios()
    ]
    if as_json:
        for row in rows:
            print_json(row)
    else:
        from hht.cli.tables import print_table

        print_table((row["scenario"], "{title} (expects: {expects})".format(**row)) for row in rows)


def play(run: "TrainingRun", radio: str | None, as_json: bool) -> int:
    """Play the whole journey without a person; 0 if its outcome is the one the scenario expects."""
    import asyncio

    from hht.journeys.auto.outcome import summary_of
    from hht.journeys.auto.play import play as play_visit
    from hht.journeys.firmware.images import FOLLOWED
    from hht.training.exercise.event_log import debrief_play
    from hht.training.exercise.self_install import follow_unit
    from hht.training.exercise.terms import need_practice

    need_practice(run.run_dir, "the trainee plays it")
    show = print_event_json if as_json else print_event_text
    begun = run.clock.elapsed()
    try:
        with run.open_store() as store:
            address = radio or run.start_hub()
            let_in = run.unit is None or asyncio.run(follow_unit(run, store, show))
            visit = visit_of(run, store, address, show)
            name = run.scenario.name
            if let_in:
                playing = play_visit(
                    visit,
                    scenario=name,
                    power_cycle=run.power_cycle,
                    seen=run.seen,
                    stop_after=run.stop_after,
                    awaits=[
                        (each.code, each.device)
                        for each in run.scenario.expected.alerts
                        if each.code in FOLLOWED | {_CHANNEL_CHANGED}
                    ],
                    hub_ended=lambda: run.hub_has_ended,
                )
                asyncio.run(playing)
            debrief = debrief_play(run, store, visit.job.id)
            seconds = run.clock.elapsed() - begun
            summary = replace(summary_of(visit, name, seconds), outcome=debrief.outcome)
            need_folder(run)
            run.keep_debrief(debrief)
            run.finish(store, as_expected=debrief.as_expected)
    finally:
        run.stop_hub()
    show_debrief(debrief, as_json)
    show(summary)
    return 0 if debrief.as_expected else 1


def need_folder(run: "TrainingRun") -> None:
    """Raise HhtError where the run was deleted while it was played."""
    from hht.errors import HhtError
    from hht.simulator.site.record import SITE_FILE

    if not (run.run_dir / SITE_FILE).is_file():
        raise HhtError(
            "The folder of this run has gone, and what was played in it",
            where=str(run.run_dir),
            remedy="Start the exercise again.",
        )


def visit_of(
    run: "TrainingRun", store: "Store", radio: str, publish: "Callable[[Event], None]"
) -> "Visit":
    """Return the visit to the run's job, with the dongle at this address."""
    from hht.journeys.visit import Visit

    return Visit(store, store.jobs.add(run.pack).id, run.kit(radio), publish)


def auto_speed(scenario: str) -> float:
    """Return how fast the premises live in a play without a person."""
    from hht.training.scenario.load import load_scenario

    return load_scenario(scenario).auto_speed


def show_debrief(debrief: "Debrief", as_json: bool) -> None:
    """Print what there is to learn from a play."""
    from hht.training.debrief import to_json, to_lines

    if as_json:
        print_json(to_json(debrief))
    else:
        print(*to_lines(debrief), sep="\n", flush=True)


def print_event_json(event: "Event") -> None:
    """Print one JSON object a line."""
    from hht.events import to_json

    print_json(to_json(event))


def print_event_text(event: "Event") -> None:
    """Print the same for people: the event's word, then its content."""
    from hht.events import to_json

    row = to_json(event)
    print(
        f"{row.pop('event'):<20}", *(f"{name}={value}" for name, value in row.items()), flush=True
    )
