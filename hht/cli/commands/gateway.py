"""`hht gateway-sim`: a supplier's gateway on this machine, for classes and tests."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.completing import misbehaviours, one_of
from hht.cli.context import JsonOption, print_json

if TYPE_CHECKING:
    from hht.outbox.simulated.gateway import GatewaySim
    from hht.outbox.simulated.misbehaviour import Misbehaviour

_CA_MARK = b"hht gateway-sim\n"  # PEM may have text before it, and any reader leaves it out


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command("gateway-sim")(gateway_sim)


def gateway_sim(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = 0,
    misbehave: Annotated[
        str,
        typer.Option(
            autocompletion=one_of(misbehaviours),
            help="slow, 500, reset, half-answer... ('list' shows all).",
        ),
    ] = "",
    share: Annotated[float, typer.Option(help="The share of the items that meet it.")] = 1.0,
    times: Annotated[int, typer.Option(min=0, help="How often each of them does; 0 always.")] = 1,
    after: Annotated[int, typer.Option(min=0, help="Only once so many items are received.")] = 0,
    seed: Annotated[int, typer.Option(help="Which of the items.")] = 1,
    xsd: Annotated[Path | None, typer.Option(help="The DUIS schema to hold requests to.")] = None,
    jobs: Annotated[
        Path | None, typer.Option(help="A folder of job packs to serve under /jobs.")
    ] = None,
    tls: Annotated[bool, typer.Option(help="Listen on HTTPS.")] = False,
    ca_out: Annotated[
        Path | None,
        typer.Option(
            help="A file for the certificate to trust (--tls); replaces nothing but its own."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take uploads as a gateway does. Ctrl-C ends it; first line the address, last what came."""
    import asyncio

    from hht.outbox.simulated.gateway import GatewaySim
    from hht.outbox.simulated.misbehaviour import Misbehaviour

    if misbehave == "list":
        print("\n".join(Misbehaviour))
        return
    how = _misbehaviour(misbehave)
    simulator = GatewaySim(
        how, share=share, times=times, after=after, seed=seed, schema=xsd, jobs=jobs, tls=tls
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(simulator, port, ca_out))
    _report(simulator, as_json)


def _misbehaviour(name: str) -> "Misbehaviour | None":
    from hht.outbox.simulated.misbehaviour import Misbehaviour

    if name and name not in list(Misbehaviour):
        raise typer.BadParameter(f"{name!r} is none of {', '.join(Misbehaviour)}")
    return Misbehaviour(name) if name else None


def _report(simulator: "GatewaySim", as_json: bool) -> None:
    counts = {
        "received": len(simulator.received),
        "posts": simulator.posts,
        "duplicates": simulator.duplicates,
        "invalid": simulator.invalid,
    }
    if as_json:
        print_json(counts)
    else:
        print(" ".join(f"{name} {count}" for name, count in counts.items()))


async def _serve(simulator: "GatewaySim", port: int, ca_out: Path | None) -> None:
    import asyncio

    from hht.files import write_own

    print(await simulator.start(port), flush=True)
    if ca_out is not None:
        await asyncio.to_thread(write_own, ca_out, _CA_MARK + simulator.authority, _CA_MARK)
    try:
        await asyncio.Event().wait()
    finally:
        await simulator.stop()
