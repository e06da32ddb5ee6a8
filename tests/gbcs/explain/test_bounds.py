"""What is shown keeps within a line and shows no sign that a terminal obeys."""

import pytest

from hht.entity_id import EntityId
from hht.gbcs.explain.bounds import LONGEST, bounded, bounded_fields
from hht.gbcs.explain.dates import cosem_moment
from hht.gbcs.explain.field import Field, leaf
from hht.gbcs.explain.texts import escaped, is_printed, state_in_words, text_in_words
from hht.gbcs.explain.value_formats import octets_in_words
from hht.spans import Line, entity

DEVICE = EntityId(bytes.fromhex("00DB1234567890A1"))


def test_a_line_that_fits_is_left_alone() -> None:
    line = Line.of("The ", entity(DEVICE), " answered.")
    assert bounded(line) is line


def test_a_long_line_first_loses_seconds_that_are_nought_then_says_doubts_in_short() -> None:
    span = cosem_moment(bytes.fromhex("07ee010fff09000000000083"))
    line = Line.of("On ", span, " it ended")
    in_short = "On 2030-01-15 09:00 UTC (clock invalid, unreliable, DST) it ended"
    assert str(bounded(line, len(str(line)) - 4)) == in_short
    assert str(bounded(line, len(str(line)) - 3)) == str(line).replace(":00 UTC", " UTC")


@pytest.mark.parametrize("room", range(2, 60))
def test_a_cut_line_fits_ends_in_a_mark_and_leads_on_to_nothing(room: int) -> None:
    line = Line.of("Joined ", entity(DEVICE), " and, at 2030, the ", entity(DEVICE), " too")
    said = str(bounded(line, room))
    assert len(said) <= room
    assert said.endswith(" …")
    assert said.removesuffix(" …").rstrip(" ,;:(") == said.removesuffix(" …")
    assert said.count("00-DB") == said.count(str(DEVICE)), "an identifier is whole or not there"


def test_a_long_value_goes_on_in_the_lines_below_it() -> None:
    text = "many words " * 40
    (field,) = bounded_fields((leaf("message", text),))
    below = [str(child.value) for child in field.children]
    assert len(below) == 2
    assert all(len(each) <= LONGEST for each in (str(field.value), *below))
    assert " ".join((str(field.value).removesuffix(" …"), *below)).split() == text.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\u202eb\u2066c", "a<U+202E>b<U+2066>c"),
        ("no\u00a0break", "no break"),
        ("zwj \u200d stays", "zwj \u200d stays"),
        ("\x7f", "␡"),
        ("Ενέργεια 能源 טקסט", "Ενέργεια 能源 טקסט"),
    ],
)
def test_signs_that_a_terminal_obeys_are_written_out(text: str, words: str) -> None:
    assert escaped(text) == words
    assert is_printed(escaped(text))


def test_a_text_with_a_control_character_is_still_a_text() -> None:
    assert text_in_words(b"\x1b]0;title\x07 hello") == '"␛]0;title␇ hello"'
    assert text_in_words(bytes(range(1, 32))) == bytes(range(1, 32)).hex().upper()


def test_what_any_field_says_is_written_out_in_the_tree() -> None:
    (field,) = bounded_fields((Field("Issuer", Line.of("\x1b[2JZ1")),))
    assert str(field.value) == "␛[2JZ1"


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b'{"outputState": 100, "inputState": 0}', "output 100 %, input 0 %"),
        (b'{"outputState":"100","other-data":""}', "output 100 %"),
        (b'{"other-data": "State\\u001bA", "x": [1, true]}', "other data State␛A, x [1, true]"),
        (b"{}", "nothing"),
        (b"[1]", None),
        (b'{"a"', None),
        (b"\xff", None),
        (b"[" * 50_000, None),
        (b'{"a":' * 50_000, None),
    ],
)
def test_the_state_of_an_auxiliary_controller_is_said_in_words(
    octets: bytes, words: str | None
) -> None:
    assert state_in_words(octets) == words


def test_a_model_may_have_the_devices_identifier_behind_its_name() -> None:
    assert str(octets_in_words(b"GFI     " + DEVICE, "model")) == f'"GFI" of {DEVICE}'
    assert str(octets_in_words(b"Model 5", "model")) == '"Model 5"'
    assert str(octets_in_words(b"Sixteen letters!", "model")) == '"Sixteen letters!"'
