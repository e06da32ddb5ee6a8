"""The manual in the app: every page by keys alone, at the smallest size, without a network."""

from pathlib import Path

import pytest
from sampling import share_of
from screen_bench import BOTH, SMALLEST, OpenBench
from screen_steps import at_the_jobs

from hht import manual
from hht.errors import InputError
from screens.manual.screen import PageScreen


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_f1_and_m_lead_to_the_pages_and_enter_opens_one(
    open_bench: OpenBench, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        await bench.press("f1")
        await bench.until("M manual")
        await bench.press("m")
        await bench.until("Manual", "README.md", "engineer.md")
        await bench.press("enter")
        await bench.until("A Hand Held Terminal (HHT) for GB smart")
        await bench.press_until("pagedown", "bootstrap.py train")
        await bench.press("enter")
        await bench.until("README.md")
        await bench.press("escape")
        await at_the_jobs(bench)


async def test_any_page_is_shown_with_its_first_words(open_bench: OpenBench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        for page in share_of(manual.pages(), 5):
            bench.app.show(PageScreen(page.title, manual.read(page)))
            await bench.until(page.title[:40])
            await bench.press("escape")


LONG = "A\n\n```console\n$ hht {}\n```\n\n| Option |\n|---|\n| {} |\n"


@pytest.mark.parametrize("where", ["command", "cell"])
async def test_what_is_wider_than_the_terminal_goes_on_below(
    open_bench: OpenBench, where: str
) -> None:
    longest = "--" + "a" * 60 + "z"
    said = [longest, "-"] if where == "command" else ["-", longest]
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.show(PageScreen("Long", LONG.format(*said)))
        await bench.until("aaaz")


def test_the_first_page_comes_first_and_a_picture_is_its_words() -> None:
    first = manual.pages()[0]
    assert (first.name, first.title) == ("README.md", "hht")
    assert "![" not in manual.read(first)
    assert "*Six of seventeen Local Commands" in manual.read(first)


def test_a_page_that_went_away_is_one_line(tmp_path: Path) -> None:
    gone = manual.Page("gone.md", "Gone", tmp_path / "gone.md")
    with pytest.raises(InputError, match=r"gone\.md: A page cannot be read"):
        manual.read(gone)


def test_the_pages_for_people_come_before_those_about_formats_and_the_program() -> None:
    names = [page.name for page in manual.pages()]
    assert names[:3] == ["README.md", "engineer.md", "first-hub.md"]
    assert names[7:] == sorted(names[7:])
