"""The form about a Response that was not kept: how it may be had again, as choices that do it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from hht.journeys.plan.lost_response import WayBack
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.shell import Place, Shell

if TYPE_CHECKING:
    from hht.journeys.plan.lost_response import LostResponse
    from hht.journeys.view import VisitView
    from hht.store import CommandRow


class Get(StrEnum):
    """What the engineer does about it."""

    CONNECT = "connect"
    READ = "read"
    WRITE = "write"
    LATER = "later"


_CHOICES = {
    WayBack.CONNECT: (Get.CONNECT, Get.LATER),
    WayBack.SHOWN: (Get.READ, Get.WRITE, Get.LATER),
    WayBack.SUPPLIER: (Get.WRITE, Get.LATER),
}


def lost_of_view(view: VisitView | None, at: int | None) -> CommandRow | None:
    """Return the Local Command `at` if its Response was not kept, else the first whose was not."""
    rows = [row for row in view.commands if row.id in view.lost] if view else []
    return next((row for row in rows if row.id == at), rows[0] if rows else None)


def lost_form(row: CommandRow, lost: LostResponse) -> FormScreen:
    """Say what was lost and what it means, and offer what can be done."""
    return FormScreen(
        text("lost.title", number=row.position + 1, title=row.title),
        "\n".join((text("lost.fact"), text(f"lost.{lost.way}"))),
        [_choice(each, lost) for each in _CHOICES[lost.way]],
        escape=Get.LATER,
        tone="doubt",
    )


def _choice(each: Get, lost: LostResponse) -> Choice:
    return Choice(each, text(f"lost.to_{each}", number=lost.number))


def get_back(shell: Shell, at: int | None, read: Callable[[int], object]) -> None:
    """Ask what to do for the Response `at` that was not kept, else the first; then do it."""
    view = shell.view
    row = lost_of_view(view, at)
    if view is None or row is None:
        return
    lost, commands = view.lost[row.id], view.commands

    def answered(answer: str | None) -> None:
        if answer == Get.CONNECT:
            is_known = shell.view is not None and shell.view.hub is not None
            shell.go(Place.RECONNECT if is_known else Place.CONNECT)
        elif answer == Get.WRITE:
            shell.go(Place.REPORT)
        elif answer == Get.READ and lost.number:
            read(commands[lost.number - 1].id)

    shell.ask(lost_form(row, lost), answered)
