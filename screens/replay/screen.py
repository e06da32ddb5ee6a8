"""The replay: a visit's events again as they came, at a speed of one's own, stepped or searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from hht.events import Record
from hht.journeys.events import OtherCaptured, ResponseCaptured
from hht.journeys.playback import Moment, play_back, says
from hht.texts import text
from screens.base import HhtScreen
from screens.replay.words import words_of
from screens.visit.device_names import Names
from screens.visit.timeline_lines import entry_of
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

SPEEDS = (1, 5, 10, 30, 60)
"""Times as fast as it was; at the fastest a visit of an hour is a minute."""


class ReplayScreen(HhtScreen):
    """The newest event on top; Enter shows the next one, Space lets them come."""

    HELP = "replay"
    STAGE = Stage.RETURN
    BINDINGS = [
        Binding("space", "run", "replay_run"),
        Binding("f", "faster", "replay_faster"),
        Binding("b", "begin", "replay_begin"),
    ]

    def __init__(self, job_id: int | None = None) -> None:
        """Replay a job; without one that which is open, else the newest that was begun."""
        super().__init__()
        self.moments: list[Moment] = []
        self.names = Names()
        self.reference = ""
        self.shown = 0
        self.speed = SPEEDS[2]
        self.runs = False
        self._job_id = job_id

    def body(self) -> ComposeResult:
        """Yield the events so far, and below them the one under the cursor whole."""
        yield NumberedList(title=text("replay.title"), empty=text("replay.none"), id="events")
        yield Static(id="whole", classes="note")

    def opened(self) -> None:
        """Read the journal."""
        self.await_rows()
        if self._job_id is None:
            self.follow_app("view", self._changed)
        self.run_worker(self._load(), group="load", exclusive=True)
        self.refresh_offer()

    def _changed(self, view: VisitView | None) -> None:
        self._job_id = view.job_id if view else None

    async def _load(self) -> None:
        try:
            records, self.names, self.reference = await self.service.queries.journal(self._job_id)
        except HhtError as error:
            self.say_not_read(error)
            return
        self.moments = list(play_back(records))
        self._show(0)

    def offer(self) -> Offer:
        """Show the next event; or begin again at the end."""
        if not self.moments:
            return Offer(self.query_one(NumberedList).awaited or text("replay.none"))
        if self.shown >= len(self.moments):
            return Offer(text("replay.again"), "begin")
        return Offer(text("replay.next"), "next")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to run only where an event is left, to begin where one was shown."""
        count = len(self.moments)
        can = {"run": self.shown < count, "faster": count > 0, "begin": self.shown > 0}
        return can.get(action, super().check_action(action, parameters))

    def action_next(self) -> None:
        """Show the next event, and wait for another Enter."""
        self.runs = False
        self._show(self.shown + 1)

    def action_begin(self) -> None:
        """Go back to before the first event."""
        self.runs = False
        self._show(0)

    def action_faster(self) -> None:
        """Take the next speed, the slowest after the fastest."""
        self.speed = SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)]
        self._name_it()

    def action_run(self) -> None:
        """Let the events come as they came, or stop."""
        self.runs = not self.runs and self.shown < len(self.moments)
        if self.runs:
            self.run_worker(self._play(), group="replay clock", exclusive=True)
        self._name_it()

    async def _play(self) -> None:
        while self.runs and self.is_whole and self.shown < len(self.moments):
            place = self.shown
            await self.shell.context.clock.sleep(self.moments[place].after / self.speed)
            if self.runs and self.is_whole and self.shown == place:
                self._show(place + 1)
        self.runs = False
        if self.is_whole:
            self._name_it()

    def action_search(self) -> None:
        """Go to the next event with some words, shown yet or not."""
        from screens.forms.typed import TypedScreen

        if self.moments:
            form = TypedScreen(text("search.which"), self.sought, text("search.placeholder"))
            self.shell.ask(form, self._seek)

    def _seek(self, words: str | None) -> None:
        if not words or not self.is_whole:
            return
        self.sought, self.runs = words, False
        count = len(self.moments)
        for place in (*range(self.shown, count), *range(self.shown)):
            if says(self.moments[place].record, words):
                self._show(place + 1)
                return
        self.notify(text("search.none", words=words), severity="warning")

    def on_numbered_list_highlighted(self) -> None:
        """Say all of the event under the cursor: its row may be cut."""
        row = self.query_one(NumberedList).current
        self.query_one("#whole", Static).update(row.head if row else "")

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Put the cursor there: below the list is all that there is."""

    def _show(self, shown: int) -> None:
        """Show so many events, the newest on top."""
        if not self.is_whole:
            return
        self.shown = min(shown, len(self.moments))
        events = self.query_one(NumberedList)
        rows = [event_row(n, self.moments[n], self.names) for n in reversed(range(self.shown))]
        events.empty = text("replay.before" if self.moments else "replay.none")
        events.set_rows(rows)
        if rows:
            events.highlight(rows[0].key)
        self._name_it()
        self.refresh_offer()

    def _name_it(self) -> None:
        """Say in the title which job it is, how fast, and how far; a toast would hide the rows."""
        events, count = self.query_one(NumberedList), len(self.moments)
        if not count:
            events.set_title(text("replay.title"))
            return
        speed = ("▶ " if self.runs else "") + text("replay.speed", speed=self.speed)
        place = text("replay.place", shown=self.shown, count=count)
        events.set_title(text("replay.of", job=self.reference), f"{place} · {speed}")


def event_row(number: int, moment: Moment, names: Names) -> Row:
    """Describe an event: in words where it has any, else as the journal has it; when it was."""
    record, event = moment.record, moment.record.event()
    time = Content.styled(f"{record.at.astimezone():%H:%M:%S}", "$text-muted")
    entry = entry_of(event, record.at, names) if event else None
    if entry is not None:
        lead = Content.styled(f"{entry.sign} ", entry.style)
        is_read = isinstance(event, ResponseCaptured | OtherCaptured)
        said = names.in_text(entry.words) if is_read else entry.words
        return Row(number, Content(said), right=time, lead=lead)
    said = words_of(event, names) if event else ""
    words = Content.styled(said or _as_kept(record), "$text-muted")
    return Row(number, words, right=time, lead=Content("· "))


def _as_kept(record: Record) -> str:
    """Return an event as the journal has it."""
    facts = " ".join(f"{name}={value}" for name, value in record.facts.items())
    return f"{record.name} {facts}".rstrip()
