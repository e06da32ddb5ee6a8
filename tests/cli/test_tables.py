"""Tables of the command line: nothing in a cell is lost, broken or read as an instruction."""

import io
import sys

import pytest
from rich.console import Console

from hht.cli.facility.options import progress_bar
from hht.cli.tables import fitted, print_table, table_lines, wide_console

ROWS = [(1, "ESME", "on the HAN"), (20, "PPMID in the hall", "[bold]off[/bold] :smile:")]


def test_columns_are_as_wide_as_what_is_in_them_and_square_brackets_are_text() -> None:
    assert table_lines(ROWS, right=(0,), to=wide_console()) == [
        " 1  ESME               on the HAN",
        "20  PPMID in the hall  [bold]off[/bold] :smile:",
    ]


def test_a_file_has_every_row_on_one_line_however_long() -> None:
    long = "x" * 500
    assert table_lines([(long, "end")], to=wide_console()) == [f"{long}  end"]


def test_a_narrow_terminal_breaks_lines_and_leaves_no_sign_out() -> None:
    lines = table_lines(ROWS, ("n", "Device", "state"), to=Console(width=24, markup=False))
    assert max(map(len, lines)) <= 24
    said = "".join("".join(lines).split())
    assert all(sign in said for sign in "PPMIDinthehall")


def test_rows_before_one_that_fails_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    def rows() -> object:
        yield "1", "read"
        raise ValueError("the second cannot be read")

    with pytest.raises(ValueError, match="second"):
        print_table(rows())  # type: ignore[arg-type]
    assert capsys.readouterr().out == "1  read\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_phase_has_as_many_units_as_the_one_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar() as show:
        show("checked", 5)
        show("built", 2)
    assert "2/5" in terminal.getvalue()


def test_what_is_no_terminal_gets_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(5) as show:
        show("made", 2)
    assert capsys.readouterr().err == ""


def test_rows_for_a_terminal_have_a_line_each_and_the_last_says_what_has_no_room() -> None:
    rows = ["short", "25 at a place with a long name", "厨房厨房厨房", "fourth"]
    assert fitted(rows, 9, 5) == ["short", "25 at a p", "厨房厨房", "fourth"]
    assert fitted(rows, 9, 4) == ["short", "25 at a p", "… 2 more"]
