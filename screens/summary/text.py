"""The summary's words: each question with its answer and source, and what is to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from hht.journeys.install.install_view import InstallView
from hht.store.command_states import is_open
from hht.texts import text
from screens.install.text import given_words, sign_of
from screens.widgets.action_bar import Offer
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from hht.journeys.view import VisitView


QUESTION_ROOM = 24  # cells for sign, number and question before the answer
SHORTEST_ANSWER = 28  # what fits beside every question on the smallest screen


def answer_rows(install: InstallView, width: int) -> list[Row]:
    """Return each question that is asked on this visit, what was noted, and where that comes
    from, for a list so many cells wide."""
    most = max(SHORTEST_ANSWER, width - QUESTION_ROOM)
    rows = []
    for number, asked in enumerate(install.answers.asked, 1):
        given = install.answers.given.get(asked.id)
        head = Content(text(f"answer_title.{asked.id}"))
        noted = given_words(asked, given)
        right = Content(noted).truncate(most, ellipsis=True)
        rows.append(Row(asked.id, head, right=right, lead=sign_of(given) + numbered(number, 2)))
    return rows


def open_count(view: VisitView, install: InstallView) -> int:
    """Return what is open of the visit: commands, and until it is queued the status update with
    its questions."""
    commands = sum(is_open(row.state) for row in view.commands)
    if install.is_reported:
        return commands
    unanswered = sum(each.id not in install.answers.values for each in install.answers.asked)
    return commands + unanswered + 1


def standing_words(view: VisitView, install: InstallView) -> Content:
    """Return one line on what is reported and what is open."""
    parts = []
    if install.report and install.is_reported:
        parts.append(text("summary.reported", service=install.report.service))
    if view.commands:
        done = sum(not is_open(row.state) for row in view.commands)
        parts.append(text("summary.delivered", done=done, of=len(view.commands)))
    if absent := len(set(view.not_joined.values())):
        parts.append(text("deliver.not_joined", count=absent))
    if not install.is_reported:
        parts.append(text("summary.to_report"))
    amber = len(install.answers.amber)
    if amber:
        parts.append(text("summary.amber", count=amber))
    if install.answers.next is None and not install.is_reported:
        parts.append(text("summary.becomes_fixed"))
    return Content(" · ".join(parts))


def summary_offer(view: VisitView, install: InstallView, *, training: bool) -> Offer:
    """Return the one thing to do next on the visit."""
    commands_left = view.connected or any(is_open(row.state) for row in view.commands)
    asked = install.answers.next
    if asked is None and not install.is_reported:
        return _report_offer(install)
    if commands_left and install.next_before is None:
        return Offer(text("action.go_to_hub"), "go_on")
    if asked is None or install.is_reported:
        return Offer(text("action.see_debrief" if training else "action.to_jobs"), "finish")
    return Offer(text("action.next_question"), f"ask('{asked.id}')")


def _report_offer(install: InstallView) -> Offer:
    """Queue the status update, or answer first what it cannot do without."""
    if lacking := install.answers.lacking:
        title = text(f"answer_title.{lacking[0].id}")
        return Offer(text("action.answer_first", question=title), f"again('{lacking[0].id}')")
    if doubts := install.doubts:
        title = text(f"answer_title.{doubts[0].question}")
        return Offer(text("action.settle_first", question=title), "settle")
    return Offer(text("action.queue_report"), "report")
