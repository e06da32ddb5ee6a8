"""A list in a panel: as many rows as fit, a cursor, digits for the first nine, a search for all."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region
from textual.message import Message

from hht.texts import text
from screens.widgets.row import Row, fitted, spread_long, two_lines
from screens.widgets.titled import Titled

ONE_LINE_COLUMNS = 90  # from here what is on a second line fits beside the first
STRETCH = 3  # pages that are fetched at once, so that a step to the next needs no fetching
DIGITS = "123456789"
GLOVE = "-glove"
"""The class of a screen on which every row is two lines high."""


class NumberedList(Titled, can_focus=True):
    """Rows around the cursor: all of them, or just a stretch fetched for the place."""

    DEFAULT_CSS = """
    NumberedList {
        height: 1fr; border: round $track; border-title-color: $primary;
        border-title-style: bold; border-subtitle-color: $text-muted; padding: 0;
    }
    NumberedList:focus {
        border: round $primary;
    }
    """

    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "turn(-1)", show=False),
        Binding("pagedown", "turn(1)", show=False),
        Binding("home", "go(0)", show=False),
        Binding("end", "go(-1)", show=False),
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

    class Picked(Highlighted):
        """A row was opened by its number or by a tap."""

    class NeedRows(Message):
        """Rows from `offset` on are wanted that are not held: `count` of them."""

        def __init__(self, offset: int, count: int) -> None:
            super().__init__()
            self.offset = offset
            self.count = count

    def __init__(
        self, *, title: str = "", empty: str = "", id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, title=title, classes=classes)
        self.empty = empty
        self.awaited = ""
        """What is said in place of `empty` until the first rows are set, or none are there."""
        self.rows: Sequence[Row] = ()
        self.total = 0
        self.first_held = 0
        self.cursor = 0
        self.top = 0
        self.hint = ""
        """How a row is found that is not on show; said where not all rows are."""
        self._asked: tuple[int, int] | None = None
        self._said_below = ""

    def set_rows(self, rows: Sequence[Row], *, total: int | None = None, offset: int = 0) -> None:
        """Show these; with `total` and `offset` they are one stretch of a longer list."""
        kept, self.awaited = self.current.key if self.current else None, ""
        self.rows, self.first_held, self._asked = rows, offset, None
        self.total = len(rows) if total is None else total
        self._keep_cursor_on(kept)
        self._settle()
        self.refresh()
        self._post_highlighted()

    def _keep_cursor_on(self, key: object) -> None:
        """Stay with the row the person was on, wherever it moved to; else stay in place."""
        places = (self.first_held + n for n, row in enumerate(self.rows) if row.key == key)
        self.cursor = max(0, min(next(places, self.cursor), self.total - 1))

    @property
    def current(self) -> Row | None:
        """The row under the cursor, if it is held."""
        return self._row(self.cursor)

    @property
    def tall(self) -> bool:
        """Whether every row is two lines high: for a finger in a glove."""
        return self.screen.has_class(GLOVE)

    @property
    def lines(self) -> int:
        """How many lines there are for rows."""
        return max(1, self.size.height)

    def pick(self, number: int) -> bool:
        """Open the row with this number; whether there is one."""
        if not 1 <= number <= self.total or self._row(number - 1) is None:
            return False
        self.action_go(number - 1)
        if self.current:
            self.post_message(self.Picked(self, self.current))
        return True

    def highlight(self, key: object) -> None:
        """Put the cursor on the row that stands for `key`, if it is held."""
        for place, row in enumerate(self.rows, self.first_held):
            if row.key == key:
                self.action_go(place)

    def find(self, words: str) -> bool:
        """Go to the next row with these words, or to the one with this number; whether it is there.

        What is not held is not looked at.
        """
        if words.isdecimal() and 1 <= int(words) <= self.total:
            self._go(int(words) - 1)
            return True
        held = len(self.rows)
        for step in range(1, held + 1):
            at = (self.cursor - self.first_held + step) % held
            if words.lower() in self.rows[at].plain:
                self._go(self.first_held + at)
                return True
        return False

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self.cursor + by)

    def action_turn(self, pages: int) -> None:
        """Move the cursor by as many rows as are on show."""
        self._go(self.cursor + pages * max(1, self._shown() - 1))

    def action_go(self, place: int) -> None:
        """Go to a place in the whole list; negative counts from the end."""
        self._go(place if place >= 0 else self.total + place)

    def _go(self, place: int) -> None:
        """Put the cursor at a place within the list; where no row moves, two are painted."""
        before, top = self.cursor, self.top
        self.cursor = max(0, min(place, self.total - 1))
        self._settle()
        self.refresh(*(map(self._region, (before, self.cursor)) if self.top == top else ()))
        self._post_highlighted()

    def _region(self, place: int) -> Region:
        """Return where a row on show is painted."""
        y = sum(map(self._height, range(self.top, place)))
        return Region(0, y, self.size.width, self._height(place))

    def _settle(self) -> None:
        """Bring the cursor into view, fill the panel to its end, and fetch what is missing."""
        self.top = max(0, min(self.top, self.cursor))
        self.top = max(self.top, self._first_with(self.cursor))
        self.top = min(self.top, self._first_with(self.total - 1))
        self._ask_for_rows()
        self._draw_border()

    def _ask_for_rows(self) -> None:
        """Ask for the rows around those on show, once."""
        last = min(self.total, self.top + self.lines) - 1
        if self.total and not (self._row(self.top) and self._row(last)):
            start = max(0, self.top - self.lines)
            wanted = (start, min(STRETCH * self.lines, self.total - start))
            if wanted != self._asked:
                self._asked = wanted
                self.post_message(self.NeedRows(*wanted))

    def _row(self, place: int) -> Row | None:
        """Return the row at a place in the whole list, if it is held."""
        within = 0 <= place - self.first_held < len(self.rows)
        return self.rows[place - self.first_held] if within else None

    def _height(self, place: int) -> int:
        row = self._row(place)
        return 2 if self.tall or (row and row.detail and not self._in_one_line) else 1

    @property
    def _in_one_line(self) -> bool:
        return self.size.width >= ONE_LINE_COLUMNS

    def _first_with(self, last: int) -> int:
        """Return the first row from which all to `last` fit; no more than a page is looked at."""
        height, place = 0, last
        while place >= 0 and height + self._height(place) <= self.lines:
            height += self._height(place)
            place -= 1
        return max(0, min(place + 1, last))

    def _shown(self) -> int:
        """Return how many rows are on show, whole."""
        height, place = 0, self.top
        while place < self.total and height + self._height(place) <= self.lines:
            height += self._height(place)
            place += 1
        return place - self.top

    def _draw_border(self) -> None:
        """Say in the bottom border how much there is above and below."""
        below = max(0, self.total - self.top - self._shown())
        parts = [
            self.hint if self.top or below else "",
            text("list.above", count=self.top) if self.top else "",
            text("list.below", count=below) if below else "",
        ]
        said = " · ".join(filter(None, parts))
        if said != self._said_below:  # another title has all of the list painted again
            self._said_below, self.border_subtitle = said, Content(said)

    def on_click(self, event: events.Click) -> None:
        """Open the tapped row; a tap on the border, above or below, turns a page."""
        line = event.y - self.gutter.top
        if not 0 <= line < self.size.height:
            self.action_turn(-1 if line < 0 else 1)
            return
        place = self.top
        while place < self.total and line >= self._height(place):
            line -= self._height(place)
            place += 1
        self.pick(place + 1)

    def on_mouse_scroll_down(self) -> None:
        """Move the cursor by the wheel."""
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        """Move the cursor by the wheel."""
        self.action_move(-1)

    def on_resize(self) -> None:
        """Hold the rows that the new size shows; what is beside the list may have come with it."""
        self._settle()
        self.refresh()
        self._post_highlighted()

    def _post_highlighted(self) -> None:
        """Let the screen follow the cursor."""
        if self.current:
            self.post_message(self.Highlighted(self, self.current))

    def render(self) -> Content:
        """Draw the rows on show."""
        if not self.total:
            return Content.styled(f" {self.awaited or self.empty}", "$text-muted")
        lines: list[Content] = []
        for place in range(self.top, self.total):
            lines += self._draw(place)
            if len(lines) >= self.lines:
                break
        return Content("\n").join(lines[: self.lines])

    def _draw(self, place: int) -> list[Content]:
        """Draw one row across the whole width."""
        row, width = self._row(place), self.size.width
        if row is None:
            return [Content(" …")]
        on_it = place == self.cursor
        mark = Content.styled("▌" if on_it else " ", "bold $accent")
        inner = width - 1
        if self._in_one_line and row.detail and not self.tall:
            lines = [self._one_line(row, inner)]
        else:
            lines = two_lines(row, inner)[: self._height(place)]
        drawn = [mark + line for line in lines]
        return [line.stylize("on $cursor") for line in drawn] if on_it else drawn

    def _one_line(self, row: Row, width: int) -> Content:
        """Put head and detail side by side, and what belongs at the right.

        The detail begins in the middle, or before it where it has no room there and the head has.
        """
        left, detail = row.lead + row.head, Content(" ") + row.detail
        wanted = detail.cell_length + (row.right.cell_length + 1 if row.right else 0)
        begins = min(width // 2, max(left.cell_length, width - wanted))
        return fitted(left, begins) + spread_long(detail, row.right, width - begins)
