"""A change of channel in words: where the hub is, each Device's way back, what Enter does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from hht.journeys.move.states import MoveState
from hht.journeys.move.ways_back import DeviceWay, WayBack
from hht.texts import text
from screens.widgets.action_bar import Offer
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from hht.journeys.move.standing import MoveView

SIGNS = {
    WayBack.BACK: ("✓", "$success"),
    WayBack.MOVED: ("◐", "$warning"),
    WayBack.SILENT: ("✗", "$error"),
    WayBack.UNKNOWN: ("?", "$warning"),
}
_UNHEARD = (MoveState.AWAY, MoveState.NOT_BACK)  # the hub may have changed its channel by now
_OUTSIDE = (*_UNHEARD, MoveState.OPEN)


def rows_of(view: MoveView) -> list[Row]:
    """Return what to do where the hub is not back, in its order.

    Else each Device with its state.
    """
    if view.steps:
        return [
            Row(step, Content(step), lead=numbered(number))
            for number, step in enumerate(view.steps, 1)
        ]
    return [_device_row(number, way) for number, way in enumerate(view.devices, 1)]


def _device_row(number: int, way: DeviceWay) -> Row:
    sign, style = SIGNS[way.state]
    lead = Content.assemble((f"{sign} ", f"bold {style}")) + numbered(number)
    right = Content.styled(text(f"move.{way.state}"), style)
    parts = [_due(way), way.said, "" if way.rssi is None else f"{way.rssi} dBm"]
    detail = Content.styled(" · ".join(filter(None, parts)), "$text-muted")
    return Row(way.device, Content(way.label), detail, right, lead, f"way_{way.state}")


def _due(way: DeviceWay) -> str:
    if way.state is WayBack.BACK:
        return text("move.after", seconds=f"{way.seconds:g}") if way.seconds is not None else ""
    return text("move.due", time=f"{way.deadline.astimezone():%H:%M}") if way.deadline else ""


def words_of(view: MoveView) -> str:
    """Return the state of the move: the hub's channel, and what was asked of it."""
    move = view.move
    known = "move.channel_was" if move.state in _UNHEARD else "move.channel"
    where = text(known, channel=move.channel) if move.channel else ""
    if move.state is MoveState.AWAY and move.due:
        where = text("move.wait_until", time=f"{move.due.astimezone():%H:%M}")
    return " ".join(filter(None, (text(f"move.state_{_name(move.state)}"), where, move.said)))


def offer_of(view: MoveView | None, *, connected: bool) -> Offer:
    """Step out where the hub wants it, find it again where the HHT is outside, else go back."""
    if view is None:
        return Offer(text("action.back"), "back")
    if connected and view.move.state is MoveState.ASKED and view.move.expects_leave:
        return Offer(text("action.step_out"), "step_out")
    if not connected and view.move.state in _OUTSIDE:
        return Offer(text("action.find_again"), "find_again")
    return Offer(text("action.back"), "back")


def _name(state: MoveState) -> str:
    return state.value.replace("-", "_")
