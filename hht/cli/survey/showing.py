"""`hht survey show`: a survey file as chart, table, CSV, SVG or JSON."""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import JsonOption, print_json
from hht.cli.survey.plan_option import PlanOption, planned_in
from hht.files import read_input, write_own

if TYPE_CHECKING:
    from hht.survey.figures import ChannelFigures
    from hht.survey.survey_file import Survey


class Form(StrEnum):
    """How a survey can be shown."""

    CHART = "chart"
    TABLE = "table"
    CSV = "csv"
    SVG = "svg"


_MARKS = {Form.CHART: "┤".encode(), Form.TABLE: b"channel ", Form.CSV: b"spot,", Form.SVG: b"<svg"}


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("show")(show)


def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A survey file.")],
    form: Annotated[Form, typer.Option("--as", help="How to show it.")] = Form.CHART,
    plan: PlanOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write it here, not to stdout; replaces nothing but its own."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show a survey. Noise of each channel, its worst value, and the networks there."""
    from hht.survey.figures import figures_of
    from hht.survey.survey_file import network_to_json, read_survey

    planned = planned_in(plan)
    survey = read_survey(read_input(file), str(file))
    if as_json:
        for row in channel_rows(figures_of(survey)):
            print_json(row)
        for network in survey.networks:
            print_json({"event": "network"} | network_to_json(network))
        return
    text = _text(survey, form, planned)
    if out is None:
        print(text)
    else:
        write_own(out, (text + "\n").encode(), _MARKS[form])


def channel_rows(figures: "Sequence[ChannelFigures]") -> "Iterator[dict[str, object]]":
    """Make one object a channel."""
    from hht.survey.advice import rounded

    for each in figures:
        yield {
            "event": "channel",
            "channel": each.channel,
            "median_dbm": rounded(each.noise),
            "worst_dbm": rounded(each.worst),
            "spread_db": rounded(each.spread),
            "newest": each.newest.isoformat(timespec="seconds"),
            "hubs": each.hubs,
            "ours": each.is_ours,
        }


def _text(survey: "Survey", form: Form, plan: Collection[int]) -> str:
    from hht.cli.tables import table_lines, wide_console
    from hht.clock import SYSTEM_CLOCK
    from hht.survey.chart import chart, drawing
    from hht.survey.figures import figures_of
    from hht.survey.listing import HEADING, network_lines, table, to_csv

    figures = figures_of(survey)
    match form:
        case Form.CSV:
            return to_csv(survey).rstrip("\n")
        case Form.SVG:
            return drawing(figures, plan)
        case Form.TABLE:
            cells = table(figures, SYSTEM_CLOCK.now(), plan)
            rows = table_lines(cells, HEADING, right=range(6), to=wide_console())
            return "\n".join((*rows, *network_lines(survey.networks)))
    return "\n".join(row.rstrip() for row in chart(figures, plan))
