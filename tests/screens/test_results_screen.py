"""The board's results: marks in rows, a table and a page written, certificates made and refused."""

from pathlib import Path

import pytest
from class_samples import class_of, pass_exercise
from painted import strips_of
from radio_bench import until
from screen_bench import BOTH
from textual.widgets import DataTable

from hht.texts import text
from hht.training.classroom.certificate import verdict_on
from screens.class_board.results import WIDE, ResultsScreen
from screens.class_board.screen import BoardApp


def text_of(app: BoardApp) -> str:
    return " ".join(" ".join(strip.text for strip in strips_of(app)).split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of two, of whom Ann has passed the only exercise."""
    room = class_of(tmp_path, "Ann", "Bob")
    pass_exercise(room)
    return room.folder


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_results_are_rows_and_go_into_files_and_certificates(
    folder: Path, size: tuple[int, int]
) -> None:
    app = BoardApp(folder)
    async with app.run_test(size=size) as pilot:
        await pilot.press("r")
        await until(lambda: "1 of 2 passed" in text_of(app))
        assert isinstance(app.screen, ResultsScreen)
        assert "First day" in text_of(app)
        await until(lambda: "✓ 100" in text_of(app))
        await until(lambda: "Passed from 60 points on. 1 try so far." in text_of(app))
        await pilot.press("enter")
        await until(lambda: "Written: " in text_of(app))
        assert isinstance(app.screen, ResultsScreen)  # no seat of the board below
        assert "Ann" in (folder / "results.csv").read_text("utf-8-sig")
        await pilot.press("c")
        await until(lambda: "Which trainer" in text_of(app))
        await pilot.press(*"Kim", "enter")
        await until(lambda: "certificate-01.html" in text_of(app).replace(" ", ""))
        verdict = verdict_on((folder / "certificate-01.html").read_bytes(), None)
        assert (verdict.signer is None, verdict.content["trainee"]) == (False, "Ann")
        assert verdict.content["trainer"] == "Kim"
        await pilot.press("down", "c")
        await until(lambda: "Bob has not passed" in text_of(app))
        assert not (folder / "certificate-02.html").exists()
        other = BOTH[1 - BOTH.index(size)]
        await pilot.resize_terminal(*other)
        await until(lambda: (text("results.order") in text_of(app)) == (other[0] >= WIDE))
        assert app.screen.query_one(DataTable).cursor_row == 1
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, ResultsScreen))


async def test_a_class_without_a_curriculum_says_so_in_a_line(tmp_path: Path) -> None:
    app = BoardApp(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("r")
        await until(lambda: tmp_path.name in "".join(text_of(app).split()))
        assert text("results.reading") not in text_of(app)
