"""What the app has to say is over no title, row or action; bad news stays until it was read."""

import pytest
from screen_bench import NORMAL, SMALLEST, OpenBench
from screen_steps import at_the_jobs
from textual.events import Paste

from screens.app import HhtApp
from screens.forms.form import Choice, FormScreen
from screens.forms.typed import TypedScreen
from screens.visit.radio_work import Work, WorkKind
from screens.widgets.key_line import NoticeLine

LONG = "No job of this handheld is for 00-DB-12-34-56-78-90-A4: import its job pack first. " * 2


def lines(app: HhtApp) -> NoticeLine:
    return next(each for each in app.screen.query(NoticeLine) if each.display)


@pytest.mark.parametrize("size", [SMALLEST, NORMAL], ids=["smallest", "normal"])
async def test_what_is_said_has_the_place_of_the_keys_and_hides_nothing_else(
    open_bench: OpenBench, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        bench.app.notify(LONG, severity="warning")
        await bench.until("! No job of this handheld")
        await bench.settled()
        said = lines(bench.app).region
        assert said.bottom == size[1]
        assert not any(
            said.overlaps(each.region)
            for each in bench.app.screen.query("StatusLine, Stepper, NumberedList, ActionBar")
        )


async def test_bad_news_stays_until_a_key_and_the_keys_are_there_again(
    open_bench: OpenBench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.least_seconds, bench.app.good_seconds = 0.0, 0.01
        keys = bench.text.splitlines()[-1]
        bench.app.notify("A bad thing.", severity="warning")
        bench.app.notify("A good thing.")
        await bench.until("A bad thing.")
        await bench.until_it_holds(lambda: "A good thing." not in bench.text)
        assert "! A bad thing." in bench.text
        await bench.press("down")
        await bench.until_it_holds(lambda: bench.text.splitlines()[-1] == keys)
        assert "A bad thing." not in bench.text


async def test_a_key_that_was_pressed_before_it_could_be_read_leaves_it(
    open_bench: OpenBench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.notify("A bad thing.", severity="warning")
        await bench.press("down")
        await bench.until("! A bad thing.")


async def test_it_is_at_the_foot_of_a_form_whose_answers_all_stay_on_show(
    open_bench: OpenBench,
) -> None:
    form = FormScreen("Sure?", "\n".join(["Read this first."] * 30), [Choice("", "No")])
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.least_seconds = 0.0
        for each, wanted in ((form, "1 No"), (TypedScreen("Which?"), "Which?")):
            bench.app.show(each)
            bench.app.notify(LONG, severity="warning")
            await bench.until(wanted, "! No job of this handheld")
            await bench.settled()
            held = each.query("NumberedList, Field").first().region
            assert not lines(bench.app).region.overlaps(held)
            assert each.query_one("#panel").region.contains_region(lines(bench.app).region)
            await bench.press("escape")


async def test_where_a_screen_has_no_line_for_it_it_waits_for_one_that_has(
    open_bench: OpenBench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.least_seconds = 0.0
        await bench.press("question_mark")
        await bench.until_it_holds(lambda: bench.app.screen.query("HelpScreen #panel"))
        bench.app.good_seconds = 0.01
        bench.app.notify("A bad thing.", severity="warning")
        bench.app.notify("A good thing.")
        await bench.press("down")
        assert " thing." not in bench.text
        bench.app.good_seconds = 60.0
        await bench.press("escape")
        await bench.until("! A bad thing.", "A good thing.")


@pytest.mark.parametrize("key", ["question_mark", "ctrl+p", "f3"])
async def test_what_a_key_of_every_screen_answers_is_said_on_every_screen(
    open_bench: OpenBench, key: str
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        jobs = bench.app.screen
        await bench.press(key)
        await bench.until_it_holds(lambda: bench.app.screen is not jobs)
        bench.app.work = Work(WorkKind.DELIVER, 0.0)
        await bench.press("ctrl+q")
        await bench.until("! Work is under way. Ctrl+Q again")


async def test_the_glance_view_makes_room_for_it_and_its_action_stays(
    open_bench: OpenBench,
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        await bench.press("f3")
        await bench.until_it_holds(lambda: bench.app.screen.query("BigText"))
        bench.app.notify(LONG, severity="warning")
        await bench.until("! No job of this handheld")
        await bench.settled()
        action = bench.app.screen.query_one("ActionBar").region
        assert not lines(bench.app).region.overlaps(action)


async def test_there_are_two_at_most_and_none_of_them_twice(open_bench: OpenBench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        for words in ("The first", "The second", "The second", "The third", "The second"):
            bench.app.notify(words)
        await bench.until("The second")
        assert bench.text.count("The ") == 2
        assert "The third" in bench.text


async def test_square_brackets_of_a_label_are_shown_as_they_are(open_bench: OpenBench) -> None:
    async with open_bench(NORMAL) as bench:
        await at_the_jobs(bench)
        bench.app.screen.post_message(Paste("[bold]00"))
        await bench.until("! No job here is for [bold]00.")
