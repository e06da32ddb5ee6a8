"""One seat: the hub's truth beside what the trainee sees, the levers, and marks."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from hht.clock import Clock
from hht.errors import HhtError
from hht.serve.board import BoardRow, newest_run
from hht.serve.report import SeatReport, read_report
from hht.simulator.control_client import NoHub, inject_fault, served_run, watch
from hht.texts import text
from hht.training.classroom.folder import Seat
from hht.training.classroom.pausing import is_seat_paused, pause_seat, resume_seat
from hht.training.exercise.terms import CHECK, InCheck, read_terms
from hht.training.exercise.trainer_marks import add_mark
from screens.class_board.levers import LEVERS, pulled
from screens.class_board.text import lever_lines, step, trainee
from screens.once import SizedAsTerminal
from screens.trainer.text import device_line, hub_words, story_line
from screens.widgets.action_bar import ActionBar, Offer
from screens.widgets.key_line import KeyLine

MOST_LINES = 200
"""Lines of the hub's story that are kept to scroll back to."""
LOOK_SECONDS = 1.0
"""What the trainee sees is written every two seconds: none of it is missed."""


class SeatScreen(SizedAsTerminal, Screen[None]):
    """A screen on one seat while it is open."""

    HELP = "seat"
    BINDINGS = [
        *(
            Binding(str(number), f"pull({number})", "seat_lever", show=False)
            for number in range(1, len(LEVERS) + 1)
        ),
        Binding("m", "mark", "seat_mark"),
        Binding("p", "pause", "seat_pause"),
        Binding("enter,v", "view", "seat_view", show=False),
        Binding("escape", "dismiss", "back"),
    ]

    def __init__(self, row: BoardRow, clock: Clock, *, is_check: bool = False) -> None:
        super().__init__()
        self._is_check = is_check
        self._is_check_now = is_check
        self.row = row
        self._clock = clock
        self.status: dict[str, Any] = {}
        self._story: deque[Content] = deque(maxlen=MOST_LINES)
        self._said = Content("")

    def compose(self) -> ComposeResult:
        """Yield who it is, both sides, levers, main action, keys."""
        yield Static(id="who")
        with Horizontal(id="sides"):
            with Vertical(id="hub_side") as hub_side:
                hub_side.border_title = text("board.hub_side")
                yield Static(text("board.no_hub"), id="hub")
                with VerticalScroll(id="past"):
                    yield Static(id="story")
            with VerticalScroll(id="trainee_side"):
                yield Static(text("board.nothing_seen"), id="seen", markup=False)
        yield Static(id="levers")
        yield ActionBar()
        yield KeyLine()

    def on_mount(self) -> None:
        """Follow both sides."""
        self._say("")
        self._show_levers()
        self._offer()
        self.follow_hub()
        self.run_worker(self._follow_trainee(), group="trainee")

    def _say(self, words: str | Content, style: str = "$accent") -> None:
        """Show who it is, at which step, and what was done last: over neither side."""
        self._said = words if isinstance(words, Content) else Content.styled(words, style)
        who = f"{trainee(self.row)}  {step(self.row)}  "
        self._put("#who", Content(who) + self._said)

    def _put(self, where: str, content: Content) -> None:
        """Show something in its place, which is gone while the screen closes."""
        for place in self.query(where).results(Static):
            place.update(content)

    def action_view(self) -> None:
        """Show the trainee's screen alone, in all the room there is, or both sides again."""
        self.set_class(self._sees_something and not self.has_class("-seen"), "-seen")
        self.query_one("#trainee_side" if self.has_class("-seen") else "#past").focus()
        self._offer()

    @property
    def _sees_something(self) -> bool:
        """Whether the trainee's app has reported a screen."""
        return bool(self.row.report and self.row.report.screen)

    def _offer(self) -> None:
        """Offer the other view; where nothing is on the trainee's screen there is none."""
        offer = Offer(text("board.nothing_seen"))
        if self._sees_something:
            other = "see_hub" if self.has_class("-seen") else "see_trainee"
            offer = Offer(text(f"board.{other}"), "view")
        for bar in self.query(ActionBar):
            bar.offer(offer)

    def _show_levers(self) -> None:
        """Show the levers where there is a hub to pull them on, and no check is under way."""
        can_pull = bool(self.status) and not self._is_check_now
        self._put("#levers", lever_lines(self.status) if can_pull else Content(""))
        for levers in self.query("#levers"):
            levers.display = can_pull
        for side in self.query("#hub_side"):
            side.border_subtitle = text("board.levers" if can_pull else "board.no_levers")

    @work(thread=True, group="hub")
    def follow_hub(self) -> None:
        """Take in what the hub reports; a thread, for it waits on a socket."""
        worker = get_current_worker()
        try:
            for row in watch(served_run(self.row.folder)):
                if worker.is_cancelled:
                    return
                self.app.call_from_thread(self._show_hub_row, row)
        except NoHub:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._forget_hub)
        except HhtError:
            return  # the trainee's side tries again

    def _forget_hub(self) -> None:
        """Show that there is no hub, in place of one that has ended; the app has ended with it."""
        self.status = {}
        self._title_screen("board.trainee_side_last")
        self._put("#hub", Content(text("board.no_hub")))
        self._show_levers()

    def _title_screen(self, key: str) -> None:
        """Say whether the trainee's screen is that of now."""
        for side in self.query("#trainee_side"):
            side.border_title = text(key)

    def _show_hub_row(self, row: dict[str, Any]) -> None:
        if "story" in row:
            self._story.append(story_line(row["story"]))
            self._put("#story", Content("\n").join(self._story))
            for past in self.query("#past"):
                past.scroll_end(animate=False)
        elif "status" in row:
            self.status = row["status"]
            self._title_screen("board.trainee_side")
            devices = [device_line(at, each) for at, each in enumerate(self.status["devices"], 1)]
            lines = Content("\n").join([hub_words(self.status), *devices])
            self._put("#hub", lines)
            self._show_levers()

    async def _follow_trainee(self) -> None:
        while True:
            report, is_check = await asyncio.to_thread(self._read_seat)
            if is_check != self._is_check_now:
                self._is_check_now = is_check
                self._show_levers()
            if report:
                self.row = replace(self.row, report=report)
                self._say(self._said)
                if report.screen:
                    self._put("#seen", Content("\n".join(report.screen)))
                self._offer()
            if not any(each.group == "hub" and each.is_running for each in self.workers):
                self.follow_hub()
            await self._clock.sleep(LOOK_SECONDS)

    def _read_seat(self) -> tuple[SeatReport | None, bool]:
        """Return what the trainee's app reports, and whether it is at a check."""
        try:
            is_check = self._is_check or self._is_at_a_check()
        except HhtError:
            is_check = self._is_check  # a lever that is pulled says why
        return read_report(self.row.folder), is_check

    @work(thread=True, group="pull")
    def pull(self, fault: str, value: str) -> None:
        """Pull a lever, and say what was done."""
        try:
            done = inject_fault(served_run(self.row.folder), fault, value=value)
        except NoHub:
            self.app.call_from_thread(self._say, text("board.no_hub"), "$warning")
        except HhtError as error:
            self.app.call_from_thread(self._say, str(error), "$error")
        else:
            self.app.call_from_thread(self._say, done)

    def action_pull(self, number: int) -> None:
        """Pull the lever with that number; again ends it where it can be ended."""
        try:
            is_check = self._is_check or self._is_at_a_check()
        except HhtError as error:
            self._say(str(error), "$error")
            return
        if is_check:
            self._say(text("board.no_lever"), "$warning")
        elif asked := pulled(LEVERS[number - 1], self.status):
            self.pull(*asked)

    def _is_at_a_check(self) -> bool:
        run = newest_run(self.row.folder)
        return run is not None and read_terms(run).mode == CHECK

    def action_pause(self) -> None:
        """Pause the seat's exercise, or let it go on."""
        place = self.row.place
        seat = Seat(place.number, trainee(self.row), self.row.folder)
        try:
            if is_seat_paused(seat):
                resume_seat(seat)
                self._say(text("board.goes_on"))
            else:
                paused = pause_seat(seat)
                self._say(text("board.paused" if paused else "board.nothing_to_pause"))
        except InCheck:
            self._say(text("board.no_pause"), "$warning")
        except HhtError as error:
            self._say(str(error), "$error")

    def action_mark(self) -> None:
        """Mark this moment for the debrief."""
        run, report = newest_run(self.row.folder), read_report(self.row.folder)
        if run is None or report is None:
            self._say(text("board.nothing_to_mark"), "$warning")
            return
        add_mark(run, self._clock.now(), step(self.row), report.failure)
        self._say(text("board.marked"))
