"""A scanner's burst is a label; fingers stay keys, in the order in which they were pressed."""

import pytest
from textual.events import Key

from hht.entity_id import EntityId
from screens.keys.key_names import small
from screens.keys.scanner_gate import GAP_SECONDS, ScannerGate, entity_id_in, shown, text_of

LABEL = "00-DB-12-34-56-78-90-A3"


def typed(text: str, *, gap: float, start: float = 100.0) -> list[Key]:
    """Make the keys of `text`, `gap` seconds apart, with an Enter where it has a newline."""
    keys = []
    for place, character in enumerate(text):
        key = Key("enter", "\r") if character == "\n" else Key(character, character)
        key.time = start + place * gap
        keys.append(key)
    return keys


def pass_through(gate: ScannerGate, keys: list[Key]) -> tuple[str, list[str]]:
    """Give the keys to the gate; answer with what passed as keys, and what as text."""
    bursts = [burst for key in keys for burst in gate.take(key)] + [gate.release()]
    fingers = [key.key for burst in bursts if not text_of(burst) for key in burst]
    texts = [text_of(burst) for burst in bursts if text_of(burst)]
    return "".join(fingers).replace("enter", "\n"), texts


def test_a_burst_that_ends_with_enter_is_a_label_and_presses_no_key() -> None:
    assert pass_through(ScannerGate(), typed(LABEL + "\n", gap=0.005)) == ("", [LABEL + "\n"])


def test_a_label_of_several_lines_is_one_label_however_short_a_line_is() -> None:
    label = f"CHF\n{LABEL}\nsite 7\n"
    assert pass_through(ScannerGate(), typed(label, gap=0.005)) == ("", [label])


def test_one_label_after_another_is_two_labels() -> None:
    keys = [key for at in (0, 1) for key in typed(LABEL + "\n", gap=0.005, start=100 + at)]
    assert pass_through(ScannerGate(), keys) == ("", [LABEL + "\n"] * 2)


def test_the_same_characters_at_a_fingers_pace_are_keys() -> None:
    keys = typed(LABEL + "\n", gap=GAP_SECONDS * 3)
    assert pass_through(ScannerGate(), keys) == (LABEL + "\n", [])


def test_a_key_and_enter_that_arrive_together_on_a_slow_line_stay_keys() -> None:
    assert pass_through(ScannerGate(), typed("1\n", gap=0.0)) == ("1\n", [])


def test_a_finger_just_before_a_scan_does_not_become_part_of_the_label() -> None:
    gate = ScannerGate()
    keys = typed("d", gap=0) + typed(LABEL + "\n", gap=0.002, start=100.2)
    assert pass_through(gate, keys) == ("d", [LABEL + "\n"])


def test_a_key_that_is_no_character_is_never_held() -> None:
    gate = ScannerGate()
    arrow = Key("down", None)
    assert [arrow] in gate.take(arrow)
    assert not gate.held


@pytest.mark.parametrize(
    "text",
    [
        LABEL,
        "00DB1234567890A3",
        "EUI:00:DB:12:34:56:78:90:A3;IC:00",
        "GPF 00 DB 12 34 56 78 90 A3",
    ],
)
def test_an_entity_identifier_is_found_whatever_is_printed_around_it(text: str) -> None:
    assert entity_id_in(text) == EntityId.parse(LABEL)


@pytest.mark.parametrize("text", ["", "hello world", "00DB1234567890A3FF", "89440000000000000001"])
def test_what_is_no_entity_identifier_is_not_taken_for_one(text: str) -> None:
    assert entity_id_in(text) is None


@pytest.mark.parametrize(
    ("pressed", "meant"), [("A", "a"), ("a", "a"), ("1", "1"), ("enter", "enter"), ("É", "é")]
)
def test_a_capital_letter_is_the_key_that_the_key_line_shows(pressed: str, meant: str) -> None:
    key = Key(pressed, pressed if len(pressed) == 1 else None)
    key.time = 7.0
    assert (small(key).key, small(key).time) == (meant, 7.0)


def test_a_label_of_several_lines_is_named_in_one_and_a_cut_one_ends_in_a_mark() -> None:
    assert shown("Hub type 2\r\nsite 7\n") == "Hub type 2 site 7"
    assert shown("x" * 41) == "x" * 39 + "…"
