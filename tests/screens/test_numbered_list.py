"""Numbered lists: a number for each row of the page, pages for any number of rows."""

from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row

SIZE = (40, 11)  # five rows and the page line


class ListApp(App[None]):
    """A list, and what it said."""

    def __init__(self, held: int, total: int | None = None) -> None:
        super().__init__()
        self.held, self.total = held, total
        self.chosen: list[object] = []
        self.wanted: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield NumberedList(empty="none")

    def on_mount(self) -> None:
        self.query_one(NumberedList).set_rows(rows(0, self.held), total=self.total)
        self.query_one(NumberedList).focus()

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        self.chosen.append(event.row.key)

    def on_numbered_list_need_rows(self, event: NumberedList.NeedRows) -> None:
        self.wanted.append((event.offset, event.count))


def rows(start: int, count: int) -> list[Row]:
    return [
        Row(n, Content(f"row {n}"), Content("detail"), Content("state"))
        for n in range(start, start + count)
    ]


def screen_of(pilot: Pilot[None]) -> str:
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def test_digits_stand_for_the_rows_of_the_page_on_show() -> None:
    app = ListApp(12)
    async with app.run_test(size=SIZE) as pilot:
        app.query_one(NumberedList).pick(2)
        await pilot.press("pagedown")
        app.query_one(NumberedList).pick(2)
        await pilot.pause()
        assert app.chosen == [1, 6]
        assert "page 2 of 3 · 12 in all" in screen_of(pilot)


async def test_a_digit_beyond_the_last_row_does_nothing() -> None:
    app = ListApp(3)
    async with app.run_test(size=SIZE) as pilot:
        app.query_one(NumberedList).pick(4)
        await pilot.pause()
        assert app.chosen == []


async def test_the_cursor_moves_over_pages_and_stays_within_the_list() -> None:
    app = ListApp(12)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("end", "down", "enter", "home", "up", "enter")
        assert app.chosen == [11, 0]


async def test_rows_that_are_not_held_are_asked_for_a_page_at_a_time() -> None:
    app = ListApp(5, total=100_000)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("pagedown")
        assert app.wanted == [(5, 5)]
        app.query_one(NumberedList).set_rows(rows(5, 5), total=100_000, offset=5)
        await pilot.press("enter")
        assert app.chosen == [5]
        await pilot.press("end")
        assert app.wanted[-1] == (99_995, 5)


async def test_the_cursor_stays_on_its_row_when_the_rows_are_replaced() -> None:
    app = ListApp(4)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        app.query_one(NumberedList).set_rows(list(reversed(rows(0, 4))))
        await pilot.press("enter")
        assert app.chosen == [2]


async def test_every_row_is_two_lines_of_the_whole_width_and_the_state_stands_at_the_right() -> (
    None
):
    app = ListApp(2)
    async with app.run_test(size=SIZE) as pilot:
        lines = screen_of(pilot).split("\n")
        assert [line[1:3] for line in lines[0:4:2]] == ["1 ", "2 "]
        assert lines[0].endswith("state")
        assert len(lines[0]) == SIZE[0] - 1


async def test_a_tap_on_either_line_of_a_row_opens_it() -> None:
    app = ListApp(3)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(NumberedList, offset=(5, 3))
        assert app.chosen == [1]


async def test_an_empty_list_says_what_it_is_empty_of() -> None:
    async with ListApp(0).run_test(size=SIZE) as pilot:
        assert screen_of(pilot).startswith("none")
