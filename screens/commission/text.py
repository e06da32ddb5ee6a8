"""The plan's words: a command's row, the strip above the rows, and the news."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from textual.content import Content

from hht.journeys.move.states import MoveKind, MoveState
from hht.store import CommandState
from hht.store.command_states import is_done, is_open, is_settled
from hht.texts import text
from screens.alerts.text import alert_title
from screens.visit.unsettled import first_doubt
from screens.widgets.clock import took
from screens.widgets.command_look import look_of, plan_bar
from screens.widgets.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hht.journeys.events import ConnectionLost
    from hht.journeys.move.events import OutsidePlan
    from hht.journeys.move.expected import Expected
    from hht.journeys.plan.lost_response import LostResponse
    from hht.journeys.premises.alerts import AlertLine
    from hht.journeys.view import VisitView
    from hht.store import CommandRow
    from screens.commission.course import Course
    from screens.visit.device_names import Names

_AWAY = {MoveState.AWAY: "deliver.hub_moves", MoveState.NOT_BACK: "deliver.hub_not_back"}
BARS = 10  # cells of a bar that fills as time is used up


def plan_rows(
    view: VisitView, names: Names, waited: Callable[[CommandRow], tuple[int, int] | None]
) -> list[Row]:
    """Describe every Local Command of the job; `waited` is as `command_row` has it."""
    return [command_row(view, row, names, waited(row)) for row in view.commands]


def command_row(
    view: VisitView, row: CommandRow, names: Names, waited: tuple[int, int] | None
) -> Row:
    """Describe a Local Command on one line; on a second only what is not as it should be.

    `waited` is how many seconds are gone of how many allowed.
    """
    sign, style = look_of(view, row)
    lead = Content.assemble((f"{sign} ", f"bold {style}"), (f"{row.position + 1:>2} ", "$accent"))
    right = Content("")
    if waited:
        right = Content.styled(text("deliver.waited", gone=waited[0], of=waited[1]), "$primary")
    absent = view.not_joined.get(row.id)
    about = "device_in_log" if absent else f"command_{row.state}"
    detail = turned_out(view, row, names) or _detail(row, names, waited, view.lost.get(row.id))
    if (expected := view.expected.get(row.id)) and not detail:
        detail = _expected_words(expected)
    return Row(row.id, Content(row.title), detail, right, lead, about)


def turned_out(view: VisitView, row: CommandRow, names: Names) -> Content:
    """Say why a Local Command that was answered is not done: by what came, or did not, later."""
    if why := view.failed_later.get(row.id):
        return Content.styled(text("deliver.failed_later", why=why), "$text-muted")
    if device := view.not_joined.get(row.id):
        return Content.styled(f"{names.short(device)}: {text('device.in_log')}", "$warning")
    return Content("")


def _expected_words(expected: Expected) -> Content:
    """Say before the Command goes how long the move lasts that it may set going."""
    minutes, back = (math.ceil(each / 60) for each in (expected.seconds, expected.all_back))
    if expected.kind is MoveKind.HUB:
        words = text(
            "deliver.moves_hub" if back else "deliver.moves_lone", count=minutes, back=back
        )
    elif expected.warns:
        words = text("deliver.moves_sub_ghz", count=minutes)
    else:
        words = text("deliver.moves_at_once", seconds=f"{expected.seconds:g}")
    return Content.styled(words, "$warning")


def _detail(
    row: CommandRow, names: Names, waited: tuple[int, int] | None, lost: LostResponse | None
) -> Content:
    """Return why it waits, or why it is not well, and how often it was sent."""
    if waited:
        gone, of = waited
        filled = min(BARS, BARS * gone // max(1, of))
        device = names.in_sentence(row.device)
        words = text("deliver.waiting_for", device=device)
        return Content.assemble(words, (" " + "▰" * filled + "▱" * (BARS - filled), "$primary"))
    if lost:
        return Content.styled(text(f"deliver.lost_{lost.way}", number=lost.number), "$warning")
    if is_done(row.state) or (row.state is CommandState.WAITING and not row.reason):
        return Content("")
    device = names.short(row.device)
    reason = row.reason or text(f"state.{row.state}")
    tries = text("deliver.tries", count=row.tries) if row.tries > 1 else ""
    details = " · ".join(part for part in (reason, device, tries) if part)
    return Content.styled(details, "$text-muted")


def strip_words(view: VisitView, course: Course, width: int) -> Content:
    """Return a sign for each command and how many need nothing more; at the end how it went."""
    states = [row.state for row in view.commands]
    if states and all(map(is_settled, states)):
        return _card(view, course, width)
    settled = sum(map(is_settled, states))
    count = text("deliver.count", done=settled, count=len(states))
    return Content(" ") + plan_bar(view, width - len(count) - 5) + Content(f"  {count}")


def _card(view: VisitView, course: Course, width: int) -> Content:
    """Say how it all went, in as many parts as fit: `17 of 17 answered · 3 Alerts · 4 m 12 s`."""
    states = [row.state for row in view.commands]
    done, refused = sum(map(is_done, states)), states.count(CommandState.REFUSED)
    later, absent = len(view.failed_later), len(set(view.not_joined.values()))
    skipped, alerts = states.count(CommandState.SKIPPED), len(course.alerts)
    parts = [
        text("deliver.answered", done=done, count=len(states)),
        text("deliver.refused", count=refused) if refused else "",
        text("deliver.not_carried_out", count=later) if later else "",
        text("deliver.not_joined", count=absent) if absent else "",
        text("deliver.skipped", count=skipped) if skipped else "",
        text("deliver.alert_count", count=alerts) if alerts else "",
        text("deliver.to_return", count=view.returns_waiting) if view.returns_waiting else "",
        took(course.seconds) if course.seconds else "",
    ]
    parts = [part for part in parts if part]
    while len(parts) > 1 and len(" · ".join(parts)) + 3 > width:
        parts.pop()
    is_well = done == len(states) and not later and not absent
    sign = ("✓ ", "bold $success") if is_well else ("! ", "bold $warning")
    return Content.assemble(" ", sign, (" · ".join(parts), "bold"))


def news_words(
    view: VisitView, lost: ConnectionLost | None, alerts: Sequence[AlertLine], names: Names
) -> Content:
    """Say what is wrong, else that the next Command may not be answered, else the newest Alert."""
    if lost and not view.connected and not_done(view):
        doubt = first_doubt(view)
        key = "deliver.lost_in_doubt" if doubt else "deliver.lost_at_rest"
        return Content.assemble(("✗ ", "bold $error"), text(key))
    if not view.connected and view.move and (key := _AWAY.get(view.move.move.state, "")):
        return Content.assemble(("? ", "bold $warning"), text(key))
    following = view.next_command
    if view.move and following and (way := view.move.missing(following.device)):
        words = text("deliver.not_back", device=way.label, said=way.said)
        return Content.assemble(("? ", "bold $warning"), words)
    if view.move and following and following.device in view.move.to_follow:
        words = text("deliver.may_move", device=names.short(following.device))
        return Content.assemble(("? ", "bold $warning"), words)
    if outside := view.outside_plan:
        words = text("deliver.outside_plan", channel=outside.channel, plan=listed(outside))
        return Content.assemble(("! ", "bold $warning"), words)
    if alerts:
        newest, count = alert_words(alerts[-1], names), len(alerts)
        return Content.assemble(
            ("⚑ ", "bold $warning"), text("deliver.alerts", count=count, newest=newest)
        )
    return Content("")


def listed(outside: OutsidePlan) -> str:
    """Return the channels of a plan, one after the other."""
    return ", ".join(map(str, outside.plan))


def alert_words(alert: AlertLine, names: Names) -> str:
    """Say which Device reported what."""
    named = alert_title(alert, names) if alert.about else alert.name
    name = names.without_sender(alert.device, named)
    return text("deliver.alert", device=names.short(alert.device), alert=name)


def not_done(view: VisitView) -> int:
    """Return how many Local Commands still wait, were not delivered, or are in doubt."""
    return sum(is_open(row.state) for row in view.commands)
