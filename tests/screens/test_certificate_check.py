"""A certificate of training is checked from inside the app."""

from pathlib import Path

import pytest
from class_samples import class_of, pass_exercise
from screen_bench import BOTH, OpenBench
from screen_steps import at_the_jobs, choose_in_menu
from textual.widgets import Input

from hht.store import Mode, Store
from hht.training.classroom.certificate import Verdict, make_certificate
from screens.set_up.certificate_check import verdict_words


@pytest.fixture
def certificates(tmp_path: Path) -> tuple[Path, Path]:
    """Ann's, and the same with another name in it."""
    room = class_of(tmp_path, "Ann")
    pass_exercise(room)
    good, changed = tmp_path / "good.html", tmp_path / "changed.html"
    with Store.open(tmp_path / "trainer.db", Mode.TRAINING) as trainer:
        good.write_bytes(make_certificate(trainer, room, room.seat(1), ""))
    changed.write_bytes(good.read_bytes().replace(b"Ann", b"Bob"))
    return good, changed


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_certificate_is_unchanged_or_it_is_worth_nothing(
    open_bench: OpenBench, certificates: tuple[Path, Path], size: tuple[int, int]
) -> None:
    good, changed = certificates
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        for path, words in (
            (good, ("✓ Unchanged since it was signed", "Ann: ", "compare its name")),
            (changed, ("✗ Changed since it was signed", "the file again")),
        ):
            await choose_in_menu(bench, "trainer", "Check a certificate…")
            await bench.until("Which certificate?")
            bench.app.screen.query_one(Input).value = str(path)
            await bench.press("enter")
            await bench.until(*words)
            await bench.press("enter")
            await at_the_jobs(bench)


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize(
    ("kept", "said"), [("2026-11-27T20:30:57+00:00", "27/11/2026"), ("some day", "some day")]
)
def test_the_day_a_certificate_was_made_is_said_as_people_write_it(kept: str, said: str) -> None:
    about = {"trainee": "Ann", "curriculum": "First day", "made": kept}
    verdict = Verdict("D0E2", is_known=True, content=about)
    assert f"Ann: First day, made {said}." in verdict_words(verdict)
