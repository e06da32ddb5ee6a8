"""The app opened from the shell; nothing here imports the command line's library."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hht.cli.settings import Context
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.training.exercise.run import TrainingRun
    from screens.ending.orderly import OrderlyApp

DATA_DIR, RADIO = "--data-dir", "--radio"
GLOBAL_OPTIONS = (DATA_DIR, RADIO)
TRAIN = "train"
DEFAULT_SCENARIO = "no-wan-install"
COMPLETION = "_HHT_COMPLETE"
"""In the environment where a shell asks what may come next."""


@dataclass(frozen=True)
class Start:
    """What the app begins with: the global options, and an exercise or none."""

    settings: Context
    exercise: str = ""


def start_of(arguments: Sequence[str]) -> Start | None:
    """Return what the line opens the app with; None for another command, or an odd line."""
    given: dict[str, str] = {}
    waiting = list(arguments)
    while waiting and waiting[0].partition("=")[0] in GLOBAL_OPTIONS:
        name, equals, value = waiting.pop(0).partition("=")
        given[name] = value if equals else (waiting.pop(0) if waiting else "")
    is_training = waiting[:1] == [TRAIN] and not any(each.startswith("-") for each in waiting[1:])
    if len(waiting) > (2 if is_training else 0) or not all(given.values()):
        return None
    if COMPLETION in os.environ:
        return None
    folder = given.get(DATA_DIR) or os.environ.get("HHT_DATA_DIR")
    settings = Context.make(Path(folder) if folder else None, given.get(RADIO))
    return Start(settings, (waiting[1:] or [to_practise(settings)])[0] if is_training else "")


def to_practise(settings: Context) -> str:
    """Return the exercise that was interrupted; where none was, the one to begin with."""
    from hht.training.exercise.run_folders import interrupted

    return interrupted(settings.data_dir) or DEFAULT_SCENARIO


def command_of(arguments: Sequence[str]) -> str:
    """Return the command that a line names, once its global options are in front; "" for none."""
    waiting = iter(arguments)
    for argument in waiting:
        if argument in GLOBAL_OPTIONS:
            next(waiting, None)
        elif not argument.startswith("-"):
            return argument
    return ""


def begin(start: Start) -> None:
    """Open the app."""
    settings, exercise = start.settings, start.exercise
    if exercise:
        open_training(settings, exercise, partial(start_run, settings, exercise))
    else:
        open_app(settings)


def open_app(settings: Context) -> None:
    """Open the app on the live data with the dongle that --radio names."""
    check_radio(settings.radio)
    need_terminal()

    def make() -> "OrderlyApp":
        from hht.cli.app import live_app

        return live_app(settings)

    run_app(make)


def open_training(settings: Context, exercise: str, run: "Callable[[], TrainingRun]") -> None:
    """Open the app on an exercise."""
    need_scenario(exercise)
    check_radio(settings.radio)
    need_terminal()

    def make() -> "OrderlyApp":
        from hht.cli.app import training_app

        return training_app(settings, exercise, run)

    run_app(make)


def run_app(make: "Callable[[], OrderlyApp]") -> None:
    """Make an app and run it to its end; one that a signal or a fault has ended has an exit code.

    The signals are heard from the first moment: to import the app takes longer than to make it.
    """
    from screens.ending.signals import ENDING

    ENDING.listen()
    app = make()
    ENDING.run(app.run)
    if ENDING.number is not None and not ENDING.is_said:  # it came when the app had ended
        print(ENDING.said, file=sys.stderr)
    if code := app.return_code or ENDING.exit_code:
        sys.exit(code)


def check_radio(radio: str | None) -> None:
    """Raise AddressUnfit where --radio has what can be no dongle's address."""
    if radio:
        from hht.radio.opening.address import parse_address

        parse_address(radio)


def need_terminal() -> None:
    """Raise InputError where the app cannot be painted, nor its keys be read."""
    if "TEXTUAL_DRIVER" in os.environ:  # a browser is on the other side
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError(
            "The app needs a terminal", remedy="See 'hht --help' for what runs without one."
        )
    if os.environ.get("TERM", "dumb") == "dumb":
        raise InputError(
            "The app cannot be painted on this terminal",
            where=f"TERM={os.environ.get('TERM', '')}",
            remedy="Use another, or say which it is, as with TERM=xterm-256color.",
        )


def need_scenario(name: str) -> None:
    """Raise InputError unless there is such a scenario; one of ours costs no start time."""
    from importlib.resources import files

    if not (files("assets") / "scenarios" / f"{name}.toml").is_file():
        from hht.training.scenario.load import load_scenario

        load_scenario(name)


def start_run(
    settings: Context,
    scenario: str,
    seed: int | None = None,
    pcap: Path | None = None,
    speed: float | None = None,
    profile: str = "",
    lesson: int = 0,
    mode: str = "",
    *,
    again: bool = False,
) -> "TrainingRun":
    """Settle which run of the scenario this is, with the options of its hub."""
    from hht.training.exercise.run import TrainingRun

    return TrainingRun.begin(
        settings.data_dir,
        scenario,
        seed,
        pcap,
        speed,
        profile,
        again=again,
        lesson=lesson,
        mode=mode,
    )
