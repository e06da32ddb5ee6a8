"""The queue screen: what is to be returned to the DCC as SR 8.13, by export or by upload."""

from __future__ import annotations

from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from hht.store.rows import SET_ASIDE, TO_SEND
from screens.base import HhtScreen, css_beside
from screens.prompts.folder import FolderScreen
from screens.queue.changes import QueueChanges
from screens.queue.lookups import UNASKED
from screens.queue.text import TITLES, count_words, return_row, views
from screens.widgets.action_button import ActionButton
from screens.widgets.message_view import words_and_fields
from screens.widgets.numbered_list import NumberedList


class QueueScreen(HhtScreen):
    """Holds one page of the queue at a time, however long it is."""

    CSS_PATH = css_beside(__file__)
    HELP = "queue"
    BINDINGS = [
        Binding("r", "return_anyway", "Return it"),
        Binding("t", "try_again", "Try again"),
        Binding("e", "export", "Export"),
        Binding("f", "show_next", "Show"),
        Binding("u", "upload", "Upload"),
        Binding("enter", "open", "Read"),
        Binding("escape", "back", "Back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.wanted = ""
        self.counts: dict[str, int] = {}
        self.changes = QueueChanges(self, self.read_again)

    def body(self) -> ComposeResult:
        """The counts, the items, and the button."""
        yield Static(classes="title", id="title")
        yield Static(classes="note", id="counts")
        with Horizontal():
            yield NumberedList(empty=" Reading the queue …", id="returns")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static(id="preview")
        yield ActionButton(id="action")

    def on_mount(self) -> None:
        """Read the first page."""
        self.load(0, 9)

    def on_numbered_list_need_rows(self, event: NumberedList.NeedRows) -> None:
        """Read the page that is wanted."""
        self.load(event.offset, event.count)

    @work(exclusive=True, group="load")
    async def load(self, offset: int, count: int) -> None:
        """Read a page and the counts."""
        rows = self.query_one(NumberedList)
        try:
            page = await self.service.queries.return_page(self.wanted, offset, count)
        except HhtError as error:
            self.shell.show_failure(error, retry=lambda: self.load(offset, count))
            return
        if not self.query("#title"):  # the app is being closed
            return
        self.counts = page.counts
        rows.empty = " Nothing has been captured yet that the DCC wants back."
        rows.set_rows([return_row(line) for line in page.lines], total=page.total, offset=offset)
        if page.total:  # with another total the cursor may be on another page than the one read
            rows.action_go(rows.cursor)
        self.query_one("#title", Static).update(TITLES[self.wanted])
        self.query_one("#counts", Static).update(count_words(page.counts, self.wanted))
        self.offer()

    def offer(self) -> None:
        """Put the one thing to do on the button."""
        training = "" if self.shell.context.mode == "live" else " (training)"
        self.query_one(ActionButton).offer(*self._next_thing(training))
        self.refresh_bindings()

    def _next_thing(self, training: str) -> tuple[str, str, str]:
        """Key, words and action of the one thing to do with what is on show."""
        if not self.query_one(NumberedList).total:
            return "", "", ""
        if self.wanted == UNASKED:
            return "R", "Return this one all the same", "return_anyway"
        if self.wanted in SET_ASIDE:
            return "T", "Try this one again", "try_again"
        if self.shell.context.upload:
            return "U", f"Upload to the gateway{training}", "upload"
        return "E", f"Export as DUIS XML{training}", "export"

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Show what the item under the cursor says, where there is room."""
        if self.query_one(".side").display:
            self.preview(int(str(event.row.key)))

    @work(exclusive=True, group="preview")
    async def preview(self, number: int) -> None:
        """Decode a row's message for the side."""
        side = self.query_one("#preview", Static)
        try:
            messages, names = await self.service.queries.return_messages(self.wanted, number)
            told = [await self.service.describe(each.raw, each.command, names) for each in messages]
            side.update(Content("\n").join(words_and_fields(each) for each in told))
        except HhtError as error:
            side.update(Content(str(error)))

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        """Read the message of the row."""
        self.open_message(int(str(event.row.key)))

    @work(exclusive=True, group="read")
    async def open_message(self, number: int) -> None:
        """Fetch the row's message and show it."""
        from screens.message.screen import MessageScreen

        try:
            messages, names = await self.service.queries.return_messages(self.wanted, number)
        except HhtError as error:
            self.shell.show_failure(error)
            return
        if messages:
            self.shell.show(MessageScreen(messages, names=names))
        else:
            self.notify(f"A report: 'hht queue show {number}' prints it.")

    def read_again(self) -> None:
        """Read the page on show once more."""
        rows = self.query_one(NumberedList)
        self.load(rows.page_start, rows.page_size)

    def action_show_next(self) -> None:
        """Go on to the next state that has any."""
        choices = views(self.counts)
        at = choices.index(self.wanted) if self.wanted in choices else 0
        self.wanted = choices[(at + 1) % len(choices)]
        rows = self.query_one(NumberedList)
        rows.empty = " Reading the queue …"
        rows.set_rows(())  # other rows: nothing to keep the cursor on
        self.load(0, 9)

    def action_return_anyway(self) -> None:
        """Have the capture under the cursor returned although the DCC does not ask for it."""
        if row := self.query_one(NumberedList).current:
            self.changes.return_anyway(int(str(row.key)))

    def action_try_again(self) -> None:
        """Make the refused item under the cursor ready once more."""
        if row := self.query_one(NumberedList).current:
            self.changes.try_again(int(str(row.key)))

    def action_export(self) -> None:
        """Ask for the folder, then write."""
        self.app.push_screen(FolderScreen(self.shell.context.data_dir / "export"), self._export)

    def _export(self, out: Path | None) -> None:
        """Write into the folder or the archive that was given."""
        if out:
            self.changes.export(out, sum(self.counts.get(state, 0) for state in TO_SEND))

    def action_upload(self) -> None:
        """Send everything that is due."""
        if self.changes.upload():
            self.query_one(ActionButton).offer("", "Uploading …", "")

    def action_open(self) -> None:
        """Read the item under the cursor."""
        self.query_one(NumberedList).action_choose()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done with what is on show."""
        return {
            "return_anyway": self.wanted == UNASKED,
            "try_again": self.wanted in SET_ASIDE,
        }.get(action, True)
