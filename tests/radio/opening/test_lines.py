"""Which lines are tried on a serial port, and in which order; and which one is remembered."""

from pathlib import Path

import pytest

from hht.radio import ports as radio_ports
from hht.radio.opening import line_memory
from hht.radio.opening.line_memory import LineMemory
from hht.radio.opening.lines import Flow, Line, lines_to_try
from hht.radio.ports import Port


def test_all_known_speeds_are_tried_without_and_then_with_rts_cts() -> None:
    lines = lines_to_try()
    assert [line.baud for line in lines[:3]] == [115200, 460800, 57600]
    half = len(lines) // 2
    assert {line.flow for line in lines[:half]} == {Flow.SOFTWARE}
    assert {line.flow for line in lines[half:]} == {Flow.HARDWARE}
    assert [line.baud for line in lines[:half]] == [line.baud for line in lines[half:]]


def test_what_the_address_says_is_all_that_is_tried() -> None:
    assert lines_to_try(9600, Flow.NONE) == (Line(9600, Flow.NONE),)
    assert lines_to_try(9600) == (Line(9600, Flow.SOFTWARE), Line(9600, Flow.HARDWARE))
    assert {line.flow for line in lines_to_try(flow=Flow.HARDWARE)} == {Flow.HARDWARE}


def test_what_worked_before_is_tried_first_and_once() -> None:
    before = Line(460800, Flow.HARDWARE)
    lines = lines_to_try(remembered=before)
    assert lines[0] == before
    assert sorted(map(str, lines)) == sorted(map(str, lines_to_try()))
    assert before not in lines_to_try(115200, remembered=before)


def test_a_speed_that_is_not_tried_by_itself_is_remembered_too() -> None:
    before = Line(250000)
    assert lines_to_try(remembered=before) == (before, *lines_to_try())
    assert before not in lines_to_try(flow=Flow.HARDWARE, remembered=before)


def test_a_line_is_said_in_words() -> None:
    assert str(Line()) == "115200 baud, no RTS/CTS"
    assert str(Line(57600, Flow.HARDWARE)) == "57600 baud, RTS/CTS"


def test_a_line_is_remembered_from_one_program_to_the_next(tmp_path: Path) -> None:
    LineMemory(tmp_path).keep("/dev/ttyX", Line(57600, Flow.HARDWARE))
    LineMemory(tmp_path).keep("/dev/ttyY", Line(460800))
    assert LineMemory(tmp_path).recall("/dev/ttyX") == Line(57600, Flow.HARDWARE)
    assert LineMemory(tmp_path).recall("/dev/ttyZ") is None


def test_a_stick_is_known_again_in_another_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = [Port("/dev/ttyUSB0", 0x10C4, 0xEA60, serial_number="0001")]
    monkeypatch.setattr(radio_ports, "list_ports", lambda: ports)
    LineMemory(tmp_path).keep("/dev/ttyUSB0", Line(460800))
    ports[:] = [Port("/dev/ttyUSB7", 0x10C4, 0xEA60, serial_number="0001")]
    assert LineMemory(tmp_path).recall("/dev/ttyUSB7") == Line(460800)
    assert LineMemory(tmp_path).recall("/dev/ttyUSB0") is None


@pytest.mark.parametrize(
    "content",
    [
        *("", "[1]", '{"/dev/ttyX": [1, 2]}', '{"/dev/ttyX": "fast"}'),
        *('{"/dev/ttyX": [0, "none"]}', '{"/dev/ttyX": [1e99, "none"]}'),
    ],
)
def test_a_damaged_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    (tmp_path / line_memory.FILE).write_text(content)
    memory = LineMemory(tmp_path)
    assert memory.recall("/dev/ttyX") is None
    memory.keep("/dev/ttyX", Line())
    assert memory.recall("/dev/ttyX") == Line()


def test_a_folder_that_takes_nothing_stops_nothing(tmp_path: Path) -> None:
    memory = LineMemory(tmp_path / "not made yet")
    memory.keep("/dev/ttyX", Line())
    assert memory.recall("/dev/ttyX") is None
