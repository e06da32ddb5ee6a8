"""The question on leaving a HAN while there is work left, and what the answers do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.store.command_states import is_under_way
from hht.texts import text
from screens.commission.text import listed, not_done
from screens.forms.form import Choice, FormScreen
from screens.pairing.without import ask_absent, ask_unpaired, without_whom
from screens.visit.unsettled import first_unsettled

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.store import CommandRow
    from screens.shell import Shell

LEAVE, SETTLE, ABSENT = "leave", "settle", "absent"


def leave_han(shell: Shell, settle: Callable[[], object], scan: Callable[[], object]) -> None:
    """Leave the HAN; ask first while there is something that is not done.

    `settle` asks what became of a Local Command in doubt, `scan` reads the label of a Device to
    pair, or goes where that is done.
    """
    form = leave_form(shell.view) if shell.view else None

    def leave() -> None:
        shell.visit.leave(then=shell.job.finish)

    def answered(answer: str | None) -> None:
        if answer == LEAVE:
            leave()
        elif answer == SETTLE:
            settle()
        elif answer == ABSENT:
            _ask_without(shell, scan)

    if form is not None:
        shell.ask(form, answered)
    elif shell.view is not None:
        leave()


def _ask_without(shell: Shell, scan: Callable[[], object]) -> None:
    """Ask about the meter that has not joined, else about the Device to pair."""
    if shell.view and shell.view.absent:
        ask_absent(shell)
    else:
        ask_unpaired(shell, scan)


def _choice_to_settle(doubt: CommandRow) -> Choice:
    """Offer to look once more at what was put off: what waits for it is stuck until then."""
    return Choice(SETTLE, text("leave.settle", number=doubt.position + 1))


def _is_without(view: VisitView) -> bool:
    """Return whether a Device that has not joined, or cannot, holds something up."""
    return view.absent is not None or without_whom(view.pairing)[0] is not None


def survey_form(view: VisitView) -> FormScreen:
    """Ask before leaving a HAN for a survey; what waits for its Response is in doubt then."""
    waiting = [row for row in view.commands if is_under_way(row.state)]
    doubts = [text("leave.in_doubt", number=row.position + 1, title=row.title) for row in waiting]
    return FormScreen(
        text("leave.for_survey"),
        "\n".join((text("leave.why_survey"), *doubts, text("leave.body"))),
        [Choice("stay", text("leave.stay")), Choice(LEAVE, text("leave.to_listen"))],
        escape="stay",
        tone="doubt",
    )


def leave_form(view: VisitView) -> FormScreen | None:
    """Ask before leaving a HAN with work left to do; None where there is none."""
    left, outside, body = not_done(view), view.outside_plan, [text("leave.body")]
    if not left:
        return None
    if outside:
        plan = listed(outside)
        body.insert(0, text("leave.outside_plan", channel=outside.channel, plan=plan))
    if view.move and (away := view.move.not_back):
        body.insert(0, text("leave.not_back", devices=", ".join(way.label for way in away)))
    return FormScreen(
        text("leave.title", count=left),
        "\n".join(body),
        [
            Choice("stay", text("leave.stay")),
            Choice(LEAVE, text("leave.leave")),
            *([_choice_to_settle(doubt)] if (doubt := first_unsettled(view)) else ()),
            *([Choice(ABSENT, text("leave.absent"))] if _is_without(view) else ()),
        ],
        escape="stay",
        tone="doubt",
    )
