"""The board: a row for each seat, who is stuck on top; Enter opens one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import DataTable, Static

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError
from hht.serve.board import BoardRow, rows_of
from hht.serve.roll import free_seat, name_trainee, read_roll
from hht.texts import text
from hht.training.classroom.folder import Seat
from hht.training.classroom.pausing import is_seat_paused, pause_all, resume_seat
from hht.training.exercise.terms import CHECK, InCheck
from screens import themes
from screens.class_board.seat import SeatScreen
from screens.class_board.text import SIGN_WIDTH, cells, columns_for, heading, trainee
from screens.forms.typed import TypedScreen
from screens.keys.gated_app import GatedApp
from screens.once import SizedAsTerminal
from screens.stylesheets import css_beside
from screens.widgets.action_bar import ActionBar, Offer
from screens.widgets.key_line import HELP_ACTION, KeyLine

LOOK_SECONDS = 2.0
"""As often as seats report."""
LONGEST_NAME = 30
"""What a column has room for."""


class BoardScreen(SizedAsTerminal, Screen[None]):
    """Where the seats are; the help texts know it by its name."""

    HELP = "board"
    BINDINGS = [
        Binding("n", "app.name", "board_name"),
        Binding("f", "app.free", "board_free"),
        Binding("p", "app.pause_all", "board_pause"),
        Binding("r", "app.results", "board_results"),
    ]


class BoardApp(GatedApp):
    """The class of one folder."""

    CSS_PATH = css_beside(__file__)
    TITLE = "hht class"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("f1", HELP_ACTION, "help", priority=True),
        Binding("f2", "other_theme", "theme", show=False),
        Binding("q", "quit", "quit"),
        Binding("ctrl+q", "quit", "quit", show=False),
    ]

    def __init__(self, folder: Path, clock: Clock = SYSTEM_CLOCK) -> None:
        super().__init__()
        self.folder = folder
        self.clock = clock
        self.rows: list[BoardRow] = []
        self.is_check = False
        themes.put_on(self, themes.remembered(folder))

    def get_default_screen(self) -> BoardScreen:
        """Have the screen that the help texts know."""
        return BoardScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Yield the class in a line, the seats, words on the one under the cursor, action, keys."""
        yield Static(id="class")
        yield DataTable[Any](id="seats", cursor_type="row")
        yield Static(id="about")
        yield ActionBar(id="main")
        yield KeyLine()

    def on_mount(self) -> None:
        """Look at the seats, again and again."""
        self.run_worker(self._keep_looking(), group="look")

    async def _keep_looking(self) -> None:
        while True:
            await self.look()
            await self.clock.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Read the state of every seat, and show it."""
        try:
            self.rows = await asyncio.to_thread(rows_of, self.folder, self.clock.time())
            about = await asyncio.to_thread(read_roll, self.folder)
        except HhtError as error:
            self.keep_saying(str(error))
            return
        self.keep_saying("")
        self.is_check = about.get("mode") == CHECK
        self.query_one("#class", Static).update(heading(self.rows, about))
        self._fill()

    def _fill(self) -> None:
        """Bring the table up to date; the cursor stays on its seat, wherever that goes."""
        table = self.query_one(DataTable)
        columns = columns_for(self.size.width)
        chosen = self.chosen
        table.clear(columns=True)
        table.add_column("", width=SIGN_WIDTH)
        for name, width in columns.items():
            table.add_column(text(f"board.{name}_column"), width=width)
        for row in self.rows:
            table.add_row(*cells(row, columns), key=str(row.place.number))
        if chosen:
            numbers = [row.place.number for row in self.rows]
            table.move_cursor(row=numbers.index(chosen.place.number))
        self._say()

    @property
    def chosen(self) -> BoardRow | None:
        """The seat under the cursor."""
        table = self.query_one(DataTable)
        if not table.is_valid_row_index(table.cursor_row):
            return None
        key = table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
        return next((row for row in self.rows if str(row.place.number) == key), None)

    def on_data_table_row_highlighted(self) -> None:
        """Show the words for the seat under the cursor."""
        self._say()

    def _say(self) -> None:
        row = self.chosen
        said = row.report.failure if row and row.report else ""
        board = self.screen_stack[0]
        board.query_one("#about", Static).update(said and text("board.last_failure", words=said))
        board.query_one(ActionBar).offer(
            Offer(text("board.open", who=trainee(row)), "app.open_seat")
            if row
            else Offer(text("list.reading"))
        )

    @on(DataTable.RowSelected, "#seats")  # a row of the results comes by here, too
    def action_open_seat(self) -> None:
        """Open the seat under the cursor."""
        if row := self.chosen:
            self.push_screen(SeatScreen(row, self.clock, is_check=self.is_check))

    def action_name(self) -> None:
        """Say who sits there."""
        if row := self.chosen:
            number = row.place.number

            def named(name: str | None) -> None:
                if name:
                    name_trainee(self.folder, number, " ".join(name.split())[:LONGEST_NAME])
                    self.run_worker(self.look(), group="name")

            self.push_screen(TypedScreen(text("board.which_name"), row.place.trainee), named)

    def action_free(self) -> None:
        """Let the next browser have a seat that no browser shows now."""
        row = self.chosen
        if row and row.place.is_present:
            self.notify(text("board.is_present", who=trainee(row)), severity="warning")
        elif row:
            free_seat(self.folder, row.place.number)
            self.notify(text("board.freed", who=trainee(row)))

    def action_results(self) -> None:
        """Show points and marks of every exercise."""
        from screens.class_board.results import ResultsScreen

        self.push_screen(ResultsScreen(self.folder))

    def action_help(self) -> None:
        """Explain the board, or the seat that is open, and the keys."""
        from screens.help.screen import open_or_close

        open_or_close(self)

    def action_pause_all(self) -> None:
        """Pause every exercise that may be, or let all go on where one is paused."""
        self.run_worker(self._pause_all(), group="pause", exclusive=True)

    async def _pause_all(self) -> None:
        seats = [Seat(row.place.number, trainee(row), row.folder) for row in self.rows]
        paused = [seat for seat in seats if await asyncio.to_thread(is_seat_paused, seat)]
        for seat in paused:
            await asyncio.to_thread(resume_seat, seat)
        if paused:
            self.notify(text("board.all_go_on", count=len(paused)))
            return
        count, refusals = await asyncio.to_thread(pause_all, seats)
        if count:
            self.notify(text("board.all_paused", count=count))
        elif not refusals:
            self.notify(text("board.nothing_to_pause"), severity="warning")
        checks = [each for each in refusals if isinstance(each, InCheck)]
        if checks:
            self.notify(text("board.checks_go_on", count=len(checks)), severity="warning")
        for error in refusals:
            if error not in checks:
                self.notify(str(error), severity="error")

    def action_other_theme(self) -> None:
        """Change between sun and night."""
        themes.change(self)
