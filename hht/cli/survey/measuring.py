"""`hht survey`: energy and active scans in passes at a spot, as a picture that grows."""

import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.survey.measuring import Heard
    from hht.survey.survey_file import Survey

_PASSES, _MOST_PASSES = 3, 1000  # three passes show a burst for what it is; 1000 take hours
_SPOT = "here"
_LIMITS = (
    "A ZigBee dongle hears channels 11-26: Wi-Fi shows as energy, sub-GHz is not heard at all."
)


def survey(
    context: typer.Context,
    passes: Annotated[
        int, typer.Option(min=1, max=_MOST_PASSES, help="How often to go through the channels.")
    ] = _PASSES,
    spot: Annotated[str, typer.Option(help="The name of the place where you stand.")] = _SPOT,
    out: Annotated[
        Path | None, typer.Option(help="The survey file; the spot is added to it if it is there.")
    ] = None,
    duration: Annotated[
        int | None, typer.Option(min=0, max=8, help="EZSP scan duration, one for all of a survey.")
    ] = None,
    hub: Annotated[
        list[str] | None, typer.Option(help="Our hub's GPF identifier; may be repeated.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure noise and networks on channels 11 to 26, pass after pass."""
    if context.invoked_subcommand is not None:
        return
    import asyncio

    from hht.cli.radio.check import named_dongle
    from hht.cli.survey.undisturbed import undisturbed

    settings: Context = context.obj
    kept = _begun(out, duration, spot)
    url = named_dongle(settings)
    view = _View(kept, spot, as_json, out)
    with undisturbed(settings.data_dir):
        asyncio.run(_measure(url, settings.data_dir, view, passes, _hubs(hub or ())))
    view.close()


class _View:
    """The survey so far, kept after each pass and then shown: who looks on may go away."""

    def __init__(self, survey: "Survey", spot: str, as_json: bool, out: Path | None) -> None:
        self.survey = survey
        self._out = out
        self.spot = spot
        self._as_json = as_json
        self._live = not as_json and sys.stdout.isatty()
        self._drawn = 0

    def take(self, heard: "Heard") -> None:
        """Keep what is known after a scan, once its pass is complete; show it."""
        from hht.files import write_whole
        from hht.survey.growing import grown
        from hht.survey.survey_file import network_to_json, pass_to_json, write_survey

        seen = grown(self.survey, self.spot, heard)
        if heard.complete:
            self.survey = seen
            if self._out is not None:
                write_whole(self._out, write_survey(seen))
            if self._as_json:
                print_json({"event": "pass", "spot": self.spot} | pass_to_json(heard.energy))
                for network in heard.networks:
                    print_json({"event": "network"} | network_to_json(network))
        if self._live:
            self._draw(seen)

    def close(self) -> None:
        """Show the survey as it is in the end."""
        from hht.survey.figures import figures_of

        if self._as_json:
            from hht.cli.survey.showing import channel_rows

            for row in channel_rows(figures_of(self.survey)):
                print_json(row)
        else:
            self._finish()
        print(_LIMITS, file=sys.stderr)

    def _draw(self, seen: "Survey") -> None:
        """Draw over what was drawn before, in as many lines as the terminal has."""
        from hht.cli.tables import fitted

        drawing, networks = _rows(seen)
        rows = fitted([*drawing, *networks], *get_terminal_size())
        self._print(rows)
        self._drawn = len(rows)

    def _finish(self) -> None:
        """Print all of it; on a terminal the list first where it has no room below the chart."""
        from hht.cli.tables import fitted

        drawing, networks = _rows(self.survey)
        rows = [*drawing, *networks]
        if self._live:
            columns, lines = get_terminal_size()
            rows = rows if len(rows) < lines else [*networks, *drawing]
            rows = fitted(rows, columns, len(rows) + 1)
        self._print(rows)

    def _print(self, rows: "Sequence[str]") -> None:
        back = f"\x1b[{self._drawn}A\x1b[J" if self._drawn else ""
        print(back + "\n".join(rows), flush=True)


def _rows(seen: "Survey") -> tuple[list[str], list[str]]:
    """Return the chart and the list of networks."""
    from hht.survey.chart import chart
    from hht.survey.figures import figures_of
    from hht.survey.listing import network_lines

    return chart(figures_of(seen)), network_lines(seen.networks)


async def _measure(
    url: str,
    data_dir: Path,
    view: _View,
    passes: int,
    ours: "Collection[EntityId]",
) -> None:
    from hht.radio.dongle import Dongle
    from hht.radio.opening.line_memory import LineMemory
    from hht.survey.measuring import listen

    dongle = await Dongle.open(url, memory=LineMemory(data_dir))
    try:
        scans = listen(
            dongle,
            view.spot,
            passes=passes,
            clock=dongle.clock,
            duration=view.survey.duration,
            ours=ours,
        )
        async for heard in scans:
            view.take(heard)
    finally:
        await dongle.close()


def _begun(out: Path | None, duration: int | None, spot: str) -> "Survey":
    """Return the survey of the file, to be added to, or a new one."""
    from hht.files import read_input
    from hht.survey.measuring import DURATION
    from hht.survey.survey_file import Survey, check_spot, read_survey

    check_spot(spot)
    if out is not None and not out.parent.is_dir():
        raise InputError(
            "There is no such folder for the survey file",
            where=str(out.parent),
            remedy="Make it, or give another --out.",
        )
    if out is None or not out.exists():
        return Survey(DURATION if duration is None else duration, (), ())
    kept = read_survey(read_input(out), str(out))
    if duration not in (None, kept.duration):
        raise InputError(
            f"This survey was made with duration {kept.duration}, not {duration}: "
            "a maximum grows with time, so one survey has one duration",
            where=str(out),
            remedy=f"Leave --duration away, or give another --out for duration {duration}.",
        )
    return kept


def _hubs(given: Collection[str]) -> "frozenset[EntityId]":
    from hht.entity_id import EntityId

    try:
        return frozenset(EntityId.parse(text) for text in given)
    except ValueError as error:
        raise InputError(str(error), where="--hub", remedy="Give it as on the label.") from None
