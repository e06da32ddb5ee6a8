"""Text of any length, however it comes: a field has an end, and a burst of keys is one paste.

The cost of a key grows with what is in the field: one that is endless stops the app.
"""

import pytest
from screen_bench import Bench, OpenBench
from screen_steps import at_the_jobs
from store_samples import CCS01_COMMAND
from textual.command import CommandInput
from textual.content import Content
from textual.events import Paste
from textual.widgets import Input

from screens.forms.field import MOST_CHARACTERS
from screens.forms.typed import TypedScreen
from screens.inspector.screen import MOST_SHOWN, InspectorScreen, PasteField
from screens.lock.screen import LockScreen
from screens.widgets.titled import CORNERS, border_title

LONG = "00DB0000000010A3" * 500
FIELDS = {
    "a question": lambda: TypedScreen("Which?"),
    "the PIN": LockScreen,
    "the palette": None,
}


async def with_field(bench: Bench, form: str) -> Input:
    """Open a form; the one field it has."""
    await at_the_jobs(bench)
    if make := FIELDS[form]:
        bench.app.push_screen(make())
    else:
        bench.app.action_command_palette()
    await bench.until_it_holds(lambda: bool(bench.app.screen.query(Input)))
    return bench.app.screen.query_one(Input)


@pytest.mark.parametrize("form", FIELDS)
async def test_no_field_holds_more_than_it_can_answer_a_key_with(
    open_bench: OpenBench, form: str
) -> None:
    async with open_bench() as bench:
        field = await with_field(bench, form)
        for _ in range(3):
            bench.app.post_message(Paste(LONG))
        bench.press_at_once(*LONG)
        await bench.press("down")
        await bench.settled()
        assert len(field.value) <= MOST_CHARACTERS


async def test_a_form_says_that_what_was_pasted_is_too_long(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        field = await with_field(bench, "a question")
        bench.app.post_message(Paste(LONG))
        await bench.until("A field holds at most 4,096 characters")
        assert field.value == ""


async def test_a_burst_of_keys_that_is_no_label_comes_as_one_paste(
    open_bench: OpenBench,
) -> None:
    seen: list[str] = []
    async with open_bench() as bench:
        field = await with_field(bench, "a question")
        bench.app.watch(field, "value", lambda value: seen.append(value), init=False)
        bench.press_at_once(*"/media/stick/job.zip")
        await bench.until_it_holds(lambda: seen)
        assert seen == ["/media/stick/job.zip"]


async def test_a_burst_of_keys_over_a_screen_does_nothing_that_keys_do(
    open_bench: OpenBench,
) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.press_at_once(*"mtimtimtimt")
        await bench.until("mtimtimtimt")
        assert len(bench.app.screen_stack) == 1


async def test_the_palette_looks_for_a_few_words_only(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        field = await with_field(bench, "the palette")
        assert isinstance(field, CommandInput)
        bench.app.post_message(Paste("x" * 101))
        await bench.press("down")
        assert field.value == ""


async def test_the_inspector_shows_the_beginning_of_a_long_text_and_decodes_all_of_it(
    open_bench: OpenBench,
) -> None:
    spaced = (" " * 40).join(f"{byte:02x}" for byte in CCS01_COMMAND)
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("i")
        await bench.until_it_holds(lambda: isinstance(bench.app.screen, InspectorScreen))
        bench.app.post_message(Paste(spaced))
        await bench.until("Add a Device to the CHF")
        field = bench.app.screen.query_one(PasteField)
        assert len(field.text) < MOST_SHOWN + 100 < len(spaced)
        await bench.press("f6")
        await bench.until_it_holds(lambda: not field.text and not field.read_only)


def test_a_long_text_at_the_right_of_a_border_leaves_the_title_at_its_left() -> None:
    drawn = border_title(Content("Plan"), Content("Flat 3, 12 Sample Street, " * 4), 53)
    assert drawn.plain.startswith("Plan ─ Flat 3")
    assert drawn.plain.endswith("…")
    assert drawn.cell_length == 53 - CORNERS
