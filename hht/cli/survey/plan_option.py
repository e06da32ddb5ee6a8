"""The building's channel plan that a survey command is given: a plan file, or the inventory's."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hht.files import decode_text, read_input

PlanOption = Annotated[
    Path | None,
    typer.Option(help="The building's channel plan, or (DRAFT) the inventory's answer (SR 8.2)."),
]


def planned_in(path: Path | None) -> tuple[int, ...]:
    """Return the channels of the plan, none without a file; InputError where it is no plan."""
    from hht.survey.survey_file import read_plan

    if path is None:
        return ()
    raw = read_input(path)
    if not _is_xml(raw):
        return read_plan(raw, str(path))
    from hht.survey.inventory_plan import read_inventory_plan

    channels = read_inventory_plan(raw, str(path))
    listed = ", ".join(map(str, channels))
    print(f"DRAFT (SECMP0012): the inventory's plan is {listed}", file=sys.stderr)
    return channels


def _is_xml(raw: bytes) -> bool:
    try:
        return decode_text(raw).lstrip("\ufeff \t\r\n").startswith("<")
    except ValueError:
        return False
