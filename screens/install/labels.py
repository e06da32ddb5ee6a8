"""What a label means on a visit where it answers no question, and what is typed in its place."""

from __future__ import annotations

from collections.abc import Callable

from hht.duis.visit_questions import Answer, Question
from hht.journeys.install.scanning import Scanned
from hht.label import read_label
from hht.texts import text


def fault_of(asked: Question) -> Callable[[str], str]:
    """Return a check of what is typed as an answer: empty, or what is wrong with it."""

    def check(typed: str) -> str:
        try:
            asked.check(value_of(asked, typed))
        except ValueError as error:
            return str(error)
        return ""

    return check


def value_of(asked: Question, typed: str) -> Answer:
    """Return what was typed as the answer it stands for: labels are read as a scanner's."""
    label = read_label(typed)
    if asked.kind == "entity" and label.entity_id:
        return str(label.entity_id)
    if asked.kind == "mpxn" and label.mpxn:
        return label.mpxn
    return typed


def what_it_is(scanned: Scanned) -> str:
    """Say what a label is: that it was noted, or that nothing here asks for it.

    An Install Code is never shown.
    """
    label = scanned.label
    number = str(label.entity_id or label.mpxn or label.order or "")
    words = text(f"scan.{scanned.scan.replace('-', '_')}", label=number)
    return f"{words} {scanned.warning}".rstrip()
