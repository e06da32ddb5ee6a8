"""GBCS messages are found in whatever was pasted or scanned."""

import base64
import os
import warnings
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from duis_samples import CHF, close_folder, local_command_xml, response_xml
from hypothesis import given
from hypothesis import strategies as st
from store_samples import CCS01_COMMAND, CS14_ALERT

from hht.duis.message_sources import find_in_content, find_messages, messages_in
from hht.duis.pack_files import LARGEST_FILE
from hht.errors import HhtError
from hht.gbcs.message import Cra, Message


@pytest.mark.parametrize(
    "text",
    [
        CCS01_COMMAND.hex(),
        CCS01_COMMAND.hex().upper(),
        f"  0x{CCS01_COMMAND.hex(' ')}\n",
        CCS01_COMMAND.hex(":"),
        "\n".join(CCS01_COMMAND.hex()[start : start + 32] for start in range(0, 400, 32)),
    ],
)
def test_hexadecimal_is_read_however_it_is_spaced(text: str) -> None:
    assert messages_in(text) == [("Hexadecimal", CCS01_COMMAND)]


def test_base64_is_read_also_over_several_lines() -> None:
    assert messages_in(base64.encodebytes(CCS01_COMMAND).decode()) == [("Base64", CCS01_COMMAND)]


def test_a_message_is_found_in_duis_xml_wherever_it_stands() -> None:
    xml = local_command_xml(CCS01_COMMAND).decode()
    assert messages_in(xml) == [("GBCSPayload", CCS01_COMMAND)]


def test_xml_without_a_message_says_so() -> None:
    xml = response_xml("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A2:1", "I0", "<sr:X/>")
    with pytest.raises(HhtError, match="no GBCS message in this XML"):
        messages_in(xml.decode())


def test_hexadecimal_that_is_no_message_is_given_back_for_the_decoder_to_judge() -> None:
    assert messages_in("DF 09 01") == [("Hexadecimal", b"\xdf\x09\x01")]


def test_bytes_that_read_as_both_are_hexadecimal() -> None:
    assert messages_in("DEADBEEF") == [("Hexadecimal", b"\xde\xad\xbe\xef")]


@pytest.mark.parametrize("text", ["", "hello there!", "<sr:Response", "<a><b></a>", "ABC"])
def test_what_is_none_of_these_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(HhtError) as refusal:
        messages_in(text)
    assert "\n" not in str(refusal.value)


def test_an_empty_text_is_no_folder() -> None:
    (found,) = find_messages("")
    assert str(found.error).startswith("an empty text: There is nothing in it")


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_a_file_with_nothing_in_it_is_called_that(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.hex").write_bytes(content)
    (found,) = find_messages(str(tmp_path / "a.hex"))
    assert found.error
    assert found.error.what == "There is nothing in it"


def test_a_file_of_another_kind_is_not_called_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Nothing of note")
    (found,) = find_messages(str(tmp_path / "a.txt"))
    assert "neither hexadecimal, base64 nor XML" in str(found.error)


def zipped(path: Path, files: list[tuple[str, bytes]]) -> str:
    with warnings.catch_warnings(), ZipFile(path, "w", ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in files:
            archive.writestr(name, content)
    return str(path)


def test_a_zip_is_read_as_a_folder_with_names_of_windows_too(tmp_path: Path) -> None:
    files = [
        ("pack\\job.json", b"{}"),
        ("pack\\a.xml", local_command_xml(CCS01_COMMAND)),
        ("pack/b.hex", b"no message"),
        ("pack/c.doc", b"D"),
    ]
    path = zipped(tmp_path / "a.zip", files)
    found = {each.source.removeprefix(f"{path}: "): each for each in find_messages(path)}
    assert found["a.xml"].raw == CCS01_COMMAND
    assert found["job.json"].passed_over
    assert found["b.hex"].error
    assert found["pack/c.doc"].passed_over


def test_a_zip_that_is_no_pack_says_why(tmp_path: Path) -> None:
    twice = zipped(tmp_path / "a.zip", [("a.hex", b"1"), ("a.hex", b"2")])
    outside = zipped(tmp_path / "b.zip", [("../a.hex", CCS01_COMMAND.hex().encode())])
    empty = zipped(tmp_path / "c.zip", [])
    errors = [str(found.error) for path in (twice, outside, empty) for found in find_messages(path)]
    assert [words for words, said in zip(WHY, errors, strict=True) if words in said] == WHY
    (piped,) = find_in_content(Path(twice).read_bytes(), "standard input")
    assert "This is a ZIP" in str(piped.error)


WHY = ["holds the name 'a.hex' twice", "names a file outside itself", "no message in this ZIP"]


def test_a_folder_within_that_is_closed_has_its_line(tmp_path, monkeypatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b.hex").write_text(CCS01_COMMAND.hex())
    close_folder(monkeypatch, tmp_path / "a")
    read, closed = find_messages(str(tmp_path))
    assert read.raw == CCS01_COMMAND
    assert "Permission denied" in str(closed.error)


def test_of_a_folder_files_of_every_kind_are_read_and_the_others_are_passed_over(tmp_path) -> None:
    holding = {"a.txt": "Hi\n{}\n", "b.csv": "1,{}\r\n", "c.json": '{{"m": "{}"}}', "d": "{}"}
    for name, text in holding.items():
        (tmp_path / name).write_text(text.format(CCS01_COMMAND.hex()))
    for name, text in {"e.txt": "Hello", "VERSION": "12", "g.svg": "<svg>"}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "h.mp4").write_bytes(bytes(LARGEST_FILE + 1))
    seen = list(find_messages(str(tmp_path)))
    assert [each.raw for each in seen if not each.passed_over] == [CCS01_COMMAND] * 4
    passed = {Path(each.source).name: each.passed_over for each in seen if each.passed_over}
    assert passed.keys() == {"e.txt", "VERSION", "g.svg", "h.mp4"}
    assert passed["e.txt"] == passed["VERSION"] == "There is no GBCS message in it"
    assert "larger" in passed["h.mp4"]


def test_half_a_message_in_a_file_of_any_kind_is_an_error(tmp_path) -> None:
    (tmp_path / "a.txt").write_text(CCS01_COMMAND.hex()[:-1])
    (found,) = find_messages(str(tmp_path))
    assert "odd number of digits" in str(found.error)


def test_pipes_and_folders_with_the_name_of_a_message_are_passed_over(tmp_path) -> None:
    os.mkfifo(tmp_path / "a.hex")
    (tmp_path / "b.hex").mkdir()
    (found,) = find_messages(str(tmp_path))
    assert "no message in this folder" in str(found.error)


@given(st.text(max_size=200) | st.sampled_from([CS14_ALERT.hex()]))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        messages_in(text)
    except HhtError:
        pass


@pytest.mark.parametrize("around", ["{}", "Hello,\n\n{}\n\nBye", "https://a.example/?m={}", '"{}"'])
@pytest.mark.parametrize("octets", range(525, 529))
def test_base64_of_addresses_is_whole_without_its_padding(around: str, octets: int) -> None:
    raw = padded(octets)
    text = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    (found,) = find_in_content(around.format(text).encode(), "a.txt")
    assert found.raw == raw


def padded(octets: int) -> bytes:
    """A Command without MAC, of this size, whose octets take every sign of base64."""
    command = Message(Cra.COMMAND, 7, CHF, CHF, 0x0001, b"", signature=b"")
    room = octets - len(command.encode()) - 2
    payload = bytes(n * 37 % 256 for n in range(room))
    return replace(command, payload=payload).encode()
