"""Lists: as many rows as fit, a second line where there is more to say, any number of rows."""

from dataclasses import replace

import pytest
from painted import strips_of
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.pilot import Pilot

from screens.themes import load_themes
from screens.widgets.numbered_list import GLOVE, NumberedList
from screens.widgets.row import Row, numbered, spread_long, two_lines

SIZE = (40, 10)  # eight lines within the border


class ListApp(App[None]):
    """A list, and what it said."""

    def __init__(self, held: int, total: int | None = None, *, detail: bool = False) -> None:
        super().__init__()
        for theme in load_themes():
            self.register_theme(theme)
        self.theme = "hht-night"
        self.held, self.total, self.detail = held, total, detail
        self.picked: list[object] = []
        self.wanted: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield NumberedList(title="Rows", empty="none")

    def on_mount(self) -> None:
        held = rows(0, self.held, detail=self.detail)
        self.query_one(NumberedList).set_rows(held, total=self.total)
        self.query_one(NumberedList).focus()

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        self.picked.append(event.row.key)

    def on_numbered_list_need_rows(self, event: NumberedList.NeedRows) -> None:
        self.wanted.append((event.offset, event.count))


def rows(start: int, count: int, *, detail: bool = False) -> list[Row]:
    more = Content("detail" if detail else "")
    return [
        Row(n, Content(f"row {n + 1}"), more, Content("state"), numbered(n + 1, 2))
        for n in range(start, start + count)
    ]


def screen_of(pilot: Pilot[None]) -> list[str]:
    strips = strips_of(pilot.app)
    return [strip.text.rstrip() for strip in strips]


async def test_a_step_within_the_page_paints_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ListApp(5, detail=True).run_test(size=SIZE) as pilot:
        painted: list[tuple[Region, ...]] = []
        listed = pilot.app.query_one(NumberedList)
        paint = listed.refresh

        def noting(*regions: Region, **how: bool) -> NumberedList:
            painted.append(regions)
            return paint(*regions, **how)

        monkeypatch.setattr(listed, "refresh", noting)
        await pilot.press("down")
        assert painted == [(Region(0, 0, 38, 2), Region(0, 2, 38, 2))]
        assert [line[1] for line in screen_of(pilot)[1:5]] == [" ", " ", "▌", "▌"]


async def test_rows_fill_the_panel_and_its_border_says_how_many_more_there_are() -> None:
    async with ListApp(12).run_test(size=SIZE) as pilot:
        lines = screen_of(pilot)
        assert lines[1].startswith("│▌ 1 row 1")
        assert lines[8].startswith("│  8 row 8")
        assert "4 more below ↓" in lines[9]
        await pilot.press("end")
        lines = screen_of(pilot)
        assert lines[8].startswith("│▌   row 12")  # no digit opens it
        assert "4 above ↑" in lines[9]


async def test_digits_stand_for_the_first_nine_rows_wherever_the_list_stands() -> None:
    app = ListApp(12)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("end")
        assert app.query_one(NumberedList).pick(2)
        assert not app.query_one(NumberedList).pick(13)
        await pilot.pause()
        assert app.picked == [1]


async def test_the_cursor_moves_over_all_rows_and_stays_within_them() -> None:
    app = ListApp(12)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("end", "down")
        assert app.query_one(NumberedList).cursor == 11
        await pilot.press("home", "up")
        assert app.query_one(NumberedList).cursor == 0
        await pilot.press("pagedown")
        assert app.query_one(NumberedList).cursor == 7


async def test_rows_that_are_not_held_are_asked_for_once_and_around_the_place() -> None:
    app = ListApp(24, total=100_000)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        assert app.wanted == []
        await pilot.press("end")
        assert app.wanted == [(99_984, 16)]
        app.query_one(NumberedList).set_rows(rows(99_984, 16), total=100_000, offset=99_984)
        await pilot.pause()
        assert "row 100000" in screen_of(pilot)[8]


