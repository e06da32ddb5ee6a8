"""From the journey's events to lines of the timeline, in plain words."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch

from hht.events import Event
from hht.journeys import events
from hht.store import CommandState
from screens.device_names import Names
from screens.widgets.command_look import LOOKS
from screens.widgets.step_list import WORDS
from screens.widgets.timeline import TimelineEntry

# By CommandSent and by the Response.
TOLD_ALREADY = (
    CommandState.SENDING,
    CommandState.DELIVERED,
    CommandState.ANSWERED,
    CommandState.REFUSED,
)
Line = tuple[str, str, str]  # sign, words, colour


def entry_of(event: Event, at: datetime, names: Names) -> TimelineEntry | None:
    """The line for an event; None for what is not worth one."""
    line = line_of(event, names)
    return TimelineEntry(at, *line) if line else None


@singledispatch
def line_of(event: Event, names: Names) -> Line | None:
    """Sign, words and colour of an event; one rule below for each kind that is told."""
    return None


@line_of.register
def _(event: events.ScanStarted, names: Names) -> Line:
    return (
        "○",
        f"Listening on channels {event.first_channel} to {event.last_channel}",
        "$text-muted",
    )


@line_of.register
def _(event: events.HubChosen, names: Names) -> Line:
    return "○", f"Hub {event.gpf} chosen", "$text-muted"


@line_of.register
def _(event: events.StepDone, names: Names) -> Line:
    return "✓", f"{WORDS[event.step]}: {event.seconds:.1f} s", "$success"


@line_of.register
def _(event: events.CommandSent, names: Names) -> Line:
    return "▶", f"{event.position + 1} {event.title}", "$primary"


@line_of.register
def _(event: events.CommandChanged, names: Names) -> Line | None:
    if event.state in TOLD_ALREADY:
        return None
    sign, word, style = LOOKS[CommandState(event.state)]
    reason = f": {event.reason}" if event.reason else ""
    return sign, f"{event.position + 1} {word}{reason}", style


@line_of.register
def _(event: events.ResponseCaptured, names: Names) -> Line:
    sign, style = ("✓", "$success") if event.positive else ("✗", "$error")
    again = " (came again)" if event.duplicate else ""
    return sign, f"{names.in_line(event.reading)}{again}", style


@line_of.register
def _(event: events.AlertCaptured, names: Names) -> Line:
    return "!", f"Alert from {names.in_sentence(event.device)}: {event.alert}", "$warning"


@line_of.register
def _(event: events.OtherCaptured, names: Names) -> Line:
    return "?", str(names.in_line(event.reading)), "$warning"


@line_of.register
def _(event: events.ConnectionLost, names: Names) -> Line:
    return "✗", event.what, "$error"


@line_of.register
def _(event: events.Failed, names: Names) -> Line:
    return "✗", f"{event.what}. {event.remedy}".rstrip(), "$error"


@line_of.register
def _(event: events.HubFault, names: Names) -> Line:
    return "!", event.what, "$warning"


@line_of.register
def _(event: events.Left, names: Names) -> Line:
    return "○", f"Left the HAN of hub {event.gpf}", "$text-muted"
