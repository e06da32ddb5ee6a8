"""The operator's screen: real units are loaded behind it, and no key is pressed."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from bench_app import IdleBench, app_for
from facility_site import FacilitySite
from painted import painted_by
from textual.pilot import Pilot
from textual.widgets import Input, Static

from hht.facility.batches.book_keeping import CountUnits
from hht.facility.batches.operation import Operation
from hht.facility.batches.records import BatchState, Counts, UnitState
from hht.facility.batches.store import BatchStore, BooksAway
from hht.facility.bench.run import BenchRun
from hht.facility.bench.slot import SlotChanged
from screens.facility.app import BenchApp, figures
from screens.facility.slot_board import LOOKS, NAME_CELLS, SlotBoard, SlotLine, short_names
from screens.themes import NAMES

EUIS = "EUI 00-DB-00-00-00-00-00-01", "EUI 00-DB-00-00-00-00-00-02"
GLUED = (" ".join(EUIS), "".join(EUIS), f"{EUIS[0]} OPERATOR-Bob", f"OPERATOR-Bob{'A0' * 18}")


async def until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    while not is_so():
        await pilot.pause()


def is_in(app: BenchApp, state: BatchState) -> bool:
    return app.counts is not None and app.counts.state is state


def shown(app: BenchApp) -> str:
    return "\n".join(painted.text for painted in painted_by(app))


def says(app: BenchApp, words: str) -> bool:
    return words in shown(app)


@pytest.fixture
def site(tmp_path: Path) -> FacilitySite:
    return FacilitySite(tmp_path).make(20, faults=True)


@pytest.mark.whole_program
async def test_units_are_loaded_without_a_key_and_the_mode_is_over_the_whole_line(
    site: FacilitySite,
) -> None:
    app = app_for(site, bench=BenchRun)
    async with app.run_test(size=(80, 24)) as pilot:
        while app.is_running and not app._exit:
            assert "■ FACILITY" in str(app.query_one("#mode", Static).render())
            await pilot.pause()
    assert {"good", "bad"} <= app.seen
    assert app.rung
    states = Counter(row.state for row in site.rows().values())
    assert states == {UnitState.LOADED: 18, UnitState.REJECTED: 2}


@pytest.mark.parametrize("theme", NAMES)
async def test_every_state_has_sign_word_and_contrast_at_80x24(tmp_path: Path, theme: str) -> None:
    site = FacilitySite(tmp_path).make(1)
    app = app_for(site, theme=theme)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.query_one(SlotBoard)
        board.lines.clear()
        for number, state in enumerate(LOOKS, 1):
            said = ("Refuses its package", "Put it into 'return to maker'.")
            board.show(SlotLine(f"slot-{number}", state, "00-DB-00-00-00-00-00-01", *said))
        await until(pilot, lambda: "return to maker" in shown(app))
        texts = [each for each in painted_by(app) if each.text.strip()]
        for sign, _ in LOOKS.values():
            assert any(sign in each.text for each in texts)
        faint = [each for each in texts if each.least_ratio < 7]
        assert not [(each.text, each.colour, each.ground) for each in faint]


@pytest.mark.whole_program
async def test_badges_labels_and_the_pause_key(tmp_path: Path) -> None:
    site = FacilitySite(tmp_path).make(1)
    app = app_for(site)
    IdleBench.orders.clear()
    async with app.run_test(size=(80, 24)) as pilot:
        glued = ("OPERATOR-AdaOPERATOR-Bob", "OPERATOR-AdaZ:00DB000000000001", "rubbish", *GLUED)
        for scanned in ("OPERATOR-Ada", "Z:00DB000000000001", *glued):
            app.query_one("#scan", Input).value = scanned
            await pilot.press("enter")
        said = [(each.order, each.name) for each in IdleBench.orders]
        assert said == [("operator", "Ada"), ("expect", "00-DB-00-00-00-00-00-01")]
        await until(pilot, partial(says, app, "Next must be 00-DB-00-00-00-00-00-01"))
        plugged = SlotChanged("sim-1", "identified", "00-DB-00-00-00-00-00-01")
        app.bench.hear(msgspec.json.encode(plugged))
        await until(pilot, partial(says, app, "Scan a label, or a badge"))
        await until(pilot, lambda: app.counts is not None)
        books = site.books()
        for state in (BatchState.PAUSED, BatchState.OPEN):
            await pilot.press("f5")
            await until(pilot, partial(is_in, app, state))
            counts = books.do(CountUnits(site.batch))
            assert counts
            assert counts.state is state
        books.close()


class Books:
    """The books of a batch, which a switch takes away."""

    def __init__(self, books: BatchStore) -> None:
        self._books = books
        self.are_away = True

    def do(self, operation: Operation[Any]) -> Any:
        if self.are_away:
            raise BooksAway("The books can't be written", remedy="Wait, or free the disk.")
        return self._books.do(operation)


async def test_that_the_books_are_away_is_said_until_they_are_back_and_no_key_is_pressed(
    tmp_path: Path,
) -> None:
    app = app_for(FacilitySite(tmp_path).make(1))
    books = Books(app._books)
    app._books = cast("BatchStore", books)
    async with app.run_test(size=(53, 20)) as pilot:
        await until(pilot, partial(says, app, "! The books can't be written"))
        books.are_away = False
        app.count()
        await until(pilot, lambda: not says(app, "The books can't be written"))
        assert app.counts is not None


async def test_with_more_slots_than_lines_those_that_need_somebody_are_on_show(
    tmp_path: Path,
) -> None:
    site = FacilitySite(tmp_path).make(1)
    app = app_for(site)
    async with app.run_test(size=(80, 24)) as pilot:
        board = app.query_one(SlotBoard)
        for number in range(1, 41):
            state = "bad" if number == 40 else "empty"
            board.show(SlotLine(f"slot-{number}", state, what="Does not prove itself"))
        await until(pilot, lambda: "slot-40" in shown(app))


@pytest.mark.parametrize("size", [(53, 20), (80, 24)])
async def test_what_to_do_with_a_rejected_unit_and_why_is_whole(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    site = FacilitySite(tmp_path).make(1)
    app = app_for(site)
    why = ("Its receipt is not signed by its own key", "Put it into 'return to maker'.")
    async with app.run_test(size=size) as pilot:
        board = app.query_one(SlotBoard)
        for number in range(1, 10):
            board.show(SlotLine(f"sim-{number}", "writing", "00-DB-00-00-00-00-00-01"))
        board.show(SlotLine("sim-2", "bad", "00-DB-00-00-00-00-00-CA", *why, rejected=True))
        words = ". ".join(why)
        await until(pilot, lambda: words in " ".join(shown(app).split()))
        await until(pilot, lambda: "sim-9" in shown(app))
        assert "REJECTED" in shown(app)
        board.show(SlotLine("sim-2", "bad", "00-DB-00-00-00-00-00-CA", "Not the one scanned"))
        await until(pilot, lambda: "STOP" in shown(app))
        assert "REJECTED" not in shown(app)


def test_ports_by_their_path_are_distinguished_and_leave_room_for_the_unit() -> None:
    paths = [f"pci-0000:00:14.0-usb-0:1.{port}:1.0-port0" for port in range(1, 17)]
    short = short_names(paths)
    assert [short[each].strip("…").rpartition(".")[2] for each in paths] == [
        str(port) for port in range(1, 17)
    ]
    assert max(map(len, short.values())) <= NAME_CELLS
    assert short_names(["ttyUSB0", "ttyUSB1"]) == {"ttyUSB0": "ttyUSB0", "ttyUSB1": "ttyUSB1"}
    [alone] = short_names(paths[:1]).values()
    assert alone == "…:1.0-port0"


async def test_a_slot_with_a_long_name_shows_its_whole_unit_at_53_columns(tmp_path: Path) -> None:
    app = app_for(FacilitySite(tmp_path).make(1))
    async with app.run_test(size=(53, 20)) as pilot:
        board, eui = app.query_one(SlotBoard), "00-DB-00-00-00-00-00-CA"
        board.lines.clear()
        for port in (1, 2):
            board.show(SlotLine(f"pci-0000:00:14.0-usb-0:1.{port}:1.0-port0", "writing", eui))
        await until(pilot, lambda: shown(app).count(eui) == 2)


def test_a_batch_with_no_unit_left_says_how_it_ends() -> None:
    assert "hht facility close" in figures(Counts(BatchState.OPEN, loaded=9, held=1)).plain


def test_ten_thousand_units_have_their_figures_whole_at_53_columns() -> None:
    counts = Counts(BatchState.OPEN, waiting=1, loaded=9_999, rejected=120, unknown=3, held=4)
    assert len(figures(counts).plain.splitlines()[1]) <= 53


@pytest.mark.whole_program
async def test_f1_explains_the_bench_whose_slots_go_on_behind_it(tmp_path: Path) -> None:
    app = app_for(FacilitySite(tmp_path).make(1))
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("f1")
        for words in (
            "A bench of the facility",
            "No key is needed",
            "Pause the batch, or go on",
            "F5 ",
        ):
            await until(pilot, partial(says, app, words))
        unit = {"eui": "00-DB-00-00-00-00-00-01", "what": "Loaded", "remedy": "Next."}
        app.take({"event": "slot", "slot": "sim-1", "state": "good", **unit, "rejected": False})
        await pilot.press("f1")
        await until(pilot, lambda: "LOADED" in shown(app).upper())


@pytest.mark.whole_program
async def test_a_scan_behind_the_help_is_taken_whole(tmp_path: Path) -> None:
    app = app_for(FacilitySite(tmp_path).make(1))
    IdleBench.orders.clear()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1", *"00DB000000000001", "enter")
        await until(pilot, lambda: bool(IdleBench.orders))
        assert IdleBench.orders[0].name == "00-DB-00-00-00-00-00-01"
