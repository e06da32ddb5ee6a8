"""What a label means on a visit: the question it answers, or what else it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.duis.visit_questions import Answer, Question
from hht.journeys.install.install_view import InstallView
from hht.label import Label, LabelKind, read_label
from screens.catalogue import text

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

_METER_POINTS = (LabelKind.MPAN, LabelKind.MPRN)


def question_for(
    scanned: str, asked: Question | None, install: InstallView
) -> tuple[str, str] | None:
    """The question that a label answers, and the answer; None where nothing asks for it.

    A meter point number is taken whenever one is asked for on this visit.
    """
    label = read_label(scanned)
    if label.mpxn:
        asks = (each.id for each in install.answers.asked if each.kind == "mpxn")
        return next(((name, label.mpxn) for name in asks), None)
    if label.entity_id and asked and asked.kind == "entity":
        return asked.id, str(label.entity_id)
    return None


def fault_of(asked: Question) -> Callable[[str], str]:
    """A check of what is typed as an answer: empty, or what is wrong with it."""

    def check(typed: str) -> str:
        try:
            asked.check(value_of(asked, typed))
        except ValueError as error:
            return str(error)
        return ""

    return check


def value_of(asked: Question, typed: str) -> Answer:
    """What was typed as the answer it stands for: labels are read as a scanner's."""
    label = read_label(typed)
    if asked.kind == "entity" and label.entity_id:
        return str(label.entity_id)
    if asked.kind == "mpxn" and label.mpxn:
        return label.mpxn
    return typed


def what_it_is(scanned: str, view: VisitView | None) -> str:
    """Say what a label is that nothing here asks for, and whose it is where that is known."""
    label = read_label(scanned)
    if label.kind is LabelKind.UNKNOWN:
        return text("scan.unknown", label=label.text[:30])
    if label.entity_id and view and label.entity_id == view.job_hub:
        return text("scan.own_hub", label=str(label.entity_id))
    return text(f"scan.{_name(label)}", label=_shown(label))


def _name(label: Label) -> str:
    return label.kind.replace("-", "_")


def _shown(label: Label) -> str:
    """The number on the label; never an Install Code."""
    return str(label.entity_id or label.mpxn or label.order or "")
