"""The question what to do with a job of another exercise, whose simulated hub does not run."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hht.texts import text
from screens.forms.form import Choice, FormScreen

if TYPE_CHECKING:
    from hht.training.exercise.other_runs import OtherExercise


class OtherChoice(StrEnum):
    """What can be done with it."""

    STAY = ""
    DEBRIEF = "debrief"
    GO_ON = "go_on"
    AGAIN = "again"
    REPLAY = "replay"


def other_form(other: OtherExercise, *, is_fenced: bool) -> FormScreen:
    """Return the question; in a class the course says which exercise is next."""
    offered = [OtherChoice.STAY]
    if other.is_judged:
        offered.append(OtherChoice.DEBRIEF)
    if other.name and not is_fenced:
        offered.append(OtherChoice.AGAIN if other.is_finished else OtherChoice.GO_ON)
    offered.append(OtherChoice.REPLAY)
    words = "body" if other.name else "gone"
    choices = [Choice(each, text(f"other_exercise.{each or 'stay'}")) for each in offered]
    body = text(f"other_exercise.{words}", title=other.title)
    return FormScreen(text("other_exercise.title"), body, choices)
