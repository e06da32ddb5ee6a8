"""Messages in a mail, or beneath a greeting: found whole, each once, and nothing made up."""

import base64
import json
import quopri
from email.message import EmailMessage
from pathlib import Path
from textwrap import wrap

import pytest
from duis_samples import local_command_xml
from store_samples import CCS01_COMMAND, CS14_ALERT, ECS70_RESPONSE

from hht.cli.inspect.inspection import inspect_all
from hht.duis.mail.text import messages_in_mail
from hht.duis.message_sources import find_in_content, find_messages
from hht.errors import HhtError

GREETING, REGARDS = "Hello,\nplease see below.\n\n", "\n\nBest regards\nAda\n"
MESSAGES = [CCS01_COMMAND, ECS70_RESPONSE, CS14_ALERT]


def hexadecimal(raw: bytes) -> str:
    return "\n".join(wrap(raw.hex().upper(), 76))


def encoded(raw: bytes) -> str:
    return "\n".join(wrap(base64.b64encode(raw).decode(), 76))


@pytest.mark.parametrize("raw", MESSAGES)
@pytest.mark.parametrize("written", [hexadecimal, encoded, lambda raw: raw.hex(" ")])
def test_a_message_beneath_a_greeting_is_found(raw: bytes, written: "type[str]") -> None:
    assert messages_in_mail(GREETING + str(written(raw)) + REGARDS) == [raw]


@pytest.mark.parametrize("raw", MESSAGES)
def test_a_message_in_a_sentence_is_found(raw: bytes) -> None:
    assert messages_in_mail(f"The hub sent {raw.hex()} today.") == [raw]
    assert messages_in_mail(f"Payload: {base64.b64encode(raw).decode()}, it says") == [raw]


def test_lines_that_follow_without_a_break_are_left_out() -> None:
    assert messages_in_mail(f"Hi\n{encoded(CS14_ALERT)}\nRegards\nAda") == [CS14_ALERT]


def test_several_messages_are_found_in_order_and_each_once() -> None:
    text = f"{GREETING}{hexadecimal(MESSAGES[0])}\n\nand\n\n{encoded(MESSAGES[1])}\n\n"
    assert messages_in_mail(text + f"> {MESSAGES[0].hex()}") == MESSAGES[:2]


def test_an_answered_mail_keeps_its_quoted_message() -> None:
    quoted = "".join(f"> > {line}\n" for line in hexadecimal(CCS01_COMMAND).splitlines())
    assert messages_in_mail(f"Ada wrote:\n{quoted}\nWhat is this?") == [CCS01_COMMAND]


