"""The manual: its pages in a list, and each as a page to scroll; no network is needed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Markdown

from hht import manual
from hht.errors import HhtError
from hht.texts import text
from screens.base import HhtScreen
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.panel import Panel
from screens.widgets.row import Row, numbered


class ManualScreen(HhtScreen):
    """The pages by their titles; Enter opens the one under the cursor."""

    HELP = "manual"

    def body(self) -> ComposeResult:
        yield NumberedList(title=text("manual.title"), empty=text("manual.none"), id="pages")

    def opened(self) -> None:
        """List the pages."""
        try:
            rows = [page_row(number, page) for number, page in enumerate(manual.pages(), 1)]
        except HhtError as error:
            self.shell.show_failure(error)
            rows = []
        self.query_one(NumberedList).set_rows(rows)
        self.refresh_offer()

    def offer(self) -> Offer:
        """Open what is under the cursor."""
        row = self.query_one(NumberedList).current
        if row is None:
            return Offer(text("action.back"), "back")
        return Offer(text("action.open", what=row.head.plain), "open")

    def on_numbered_list_highlighted(self) -> None:
        """Offer the page that is under the cursor now."""
        self.refresh_offer()

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Open the page with that number."""
        self.action_open()

    def action_open(self) -> None:
        """Open the page under the cursor."""
        row = self.query_one(NumberedList).current
        if row is None or not isinstance(row.key, manual.Page) or not self.is_active:
            return
        try:
            self.shell.show(PageScreen(row.key.title, manual.read(row.key)))
        except HhtError as error:
            self.shell.show_failure(error)


class PageScreen(HhtScreen):
    """One page, to scroll; its title is the panel's."""

    DEFAULT_CSS = """
    PageScreen Markdown { padding: 0; margin: 0; }
    PageScreen Markdown MarkdownBlock { margin: 0 0 1 0; }
    PageScreen Markdown MarkdownFence { margin: 0 0 1 0; max-height: 100; overflow: hidden; }
    PageScreen MarkdownFence > Label { width: 1fr; padding: 0 0 0 2; text-wrap: wrap; }
    PageScreen MarkdownTableContent > .cell { text-overflow: fold; }
    PageScreen MarkdownTableContent > .header { text-overflow: fold; }
    """
    HELP = "manual"
    AUTO_FOCUS = "Panel"

    def __init__(self, title: str, words: str) -> None:
        super().__init__()
        self.heading = title
        self.words = words

    def body(self) -> ComposeResult:
        with Panel(title=self.heading):
            yield Markdown(self.words.partition("\n")[2], open_links=False)

    def opened(self) -> None:
        """Offer the way back."""
        self.refresh_offer()

    def offer(self) -> Offer:
        """Go back to the pages."""
        return Offer(text("action.back"), "back")


def page_row(number: int, page: manual.Page) -> Row:
    """Return a page: its title, and the file's name beside it."""
    name = Content.styled(page.name, "$text-muted")
    return Row(page, Content(page.title), right=name, lead=numbered(number))
