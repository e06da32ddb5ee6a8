"""Messages to read: words, fields, bytes and checks, each a tab; the inspector."""

import base64

import pytest
from duis_samples import local_command_xml
from screen_bench import BOTH, NORMAL, WIDE, Bench
from screen_steps import at_the_jobs
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT
from textual.events import Paste
from textual.widgets import TextArea

from hht.entity_id import EntityId
from hht.gbcs.explain.describe import Description
from hht.gbcs.explain.field import group, leaf
from hht.gbcs.protection import Verdict
from hht.spans import Line, amount, entity, say
from screens.message.parts import (
    LOOKS,
    checks_of,
    hex_dump,
    line_content,
    tree_lines,
    verdict_text,
    words_of,
)
from screens.message.screen import MessageScreen
from screens.message.view import MessageView
from screens.service.lookups import Titled, messages_in_text

BOTH_MESSAGES = [
    Titled("Command 1: Add", CCS01_COMMAND),
    Titled("Response: Add", CCS01_RESPONSE, CCS01_COMMAND),
]


async def with_messages(bench: Bench, at: int = 0) -> None:
    """Show a Command and its Response."""
    await at_the_jobs(bench)
    bench.app.push_screen(MessageScreen(BOTH_MESSAGES, at))
    await bench.until("●Words", "? MAC not checked")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_words_fields_bytes_and_checks_are_a_tab_each(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await with_messages(bench, at=1)
        assert "Device Log" in bench.text
        await bench.press("2")
        await bench.until("●Fields", "Originator Counter")
        await bench.press("3")
        await bench.until("●Bytes", "0000 dd 00 00 00")
        await bench.press("right")
        await bench.until("●Checks", "This HHT has no key")
        await bench.press("right")
        await bench.until("●Words")


async def test_where_there_is_room_the_bytes_stand_beside_the_words(open_bench) -> None:
    async with open_bench(WIDE) as bench:
        await with_messages(bench, at=1)
        await bench.until_it_holds(
            lambda: bench.line_with("0000 dd 00 00 00").index("0000 dd") > WIDE[0] // 2
        )


async def test_n_and_p_change_between_a_command_and_its_response(open_bench) -> None:
    async with open_bench(NORMAL) as bench:
        await with_messages(bench, at=1)
        await bench.until("Response: Add 2/2")
        await bench.press("n")
        await bench.until("Command 1: Add 1/2")
        await bench.press("p")
        await bench.until("Response: Add 2/2")


async def test_the_part_on_show_is_copied(open_bench) -> None:
    async with open_bench(NORMAL) as bench:
        await with_messages(bench, at=1)
        await bench.press("y")
        await bench.until("Copied.")
        assert "? MAC not checked" in bench.app.clipboard


def test_only_a_valid_verdict_has_the_good_sign_and_colour() -> None:
    good = [verdict for verdict, (sign, _) in LOOKS.items() if sign == "✓"]
    green = [verdict for verdict, (_, style) in LOOKS.items() if style == "$success"]
    assert good == green == ["valid"]
    assert set(LOOKS) == {str(verdict) for verdict in Verdict}


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_verdict_is_a_sign_and_a_word(verdict: Verdict) -> None:
    sign, of, *words = verdict_text("ds", verdict).plain.split()
    assert sign in "✓✗?–"
    assert of == "Signature:"
    assert words


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_message_that_holds_an_install_code_is_not_shown_as_bytes(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await in_the_inspector(bench)
        bench.app.post_message(Paste(local_command_xml(CCS01_COMMAND).decode()))
        await bench.until("? MAC not checked")
        await bench.press("3")
        await bench.until("these bytes hold an Install Code")
        assert bench.app.screen.query_one(MessageView).raw == b""


def test_fields_are_a_tree_with_guides() -> None:
    fields = (group("Header", [leaf("Counter", "7")]), leaf("Payload", "2 items"))
    lines = [line.plain for line in tree_lines(fields)]
    assert lines == ["├ Header", "│ └ Counter  7", "└ Payload  2 items"]


def test_the_words_hold_the_reading_the_title_and_both_verdicts() -> None:
    description = Description(
        "CCS01 Response", Line.of("The CHF added it."), "CCS01", (), Verdict.VALID, Verdict.ABSENT
    )
    lines = words_of(description).plain.split("\n")
    assert lines[0] == "The CHF added it."
    assert lines[-1] == "✓ MAC valid   – Signature absent"
    assert "It was checked and holds." in checks_of(description).plain


def test_devices_amounts_and_moments_are_marked_in_a_line() -> None:
    line = say("The {} reports {}.", entity(EntityId(bytes(8))), amount("12.345 m3"))
    content = line_content(line, "bold")
    assert content.plain == str(line)
    marked = {content.plain[span.start : span.end]: str(span.style) for span in content.spans}
    assert marked["12.345 m3"] == "bold $accent"
    assert marked["00-00-00-00-00-00-00-00"] == "bold $primary"


def test_bytes_stand_eight_or_sixteen_to_a_line_with_their_offsets() -> None:
    narrow, wide = hex_dump(bytes(20), 48).plain, hex_dump(bytes(20), 60).plain
    assert narrow.split("\n")[-1] == "0010 00 00 00 00"
    assert wide.split("\n")[0] == "0000 " + " ".join(["00"] * 16)


async def in_the_inspector(bench: Bench) -> None:
    """Open the inspector from the jobs."""
    await at_the_jobs(bench)
    await bench.press("i")
    await bench.until("Paste or scan a message", "Enter  Open a file…")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
@pytest.mark.parametrize(
    "text",
    [
        CS14_ALERT.hex(),
        base64.b64encode(CS14_ALERT).decode(),
        local_command_xml(CCS01_COMMAND).decode(),
    ],
    ids=["hex", "base64", "xml"],
)
async def test_what_is_pasted_is_decoded_at_once(open_bench, size, text) -> None:
    async with open_bench(size) as bench:
        await in_the_inspector(bench)
        bench.app.post_message(Paste(text))
        await bench.until("? MAC not checked")


async def test_what_is_scanned_is_decoded_at_once(open_bench) -> None:
    async with open_bench() as bench:
        await in_the_inspector(bench)
        await bench.scan(CS14_ALERT.hex().upper())
        await bench.until("? MAC not checked")
        assert bench.app.screen.query_one(TextArea).text == CS14_ALERT.hex().upper()


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_what_is_no_message_empties_the_old_one_and_the_next_can_be_pasted(
    open_bench, size
) -> None:
    async with open_bench(size) as bench:
        await in_the_inspector(bench)
        bench.app.post_message(Paste(CS14_ALERT.hex()))
        await bench.until("? MAC not checked")
        bench.app.post_message(Paste("DF 09 01"))
        await bench.until("✗ ")
        assert "MAC" not in bench.text
        await bench.press("f6")
        bench.app.post_message(Paste(CS14_ALERT.hex()))
        await bench.until("? MAC not checked")
        assert "✗ " not in bench.text


async def test_typed_text_is_decoded_by_enter_and_digits_are_typed_not_obeyed(open_bench) -> None:
    async with open_bench() as bench:
        await in_the_inspector(bench)
        await bench.press("1", "2")
        await bench.until_it_holds(lambda: bench.app.screen.query_one(TextArea).text == "12")
        bench.app.screen.query_one(TextArea).text = CS14_ALERT.hex()
        await bench.until("Enter  Decode")
        await bench.press("enter")
        await bench.until("? MAC not checked")


async def test_a_file_can_be_opened(open_bench, tmp_path) -> None:
    path = tmp_path / "alert.hex"
    path.write_text(CS14_ALERT.hex())
    async with open_bench() as bench:
        await in_the_inspector(bench)
        await bench.press("enter")
        await bench.until("Which file or folder?")
        await bench.scan(str(path))
        await bench.until("? MAC not checked")


async def test_two_messages_in_one_xml_are_both_shown(open_bench) -> None:
    payload = base64.b64encode(CS14_ALERT).decode()
    both = f"<a><b>{payload}</b><c>{base64.b64encode(CCS01_RESPONSE).decode()}</c></a>"
    async with open_bench(WIDE) as bench:
        await in_the_inspector(bench)
        bench.app.post_message(Paste(both))
        await bench.until("b 1/2", "Enter  Start again")
        await bench.press("n")
        await bench.until("c 2/2")


def test_each_line_is_a_message_and_a_response_comes_with_the_command_beside_it() -> None:
    command, response = messages_in_text(f"{CCS01_COMMAND.hex()}\n{CCS01_RESPONSE.hex()}\n")
    assert (command.raw, command.command) == (CCS01_COMMAND, b"")
    assert (response.raw, response.command) == (CCS01_RESPONSE, CCS01_COMMAND)
    (alone,) = messages_in_text(CCS01_RESPONSE.hex())
    assert alone.command == b""


async def test_esc_leaves_the_inspector_also_from_the_field(open_bench) -> None:
    async with open_bench() as bench:
        await in_the_inspector(bench)
        await bench.press("escape")
        await at_the_jobs(bench)