def test_quoted_printable_is_undone() -> None:
    text = f"{GREETING}caf\u00e9: {base64.b64encode(ECS70_RESPONSE).decode()}{REGARDS}"
    escaped = quopri.encodestring(text.encode()).decode()
    assert "=\n" in escaped
    assert messages_in_mail(escaped) == [ECS70_RESPONSE]


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "7bit"])
def test_a_saved_mail_is_read_part_by_part(tmp_path: Path, encoding: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ada@example.org", "Response"
    mail.set_content(GREETING + hexadecimal(CCS01_COMMAND) + REGARDS, cte=encoding)
    mail.add_attachment(CS14_ALERT, "application", "octet-stream", filename="alert.bin")
    path = tmp_path / "answer.eml"
    path.write_bytes(mail.as_bytes())
    assert [each.raw for each in find_messages(str(path))] == [CCS01_COMMAND, CS14_ALERT]


def test_duis_xml_in_a_mail_gives_its_payload() -> None:
    xml = local_command_xml(CCS01_COMMAND).decode()
    for text in (GREETING + xml + REGARDS, quopri.encodestring(xml.encode()).decode()):
        (found,) = find_in_content(text.encode(), "mail")
        assert found.raw == CCS01_COMMAND


def found(content: bytes) -> list[bytes]:
    return [each.raw for each in find_in_content(content, "mail")]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("written", [hexadecimal, encoded])
@pytest.mark.parametrize("greeting", ["Grüße,\n\n", "Šiša,\n\n"])
def test_one_sign_of_another_encoding_hides_no_message(
    written: "type[str]", encoding: str, greeting: str
) -> None:
    text = greeting + str(written(CCS01_COMMAND)) + "\n\nIt cost £5\n"
    assert found(text.encode(encoding, "replace")) == [CCS01_COMMAND]


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-be", "windows-1252", "utf-7", "none-such"])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_part_of_a_mail_is_read_in_its_own_encoding(charset: str, encoding: str) -> None:
    body = f"Grüße\n\n{encoded(CCS01_COMMAND)}\n\nBye\n"
    raw = body.encode("cp1252" if charset == "none-such" else charset)
    wrapped = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}
    head = (
        "Subject: caf\xe9\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    assert found(head.encode("latin-1") + wrapped.get(encoding, bytes)(raw)) == [CCS01_COMMAND]


def test_an_attachment_saved_as_utf_16_is_read() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ada@example.org", "Response"
    mail.set_content("attached\n")
    text = hexadecimal(CCS01_COMMAND).encode("utf-16")
    mail.add_attachment(text, "application", "octet-stream", filename="command.hex")
    assert found(mail.as_bytes()) == [CCS01_COMMAND]


@pytest.mark.parametrize(
    "text",
    [
        f"<html><body>Hi<br>{encoded(CCS01_COMMAND)}<br></body></html>".replace("\n", "<br>\n"),
        f"<!DOCTYPE html>\n<p>{encoded(CCS01_COMMAND)}</p>".replace("+", "&#43;"),
        json.dumps({"message": encoded(CCS01_COMMAND), "note": "£5"}),
        json.dumps([encoded(CCS01_COMMAND)]).replace("/", "\\/"),
    ],
)
def test_html_and_json_are_read_past_their_marks(text: str) -> None:
    assert found(text.encode()) == [CCS01_COMMAND]


@pytest.mark.parametrize("before", ["", "See:\n"])
@pytest.mark.parametrize("missing", [1, 2, 3, 40])
@pytest.mark.parametrize("written", [hexadecimal, encoded, lambda raw: raw.hex()])
def test_a_message_that_was_cut_is_called_that(
    written: "type[str]", missing: int, before: str
) -> None:
    signs = str(written(CCS01_COMMAND)).rstrip("=\n")  # without its padding it is whole
    cut = (before + signs[:-missing]).encode()
    (seen,) = inspect_all(find_in_content(cut, "mail"), None, False)
    assert seen.error
    assert "odd number of digits" in seen.error.what or "bytes and" in seen.error.what


def test_a_wrong_letter_in_hexadecimal_is_named() -> None:
    text = f"{CCS01_COMMAND.hex()[:50]}O{CCS01_COMMAND.hex()[51:]}"
    (seen,) = find_in_content(text.encode(), "mail")
    assert seen.error
    assert seen.error.what.startswith(f"Digit 51 of {len(text):,} is 'O'")


@pytest.mark.parametrize(
    "text",
    ["Hello,\nhow are you?", "DF is a tag, DD another.", "DD 00 is not much", "<html>"],
)
def test_a_mail_without_a_message_gives_none(text: str) -> None:
    assert messages_in_mail(text) == []
    (found,) = find_in_content(text.encode(), "mail")
    assert isinstance(found.error, HhtError)


def test_a_message_that_was_cut_is_not_taken_for_a_whole_one() -> None:
    assert messages_in_mail(GREETING + CCS01_COMMAND.hex()[:-8]) == []


def test_a_text_of_nothing_but_beginnings_is_read_in_no_time() -> None:
    assert messages_in_mail("DF09 " * 20_000 + "\n3wkB" * 5_000) == []
