"""What the visit says, taken in: its log, a lost connection, calls for the engineer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from hht.texts import text
from screens.attention import Attention
from screens.visit.clock_words import clock_words, time_set_words
from screens.widgets.timeline import MOST_LINES, TimelineEntry

if TYPE_CHECKING:
    from hht.events import Event
    from hht.journeys.events import ClockWarning, ConnectionLost
    from hht.journeys.view import VisitView
    from screens.context import HhtContext
    from screens.service.visit_changed import VisitChanged
    from screens.service.visit_service import VisitService


NO_DONGLE = ("RAD-02", "RAD-03", "RAD-04", "RAD-14", "RAD-15", "RAD-16")
"""How the visit fails where no dongle answers that it could use."""


class Surroundings(Protocol):
    """The app, as far as this needs it."""

    context: HhtContext
    service: VisitService

    def notify(self, message: str, *, severity: str = "information") -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""


class VisitNews:
    """What is remembered of a visit's events while its job is open; `left` follows each leaving."""

    def __init__(self, app: Surroundings, attention: Attention, left: Callable[[], object]) -> None:
        self._app = app
        self._attention = attention
        self._left = left
        self._lost: ConnectionLost | None = None
        self._lost_job: int | None = None
        self.log: deque[TimelineEntry] = deque(maxlen=MOST_LINES)
        self.step = ""
        """The step to the HAN that is under way or failed; "" once the HAN was reached."""

    def forget(self) -> None:
        """Begin again, with another service's visits."""
        self.log.clear()
        self._lost = None

    def lost_on(self, view: VisitView) -> ConnectionLost | None:
        """Return how this job's connection was lost; None while there is one."""
        return self._lost if view.job_id == self._lost_job and not view.connected else None

    def note_loss(self, changed: VisitChanged) -> None:
        """Keep in mind that the connection was lost, until there is one again."""
        from hht.journeys import events

        if changed.view.connected:
            self._lost, self.step = None, ""
        elif isinstance(changed.event, events.ConnectionLost):
            self._lost, self._lost_job = changed.event, changed.view.job_id
            self._attention.call()

    def note_dongle(self, changed: VisitChanged) -> None:
        """Keep in mind whether the dongle answers, as far as the visit has shown it."""
        from hht.journeys import events

        event, context = changed.event, self._app.context
        if changed.view.connected or isinstance(event, events.DongleOpened):
            context.radio_answers = True
        elif isinstance(event, events.ConnectionLost):
            context.radio_answers = None  # the hub's silence or the dongle's
        elif isinstance(event, events.Failed) and event.code in NO_DONGLE:
            context.radio_answers = False

    def keep_entry(self, event: Event) -> None:
        """Add to the log of the visit what is worth a line there."""
        from screens.visit.timeline_lines import entry_of

        now = self._app.context.clock.now().astimezone()
        entry = entry_of(event, now, self._app.service.names)
        if entry:
            self.log.append(entry)

    def act_on(self, event: Event) -> None:
        """Do what an event asks for, whatever screen is on show."""
        from hht.journeys import events

        if isinstance(event, events.Left):
            self._left()
        elif isinstance(event, events.StepStarted):
            self.step = event.step
        elif isinstance(event, events.ClockWarning):
            self._warn(event)
        elif isinstance(event, events.TimeOfDaySet):
            self._attention.call()
            self._app.notify(time_set_words(event), severity="warning")
        elif isinstance(event, events.HubPower):
            self._attention.call()
            severity = "information" if event.power == "back" else "warning"
            self._app.notify(text(f"hub_power.{event.power}"), severity=severity)

    def _warn(self, warning: ClockWarning) -> None:
        """Call the engineer: a clock is short, or has run out."""
        self._attention.call()
        words = clock_words(warning)
        self._app.notify(f"{words} {warning.remedy}", severity="warning")
