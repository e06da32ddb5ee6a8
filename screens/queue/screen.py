"""The queue screen: what is to be returned to the DCC as SR 8.13, by export or by upload."""

from __future__ import annotations

from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from hht.store.rows import SET_ASIDE, TO_SEND
from hht.texts import text
from screens.base import MORE, HhtScreen
from screens.forms.path import PathScreen
from screens.forms.remedies import in_a_line
from screens.message.parts import words_and_fields
from screens.queue.lookups import UNASKED
from screens.queue.recent import recent_folders
from screens.queue.text import (
    OTHER_FOLDER,
    UPLOAD,
    WRITE,
    notes_below,
    report_form,
    return_form,
    return_rows,
    tab_names,
    tab_states,
)
from screens.set_up.sticks import sticks_for
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.panel import Panel
from screens.widgets.row import end_of
from screens.widgets.stepper import Stage
from screens.widgets.tabs import TabLine

FIRST_ROWS = 60  # the first stretch, before the list knows how high it is


class QueueScreen(HhtScreen):
    """A stretch of the queue at a time, however long it is."""

    HELP = "queue"
    STAGE = Stage.RETURN
    BINDINGS = [
        Binding("left", "turn(-1)", "queue_state", key_display="←→"),
        Binding("right", "turn(1)", show=False),
        Binding("r", "return_anyway", "return_anyway"),
        Binding("t", "try_again", "try_again"),
        Binding("e", "return_all", "return_all"),
        Binding("space", "read", "read_message"),
        MORE,
    ]

    def __init__(self) -> None:
        super().__init__()
        self.wanted = ""
        self.counts: dict[str, int] = {}
        self.notes: dict[object, str] = {}
        self.said = Content("")

    def body(self) -> ComposeResult:
        """Yield the states, the items, a line for what came of a change.

        Where there is room the item.
        """
        yield TabLine([text("queue.all")], id="states")
        with Horizontal():
            with Vertical():
                yield NumberedList(
                    title=text("queue.title"), empty=text("queue.empty"), id="returns"
                )
                yield Static(id="said", classes="note")
            with Panel(title=text("queue.item"), classes="side"):
                yield Static(id="preview")

    def opened(self) -> None:
        """Read the first rows, and follow what is done with the queue."""
        self.shell.queue_changes.follower = self
        self.await_rows()
        self.load(0, FIRST_ROWS)
        self.refresh_offer()

    def on_unmount(self) -> None:
        """Leave what is under way to the app."""
        if self.shell.queue_changes.follower is self:
            self.shell.queue_changes.follower = None

    def on_numbered_list_need_rows(self, event: NumberedList.NeedRows) -> None:
        """Read the rows that are wanted."""
        self.load(event.offset, event.count)

    def load(self, offset: int, count: int) -> None:
        """Read a stretch and the counts."""
        self._load(offset, count)

    @work(group="load", exclusive=True)
    async def _load(self, offset: int, count: int) -> None:
        wanted = self.wanted
        try:
            page = await self.service.queries.return_page(wanted, offset, count)
        except HhtError as error:
            self.say_not_read(error, retry=lambda: self.load(offset, count))
            return
        if not self.is_whole or wanted != self.wanted:  # closed, or other rows by now
            return
        self.counts = page.counts
        if wanted not in tab_states(page.counts):
            self._show_state("")
            return
        self.notes = notes_below(page)
        now = self.shell.context.clock.now()
        rows = self.query_one(NumberedList)
        rows.set_rows(return_rows(page, offset, now), total=page.total, offset=offset)
        tabs = self.query_one(TabLine)
        tabs.set_names(tab_names(page.counts))
        tabs.at = tab_states(page.counts).index(wanted)
        rows.set_title(text(f"queue.title_{wanted or 'all'}"))
        self.refresh_offer()

    def changed(self, said: Content) -> None:
        """Say what came of a change, until the next one, and read again."""
        if not self.is_whole or not self.query("#said"):  # the app is being closed
            return
        self.said = said
        self._show_said()
        rows = self.query_one(NumberedList)
        self.load(max(0, rows.top - rows.lines), 3 * rows.lines)
        self.refresh_offer()

    def _show_said(self) -> None:
        """Say what came of a change, else what is known of the row under the cursor."""
        rows = self.query_one(NumberedList)
        note = self.notes.get(rows.current.key, "") if rows.current else ""
        about_row = end_of(Content.styled(note, "$text-muted"), rows.size.width)
        self.query_one("#said", Static).update(self.said or about_row)

    def offer(self) -> Offer:
        """Return what is due; for one that is held or refused, what can be done with it."""
        if self.shell.queue_changes.doing:
            return Offer(self.shell.queue_changes.doing)
        due = self._due()
        if self.wanted == UNASKED and self.query_one(NumberedList).total:
            return Offer(text("action.read"), "read", text("action.return_anyway"))
        if self.wanted in SET_ASIDE:
            return Offer(text("action.read"), "read", text("action.try_again"))
        if due:
            return Offer(text("action.return_all", count=due), "return_all")
        return Offer(text("action.back"), "back")

    def _due(self) -> int:
        return sum(self.counts.get(state, 0) for state in TO_SEND)

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Show what the item under the cursor says, where there is room."""
        self._show_said()
        if self.query_one(".side").display:
            self._preview(int(str(event.row.key)))

    @work(group="preview", exclusive=True)
    async def _preview(self, number: int) -> None:
        """Decode a row's message for the side."""
        side = self.query_one("#preview", Static)
        try:
            messages, names = await self.service.queries.return_messages(self.wanted, number)
            described = [
                await self.service.messages.describe(each.raw, each.command, names)
                for each in messages
            ]
            side.update(Content("\n").join(words_and_fields(each) for each in described))
        except HhtError as error:
            side.update(Content(in_a_line(error)))

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Read the message of the row."""
        self.run_worker(self._read(int(str(event.row.key))), group="read")

    def action_read(self) -> None:
        """Read the item under the cursor."""
        row = self.query_one(NumberedList).current
        if row:
            self.run_worker(self._read(int(str(row.key))), group="read")

    async def _read(self, number: int) -> None:
        """Fetch the row's message and show it."""
        from screens.message.screen import MessageScreen

        try:
            messages, names = await self.service.queries.return_messages(self.wanted, number)
            report = "" if messages else await self.service.queries.report_text(number)
        except HhtError as error:
            self.shell.show_failure(error)
            return
        if self.is_active:
            opened = MessageScreen(messages, names=names, stage=self.stage) if messages else None
            self.shell.show(opened or report_form(report))

    def action_turn(self, by: int) -> None:
        """Show the next state that has any, or the one before."""
        states = tab_states(self.counts)
        at = states.index(self.wanted) if self.wanted in states else 0
        self._show_state(states[(at + by) % len(states)])

    def on_tab_line_chosen(self, event: TabLine.Chosen) -> None:
        """Show the state whose tab was tapped."""
        self._show_state(tab_states(self.counts)[event.at])

    def _show_state(self, state: str) -> None:
        self.wanted = state
        self.query_one(NumberedList).set_rows(())  # other rows: nothing to keep the cursor on
        self.await_rows()
        self.load(0, FIRST_ROWS)

    def action_return_anyway(self) -> None:
        """Have the capture under the cursor returned although the DCC does not ask for it."""
        if row := self.query_one(NumberedList).current:
            self.shell.queue_changes.return_anyway(int(str(row.key)))

    def action_try_again(self) -> None:
        """Make the refused item under the cursor ready once more."""
        if row := self.query_one(NumberedList).current:
            self.shell.queue_changes.try_again(int(str(row.key)))

    def action_return_all(self) -> None:
        """Ask how to return what is due."""
        context = self.shell.context
        folders = [self._usual_folder(), *recent_folders(context.data_dir)]
        form = return_form(
            self._due(),
            list(dict.fromkeys([*folders, *sticks_for(context)])),
            has_gateway=context.upload is not None and context.mode == "live",
            training=context.mode == "training",
        )
        self.shell.ask(form, self._return)

    def _return(self, how: str | None) -> None:
        """Upload or write, as was chosen."""
        if how == UPLOAD:
            self.shell.queue_changes.upload()
        elif how == OTHER_FOLDER:
            self.ask_where(self._usual_folder())
        elif how and how.startswith(WRITE):
            self._export(Path(how.removeprefix(WRITE)))

    def _usual_folder(self) -> Path:
        """Return where exports go by default: live and training data never share a folder."""
        context = self.shell.context
        return context.data_dir / ("export" if context.mode == "live" else f"export-{context.mode}")

    def ask_where(self, proposed: Path) -> None:
        self.shell.ask(PathScreen(text("return.which_folder"), proposed), self._export)

    def _export(self, out: Path | None) -> None:
        """Write into the folder or the archive that was given."""
        if out:
            self.shell.queue_changes.export(out.absolute(), self.action_return_all)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done with what is on show."""
        can = {
            "return_anyway": self.wanted == UNASKED,
            "try_again": self.wanted in SET_ASIDE,
            "return_all": bool(self._due()) and not self.shell.queue_changes.doing,
            "turn": len(tab_states(self.counts)) > 1,
        }
        return can.get(action, super().check_action(action, parameters))
