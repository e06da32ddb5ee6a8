"""The words of the visit's questions and answers: what is asked, what was noted, and its source."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from hht.duis.visit_questions import Answer, Question
from hht.journeys.install.answers import Given, Source
from hht.journeys.install.install_view import InstallView
from hht.texts import has_text, text
from screens.widgets.stepper import Progress, Stage

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

STAGES = {
    "Job": Stage.JOB,
    "Fit": Stage.FIT,
    "Power": Stage.POWER,
    "No WAN": Stage.POWER,
    "Return": Stage.REPORT,
    "Report": Stage.REPORT,
}
"""Where in the visit each section of questions belongs."""

SIGNS = {
    Source.SEEN: ("✓", "$success"),
    Source.JOB: ("◇", "$warning"),
    Source.SKIPPED: ("!", "$warning"),
    Source.NOT_LOOKED: ("!", "$warning"),
}


def question_words(question: Question) -> str:
    """Return what is asked, in the language in use."""
    return text(f"question.{question.id}")


def step_words(question: Question, install: InstallView) -> str:
    """Return which of the questions this is, `3 of 9`; one not asked any more counts as first."""
    asked = install.answers.asked
    number = asked.index(question) + 1 if question in asked else 1
    return text("install.step", number=number, of=len(asked))


def answer_words(question: Question, value: Answer) -> str:
    """Return an answer in words; the values of DUIS stay as they are sent."""
    if isinstance(value, bool):
        return text("install.yes" if value else "install.no")
    if question.kind == "time":
        return text("date.moment", at=datetime.fromisoformat(value).astimezone())
    key = f"answer.{value.replace('-', '_')}"
    return text(key) if question.kind == "choice" and has_text(key) else value


def given_words(question: Question, given: Given | None) -> str:
    """Return what was noted to a question; a skipped one gives its reason."""
    if given is None:
        return ""
    if given.value is not None:
        return answer_words(question, given.value)
    return given.reason or text(f"source.{given.source.name.lower()}")


def sign_of(given: Given | None) -> Content:
    """Return a sign for where an answer comes from; a circle where there is none yet."""
    sign, style = SIGNS[given.source] if given else ("○", "$text-muted")
    return Content.styled(f"{sign} ", f"bold {style}")


def hint_words(question: Question, install: InstallView) -> str:
    """Return what helps with the answer: the scanner, or that the job's answer is not yet seen."""
    if question.kind in ("entity", "mpxn"):
        return text("install.hint_scan")
    given = install.answers.given.get(question.id)
    if question.id in install.from_job and (given is None or given.source is not Source.SEEN):
        return text("install.hint_job")
    return text(f"install.hint_{question.kind}")


def install_progress(here: Stage, view: VisitView, install: InstallView) -> Progress:
    """Return the stages of the visit: those behind, those with something left out, and the one
    that is on show."""
    from screens.visit.status import progress_of

    delivering = progress_of(Stage.DELIVER, view)
    asked, given = install.answers.asked, install.answers.given
    stages = {STAGES[each.section] for each in asked} | {Stage.JOB, Stage.REPORT}
    open_ones = {STAGES[each.section] for each in asked if each.id not in given}
    behind = stages - open_ones - ({Stage.REPORT} if not install.is_reported else set())
    left_out = {STAGES[each.section] for each in asked if _is_left_out(given.get(each.id))}
    short = behind & left_out
    if view.commands:
        stages.add(Stage.CONNECT)
        behind |= {Stage.CONNECT} if Stage.DELIVER in delivering.done else set()
        short |= {Stage.CONNECT} if Stage.DELIVER in delivering.short else set()
    ordered = tuple(stage for stage in Stage if stage in stages)
    return Progress(here, frozenset(behind - short), stages=ordered, short=frozenset(short))


def _is_left_out(given: Given | None) -> bool:
    """Return whether a question was passed over for now, or skipped."""
    return given is not None and given.source in (Source.SKIPPED, Source.NOT_LOOKED)