async def test_the_cursor_stays_on_its_row_when_the_rows_are_replaced() -> None:
    app = ListApp(4)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        app.query_one(NumberedList).set_rows(list(reversed(rows(0, 4))))
        current = app.query_one(NumberedList).current
        assert current is not None
        assert current.key == 2


async def test_a_second_line_is_there_only_for_a_row_that_has_more_to_say() -> None:
    app = ListApp(2)
    async with app.run_test(size=SIZE) as pilot:
        more = [rows(0, 1)[0], rows(1, 1, detail=True)[0]]
        app.query_one(NumberedList).set_rows(more)
        await pilot.pause()
        lines = screen_of(pilot)
        assert lines[1].endswith("state│")
        assert "detail" in lines[3]
        assert len(lines[1]) == SIZE[0]


async def test_where_there_is_room_the_second_line_stands_beside_the_first() -> None:
    async with ListApp(2, detail=True).run_test(size=(110, 10)) as pilot:
        line = screen_of(pilot)[1]
        assert line.index("detail") > line.index("row 1")
        assert line.endswith("state│")


async def test_every_row_is_two_lines_high_for_a_glove() -> None:
    app = ListApp(3)
    async with app.run_test(size=SIZE) as pilot:
        app.screen.add_class(GLOVE)
        app.query_one(NumberedList).set_rows(rows(0, 3))
        await pilot.pause()
        assert "row 2" in screen_of(pilot)[3]


async def test_a_tap_on_either_line_of_a_row_opens_it_and_on_a_border_turns_a_page() -> None:
    app = ListApp(8, detail=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(NumberedList, offset=(5, 4))
        assert app.picked == [1]
        await pilot.click(NumberedList, offset=(5, 9))
        assert app.query_one(NumberedList).cursor == 4
        assert app.picked == [1]


async def test_the_end_of_a_list_is_reached_without_looking_at_all_that_is_before_it() -> None:
    app = ListApp(24, total=1_000_000_000)  # looked at one by one it would take hours
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("end")
        assert app.query_one(NumberedList).cursor == 999_999_999


async def test_an_empty_list_says_what_it_is_empty_of() -> None:
    async with ListApp(0).run_test(size=SIZE) as pilot:
        assert screen_of(pilot)[1].startswith("│ none")


def test_what_is_at_the_right_leaves_a_fifth_of_the_line_to_what_it_belongs_to() -> None:
    line = spread_long(Content("2 stick"), Content("/media/" + "deep/" * 20 + "card"), 40)
    assert line.plain == "2 stick …p/deep/deep/deep/deep/deep/card"
    assert spread_long(Content("2 stick"), Content("/media"), 20).plain == "2 stick       /media"


async def test_until_the_first_rows_are_set_nothing_is_said_to_be_missing() -> None:
    async with ListApp(0).run_test(size=SIZE) as pilot:
        listed = pilot.app.query_one(NumberedList)
        listed.empty, listed.awaited = "None has come.", "Reading …"
        assert "Reading …" in str(listed.render())
        listed.set_rows(())
        assert "None has come." in str(listed.render())


async def test_in_one_line_a_long_second_part_begins_where_the_first_ends() -> None:
    told = "d" * 60
    async with ListApp(0).run_test(size=(102, 10)) as pilot:
        listed = pilot.app.query_one(NumberedList)
        listed.set_rows([Row(1, Content("row 1"), Content(told), Content("state"))])
        await pilot.pause()
        assert any(told in line for line in screen_of(pilot))


@pytest.mark.parametrize(
    ("flows", "below"), [(True, "  the ESME · 8F84"), (False, "  8F84")], ids=["flows", "not"]
)
def test_what_the_first_line_of_a_row_has_no_room_for_goes_on_below(
    flows: bool, below: str
) -> None:
    row = Row(1, Content("Not delivered to the ESME"), Content("8F84"), Content("09:41"))
    first, second = two_lines(replace(row, lead=numbered(1), flows=flows), 24)
    assert first.plain.startswith("1 Not delivered t")
    assert second.plain.rstrip() == below
