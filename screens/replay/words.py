"""Words for what a journal has beside the timeline's lines: answers, clocks, labels, a move."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch

from hht.events import Event
from hht.journeys import events
from hht.journeys.install.events import InstallAnswered, PowerOn, ReportReady
from hht.journeys.move import events as move
from hht.journeys.pairing.events import JoiningAwaited, LabelCompared
from hht.store import CommandState
from hht.texts import has_text, text
from hht.training.exercise.unit_events import UnitCollected, UnitShown
from screens.visit.device_names import Names
from screens.widgets.command_look import state_word

_MINUTE = 60  # seconds


@singledispatch
def words_of(event: Event, names: Names) -> str:
    """Return an event in words; nothing for one that another line says as much of."""
    return ""


@words_of.register
def _(event: events.StepStarted, names: Names) -> str:
    return f"{text(f'step.{event.step}')}…"


@words_of.register
def _(event: events.CommandChanged, names: Names) -> str:
    state = state_word(CommandState(event.state))
    return text("timeline.changed", number=event.position + 1, state=state)


@words_of.register
def _(event: events.HubFound, names: Names) -> str:
    return text("replay.hub_found", hub=event.gpf, channel=event.channel, rssi=event.rssi)


@words_of.register
def _(event: events.WindowClock, names: Names) -> str:
    if event.seconds_left is None:
        return text("replay.window_unknown")
    return text("replay.window", count=event.seconds_left // _MINUTE)


@words_of.register
def _(event: events.ActivationConfirmed, names: Names) -> str:
    return text("replay.hash_compared", device=names.in_sentence(event.device))


@words_of.register
def _(event: events.Summary, names: Names) -> str:
    return text("replay.over", answered=event.answered, delivered=event.delivered)


@words_of.register
def _(event: InstallAnswered, names: Names) -> str:
    title = f"answer_title.{event.question}"
    question = text(title) if has_text(title) else event.question
    return text("replay.answered", question=question, answered=event.answered)


@words_of.register
def _(event: PowerOn, names: Names) -> str:
    moment = datetime.fromisoformat(event.at).astimezone()
    return text("replay.power_on", time=f"{moment:%H:%M}", certainty=event.certainty)


@words_of.register
def _(event: ReportReady, names: Names) -> str:
    return text("summary.reported", service=event.service)


@words_of.register
def _(event: LabelCompared, names: Names) -> str:
    found = text(f"replay.label_{event.found.replace('-', '_')}")
    return text("replay.label", device=names.in_sentence(event.device), found=found)


@words_of.register
def _(event: JoiningAwaited, names: Names) -> str:
    return text("replay.awaits", device=names.in_sentence(event.device))


@words_of.register
def _(event: move.MoveExpected, names: Names) -> str:
    return text("replay.move_expected", why=event.why)


@words_of.register
def _(event: move.MoveAsked, names: Names) -> str:
    return event.said


@words_of.register
def _(event: move.MoveAway, names: Names) -> str:
    return text("replay.move_away", reason=event.reason)


@words_of.register
def _(event: move.HubNotBack, names: Names) -> str:
    return " ".join((text("move.state_not_back"), *event.steps[:1]))


@words_of.register
def _(event: move.HubBack, names: Names) -> str:
    if event.channel is None:
        return text("replay.hub_back")
    return text("replay.hub_back_on", channel=event.channel)


@words_of.register
def _(event: move.DeviceWayBack, names: Names) -> str:
    state = text(f"move.{event.state}")
    return text("replay.way_back", device=event.label, state=state, said=event.said)


@words_of.register
def _(event: move.DeviceNotBack, names: Names) -> str:
    return text("deliver.not_back", device=event.label, said=event.said)


@words_of.register
def _(event: move.SecondLook, names: Names) -> str:
    return " ".join((text("move.state_open"), ", ".join(event.devices)))


@words_of.register
def _(event: move.MoveEnded, names: Names) -> str:
    owed = event.moved + event.silent + event.unknown
    return text("replay.move_ended", back=event.back, of=event.back + owed)


@words_of.register
def _(event: move.OutsidePlan, names: Names) -> str:
    plan = ", ".join(map(str, event.plan))
    return text("deliver.outside_plan", channel=event.channel, plan=plan)


@words_of.register
def _(event: UnitShown, names: Names) -> str:
    return " ".join(filter(None, (event.line, event.reason)))


@words_of.register
def _(event: UnitCollected, names: Names) -> str:
    return text("replay.collected", count=event.captures, device=names.in_sentence(event.unit))
