"""The widgets that the gallery shows, each in every state."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from hht.clock import ManualClock
from hht.facility.bench.outcomes import OUTCOMES, Look
from hht.facility.unit.display import LINES
from hht.facility.unit.display import Stage as UnitStage
from hht.journeys.connect import Step
from hht.texts import text
from screens.facility.slot_board import SlotBoard, SlotLine
from screens.unit.pane import UnitLines, UnitPane
from screens.widgets.action_bar import ActionBar, Offer
from screens.widgets.clock import Certainty, Countdown, Deadline
from screens.widgets.command_look import LOOKS, sign_bar, state_word
from screens.widgets.link import Link, signal_text
from screens.widgets.numbered_list import NumberedList
from screens.widgets.panel import Panel
from screens.widgets.row import Row, numbered
from screens.widgets.status_line import Status, StatusLine
from screens.widgets.step_list import StepList, StepTime
from screens.widgets.stepper import Progress, Stage, Stepper
from screens.widgets.tabs import TabLine
from screens.widgets.timeline import Timeline, TimelineEntry

CLOCK = ManualClock()
SHOWN = ("loaded", "already-loaded", "silent", "unplugged", "carries-other")
HUB = "00-DB-12-34-56-78-90-A3"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A widget in one state; `prepare` is called once it is on show."""

    name: str
    make: Callable[[], Widget]
    prepare: Callable[[Widget], object] = lambda widget: None


def _runs(minutes: float, certainty: Certainty) -> Countdown:
    return Countdown(Deadline.after(CLOCK, minutes * 60), certainty)


def _heard(seconds_ago: float) -> Link:
    return Link(-66, 180, CLOCK, CLOCK.elapsed() - seconds_ago)


AWAY = Status("live", window=Countdown(), to_return=0)
_ON_HAN = Status(
    "training",
    hub=HUB,
    connected=True,
    link=_heard(1),
    window=_runs(47, Certainty.ABOUT),
    stay=_runs(17 * 60, Certainty.KNOWN),
    to_return=21,
)
STATUSES = {
    "no hub, window not known": AWAY,
    "facility": replace(AWAY, mode="facility"),
    "on the HAN": _ON_HAN,
    "work behind another screen": replace(_ON_HAN, work="◐ 8/17"),
    "not heard for a while": replace(_ON_HAN, link=_heard(40)),
    "window known": replace(_ON_HAN, connected=False, window=_runs(47, Certainty.KNOWN)),
    "window short": replace(_ON_HAN, connected=False, window=_runs(9, Certainty.ABOUT)),
    "window closed": replace(_ON_HAN, connected=False, window=_runs(0, Certainty.CLOSED)),
    "stay short": replace(_ON_HAN, stay=_runs(12, Certainty.KNOWN)),
    "lost": replace(_ON_HAN, connected=False, alarm="Connection lost: the dongle went away"),
}


class StandingLine(StatusLine):
    """A status line that is among others and follows no app."""

    DEFAULT_CSS = "StandingLine { dock: none; }"

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.shown = status

    def _follow(self, status: Status) -> None:
        """Show the one status, whatever the app's is."""
        self.status = self.shown


def _stepper(here: Stage) -> Stepper:
    stages = list(Stage)
    stepper = Stepper()
    stepper.progress = Progress(here, frozenset(stages[: stages.index(here)]), 7, 17)
    return stepper


def _bar(offer: Offer) -> ActionBar:
    bar = ActionBar()
    bar.offer(offer)
    return bar


def _rows() -> list[Row]:
    """Return a row in each state of a Local Command, and one that is waited for."""
    rows = [
        Row(
            state,
            Content(f"Join the GSME with the GPF ({state_word(state)})"),
            right=signal_text(-60 - 10 * number),
            lead=Content.styled(f"{LOOKS[state][0]} ", LOOKS[state][1]) + numbered(number + 1),
        )
        for number, state in enumerate(LOOKS)
    ]
    waited = Content.styled("waiting for the GSME ▰▰▰▱▱▱▱▱▱▱", "$text-muted")
    return [*rows[:2], replace(rows[2], detail=waited), *rows[3:]]


