"""`hht doctor`: is everything here in order, and what to do where it is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.mode_option import MODES

if TYPE_CHECKING:
    from hht.store.doctor import Finding


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command()(doctor)


def doctor(
    context: typer.Context,
    as_json: JsonOption = False,
    bundle: Annotated[
        Path | None,
        typer.Option(
            help="Pack log, versions, checks and counts into a zip; replaces nothing but its own."
        ),
    ] = None,
) -> None:
    """Check this handheld. Databases, disk, clock, gateway.toml and, with --radio, the dongle."""
    settings: Context = context.obj
    found = []
    for about, finding in _findings(settings):
        found.append((about, finding))
        _show(about, finding, as_json)
    if bundle is not None:
        from hht.store.bundle import write_bundle

        write_bundle(bundle, settings.data_dir, [_row(*each) for each in found])
        if not as_json:
            print(f"{bundle}: log, versions, checks and counts; no key and no customer's data")
    if any(finding.holds is False for _, finding in found):
        raise typer.Exit(1)


def _findings(settings: Context) -> Iterator[tuple[str, "Finding"]]:
    import asyncio
    from functools import partial

    from hht.cli.pin_prompt import pin_from_file
    from hht.journeys.own_identity import identity_finding
    from hht.radio.ports import radio_option
    from hht.store import Mode
    from hht.store.doctor import Finding, check_database, check_folder

    yield from (("folder", finding) for finding in check_folder(settings.data_dir))
    for mode in MODES:
        path: Path = settings.data_dir / f"{mode}.db"
        if path.exists():
            more = partial(identity_finding, settings.data_dir)
            found = check_database(path, Mode(mode), pin_from_file(), more)
            yield from ((mode, finding) for finding in found)
    yield from (("gateway", finding) for finding in _gateway(settings.data_dir))
    if settings.radio is None:
        yield "radio", Finding("dongle", None, "not checked", f"Name it with {radio_option()}.")
    else:
        points = asyncio.run(_dongle(settings.radio, settings.data_dir))
        yield from (("radio", finding) for finding in points)


def _gateway(data_dir: Path) -> "Iterator[Finding]":
    """Check gateway.toml, each fault by itself; nothing where there is none."""
    from hht.errors import InputError, InputFaults
    from hht.outbox.auto_upload import GATEWAY_FILE
    from hht.outbox.gateway.settings import read_gateway_file
    from hht.store.doctor import Finding

    path = data_dir / GATEWAY_FILE
    if not path.exists():
        return
    try:
        gateway = read_gateway_file(path).gateway
    except InputError as error:
        faults = error.faults if isinstance(error, InputFaults) else (error,)
        for each in faults:
            yield Finding("settings", False, f"{each.where}: {each.what}", each.remedy)
        return
    through = f" through {gateway.proxy}" if gateway.proxy else ""
    yield Finding("settings", True, f"{gateway.place}{through}")


async def _dongle(url: str, data_dir: Path) -> "list[Finding]":
    """Return the points of `hht radio check`, without those that change anything in the dongle."""
    from hht.cli.radio.check import own_entity_id
    from hht.radio.checking.check import check_dongle
    from hht.radio.checking.point import Point
    from hht.radio.opening.line_memory import LineMemory
    from hht.store.doctor import Finding

    findings: list[Finding] = []

    def report(point: Point) -> None:
        findings.append(Finding(point.check, point.holds, point.found, point.remedy))

    own, memory = own_entity_id(data_dir, report), LineMemory(data_dir)
    await check_dongle(url, report, hht=own, memory=memory, leave_as_it_is=True)
    return findings


def _show(about: str, finding: "Finding", as_json: bool) -> None:
    if as_json:
        print_json(_row(about, finding))
        return
    print(line_of(about, finding))


def line_of(about: str, finding: "Finding") -> str:
    """Return a finding as a person reads it, with its remedy where there is one to be had."""
    mark = {True: "ok ", False: "BAD", None: "-- "}[finding.holds]
    advice = f". {finding.remedy}" if finding.remedy and not finding.holds else ""
    return f"{mark} {about:<9} {finding.check:<12} {finding.found}{advice}"


def _row(about: str, finding: "Finding") -> dict[str, object]:
    return {
        "about": about,
        "check": finding.check,
        "holds": finding.holds,
        "found": finding.found,
        "remedy": "" if finding.holds else finding.remedy,
    }
