"""Messages, XML and packs are read as Windows saves them and mail programs send them."""

import base64
import json
import textwrap
from pathlib import Path

import pytest
from duis_samples import CHF, SUPPLIER, command, local_command_xml, response_xml, write_pack
from store_samples import CCS01_COMMAND, CS14_ALERT

from hht.duis.envelope import DuisRefused
from hht.duis.job_pack import read_job_pack
from hht.duis.local_command import read_local_command
from hht.duis.message_sources import find_in_content, messages_in
from hht.errors import HhtError

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
HEX = CCS01_COMMAND.hex().upper()
BASE64 = base64.b64encode(CCS01_COMMAND).decode()
XML = local_command_xml(CCS01_COMMAND, request_id=f"{SUPPLIER}:{CHF}:1001").decode()


def found(content: bytes) -> list[bytes]:
    messages = list(find_in_content(content, "a file"))
    assert [message.error for message in messages] == [None] * len(messages)
    return [message.raw for message in messages]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [HEX, "\n".join(textwrap.wrap(BASE64, 76)), XML])
def test_a_message_is_read_in_every_encoding(text: str, ending: str, encoding: str) -> None:
    assert found(text.replace("\n", ending).encode(encoding)) == [CCS01_COMMAND]


@pytest.mark.parametrize("declared", ["", "<?xml version='1.0' encoding='utf-8'?>\n"])
def test_xml_with_a_sign_of_windows_1252_is_read(tmp_path: Path, declared: str) -> None:
    path = tmp_path / "a.xml"
    plain = XML.partition("?>")[2] if XML.startswith("<?xml") else XML
    path.write_bytes(f"{declared}<!-- café £5 -->{plain}".encode("cp1252"))
    (taken,) = read_job_pack(path).commands
    assert taken.local_command.raw == CCS01_COMMAND
    assert found(path.read_bytes()) == [CCS01_COMMAND]


@pytest.mark.parametrize(
    "text",
    [
        f'"{HEX}"',
        f"'{HEX}';",
        "“" + HEX + "”",
        "\n".join(f'"{line}"' for line in textwrap.wrap(HEX, 64)),
        ", ".join(f"0x{HEX[at : at + 2]}" for at in range(0, len(HEX), 2)),
        "".join(f"\\x{HEX[at : at + 2]}" for at in range(0, len(HEX), 2)),
        "\n".join(f"> {line}" for line in textwrap.wrap(HEX, 72)),
        "=\n".join(textwrap.wrap(HEX, 75)),
        "\n".join(f"> > {line}" for line in textwrap.wrap(BASE64, 72)),
        "=\n".join(textwrap.wrap(BASE64, 75)),
        f'"{BASE64}"',
        base64.urlsafe_b64encode(CCS01_COMMAND).decode(),
        f"\u200b{HEX}\u00a0",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_quoted_or_mailed_message_is_read(text: str) -> None:
    assert found(text.encode()) == [CCS01_COMMAND]


def test_several_wrapped_messages_are_distinguished_by_the_empty_lines_between() -> None:
    parts = [base64.encodebytes(raw).decode() for raw in (CCS01_COMMAND, CS14_ALERT)]
    assert found("\n".join(parts).replace("\n", "\r\n").encode()) == [CCS01_COMMAND, CS14_ALERT]


def test_xml_saved_in_another_encoding_than_it_declares_is_read() -> None:
    declared = XML.replace("UTF-8", "utf-16")
    assert read_local_command(declared.encode(), "a.xml").raw == CCS01_COMMAND
    assert read_local_command(XML.encode("utf-16"), "a.xml").raw == CCS01_COMMAND


@pytest.mark.parametrize("inside", ["<!-- left out -->", "<?mail soft break?>"])
def test_a_value_is_joined_around_a_comment_or_processing_instruction(inside: str) -> None:
    xml = XML.replace(":1001<", f":10{inside}01<").replace("3QAA", f"3Q{inside}AA")
    taken = read_local_command(xml.encode(), "a.xml")
    assert str(taken.request_id).endswith(":1001")
    assert taken.raw == CCS01_COMMAND


@pytest.mark.parametrize(
    ("what", "instead", "why"),
    [
        (":1001<", ":10<sr:X/>01<", "RequestID holds elements"),
        (
            "</sr:RequestID>",
            f"</sr:RequestID><sr:RequestID>{SUPPLIER}:{CHF}:9</sr:RequestID>",
            "RequestID is there twice",
        ),
        ("3QAA", "3Q<sr:X/>AA", "GBCSPayload holds elements"),
    ],
)
def test_half_a_value_is_refused(what: str, instead: str, why: str) -> None:
    with pytest.raises(DuisRefused, match=why):
        read_local_command(XML.replace(what, instead, 1).encode(), "a.xml")


def test_half_a_payload_is_said_to_be_that_wherever_messages_are_looked_for() -> None:
    with pytest.raises(DuisRefused, match="GBCSPayload holds elements"):
        messages_in(XML.replace("3QAA", "3Q<sr:X/>AA", 1))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_job_pack_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    folder = write_pack(tmp_path / "pack", [command(1000), command(1001)])
    expected = read_job_pack(folder)
    for path in folder.iterdir():
        path.write_bytes(path.read_text("utf-8").replace("\n", "\r\n").encode(encoding))
    assert read_job_pack(folder) == expected


def test_quoted_hexadecimal_in_a_pack_is_read(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack", [command(1000)])
    job = json.loads((folder / "job.json").read_text())
    job["commands"][0] |= {"file": "a.hex", "request_id": f"{SUPPLIER}:{CHF}:1000"}
    (folder / "job.json").write_text(json.dumps(job))
    (folder / "a.hex").write_bytes(f'"{command(1000).encode().hex()}"\r\n'.encode("utf-16"))
    assert read_job_pack(folder).commands[0].local_command.raw == command(1000).encode()


@pytest.mark.parametrize("code", ["I99", "W110101"])
def test_an_acknowledgement_beside_local_commands_is_reported_and_they_are_taken(
    tmp_path: Path, code: str
) -> None:
    (tmp_path / "1.xml").write_bytes(local_command_xml(command(1000)))
    (tmp_path / "2.xml").write_bytes(response_xml(f"{SUPPLIER}:{CHF}:1", code, ""))
    pack = read_job_pack(tmp_path)
    assert [each.local_command.raw for each in pack.commands] == [command(1000).encode()]
    (note,) = pack.notes
    assert "2.xml" in note
    assert code in note


def test_a_refusal_by_the_dcc_beside_local_commands_refuses_the_whole(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(local_command_xml(command(1000)))
    (tmp_path / "2.xml").write_bytes(response_xml(f"{SUPPLIER}:{CHF}:1", "E4", ""))
    with pytest.raises(HhtError, match="refused this Service Request with E4"):
        read_job_pack(tmp_path)


def test_files_of_other_kinds_beside_local_commands_are_named_as_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(XML)
    for name in ("b.txt", "c.pdf", ".DS_Store", "Thumbs.db", "._a.xml"):
        (tmp_path / name).write_text(HEX)
    pack = read_job_pack(tmp_path)
    assert len(pack.commands) == 1
    words = "a file of this kind is not read"
    assert pack.notes == (f"b.txt: {words}", f"c.pdf: {words}")
    for number in range(30):
        (tmp_path / f"photo{number:02}.jpg").touch()
    assert read_job_pack(tmp_path).notes[-1] == "12 more files of such kinds"
