"""A Device in words: on the HAN or not, how that is known, last heard, asleep until."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from hht.journeys.premises.devices import DeviceState, HanState, Proof
from hht.texts import text
from screens.move.text import SIGNS as WAY_SIGNS
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from hht.journeys.move.standing import MoveView
    from hht.journeys.view import VisitView
    from screens.visit.device_names import Names

SIGNS = {
    HanState.ON_HAN: ("✓", "$success"),
    HanState.IN_LOG: ("◐", "$warning"),
    HanState.NOT_IN_LOG: ("✗", "$error"),
    HanState.UNKNOWN: ("?", "$warning"),
}


def device_row(
    number: int, device: DeviceState, names: Names, now: datetime, move: MoveView | None = None
) -> Row:
    """Describe a Device: name and state on one line; identifier, proof and times on the second."""
    sign, style, state, about = state_of(device, move)
    lead = Content.assemble((f"{sign} ", f"bold {style}")) + numbered(number)
    right = Content.styled(state, style)
    parts = [f"…{str(device.entity_id)[-8:]}", *_facts(device, names, now, move)]
    detail = Content.styled(" · ".join(parts), "$text-muted")
    return Row(device.entity_id, Content(names.short(device.entity_id)), detail, right, lead, about)


def device_words(
    device: DeviceState, names: Names, now: datetime, move: MoveView | None = None
) -> Content:
    """Say all that is known of a Device, with its whole identifier."""
    _, _, state, _ = state_of(device, move)
    known = " · ".join([state, *_facts(device, names, now, move)])
    name = (f"{names.short(device.entity_id)} {device.entity_id}", "bold")
    return Content.assemble(name, "\n", (known, "$text-muted"))


def as_of(view: VisitView) -> str:
    """Say that the states are from before, where nothing is heard now."""
    return "" if view.connected else text("device.as_last_seen")


def state_of(device: DeviceState, move: MoveView | None) -> tuple[str, str, str, str]:
    """Return a sign, its style, the state in words, and what explains it.

    What was known before the hub changed its channel counts again once the Device is back.
    """
    way = move.missing(device.entity_id) if move else None
    if way:
        return *WAY_SIGNS[way.state], text(f"move.{way.state}"), f"way_{way.state}"
    name = device.state.replace("-", "_")
    return *SIGNS[device.state], text(f"device.{name}"), f"device_{name}"


def _facts(device: DeviceState, names: Names, now: datetime, move: MoveView | None) -> list[str]:
    """List how its state is known, when it was heard, until when it sleeps, its partners."""
    way = move.missing(device.entity_id) if move else None
    partners = ", ".join(map(names.short, device.partners))
    works_with = text("device.partners", names=partners) if partners else ""
    proof = way.said if way else _proof(device)
    facts = (proof, _heard(device, now), sleep_of(device), works_with)
    return [fact for fact in facts if fact]


def _proof(device: DeviceState) -> str:
    return (
        text(f"proof.{device.proof.replace('-', '_')}") if device.proof is not Proof.NOTHING else ""
    )


def _heard(device: DeviceState, now: datetime) -> str:
    if device.last_heard is None:
        return ""
    seconds = max(0, int((now - device.last_heard).total_seconds()))
    if seconds < 60:
        return text("device.heard_seconds", seconds=seconds)
    return text("device.heard_minutes", minutes=seconds // 60)


def sleep_of(device: DeviceState) -> str:
    """Say until when a Device sleeps, or that it seems to; nothing of one that is awake."""
    if device.asleep_until is None:
        return text("device.seems_to_sleep") if device.late and device.sleeper else ""
    return text("device.asleep", time=f"{device.asleep_until.astimezone():%H:%M}")
