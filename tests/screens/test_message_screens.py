"""Messages to read: plain words, verdicts that cannot be misread, fields, bytes; the inspector."""

import base64

import pytest
from duis_samples import local_command_xml
from screen_bench import BOTH, NORMAL, WIDE, Bench
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT
from textual.events import Paste
from textual.widgets import TextArea

from hht.entity_id import EntityId
from hht.gbcs.explain.describe import Description
from hht.gbcs.explain.field import group, leaf
from hht.gbcs.protection import Verdict
from hht.spans import Line, amount, entity, say
from screens.lookups import Titled
from screens.message.screen import MessageScreen
from screens.widgets.hex_dump import hex_dump
from screens.widgets.message_view import MessageView, line_content, tree_lines, words_of
from screens.widgets.verdict import LOOKS, verdict_text

BOTH_MESSAGES = [
    Titled("Command 1: Add", CCS01_COMMAND),
    Titled("Response: Add", CCS01_RESPONSE, CCS01_COMMAND),
]


async def with_messages(bench: Bench, at: int = 0) -> None:
    """Show a Command and its Response."""
    await bench.until("Install without WAN")
    bench.app.push_screen(MessageScreen(BOTH_MESSAGES, at))
    await bench.until("Field by field", "? MAC", "Originator")


@pytest.mark.parametrize("size", BOTH)
async def test_plain_words_come_first_then_verdicts_then_fields_then_bytes(
    open_bench, size
) -> None:
    async with open_bench(size) as bench:
        await with_messages(bench, at=1)
        text = bench.text
        places = [text.index(words) for words in ("Device Log", "? MAC", "Field by field")]
        assert places == sorted(places)
        await bench.press("3")
        await bench.until("0000 dd 00 00 00")


async def test_where_there_is_room_the_bytes_stand_beside_the_words(open_bench) -> None:
    async with open_bench(WIDE) as bench:
        await with_messages(bench, at=1)
        await bench.until_it_holds(
            lambda: bench.line_with("0000 dd 00 00 00").index("0000 dd") > WIDE[0] // 2
        )


async def test_without_keys_nothing_is_shown_as_checked(open_bench) -> None:
    async with open_bench(NORMAL) as bench:
        await with_messages(bench)
        assert "? MAC not checked: no key for it here" in bench.text
        assert "valid" not in bench.text.replace("INVALID", "")


async def test_tab_changes_between_a_command_and_its_response(open_bench) -> None:
    async with open_bench(NORMAL) as bench:
        await with_messages(bench, at=1)
        assert "2/2  Response: Add" in bench.text
        await bench.press("tab")
        await bench.until("1/2  Command 1: Add")


def test_only_a_valid_verdict_has_the_good_sign_and_colour() -> None:
    good = [verdict for verdict, (sign, _, style) in LOOKS.items() if sign == "✓"]
    green = [verdict for verdict, (_, _, style) in LOOKS.items() if style == "$success"]
    assert good == green == ["valid"]
    assert set(LOOKS) == {str(verdict) for verdict in Verdict}


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_verdict_is_a_sign_and_a_word(verdict: Verdict) -> None:
    sign, of, *words = verdict_text("Signature", verdict).plain.split()
    assert sign in "✓✗?–"
    assert of == "Signature"
    assert words


@pytest.mark.parametrize("size", BOTH)
async def test_a_message_that_holds_an_install_code_is_not_shown_as_bytes(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await in_the_inspector(bench)
        bench.app.post_message(Paste(local_command_xml(CCS01_COMMAND).decode()))
        await bench.until("? MAC not checked")
        await bench.press("3")
        await bench.press_until("pagedown", "Not shown: they hold an Install Code")
        view = bench.app.screen.query_one(MessageView)
        assert view.raw == b""


def test_fields_are_a_tree_with_guides() -> None:
    fields = (group("Header", [leaf("Counter", "7")]), leaf("Payload", "2 items"))
    lines = [line.plain for line in tree_lines(fields)]
    assert lines == ["├ Header", "│ └ Counter  7", "└ Payload  2 items"]


def test_the_words_hold_the_reading_the_title_and_both_verdicts() -> None:
    told = Description(
        "CCS01 Response", Line.of("The CHF added it."), "CCS01", (), Verdict.VALID, Verdict.ABSENT
    )
    lines = words_of(told).plain.split("\n")
    assert lines[0] == "The CHF added it."
    assert lines[-2:] == ["✓ MAC valid", "– Signature absent"]


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
    await bench.until("Install without WAN")
    await bench.press("i")
    await bench.until("Paste or scan a message")


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


@pytest.mark.parametrize("size", BOTH)
async def test_what_is_no_message_says_why_and_the_next_one_can_be_pasted(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await in_the_inspector(bench)
        bench.app.post_message(Paste("DF 09 01"))
        await bench.until("✗ ")
        await bench.press("f6")
        bench.app.post_message(Paste(CS14_ALERT.hex()))
        await bench.until("? MAC not checked")
        assert "✗ " not in bench.text


async def test_typed_text_is_decoded_by_f5_and_digits_are_typed_not_obeyed(open_bench) -> None:
    async with open_bench() as bench:
        await in_the_inspector(bench)
        await bench.press("1", "2")
        await bench.until_it_holds(lambda: bench.app.screen.query_one(TextArea).text == "12")
        bench.app.screen.query_one(TextArea).text = CS14_ALERT.hex()
        await bench.press("f5")
        await bench.until("? MAC not checked")


async def test_two_messages_in_one_xml_are_both_shown(open_bench) -> None:
    payload = base64.b64encode(CS14_ALERT).decode()
    both = f"<a><b>{payload}</b><c>{base64.b64encode(CCS01_RESPONSE).decode()}</c></a>"
    async with open_bench(WIDE) as bench:
        await in_the_inspector(bench)
        bench.app.post_message(Paste(both))
        await bench.until("1 of 2 (Tab: next)  b")
        await bench.press("tab")
        await bench.until("2 of 2 (Tab: next)  c")


async def test_esc_leaves_the_inspector_also_from_the_field(open_bench) -> None:
    async with open_bench() as bench:
        await in_the_inspector(bench)
        await bench.press("escape")
        await bench.until("Open the job")
