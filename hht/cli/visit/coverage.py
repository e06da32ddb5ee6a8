"""`hht coverage`: what the answer to SR 12.1 says of a premises, region by region."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import JsonOption, print_json
from hht.errors import HhtError
from hht.files import read_input

if TYPE_CHECKING:
    from hht.duis.wan_matrix import Region


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("coverage")(coverage)


def coverage(
    file: Annotated[Path, typer.Argument(metavar="FILE.xml", help="The DCC's answer to SR 12.1.")],
    as_json: JsonOption = False,
) -> None:
    """Say which hub to fit and whether to expect no WAN."""
    from hht.clock import SystemClock
    from hht.duis.wan_matrix import read_wan_matrix
    from hht.journeys.install.coverage import advice_for, in_words

    matrix = read_wan_matrix(read_input(file), str(file))
    if not matrix.regions:
        raise HhtError(
            f"The DCC answered with code {matrix.response_code} and no coverage",
            where=str(file),
            remedy="Check the address in the request and ask again.",
        )
    today = SystemClock().now().date()
    advised = [(region, advice_for(region, today)) for region in matrix.regions]
    if as_json:
        for region, advice in advised:
            print_json(to_json(region, advice))
    else:
        from hht.cli.tables import print_table

        print_table(
            (region.name, "\n".join(filter(None, (in_words(region, today), advice))))
            for region, advice in advised
        )


def to_json(region: "Region", advice: str | None) -> dict[str, object]:
    """Give the region as the fields of `hht coverage --json`."""
    return {
        "region": region.name,
        "response_code": region.response_code,
        "coverage": region.coverage,
        "date": region.expected.isoformat() if region.expected else None,
        "technology": region.technology,
        "likelihood": region.likelihood,
        "auxiliary": region.auxiliary,
        "additional": region.additional,
        "advice": advice,
    }
