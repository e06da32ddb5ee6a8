"""The bench's app: batch, slots and counts on one screen; hands plug in, and no key is needed."""

from __future__ import annotations

import re
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from hht.errors import HhtError
from hht.facility.batches.book_keeping import CountUnits, SetBatchState
from hht.facility.batches.records import BatchRow, BatchState, Counts
from hht.facility.batches.store import BatchStore
from hht.facility.bench.run import BenchRun
from hht.facility.bench.worker import Order
from hht.label import Label
from hht.texts import text
from screens import themes
from screens.facility.scan import OPERATOR, read_scan
from screens.facility.slot_board import SlotBoard, SlotLine
from screens.forms.field import Field
from screens.keys.key_names import key_name
from screens.notices import NoticeApp
from screens.once import SizedAsTerminal
from screens.stylesheets import css_beside
from screens.widgets.key_line import NoticeLine
from screens.widgets.row import spread
from screens.widgets.status_line import GLYPHS

_LONG_DIGITS = re.compile("(?:[0-9A-F][-:. ]?){12}", re.IGNORECASE)
"""What no name has in it, and the shortest Install Code has."""
_SHOWN = ("slot", "state", "eui", "what", "remedy", "rejected")
COUNT_SECONDS = 1.0  # figures that a person reads


class BenchScreen(SizedAsTerminal, Screen[None]):
    """The one screen of a bench; F1 explains it."""

    HELP = "bench"


