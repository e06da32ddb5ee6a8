"""From the journey's events to lines of the timeline, in plain words."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch

from hht.events import Event
from hht.journeys import events
from hht.store import CommandState
from hht.texts import text
from screens.alerts.text import change_title
from screens.forms.remedies import in_the_app
from screens.visit.clock_words import clock_words, time_set_words
from screens.visit.device_names import Names
from screens.widgets.command_look import LOOKS, state_word
from screens.widgets.timeline import TimelineEntry

# By CommandSent and by the Response.
TOLD_ALREADY = (
    CommandState.SENDING,
    CommandState.DELIVERED,
    CommandState.ANSWERED,
    CommandState.REFUSED,
)
Line = tuple[str, str, str]  # sign, words, colour

_ANSWERS = {True: ("✓", "$success"), False: ("✗", "$error"), None: ("?", "$warning")}
"""Sign and colour of a Response: success, failure, what cannot be read."""


def entry_of(event: Event, at: datetime, names: Names) -> TimelineEntry | None:
    """Return the line for an event; None for what is not worth one."""
    line = line_of(event, names)
    return TimelineEntry(at, *line) if line else None


@singledispatch
def line_of(event: Event, names: Names) -> Line | None:
    """Sign, words and colour of an event; one rule below for each kind that is shown."""
    return None


@line_of.register
def _(event: events.DongleOpened, names: Names) -> Line:
    parts = filter(None, (event.firmware, event.line))
    return "○", text("timeline.dongle", dongle=", ".join(parts)), "$text-muted"


@line_of.register
def _(event: events.InterPanOpened, names: Names) -> Line:
    return "○", text("timeline.inter_pan", way=event.way), "$text-muted"


@line_of.register
def _(event: events.ScanStarted, names: Names) -> Line:
    words = text("timeline.listening", first=event.first_channel, last=event.last_channel)
    return "○", words, "$text-muted"


@line_of.register
def _(event: events.HubChosen, names: Names) -> Line:
    return "○", text("timeline.hub_chosen", hub=event.gpf), "$text-muted"


@line_of.register
def _(event: events.StepDone, names: Names) -> Line:
    step, seconds = text(f"step.{event.step}"), f"{event.seconds:.1f}"
    return "✓", text("timeline.step_done", step=step, seconds=seconds), "$success"


@line_of.register
def _(event: events.CommandSent, names: Names) -> Line:
    number = event.position + 1
    return "▶", text("timeline.sent", number=number, title=event.title), "$primary"


@line_of.register
def _(event: events.CommandChanged, names: Names) -> Line | None:
    state = CommandState(event.state)
    if state in TOLD_ALREADY:
        return None
    sign, style = LOOKS[state]
    reason = event.reason
    key = "timeline.changed_why" if reason else "timeline.changed"
    words = text(key, number=event.position + 1, state=state_word(state), reason=reason)
    return sign, words, style


@line_of.register
def _(event: events.ResponseCaptured, names: Names) -> Line:
    sign, style = _ANSWERS[event.positive]
    reading = str(names.in_line(event.reading))
    return sign, text("timeline.came_again", reading=reading) if event.duplicate else reading, style


@line_of.register
def _(event: events.AlertCaptured, names: Names) -> Line:
    title = event.alert
    if event.about:
        title = change_title(event.device, event.about, event.change, names)
    device, alert = names.in_sentence(event.device), names.without_sender(event.device, title)
    words = text("timeline.alert", device=device, alert=alert)
    return "⚑", text("timeline.came_again", reading=words) if event.duplicate else words, "$warning"


@line_of.register
def _(event: events.OtherCaptured, names: Names) -> Line:
    return "?", str(names.in_line(event.reading)), "$warning"


@line_of.register
def _(event: events.ConnectionLost, names: Names) -> Line:
    return "✗", event.what, "$error"


@line_of.register
def _(event: events.Failed, names: Names) -> Line:
    remedy = in_the_app(event.remedy, f"failure_remedy.{event.code}")
    return "✗", f"{event.what}. {remedy}".rstrip(), "$error"


@line_of.register
def _(event: events.HubFault, names: Names) -> Line:
    return "!", event.what, "$warning"


@line_of.register
def _(event: events.HubPower, names: Names) -> Line:
    return "⏻", text(f"hub_power.{event.power}"), "$warning"


@line_of.register
def _(event: events.TimeOfDaySet, names: Names) -> Line:
    return "!", time_set_words(event), "$warning"


@line_of.register
def _(event: events.ClockWarning, names: Names) -> Line:
    return "!", clock_words(event), "$warning"


@line_of.register
def _(event: events.Left, names: Names) -> Line:
    return "○", text("timeline.left", hub=event.gpf), "$text-muted"
