"""The question before another job is opened while the HHT is on the HAN of the one that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hht.texts import text
from screens.connect.text import short
from screens.forms.form import Choice, FormScreen

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

BACK, LET_GO = "back", "let_go"


def other_job_form(view: VisitView) -> FormScreen:
    """Ask whether the hub is to be let go of; it stays the HHT's, and is not heard meanwhile."""
    return FormScreen(
        text("other_job.title", hub=short(view.hub)),
        text("other_job.body"),
        [Choice(BACK, text("other_job.back")), Choice(LET_GO, text("other_job.let_go"))],
        tone="doubt",
    )


def busy_words(view: VisitView) -> str:
    """Say that the radio is at work for the job that is open."""
    return text("other_job.busy", hub=short(view.hub))
