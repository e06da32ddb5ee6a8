"""`hht hub watch` and `hht hub fault`: the trainer beside a hub that is being served."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hht.cli.completing import faults, one_of
from hht.cli.context import Context, JsonOption, print_json
from hht.cli.start import run_app

if TYPE_CHECKING:
    from screens.ending.orderly import OrderlyApp

_NEGATIVE_LEVELS = {"ignore_unknown_options": True}
"""-40 is a value, not an option."""
RunOption = Annotated[str, typer.Option("--run", help="The run's folder name; else the newest.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("watch")(watch)
    app.command("fault", context_settings=_NEGATIVE_LEVELS)(fault)
    app.command("pause")(pause)
    app.command("resume")(resume)
    app.command("lever", context_settings=_NEGATIVE_LEVELS, help="The same as 'fault'.")(fault)


def watch(
    context: typer.Context,
    run: RunOption = "",
    tui: Annotated[bool, typer.Option("--tui", help="As a screen with keys.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the hub's side of the story. It goes on until Ctrl-C or the hub's end."""
    from hht.simulator.control_client import served_run, watch

    settings: Context = context.obj
    run_dir = served_run(settings.data_dir, run)
    if tui:
        open_screen(settings.data_dir, run_dir)
        return
    try:
        show(watch(run_dir), as_json)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def fault(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(autocompletion=one_of(faults), help="--list names them.")
    ] = "",
    value: Annotated[str, typer.Argument(help="Device, level, 'all' or 'off'.")] = "",
    seconds: Annotated[float, typer.Option("--for", min=0, help="Seconds; then it is over.")] = 0,
    channel: Annotated[int | None, typer.Option(help="For noise; else the hub's.")] = None,
    run: RunOption = "",
    list_them: Annotated[bool, typer.Option("--list", help="Name the faults.")] = False,
) -> None:
    """Make something go wrong on purpose, or put it right ('off')."""
    from hht.simulator.control_client import inject_fault, served_run
    from hht.simulator.hub.faults.kinds import FAULTS
    from hht.training.exercise.terms import need_practice

    if list_them or not name:
        from hht.cli.tables import print_table

        print_table(
            (what, f"{kind.title}{f' ({kind.needs})' if kind.needs else ''}")
            for what, kind in FAULTS.items()
        )
        return
    settings: Context = context.obj
    run_dir = served_run(settings.data_dir, run)
    need_practice(run_dir, "no lever is pulled in it")
    print(inject_fault(run_dir, name, value=value, seconds=seconds, channel=channel))


def pause(context: typer.Context, run: RunOption = "") -> None:
    """Pause an exercise. No clock of hub, handheld or Device goes on until 'hht hub resume'."""
    from hht.simulator.control_client import served_run
    from hht.simulator.pauses import pause
    from hht.training.exercise.terms import need_practice

    settings: Context = context.obj
    folder = served_run(settings.data_dir, run)
    need_practice(folder, "it is not paused")
    print("Paused" if pause(folder) else "Paused already")


def resume(context: typer.Context, run: RunOption = "") -> None:
    """Let a paused exercise go on where it was."""
    from hht.simulator.control_client import served_run
    from hht.simulator.pauses import resume

    settings: Context = context.obj
    folder = served_run(settings.data_dir, run)
    print("It goes on" if resume(folder) else "It is not paused")


def show(rows: Iterable[Mapping[str, Any]], as_json: bool) -> None:
    """Print what happens; the state of everything only where it has changed, time apart."""
    before: dict[str, Any] = {}
    for row in rows:
        if as_json:
            print_json(row)
        elif "story" in row:
            entry = row["story"]
            print(f"{entry['at'][11:19]}  {entry['what']:<13} {entry['text']}", flush=True)
        elif (now := _standing(row["status"])) != before:
            before = now
            print(f"{row['status']['time'][11:19]}  = {status_line(row['status'])}", flush=True)


def status_line(status: Mapping[str, Any]) -> str:
    """Say in one line the states of hub, HHT and Devices."""
    left = status["window_seconds_left"]
    window = "no limit" if left is None else f"{left // 60} min left" if left else "closed"
    parts = [
        *(["PAUSED"] if status.get("paused") else []),
        f"hub {'on' if status['power'] else 'OFF'}",
        f"window {window}",
        f"WAN {'yes' if status['wan'] else 'no'}",
        f"HHT {status['hht']}",
        *(device_words(device) for device in status["devices"]),
    ]
    return ", ".join(parts)


def device_words(device: Mapping[str, Any]) -> str:
    """Return one Device: in the HAN or not, off, asleep, what waits for it."""
    place = "in HAN" if device["in_han"] else "not joined"
    state = place if device["on"] else "OFF"
    waiting = f", {device['waiting']} waiting" if device["waiting"] else ""
    return f"{device['label']} {state}{waiting}"


def open_screen(data_dir: Path, run_dir: Path) -> None:

    def make() -> "OrderlyApp":
        from screens.trainer.screen import TrainerApp

        return TrainerApp(data_dir, run_dir)

    run_app(make)


def _standing(status: Mapping[str, Any]) -> dict[str, Any]:
    """Return what counts as a change: not that a minute has not yet passed."""
    left = status["window_seconds_left"]
    changing = {"time": "", "air": "", "worst_delay_ms": 0, "window_seconds_left": bool(left)}
    return {**status, **changing}
