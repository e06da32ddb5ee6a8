"""Switching the hub off and on: what it costs, then done, watched, or said by the engineer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from hht.errors import HhtError
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.power import power_form
from screens.service.visit_service import VisitService
from screens.visit.actions import VisitActions
from screens.visit.device_names import Names

if TYPE_CHECKING:
    from hht.journeys.link.power_cycle import PowerCycleCost
    from hht.journeys.premises.devices import DeviceState

LEAVE_ON, SWITCH, WATCH, ALREADY = "", "switch", "watch", "already"
_MINUTE, _HOUR = 60, 3600  # seconds

Then = Callable[[], object]


class Surroundings(Protocol):
    """The app, as far as a power cycle needs it."""

    service: VisitService
    visit: VisitActions

    @property
    def context(self) -> Any:
        """How everything is reached; it has an exercise in training."""

    def ask(self, form: FormScreen, answered: Callable[[Any], None]) -> None:
        """Put up a form."""

    def run_worker(self, work: Any, *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def show_failure(self, error: HhtError) -> None:
        """Say what failed."""


def ask_power_cycle(app: Surroundings, then: Then) -> None:
    """Say what it costs to switch the hub off and on; `then` goes on once it has power again."""
    app.run_worker(_ask(app, then), group="power")


async def _ask(app: Surroundings, then: Then) -> None:
    try:
        cost = await app.service.power_cycle_cost()
    except HhtError as error:
        app.show_failure(error)
        return
    training = app.context.exercise is not None
    form = cost_form(cost, app.service.names, training=training)
    app.ask(form, lambda chosen: _do(app, chosen or LEAVE_ON, then))


def _do(app: Surroundings, chosen: str, then: Then) -> None:
    """Switch the simulated hub in training; else watch it, or ask the engineer when."""
    visit = app.visit
    if chosen == SWITCH:
        visit.switch_hub(then)
    elif chosen == WATCH:
        visit.watch_power_cycle(then)
    elif chosen == ALREADY:
        app.ask(power_form(), lambda ago: _note_power_on(visit, ago, then))


def _note_power_on(visit: VisitActions, minutes_ago: str | None, then: Then) -> None:
    if minutes_ago:
        visit.hub_was_switched_on(float(minutes_ago), then)


def cost_form(cost: PowerCycleCost, names: Names, *, training: bool) -> FormScreen:
    """Ask whether to do it, with what it costs; the cursor begins on leaving the hub on."""
    if training:
        ways = [Choice(SWITCH, text("power_cycle.switch"))]
    else:
        ways = [
            Choice(WATCH, text("power_cycle.watch"), text("power_cycle.certain")),
            Choice(ALREADY, text("power_cycle.already"), text("power_cycle.about")),
        ]
    body = "\n".join(f"· {line}" for line in cost_lines(cost, names))
    choices = [Choice(LEAVE_ON, text("power_cycle.leave_on")), *ways]
    return FormScreen(text("power_cycle.title"), body, choices, tone="doubt")


def cost_lines(cost: PowerCycleCost, names: Names) -> list[str]:
    """Return what a power cycle does, a line each; nothing that does not come into it now."""
    lines = [text("power_cycle.out", hours=_hours(cost.han_seconds_lost))]
    if cost.han_seconds_lost is None:
        lines = []
    if cost.window_minutes is not None:
        lines.append(text("power_cycle.window", count=cost.window_minutes))
    if cost.back:
        lines.append(text("power_cycle.back", names=_named(cost.back, names), count=len(cost.back)))
    if cost.asleep:
        minutes = int(cost.sleep_seconds) // _MINUTE
        lines.append(text("power_cycle.asleep", names=_named(cost.asleep, names), count=minutes))
    if cost.not_joined:
        lines.append(text("power_cycle.not_joined", names=_named(cost.not_joined, names)))
    if cost.in_doubt:
        lines.append(text("power_cycle.in_doubt", count=cost.in_doubt))
    return lines


def _named(devices: tuple[DeviceState, ...], names: Names) -> str:
    return ", ".join(names.short(each.entity_id) for each in devices)


def _hours(seconds: int | None) -> str:
    left = seconds or 0
    return f"{left // _HOUR} h" if left >= _HOUR else f"{left // _MINUTE} min"
