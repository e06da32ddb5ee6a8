"""What the plan's screen offers now: by the state of the visit and what the radio is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hht.store.command_states import CommandEvent, may_happen
from screens.pairing.text import may_go_on
from screens.visit.unsettled import first_unsettled

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.store import CommandRow
    from screens.visit.radio_work import Work


def offered_actions(
    view: VisitView | None, work: Work | None, at: CommandRow | None, *, in_exercise: bool
) -> dict[str, bool]:
    """Return the actions that are offered at times, and whether they are now.

    `at` is the Local Command under the cursor.
    """
    connected = view is not None and view.connected
    ready = connected and not work
    return {
        "stop": bool(work and not work.stop_asked),
        "get_back": bool(view and not work and view.lost),
        "take_back": bool(at and not work and at.may_be_taken_back),
        "settle": bool(view and not work and first_unsettled(view)),
        "hubs": not work and not connected,
        "deliver_all": ready and bool(view and may_go_on(view)),
        "firmware": bool(view and view.firmware),
        "pairing": bool(view and view.pairing),
        "move": bool(view and view.move),
        "deliver_this": ready and bool(at and may_happen(at.state, CommandEvent.SEND)),
        "power": not work,
        "leave": ready,
        "debrief": in_exercise and not work and not connected,
    }
