"""A list in pages: each row has a number to press, and is tall enough for a gloved finger."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from screens.widgets.row import ROW_HEIGHT, Row, fitted, lit

MOST_ON_A_PAGE = 9  # one for each digit key


class NumberedList(Widget, can_focus=True):
    """Shows one page of rows. Holds them all, or just the stretch that was fetched for it."""

    BINDINGS = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "turn(-1)", "Page back", show=False),
        Binding("pagedown", "turn(1)", "Page on", show=False),
        Binding("home", "go(0)", "First", show=False),
        Binding("end", "go(-1)", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    class Highlighted(Message):
        """The cursor came to rest on a row."""

        def __init__(self, source: NumberedList, row: Row) -> None:
            super().__init__()
            self.source = source
            self.row = row

        @property
        def control(self) -> NumberedList:
            """The list it happened in."""
            return self.source

    class Chosen(Highlighted):
        """A row was opened: by Enter, its number, or a tap."""

    class NeedRows(Message):
        """The page at `offset` is not held: `count` rows are wanted from there."""

        def __init__(self, offset: int, count: int) -> None:
            super().__init__()
            self.offset = offset
            self.count = count

    def __init__(self, *, empty: str = "Nothing here yet.", id: str | None = None) -> None:
        super().__init__(id=id)
        self.empty = empty
        self.rows: Sequence[Row] = ()
        self.total = 0
        self.first_held = 0
        self.cursor = 0

    def set_rows(self, rows: Sequence[Row], *, total: int | None = None, offset: int = 0) -> None:
        """Show these; with `total` and `offset` they are one stretch of a longer list."""
        kept = self.current.key if self.current else None
        self.rows, self.first_held = rows, offset
        self.total = len(rows) if total is None else total
        self._keep_cursor_on(kept)
        self.refresh()
        self._tell_highlighted()

    def _keep_cursor_on(self, key: object) -> None:
        """Stay with the row the person was on, wherever it moved to; else stay in place."""
        places = (self.first_held + n for n, row in enumerate(self.rows) if row.key == key)
        self.cursor = min(next(places, self.cursor), max(0, self.total - 1))

    @property
    def current(self) -> Row | None:
        """The row under the cursor, if it is held."""
        return self._row(self.cursor)

    @property
    def page_size(self) -> int:
        """How many rows fit; a line is kept for the page number when not all do."""
        fit = max(1, min(MOST_ON_A_PAGE, self.size.height // ROW_HEIGHT))
        if self.total > fit and self.size.height - fit * ROW_HEIGHT < 1:
            return max(1, fit - 1)
        return fit

    @property
    def page_start(self) -> int:
        """The place in the whole list of the first row on show."""
        return self.cursor - self.cursor % self.page_size

    def pick(self, digit: int) -> None:
        """Open the row with this number on the page; nothing if there is none."""
        place = self.page_start + digit - 1
        if 1 <= digit <= self.page_size and self._row(place):
            self.action_go(place)
            self.action_choose()

    def highlight(self, key: object) -> None:
        """Put the cursor on the row that stands for `key`, if it is held."""
        for place, row in enumerate(self.rows, self.first_held):
            if row.key == key:
                self.action_go(place)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self.cursor + by)

    def action_turn(self, pages: int) -> None:
        """Turn pages: the cursor goes to the first row of the new one."""
        self._go(self.page_start + pages * self.page_size)

    def action_go(self, place: int) -> None:
        """Go to a place in the whole list; negative counts from the end."""
        self._go(place if place >= 0 else self.total + place)

    def _go(self, place: int) -> None:
        """Put the cursor at a place within the list; ask for its page if it is not held."""
        self.cursor = max(0, min(place, self.total - 1))
        start = self.page_start
        wanted = min(self.page_size, self.total - start)
        if wanted > 0 and not (self._row(start) and self._row(start + wanted - 1)):
            self.post_message(self.NeedRows(start, wanted))
        self.refresh()
        self._tell_highlighted()

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.current:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        """A tap opens the row it falls on."""
        self.pick(event.y // ROW_HEIGHT + 1)

    def on_resize(self) -> None:
        """Another size, another page: see that its rows are held."""
        if self.total:
            self._go(self.cursor)

    def _row(self, place: int) -> Row | None:
        """The row at a place in the whole list, if it is held."""
        within = 0 <= place - self.first_held < len(self.rows)
        return self.rows[place - self.first_held] if within else None

    def _tell_highlighted(self) -> None:
        """Let the screen follow the cursor."""
        if self.current:
            self.post_message(self.Highlighted(self, self.current))

    def render(self) -> Content:
        """Draw the page, and under it which page it is when there are more."""
        if not self.total:
            return Content.styled(self.empty, "$text-muted")
        start, size = self.page_start, self.page_size
        last = min(start + size, self.total)
        lines = [line for place in range(start, last) for line in self._draw(place, start)]
        if self.total > size:
            pages = -(-self.total // size)
            text = f" page {start // size + 1} of {pages} · {self.total} in all · PgUp PgDn"
            lines.append(Content.styled(text, "$text-muted"))
        return Content("\n").join(lines)

    def _draw(self, place: int, start: int) -> tuple[Content, Content]:
        """Draw one row on two lines, across the whole width."""
        row, width = self._row(place), self.size.width
        if row is None:
            return Content(" …"), Content("")
        on_it = place == self.cursor
        mark = "▌" if on_it else " "
        head_room = width - 4 - row.right.cell_length - 1
        head = Content.assemble(
            (f"{mark}{place - start + 1} ", "bold $accent"),
            fitted(row.head, head_room),
            " ",
            row.right,
            " ",
        )
        detail = Content.assemble((f"{mark}  ", "bold $accent"), fitted(row.detail, width - 3))
        return (lit(head), lit(detail)) if on_it else (head, detail)
