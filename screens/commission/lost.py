"""The form about a Response that was not kept: how it may be had again, as choices that do it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hht.journeys.plan.lost_response import WayBack
from screens.catalogue import text
from screens.forms.form import Choice, FormScreen

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
