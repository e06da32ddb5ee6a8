"""`hht hub`: the simulated hub without the app: serve it, ask its devices, ask its head-end."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.commands import hub_reference, trainer
from hht.cli.completing import dongle_faults, one_of, scenarios
from hht.cli.context import Context
from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.training.exercise.run import TrainingRun

app = typer.Typer(no_args_is_help=True, help="The simulated hub: serve, watch, faults, reply.")
hub_reference.register(app)
trainer.register(app)


@app.command()
def serve(
    context: typer.Context,
    scenario: Annotated[
        str, typer.Argument(autocompletion=one_of(scenarios), help="See 'hht train --list'.")
    ] = "no-wan-install",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Loopback port; 0 takes a free one.")
    ] = 0,
    peer_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Serve a second dongle on the same air, for 'radio check --peer'.",
        ),
    ] = None,
    pty: Annotated[bool, typer.Option("--pty", help="A pseudo terminal, not a port.")] = False,
    pcap: Annotated[
        Path | None,
        typer.Option(help="Capture the air into this file; replaces nothing but its own."),
    ] = None,
    ezsp: Annotated[
        int | None, typer.Option(min=8, max=19, help="The EZSP version of the virtual dongle.")
    ] = None,
    dongle_fault: Annotated[
        list[str] | None,
        typer.Option(
            autocompletion=one_of(dongle_faults),
            help="What the virtual dongle gets wrong; may be repeated.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Makes chance repeatable.")] = None,
    speed: Annotated[
        float | None, typer.Option(min=1, max=3600, help="Seconds of the premises in one of yours.")
    ] = None,
    site: Annotated[str, typer.Option(help="'rtds': the reference Devices; needs --keys.")] = "",
    keys: Annotated[Path | None, typer.Option(help="The reference keys, for --site.")] = None,
) -> None:
    """Run the simulated hub until Ctrl-C. Its first line is the address for --radio.

    The job's Local Commands are imported into the training data, so that `hht --radio ADDRESS`
    with the same data folder finds the job.
    """
    from hht.training.exercise.run import TrainingRun, hub_options

    settings: Context = context.obj
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place = ("--pty",) if pty else ("--port", str(port))
    peer = () if peer_port is None else ("--peer-port", str(peer_port))
    options = (*hub_options(seed, pcap), *place, *peer, *dongle_options(ezsp, dongle_fault or ()))
    if site:
        run = TrainingRun.of_references(settings.data_dir, reference_keys(site, keys), options)
    else:
        run = TrainingRun.resume_or_start(settings.data_dir, scenario, seed, options, speed)
    if code := serve_run(run, with_peer=bool(peer)):
        raise HhtError(
            f"The simulated hub ended by itself (exit code {code})",
            where=str(run.run_dir),
            remedy="Serve it again; it goes on where it was.",
        )


def dongle_options(ezsp: int | None, faults: Sequence[str]) -> tuple[str, ...]:
    """Return the options of the hub's process for its dongle; HhtError for an unknown fault."""
    from hht.simulator.ncp.faults.catalogue import find_fault
    from hht.simulator.ncp.versions import VERSIONS

    for name in faults:
        find_fault(name)
    if ezsp is not None and ezsp not in VERSIONS:
        raise typer.BadParameter(f"the virtual dongle speaks EZSP {', '.join(map(str, VERSIONS))}")
    speaking = ("--ezsp", str(ezsp)) if ezsp is not None else ()
    return (*speaking, *(word for name in faults for word in ("--dongle-fault", name)))


def serve_run(run: "TrainingRun", *, with_peer: bool = False) -> int:
    """Have the hub served until it ends, or Ctrl-C or SIGTERM end it; its exit code."""
    from hht.training.exercise.served_runs import serving

    address = run.start_hub()
    assert run.hub is not None
    try:
        with serving(run.data_dir, address, run.run_dir):
            print(address, flush=True)
            if with_peer:
                print(run.hub.next_address(), flush=True)
            print(f"Job pack: {run.run_dir / 'job'}. Ctrl-C ends the hub.", file=sys.stderr)
            return run.hub.process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        run.stop_hub()


def reference_keys(site: str, keys: Path | None) -> Path:
    """Return the folder of keys of the only site there is beside the scenarios."""
    if site != "rtds":
        raise typer.BadParameter(f"{site!r} is no site; there is 'rtds'")
    if keys is None:
        raise typer.BadParameter("the reference Devices need --keys DIR")
    return keys
