"""The forms around an answer: a change that undoes others, a doubt, a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from hht.duis.visit_questions import Answer, Question
from hht.journeys.install.doubts import Doubt
from hht.journeys.install.install_view import InstallView
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.reason import ask_reason
from screens.install.labels import fault_of
from screens.install.text import question_words

if TYPE_CHECKING:
    from hht.journeys.install.scanning import Scanned
    from screens.forms.typed import TypedScreen
    from screens.shell import Shell

LABEL_KINDS = ("CHF", "GPF", "ESME", "GSME", "PPMID", "HCALCS", "IHD", "CAD")
"""Whose label it can be."""

SKIP_REASONS = ("none_there", "not_visible", "objects")
AGAIN, IS_RIGHT, CHANGE = "again", "stands", "change"


def change_form(asked: Question, value: Answer | None, install: InstallView) -> FormScreen | None:
    """Ask before an answer, or leaving the question open (None), undoes other answers."""
    try:
        if value is None:
            undone = install.answers.undone_by_reopening(asked.id)
        else:
            undone = install.answers.undone_by(asked.id, value)
    except ValueError:  # what cannot be an answer is refused where it is noted
        return None
    if not undone:
        return None
    lines = "\n".join(f"· {question_words(each)}" for each in undone)
    choices = [Choice("", text("change.keep")), Choice(CHANGE, text("change.change"))]
    title = text("change.title", count=len(undone))
    return FormScreen(title, f"{text('change.body')}\n{lines}", choices, tone="doubt")


def ask_whose(shell: Shell, scanned: Scanned, then: Callable[[Scanned], object]) -> None:
    """Ask whose label was scanned, on a job that is filled by scanning; note what is said.

    `then` is called with what the label is to the job from then on.
    """

    def answered(kind: str | None) -> None:
        if kind:
            shell.notes.name_label(scanned, kind, then)

    shell.ask(whose_label_form(str(scanned.label.entity_id)), answered)


def whose_label_form(label: str) -> FormScreen:
    """Ask whose label this is."""
    kinds = [Choice(kind, text(f"whose_label.{kind.lower()}")) for kind in LABEL_KINDS]
    choices = [Choice("", text("whose_label.later")), *kinds]
    return FormScreen(text("whose_label.title"), label, choices, tone="doubt")


def ask_if_undoing(shell: Shell, form: FormScreen | None, note: Callable[[], object]) -> None:
    """Note an answer, or none; ask first where there is a form, as that undoes others."""

    def answered(chosen: str | None) -> None:
        if chosen == CHANGE:
            note()

    if form is None:
        note()
    else:
        shell.ask(form, answered)


def ask_why_skipped(shell: Shell, asked: Question) -> None:
    """Ask why there is no answer, and note the reason."""
    ask_reason(shell, "skip", SKIP_REASONS, partial(shell.notes.skip, asked.id))


def doubt_form(doubt: Doubt) -> FormScreen:
    """Ask what is doubtful about an answer before the status update is made of it."""
    choices = [
        Choice(AGAIN, text("visit_doubt.again")),
        Choice(IS_RIGHT, text("visit_doubt.stands")),
    ]
    title = text(f"visit_doubt.{doubt.code.replace('-', '_')}")
    return FormScreen(title, f"{doubt.what}.\n{doubt.remedy}", choices, tone="doubt")


def typed_form(asked: Question) -> TypedScreen:
    """Ask for the answer by keyboard, or by a scanner that types."""
    from screens.forms.typed import TypedScreen

    check = time_fault if asked.kind == "time" else fault_of(asked)
    return TypedScreen(question_words(asked), "", text(f"install.placeholder_{asked.kind}"), check)


def time_fault(typed: str) -> str:
    """Say what is wrong with a time of day such as 09:40."""
    try:
        datetime.strptime(typed, "%H:%M")
    except ValueError:
        return text("install.no_time")
    return ""


def typed_time(typed: str, now: datetime) -> float:
    """Return how many minutes ago this time of day was last."""
    moment = datetime.strptime(typed, "%H:%M").time()
    then = now.replace(hour=moment.hour, minute=moment.minute, second=0, microsecond=0)
    if then > now:
        then -= timedelta(days=1)
    return (now - then) / timedelta(minutes=1)
