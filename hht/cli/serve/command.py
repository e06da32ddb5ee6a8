"""`hht serve`: a class in browsers, a seat for each trainee and a board for the trainer."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.completing import one_of, profiles, scenarios, terms
from hht.cli.context import Context, JsonOption
from hht.cli.start import need_scenario
from hht.errors import HhtError, InputError

if TYPE_CHECKING:
    from screens.ending.orderly import OrderlyApp

PORT = 8010  # above 1023, so that no right is needed; 8000 and 8080 are often taken
MOST_SEATS = 99
"""Two digits; a laptop holds about twenty."""
Numbers = Annotated[int, typer.Option(min=1, max=MOST_SEATS, help="How many trainees.")]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.command()(serve)
    program.command()(board)


def serve(
    context: typer.Context,
    scenario: Annotated[
        str,
        typer.Argument(
            autocompletion=one_of(scenarios),
            help="An exercise's name, or a .toml file: an exercise or a curriculum.",
        ),
    ],
    seats: Numbers = 20,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = PORT,
    lan: Annotated[
        bool, typer.Option("--lan", help="Reachable from this network, with TLS.")
    ] = False,
    name: Annotated[
        list[str] | None, typer.Option(help="A host name or address of this machine; repeatable.")
    ] = None,
    certificate: Annotated[Path | None, typer.Option(help="For TLS, PEM; else self-made.")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's key, PEM.")] = None,
    without_tls: Annotated[
        bool,
        typer.Option(
            "--anyone-may-read-along",
            help="With --lan: no TLS. Whoever is in the network can take over a seat.",
        ),
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Makes chance repeatable.")] = None,
    speed: Annotated[
        float | None, typer.Option(min=1, max=3600, help="Seconds of the premises in one of yours.")
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            autocompletion=one_of(profiles), help="Have the hubs behave as of this profile."
        ),
    ] = "",
    mode: Annotated[
        str,
        typer.Option(
            autocompletion=one_of(terms),
            help="practice; or check, in which the trainer has no levers.",
        ),
    ] = "practice",
    as_json: JsonOption = False,
) -> None:
    """Serve an exercise to a class in browsers. Ctrl-C ends it; always training, never live."""
    from hht.cli.serve.class_run import Lesson, run_class
    from hht.cli.serve.reach import Reach, check_reach

    settings: Context = context.obj
    reach = Reach(port, lan, without_tls, tuple(name or ()), certificate, key)
    check_class(settings, scenario, mode)
    check_reach(reach)
    check_profile(profile)
    check_machine()
    is_file = scenario.endswith(".toml")
    exercise = str(Path(scenario).resolve()) if is_file else scenario
    lesson = Lesson(exercise, seed, speed, profile, mode)
    import asyncio

    data_dir = settings.data_dir.absolute()  # a seat's app works in a folder of its own
    asyncio.run(run_class(data_dir, lesson, seats, reach, as_json=as_json))


def check_class(settings: Context, scenario: str, mode: str) -> None:
    """Refuse what no class is held on; a mistake in a curriculum is said before a trainee sits."""
    from hht.training.classroom.curriculum import is_curriculum, load_curriculum
    from hht.training.exercise.terms import MODES

    if mode not in MODES:
        raise typer.BadParameter(f"{mode!r} is neither 'practice' nor 'check'")
    if settings.radio:
        raise InputError(
            "A class never works on a dongle: it is training only",
            where=f"--radio {settings.radio}",
            remedy="Leave --radio out; every seat has a simulated hub of its own.",
        )
    if is_curriculum(scenario):
        load_curriculum(Path(scenario))
    else:
        need_scenario(scenario)


def check_machine() -> None:
    """Refuse a machine that lacks the files of the page, or cannot fork."""
    from hht.serve.page import static_files

    static_files()
    if not hasattr(os, "fork"):
        raise HhtError("A class needs Linux or macOS", remedy="Serve it from a machine with one.")


def check_profile(profile: str) -> None:
    """Raise InputError where there is no such profile."""
    if profile:
        from hht.hub_profile import load_profile

        load_profile(profile)


def board(context: typer.Context) -> None:
    """Open the trainer's board. It shows the class that is served from this data folder."""
    from hht.cli.start import need_terminal, run_app
    from hht.serve.roll import CLASS, read_roll

    settings: Context = context.obj
    folder = settings.data_dir / CLASS
    if not read_roll(folder):
        raise HhtError(
            "There is no class here",
            where=str(folder),
            remedy="Start one with 'hht serve', with the same --data-dir.",
        )
    need_terminal()

    def make() -> "OrderlyApp":
        from screens.class_board.screen import BoardApp

        return BoardApp(folder)

    run_app(make)
