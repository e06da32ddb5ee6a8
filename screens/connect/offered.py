"""What the connect screen offers now: the hub under the cursor, and what else can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.texts import text
from screens.connect.text import short
from screens.visit.radio_work import CAN_BE_CANCELLED, Work
from screens.widgets.action_bar import Offer

if TYPE_CHECKING:
    from hht.journeys.view import VisitView


def hub_offer(gpf: EntityId | None, job_hub: EntityId | None, *, was_moved: bool) -> Offer:
    """Offer a hub, or to scan without one; another than the job's only where the cursor was moved
    onto it."""
    if gpf is None:
        return Offer(text("action.scan"), "scan")
    if job_hub in (None, gpf):
        return Offer(text("action.connect_to_job", hub=short(gpf)), "connect_this")
    if not was_moved:
        return Offer(text("action.scan_for_job", hub=short(job_hub)), "scan")
    return Offer(text("action.connect_to_other", hub=short(gpf)), "connect_this")


def offered_actions(
    view: VisitView | None, work: Work | None, *, shows_steps: bool, in_exercise: bool
) -> dict[str, bool]:
    """Return the actions that are offered at times, and whether they are now."""
    is_free = not work
    is_outside = not (view and view.connected)
    return {
        "scan": is_free and is_outside,
        "power": is_free and is_outside,
        "undo_clock": is_free and view is not None and view.window_set is not None,
        "stop": work is not None and work.kind in CAN_BE_CANCELLED,
        "hubs": is_free and shows_steps,
        "debrief": in_exercise and is_free and is_outside,
    }