def _fill_list(widget: Widget) -> None:
    assert isinstance(widget, NumberedList)
    widget.styles.height = 8
    widget.set_title("Plan", "Flat 3, 12 Sample Street")
    widget.set_rows(_rows())
    widget.action_go(2)


def _empty_list(widget: Widget) -> None:
    widget.styles.height = 3


def _fill_steps(widget: Widget) -> None:
    assert isinstance(widget, StepList)
    widget.set_title(text("connect.steps", hub=HUB))
    widget.steps[Step.SCAN] = StepTime(seconds=2.2)
    widget.steps[Step.CONFIRM] = StepTime(seconds=0.1)
    widget.steps[Step.LINK_KEY] = StepTime(started=CLOCK.elapsed() - 4, silence=9)
    widget.steps[Step.ADMISSION] = StepTime(started=0.0, failed=True)
    widget.refresh()


def _panel(widget: Widget) -> None:
    assert isinstance(widget, Panel)
    widget.styles.height = 4
    widget.set_title("Panel", "at the right")


def _timeline() -> Timeline:
    now = CLOCK.now()
    entries = deque(
        TimelineEntry(now, sign, words, style)
        for sign, words, style in (
            ("○", "Listening on channels 11 to 26", "$text-muted"),
            ("✓", "Join the HAN: 0.4 s", "$success"),
            ("▶", "8 Join the GSME with the GPF", "$primary"),
            ("⚑", "Alert from the ESME: Device joined the SM HAN", "$warning"),
            ("✗", "The dongle went away", "$error"),
        )
    )
    timeline = Timeline(entries, title=text("log.title"))
    timeline.styles.height = 7
    return timeline


def _show_unit(stage: str, widget: Widget) -> None:
    assert isinstance(widget, UnitPane)
    line = LINES[UnitStage(stage)]
    widget.shown = UnitLines(stage, line, "", 2, 3, 6)


def _high(lines: int) -> Callable[[Widget], object]:
    """Give a widget so many lines."""

    def prepare(widget: Widget) -> None:
        widget.styles.height = lines

    return prepare


_UNIT = "00-DB-00-00-00-00-00-0"
SLOTS = [
    SlotLine("sim-1"),
    SlotLine("sim-2", "identified", f"{_UNIT}2"),
    SlotLine("sim-3", "writing", f"{_UNIT}3"),
    *(
        SlotLine(
            f"sim-{number}",
            words.look.value,
            f"{_UNIT}{number}",
            words.what,
            words.remedy,
            rejected=words.look is Look.BAD,
        )
        for number, words in enumerate(map(OUTCOMES.__getitem__, SHOWN), 4)
    ),
]
"""A slot in each state, the outcomes with the words that they have."""


EXHIBITS: tuple[Exhibit, ...] = (
    *(
        Exhibit(f"status line: {name}", partial(StandingLine, status))
        for name, status in STATUSES.items()
    ),
    *(Exhibit(f"stepper: {stage}", partial(_stepper, stage)) for stage in Stage),
    Exhibit("action bar", lambda: _bar(Offer("Deliver 8  Join the GSME with the GPF", "x"))),
    Exhibit("action bar with another key", lambda: _bar(Offer("Show no. 8", "x", "C Stop"))),
    Exhibit("action bar while waiting", lambda: _bar(Offer("Connecting · 4 s", "", "C Stop"))),
    Exhibit("list", NumberedList, _fill_list),
    Exhibit("empty list", lambda: NumberedList(empty="Nothing here."), _empty_list),
    Exhibit("steps", lambda: StepList(CLOCK), _fill_steps),
    Exhibit("tabs", lambda: TabLine(["All 30", "Ready 21", "Written 0", "Held 9"])),
    Exhibit("panel", lambda: Panel(Static("What stands in a panel.")), _panel),
    Exhibit("log", _timeline),
    *(
        Exhibit(f"unit's display: {stage}", UnitPane, partial(_show_unit, stage))
        for stage in ("looking", "power-cycle", "in", "refused")
    ),
    Exhibit("slots", lambda: SlotBoard(SLOTS), _high(2 * len(SLOTS))),
    Exhibit("slots in little room", lambda: SlotBoard(SLOTS), _high(4)),
    Exhibit("signs", lambda: Static(sign_bar(LOOKS.values(), 40))),
)
