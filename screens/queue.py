"""The queue screen: what is to be returned to the DCC as SR 8.13, and its export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from screens.base import HhtScreen, css_beside
from screens.widgets.action_button import ActionButton
from screens.widgets.message_view import words_and_fields
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row

if TYPE_CHECKING:
    from screens.lookups import ReturnLine

STATES = {
    "draft": ("○", "draft", "$text-muted"),
    "ready": ("●", "ready", "$primary"),
    "sent": ("▶", "sent, no receipt yet", "$primary"),
    "received": ("✓", "received", "$success"),
    "refused": ("✗", "refused", "$error"),
}


class QueueScreen(HhtScreen):
    """Holds one page of the queue at a time, however long it is."""

    CSS_PATH = css_beside(__file__)
    HELP = "queue"
    BINDINGS = [
        Binding("e", "export", "Export"),
        Binding("enter", "open", "Read"),
        Binding("escape", "back", "Back"),
    ]

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
        self.query_one("#title", Static).update("To return to the DCC")
        self.load(0, 9)

    def on_numbered_list_need_rows(self, event: NumberedList.NeedRows) -> None:
        """Read the page that is wanted."""
        self.load(event.offset, event.count)

    @work(exclusive=True, group="load")
    async def load(self, offset: int, count: int) -> None:
        """Read a page and the counts."""
        rows = self.query_one(NumberedList)
        try:
            page = await self.desk.records.return_page(offset, count)
        except HhtError as error:
            self.hht.show_failure(error, retry=lambda: self.load(offset, count))
            return
        rows.empty = " Nothing has been captured yet that the DCC wants back."
        rows.set_rows([return_row(line) for line in page.lines], total=page.total, offset=offset)
        self.query_one("#counts", Static).update(count_words(page.counts))
        self._offer(page.total)

    def _offer(self, total: int) -> None:
        """Offer the export where there is something to export."""
        words = "Export as DUIS XML" if self.hht.context.mode == "live" else "Export (training)"
        self.query_one(ActionButton).offer(*(("E", words, "export") if total else ("", "", "")))

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Show what the item under the cursor says, where there is room."""
        if self.query_one(".side").display:
            self.preview(int(str(event.row.key)))

    @work(exclusive=True, group="preview")
    async def preview(self, return_id: int) -> None:
        """Decode an item's message for the side."""
        side = self.query_one("#preview", Static)
        try:
            [(_, raw)] = await self.desk.records.return_messages(return_id)
            side.update(words_and_fields(await self.desk.describe(raw)))
        except HhtError as error:
            side.update(Content(str(error)))

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        """Read the message that the item returns."""
        self.open_message(int(str(event.row.key)))

    @work(exclusive=True, group="read")
    async def open_message(self, return_id: int) -> None:
        """Fetch the item's message and show it."""
        from screens.message import MessageScreen

        try:
            messages = await self.desk.records.return_messages(return_id)
        except HhtError as error:
            self.hht.show_failure(error)
        else:
            self.app.push_screen(MessageScreen(messages))

    def action_open(self) -> None:
        """Read the item under the cursor."""
        self.query_one(NumberedList).action_choose()

    def action_export(self) -> None:
        """Ask for the folder, then write."""
        from screens.folder import FolderScreen

        self.app.push_screen(FolderScreen(self.hht.context.data_dir / "export"), self._export)

    def _export(self, folder: Path | None) -> None:
        """Write into the folder that was given."""
        if folder:
            self.export(folder)

    @work(exclusive=True, group="export")
    async def export(self, folder: Path) -> None:
        """Write the files, then say how many and where."""
        try:
            written = await self.desk.records.export(folder)
        except HhtError as error:
            self.hht.show_failure(error, retry=lambda: self.export(folder))
        else:
            self.notify(f"✓ {len(written)} files written to {folder}")
            rows = self.query_one(NumberedList)
            self.load(rows.page_start, rows.page_size)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()


def return_row(line: ReturnLine) -> Row:
    """An item on two lines: what was captured and its state, then whose request it answers."""
    sign, word, style = STATES[line.state]
    answers = f" · answers {line.original}" if line.original else ""
    return Row(
        line.id,
        Content(line.title),
        Content.styled(f"{line.sender}{answers}", "$text-muted"),
        Content.styled(f"{sign} {word}", f"bold {style}"),
    )


def count_words(counts: dict[str, int]) -> Content:
    """How many items there are in each state, those with none left out."""
    words = [
        Content.styled(f"{sign} {counts[state]} {word}", style)
        for state, (sign, word, style) in STATES.items()
        if counts.get(state)
    ]
    return Content("   ").join(words)