class BenchApp(NoticeApp):
    """One bench at work. Scans go into the field at the foot; F5 pauses, Ctrl+Q stops."""

    CSS_PATH = css_beside(__file__)
    TITLE = "hht facility"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("f1", "explain", "help", show=False, priority=True),
        Binding("f2", "other_theme", "theme", show=False),
        Binding("f5", "pause", "pause_batch", priority=True),
        Binding("ctrl+q,ctrl+c", "stop", "stop_bench", priority=True),
    ]

    def __init__(self, run: BenchRun, books: BatchStore, batch: BatchRow, theme: str) -> None:
        super().__init__()
        self.bench = run
        self.batch = batch
        self.bad = 0
        self._books = books
        self.counts: Counts | None = None
        run.publish = self.take
        themes.put_on(self, theme)

    @property
    def bench_screen(self) -> Screen[Any]:
        """The bench's own screen, whatever is over it."""
        return self.screen_stack[0]

    def get_key_display(self, binding: Binding) -> str:
        """Write keys as they are printed on the keyboard."""
        return key_name(binding)

    def get_default_screen(self) -> BenchScreen:
        """Have the screen that the help texts know."""
        return BenchScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Yield who and what above, figures, slots, the field for scans, the keys."""
        yield Static(id="mode")
        yield Static(id="figures")
        yield SlotBoard([SlotLine(name) for name, _ in self.bench.settings.slots])
        yield Field(placeholder=text("bench.scan"), id="scan")
        yield NoticeLine()
        yield Static(text("bench.keys"), id="keys")

    def on_mount(self) -> None:
        """Begin to work, and to count."""
        self.bench_screen.query_one("#scan", Input).focus()
        self.serve()
        self.keep_counting()

    @work(exclusive=True, group="serve")
    async def serve(self) -> None:
        """Run the bench; its end is the app's."""
        try:
            await self.bench.run()
        except HhtError as error:
            self.exit(message=str(error), return_code=error.exit_code)
        else:
            self.exit()

    @work(exclusive=True, group="counting")
    async def keep_counting(self) -> None:
        """Keep the figures up to date."""
        while True:
            self.count()
            await self.bench.clock.sleep(COUNT_SECONDS)

    @work(thread=True, exclusive=True, group="count")
    def count(self) -> None:
        """Ask the books; where they are away, the last figures stay."""
        worker = get_current_worker()
        try:
            counts = self._books.do(CountUnits(self.batch.id))
        except HhtError as error:
            if not worker.is_cancelled:
                self.call_from_thread(self.keep_saying, str(error))
            return
        if not worker.is_cancelled:  # else the app has ended meanwhile
            self.call_from_thread(self.show_counts, counts)

    def take(self, event: Any) -> None:
        """Show what a slot does, and ring for what needs a hand."""
        if event["event"] == "label-failed":
            self.notify(event["what"], severity="error")
        if event["event"] != "slot":
            return
        line = SlotLine(*(event[name] for name in _SHOWN))
        self.bench_screen.query_one(SlotBoard).show(line)
        self.bad += line.state == "bad"
        self._show_expected()
        if line.state in ("bad", "again"):
            self.bell()

    def show_counts(self, counts: Counts | None) -> None:
        """Bring the figures up to date."""
        self.counts = counts
        self.keep_saying("")
        if not self.bench_screen.query("#mode"):
            return
        self.bench_screen.query_one("#mode", Static).update(self._mode_line())
        if counts is not None:
            self.bench_screen.query_one("#figures", Static).update(figures(counts))

    def on_resize(self) -> None:
        """Draw the line of the mode from edge to edge."""
        self.bench_screen.query_one("#mode", Static).update(self._mode_line())

    def on_key(self, event: Key) -> None:
        """Close the help when somebody scans behind it: the whole scan goes into the field."""
        if event.is_printable and event.character and self.screen is not self.bench_screen:
            self.action_explain()
            self.bench_screen.query_one("#scan", Input).insert_text_at_cursor(event.character)

    def on_input_submitted(self, submitted: Input.Submitted) -> None:
        """Take a scan: a badge changes the shift, a label names the next unit."""
        scanned = submitted.value.strip()
        submitted.input.clear()
        label = read_scan(scanned)
        if label is None:
            self.notify(text("bench.glued"), severity="warning")
        elif scanned.upper().startswith(OPERATOR):
            self._hand_over(scanned[len(OPERATOR) :].strip(" -:"))
        elif scanned:
            self._expect(label)
        else:
            self.bench.order(Order("expect"))
        self._show_expected()

    def _hand_over(self, name: str) -> None:
        """Change the shift, unless a code is in the name."""
        if _LONG_DIGITS.search(name):
            self.notify(text("bench.glued"), severity="warning")
            return
        self.bench.order(Order("operator", name))
        self.bench_screen.query_one("#mode", Static).update(self._mode_line())

    def _expect(self, label: Label) -> None:
        """Have the next unit be the one of the label; say what is doubtful about it."""
        if label.entity_id:
            self.bench.order(Order("expect", str(label.entity_id)))
        if doubt := label.warning or (None if label.entity_id else text("bench.no_label")):
            self.notify(doubt, severity="warning")

    def _show_expected(self) -> None:
        """Show which unit must be the next, as long as none was plugged in."""
        eui = self.bench.settings.expected
        shown = text("bench.expects", eui=eui) if eui else text("bench.scan")
        self.bench_screen.query_one("#scan", Input).placeholder = shown

    def action_explain(self) -> None:
        """Explain the signs of the slots and the keys; the slots go on behind it."""
        from screens.help.screen import open_or_close

        open_or_close(self)

    def action_pause(self) -> None:
        """Pause the batch on every bench, or go on with it."""
        self.set_paused()

    @work(thread=True, group="pause")
    def set_paused(self) -> None:
        """Change the batch's state in the books."""
        paused = self.counts is not None and self.counts.state is BatchState.PAUSED
        state = BatchState.OPEN if paused else BatchState.PAUSED
        try:
            self._books.do(SetBatchState(self.batch.id, state, self.bench.settings.operator))
        except HhtError as error:
            self.call_from_thread(self.notify, str(error), severity="error")
        self.call_from_thread(self.count)

    def action_stop(self) -> None:
        """Let every slot finish its unit, then end."""
        self.notify(text("bench.stopping"))
        self.bench.stop()

    def action_other_theme(self) -> None:
        """Change between sun and night."""
        themes.change(self)

    def _mode_line(self) -> Content:
        """Return the mode over the whole line, in its colour: it cannot be mistaken for another
        mode."""
        operator = self.bench.settings.operator or text("bench.nobody")
        state = text(f"bench.{self.counts.state}") if self.counts else ""
        left = Content(f" {GLYPHS['facility']} {text('status.facility')}  {state}  {self.batch.id}")
        line = spread(left, Content(f"{operator} "), self.size.width)
        return Content.styled(line.plain, "bold $mode-facility-text on $mode-facility")


def figures(counts: Counts) -> Content:
    """Return two lines: where the units are, and how fast it goes."""
    where = text(
        "bench.where",
        loaded=f"{counts.loaded:,}",
        total=f"{counts.total:,}",
        rejected=counts.rejected,
        unknown=counts.unknown,
        held=counts.held,
    )
    if counts.total and not counts.left:
        return Content(f" {where}\n {text('bench.none_left')}")
    share = f"{counts.first_try / counts.presented:.0%}" if counts.presented else "–"
    left = counts.seconds_left
    pace = text(
        "bench.pace",
        pace=f"{counts.units_an_hour:,}",
        share=share,
        left="–" if left is None else f"{left // 3600}:{left // 60 % 60:02}",
    )
    return Content(f" {where}\n {pace}")
