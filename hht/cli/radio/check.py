"""`hht radio check`: everything about a dongle on one page, to be sent to a help desk."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht import __version__
from hht.cli.context import Context, JsonOption, print_json
from hht.errors import HhtError, InputError

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.radio.checking.check import Report
    from hht.radio.checking.point import Point

_MARKS = {True: "ok ", False: "BAD", None: "-- "}

PeerOption = Annotated[
    str | None, typer.Option(help="A second dongle, for an inter-PAN echo between the two.")
]


def register(program: typer.Typer) -> None:
    """Add the command to the group."""
    program.command("check")(check)


def check(context: typer.Context, peer: PeerOption = None, as_json: JsonOption = False) -> None:
    """Check the dongle. Firmware, line, tables, the air, both ways of inter-PAN, keys."""
    import asyncio

    settings: Context = context.obj
    url = named_dongle(settings)

    holds: list[bool | None] = []

    def report(point: "Point") -> None:
        holds.append(point.holds)
        show(point, as_json)

    report(_program(url))
    fit = asyncio.run(_check(url, peer, settings.data_dir, report)) and False not in holds
    if not as_json:
        print("\nFit for use." if fit else "\nNot fit for use: see what is marked BAD.")
    if not fit:
        raise typer.Exit(1)


def named_dongle(settings: Context) -> str:
    """Return the address that --radio has; HhtError without one, or where it is none."""
    from hht.radio.opening.address import parse_address
    from hht.radio.ports import radio_option

    if not settings.radio:
        raise InputError("No dongle was named", remedy=f"Name it with {radio_option()}.")
    parse_address(settings.radio)
    return settings.radio


def _program(url: str) -> "Point":
    import platform
    from importlib.metadata import version

    from hht.clock import SYSTEM_CLOCK
    from hht.radio.checking.point import Point

    at = SYSTEM_CLOCK.now().strftime("%Y-%m-%d %H:%M UTC")
    program = f"hht {__version__}, bellows {version('bellows')}, Python {platform.python_version()}"
    found = f"{program}, {platform.system()} {platform.machine()}, {at}, {url.partition('?')[0]}"
    return Point("program", None, found)


async def _check(url: str, peer: str | None, data_dir: Path, report: "Report") -> bool:
    from hht.radio.checking.check import check_dongle
    from hht.radio.opening.line_memory import LineMemory

    memory = LineMemory(data_dir)
    fit = await check_dongle(url, report, hht=own_entity_id(data_dir, report), memory=memory)
    if not peer:
        return fit
    if fit:
        from hht.radio.checking.echo import check_echoes

        return await check_echoes(url, peer, report, memory=memory)
    from hht.radio.checking.point import Point

    report(Point("peer", None, f"no echo tried with {peer}: the dongle itself is not fit"))
    return False


def own_entity_id(data_dir: Path, report: "Report") -> "EntityId | None":
    """Read the Entity Identifier in this handheld's certificate; None where that cannot be done.

    Behind a PIN it stays unread: a check of the dongle is no reason to ask for it.
    """
    from hht.journeys.own_identity import FILE
    from hht.radio.checking.point import Point
    from hht.session.identity import load_identity

    path = data_dir / FILE
    try:
        return load_identity(path).entity_id if path.exists() else None
    except HhtError as error:
        report(Point.failed("identity file", error))
        return None


def show(point: "Point", as_json: bool) -> None:
    """Print a point, with its remedy on a line of its own where it does not hold."""
    if as_json:
        figures = dict(point.figures)
        row = {"check": point.check, "holds": point.holds, "found": point.found}
        print_json(row | {"remedy": point.remedy, "figures": figures})
        return
    print(f"{_MARKS[point.holds]} {point.check:<13} {point.found}", flush=True)
    if point.remedy:
        print(f"{'':<17} -> {point.remedy}", flush=True)
