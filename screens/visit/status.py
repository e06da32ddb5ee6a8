"""The state of the visit, as the status line and the stepper show it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.journeys.view import VisitView
from hht.store.command_states import CommandState, is_done, is_open, is_settled
from hht.texts import text
from screens.visit.clock_words import apart_words
from screens.visit.radio_work import Work, WorkKind
from screens.widgets.clock import Certainty, Countdown, Deadline
from screens.widgets.link import Link
from screens.widgets.status_line import NO_CLOCK, Status
from screens.widgets.stepper import Progress, Stage

if TYPE_CHECKING:
    from hht.journeys.events import ConnectionLost
    from screens.context import HhtContext


def status_of(
    context: HhtContext,
    view: VisitView,
    speed: float,
    work: Work | None,
    lost: ConnectionLost | None,
) -> Status:
    """Return what the status line shows of a visit."""
    clock = context.clock
    stay = Deadline.after(clock, view.residency_seconds_left, speed)
    status = Status(
        context.mode,
        hub=str(view.hub or ""),
        connected=view.connected,
        link=_link(view, clock, speed),
        window=Countdown(
            Deadline.after(clock, view.window_seconds_left, speed),
            Certainty(view.window_certainty),
        ),
        has_window=view.has_window,
        needs_hub=any(is_open(row.state) for row in view.commands),
        stay=Countdown(stay, Certainty.KNOWN),
        to_return=view.returns_waiting,
        work=_work_words(view, work),
        doubt=apart_words(view.clock_apart) if view.clock_apart else "",
        alarm=text("status.lost", what=lost.what) if lost and _needs_it(view, work) else "",
    )
    if not _is_left_alone(view, work):
        return status
    return replace(status, hub="", window=NO_CLOCK, stay=NO_CLOCK)


def _is_left_alone(view: VisitView, work: Work | None) -> bool:
    """Return whether the hub last chosen is not the job's, and nothing is done there now.

    Its clocks would be taken for those of the job's hub, which is connected to next.
    """
    is_anothers = view.hub is not None and view.job_hub not in (None, view.hub)
    return is_anothers and not view.connected and not _is_on_the_way(work)


def _needs_it(view: VisitView, work: Work | None) -> bool:
    """Return whether the lost connection is still to be gone back to."""
    return not _is_on_the_way(work) and not _is_delivered(view)


def _is_on_the_way(work: Work | None) -> bool:
    return work is not None and work.kind is WorkKind.CONNECT


def _is_delivered(view: VisitView) -> bool:
    """Return whether nothing is left that needs the connection."""
    return bool(view.commands) and all(is_settled(row.state) for row in view.commands)


def _link(view: VisitView, clock: Clock, speed: float) -> Link | None:
    if view.rssi is None or view.lqi is None or view.heard_seconds_ago is None:
        return None
    heard_at = clock.elapsed() - view.heard_seconds_ago / speed
    return Link(view.rssi, view.lqi, clock, heard_at, speed=speed)


def _work_words(view: VisitView, work: Work | None) -> str:
    """Return a sign and a count for what goes on behind another screen."""
    if work is None or work.kind is not WorkKind.DELIVER:
        return ""
    return f"◐ {_settled(view)}/{len(view.commands)}"


def progress_of(here: Stage, view: VisitView | None) -> Progress:
    """Return which stages are behind; `here` is the stage of the screen on show."""
    if view is None:
        return Progress(here)
    states = [row.state for row in view.commands]
    delivered, was_there = _is_delivered(view), any(map(_is_answered, states))
    short = {Stage.DELIVER} if delivered and not _is_carried_out(view) else set()
    stages = {
        Stage.JOB: True,
        Stage.FIND: view.hub is not None or view.connected or (delivered and was_there),
        Stage.CONNECT: view.connected or (delivered and was_there),
        Stage.DELIVER: delivered and not short,
        Stage.RETURN: bool(states) and all(map(is_done, states)) and not view.returns_waiting,
    }
    done = frozenset(stage for stage, behind in stages.items() if behind)
    return Progress(here, done, _settled(view), len(states), short=frozenset(short))


def _is_answered(state: CommandState) -> bool:
    """Return whether a Device has answered, which none does without a hub."""
    return is_done(state) or state is CommandState.REFUSED


def _is_carried_out(view: VisitView) -> bool:
    """Return whether each was done: none skipped, refused, or done without what it was for."""
    return all(is_done(row.state) for row in view.commands) and not (
        view.failed_later or view.not_joined
    )


def _settled(view: VisitView) -> int:
    """Return how many Local Commands need nothing more."""
    return sum(is_settled(row.state) for row in view.commands)
