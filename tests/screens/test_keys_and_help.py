"""Keys: as many as there is room for, the rest in the palette and in F1; two themes."""

import asyncio
from collections.abc import Callable

import pytest
from every_screen import all_screens
from screen_bench import BOTH, SETTLE, SMALLEST, WIDE, Bench
from screen_steps import at_the_hubs, at_the_jobs, at_the_plan
from textual.command import CommandInput, CommandList

from hht.journeys.premises.devices import HanState
from hht.store import CommandState, ReturnState
from hht.texts import has_text, text
from screens.forms.remedies import Remedy, Verdict
from screens.help.palette import Palette
from screens.queue.lookups import UNASKED
from screens.shell import Place
from screens.widgets.key_line import KeyLine
from screens.widgets.numbered_list import NumberedList
from screens.widgets.panel import Panel


async def test_help_stands_last_among_as_many_keys_as_there_is_room_for(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        assert bench.lines[-1].rstrip().endswith("? Help")
        assert len(bench.lines[-1]) <= SMALLEST[0]


async def test_ctrl_c_ends_nothing_and_says_once_which_key_does(open_bench) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        await bench.press("ctrl+c", "ctrl+c")
        await bench.until("Ctrl+Q ends hht.", "Enter  Open JOB-0001")
        assert bench.text.count("Ctrl+Q") == 1


@pytest.mark.parametrize(
    ("place", "empty", "names"),
    [
        (Place.ALERTS, "No Alert", {"read_message"}),
        (Place.REPLAY, "Nothing has happened", {"replay_run", "replay_faster", "replay_begin"}),
        (Place.INSPECTOR, "Hexadecimal", {"new", "copy", "part", "next_message"}),
        (Place.SURVEY, "Listen", {"survey_write"}),
    ],
)
async def test_a_key_that_can_do_nothing_is_not_offered(
    open_bench, script, place, empty, names
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_hubs(bench)
        bench.app.go(place)
        await bench.until(empty)
        await bench.settled()
        active = bench.app.screen.active_bindings.values()
        assert not names & {each.binding.description for each in active if each.enabled}


@pytest.mark.parametrize("key", ["f1", "question_mark"])
@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_help_explains_the_screen_and_what_can_be_done_there(open_bench, size, key) -> None:
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        await bench.press(key)
        await bench.until("Every job on this handheld", "▲ TRAINING")
        await bench.press("end")
        await bench.until("ends hht.")
        assert "Focus" not in bench.text
        await bench.press("escape")
        await bench.until("Enter  Open JOB-0001")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_help_takes_the_whole_width_only_where_it_is_narrow(open_bench, size) -> None:
    width = {53: 53, 80: 68}[size[0]]
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        await bench.press("f1")
        await bench.until_it_holds(lambda: bench.app.screen.query(Panel))
        panel = bench.app.screen.query_one(Panel)
        await bench.until_it_holds(lambda: panel.outer_size.width == width)


def test_every_screen_and_form_has_its_help() -> None:
    sections = {getattr(screen, "HELP", "") for screen in all_screens()} - {"", None}
    names = [f"help_{part}.{each}" for each in sections for part in ("title", "text")]
    assert [name for name in names if not has_text(name)] == []


def test_every_key_has_a_word_a_verb_and_a_sentence() -> None:
    from screens.app import HhtApp

    names = {
        binding.description
        for owner in (*all_screens(), HhtApp)
        for binding in vars(owner).get("BINDINGS", ())
        if binding.description
    }
    assert len(names) > 20
    missing = {
        f"{section}.{name}"
        for name in names
        for section in ("key", "command", "command_help")
        if not has_text(f"{section}.{name}")
    }
    assert not missing


async def test_the_palette_and_f1_have_the_screens_own_verbs_first_and_the_apps_last(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        commands = [each.title for each in bench.app.get_system_commands(bench.app.screen)]
        groups = list(dict.fromkeys(title.partition(": ")[0] for title in commands))
        assert len(groups) == len({title.partition(": ")[0] for title in commands})
        assert (groups[0], groups[-1]) == ("Deliver", "App")
        await bench.press("f1")
        await bench.until_it_holds(lambda: len(bench.app.screen.query(".title")) >= len(groups))
        shown = [str(each.render()) for each in bench.app.screen.query(".title")]
        assert shown[: len(groups)] == groups


async def test_the_palette_has_all_that_is_behind_m_and_what_has_a_key_once(
    open_bench, script
) -> None:
    async with open_bench(WIDE) as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until("Glove, or not")
        rows = bench.app.screen.query_one(NumberedList).rows
        behind = {row.head.plain for row in rows} - {
            "Practise…",
            "Inspect a message",
            "Sun or night",
        }
        await bench.press("escape", "ctrl+p")
        await bench.until("App: More")
        found = bench.app.screen.query_one(CommandList)
        titles = [str(each.hit.text) for each in found.options]
        offered = {each.removeprefix("More: ") for each in titles if each.startswith("More: ")}
        assert behind - offered <= {"Lock now", "A hint…", "Go back to an earlier step…"}
        assert not offered - behind
        await bench.press(*"check-up", "enter")
        await bench.until("Check-up")


async def test_f1_explains_what_enter_does_and_the_row_under_the_cursor(open_bench, script) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("f1")
        await bench.until("Enter  Deliver 1", "Command 0", "It has not been sent yet.")
        await bench.press("escape", "enter")
        await bench.until("Enter  Did it arrive?")
        await bench.press("enter")
        await bench.until("Not sure yet")
        await bench.press("down", "f1")
        await bench.until("▌Done: I saw it", "Only if you saw it on the Device itself.")


async def test_help_and_palette_lie_upon_each_other_once(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        for _ in range(5):
            await bench.press("f1", "ctrl+p")
        assert len(bench.app.screen_stack) <= 3


async def test_a_command_chosen_for_a_screen_that_closes_meanwhile_does_nothing(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("i")
        await bench.until("Hexadecimal")
        offered = list(bench.app.get_system_commands(bench.app.screen))
        [opening] = [each for each in offered if each.title == text("command.open_file")]
        await bench.app.screen.dismiss()
        await opening.callback()
        await bench.until("Jobs")


async def test_f1_explains_the_field_that_is_typed_into(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("slash")
        await bench.until("Which words")
        await bench.press("f1")
        await bench.until("A field to type, paste or scan into: Which", "words, or which number?")
        for screen in ("typed", "home"):
            await bench.press("escape")
            await bench.until_it_holds(lambda screen=screen: screen == bench.app.screen.HELP)
        await bench.press("i")
        await bench.until("Hexadecimal")
        await bench.press("f1")
        await bench.until("A field to type, paste or scan into", "base64 or DUIS XML")


def test_every_state_that_a_row_can_show_is_explained() -> None:
    states = {
        "command": CommandState,
        "return": (*ReturnState, UNASKED),
        "device": [state.replace("-", "_") for state in HanState],
        "doubt": [verdict.name.lower() for verdict in Verdict],
        "remedy": Remedy,
    }
    wanted = {f"explain.{kind}_{each}" for kind, every in states.items() for each in every}
    assert not {name for name in wanted if not has_text(name)}


class SearchingPalette(Palette):
    """The palette as it is while Textual searches."""

    found_nothing: asyncio.Event

    def search(self) -> None:
        self._show_busy = True
        self.set_timer(SETTLE, self._find_nothing)

    def _find_nothing(self) -> None:
        self.found_nothing.set()
        self.query_one(CommandList)


async def test_a_palette_whose_list_is_gone_already_may_still_say_that_it_searches(
    open_bench,
) -> None:
    async with open_bench() as bench:
        palette = SearchingPalette()
        palette.found_nothing = asyncio.Event()
        await bench.app.push_screen(palette)
        await palette.query("*").remove()
        palette.search()
        await palette.found_nothing.wait()
        await bench.settled()
        palette.dismiss()
        await bench.until("Jobs")


async def test_the_palette_searches_for_a_few_words_and_not_for_all_that_is_pasted(
    open_bench,
) -> None:
    async with open_bench() as bench:
        await bench.app.push_screen(palette := Palette())
        palette.query_one(CommandInput).insert_text_at_cursor("words " * 100)
        palette.query_one(CommandInput).insert_text_at_cursor("words")
        assert palette.query_one(CommandInput).value == "words"


async def test_a_palette_that_is_closed_before_it_is_laid_out_is_gone(open_bench) -> None:
    async with open_bench() as bench:
        laid_out = bench.app.push_screen(palette := Palette())
        palette.dismiss()
        await laid_out
        assert len(bench.app.screen_stack) == 1


def palette_has_one_choice(bench: Bench) -> Callable[[], bool]:
    """Whether the search has come down to one action, and that is the one Enter does."""

    def settled() -> bool:
        found = bench.app.screen.query_one(CommandList)
        return found.option_count == 1 and found.highlighted == 0

    return settled


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_palette_has_every_action_by_its_verb_and_no_widgets_plumbing(
    open_bench, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        await bench.press("ctrl+p")
        await bench.until("Return: Show what is to be returned", "Responses and Alerts")
        assert "Focus" not in bench.text
        await bench.pilot.press(*"sun or")
        await bench.until("App: Sun or night")
        await bench.until_it_holds(palette_has_one_choice(bench))
        await bench.press("enter")
        await bench.until_it_holds(lambda: bench.app.theme == "hht-sun")


async def test_f2_changes_between_sun_and_night_and_is_remembered(open_bench) -> None:
    async with open_bench() as bench:
        await bench.press("f2")
        await bench.until_it_holds(lambda: bench.app.theme == "hht-sun")
    async with open_bench() as bench:
        assert bench.app.theme == "hht-sun"


async def test_a_tap_on_a_key_of_the_line_presses_it(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        place = bench.lines[-1].index("? Help")
        await bench.pilot.click(KeyLine, offset=(place + 2, 0))
        await bench.until("Every job on this handheld")


async def test_a_tap_on_the_action_bar_does_it(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.pilot.click("ActionBar")
        await bench.until("Connect to ★")


async def test_ctrl_q_asks_while_a_command_is_under_way_and_the_second_one_quits(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        script.hold = never_ends
        await bench.press("enter")
        await bench.until("waiting for")
        await bench.press("ctrl+q")
        await bench.until("Ctrl+Q again ends hht")
        assert bench.app.is_running
        await bench.press("ctrl+q")
        await bench.until_it_holds(lambda: not bench.app.is_running)


async def test_ctrl_q_ends_a_scan_at_once(open_bench, script) -> None:
    script.hold = never_ends
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until("Listening for hubs")
        await bench.press("ctrl+q")
        await bench.until_it_holds(lambda: not bench.app.is_running)


async def never_ends(name: str) -> None:
    import asyncio

    await asyncio.Event().wait()


async def test_the_palette_says_in_our_words_that_no_action_has_those_typed(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("ctrl+p")
        await bench.until("Which action? Type a word of it")
        await bench.press(*"xyzzy")
        await bench.until("No action has these words")
