"""A Local Command is what a DUIS Response carries as LocalCommand; everything else is refused."""

import contextlib
import re
from pathlib import Path

import pytest
from duis_samples import CHF, SUPPLIER, command, local_command_xml, response_xml
from hypothesis import given
from hypothesis import strategies as st

from hht.duis.envelope import DuisRefused
from hht.duis.local_command import read_local_command
from hht.errors import HhtError
from hht.gbcs.message import Cra, Message

REQUEST = f"{SUPPLIER}:{CHF}:1000"


def refusal(xml: bytes) -> str:
    with pytest.raises(DuisRefused) as caught:
        read_local_command(xml, "a.xml")
    line = str(caught.value)
    assert line.startswith("a.xml: ")
    assert "\n" not in line
    assert caught.value.remedy
    return line


def test_a_local_command_keeps_its_bytes_its_request_id_and_its_service():
    message = command(1234)
    read = read_local_command(local_command_xml(message, reference="8.7", variant="8.7.1"), "a.xml")
    assert read.raw == message.encode()
    assert read.message == message
    assert str(read.request_id) == REQUEST
    assert (read.service_reference, read.service_reference_variant) == ("8.7", "8.7.1")


@pytest.mark.parametrize("code", ["I0", "I99"])
def test_the_presence_of_local_command_decides_and_not_the_response_code(code):
    assert read_local_command(local_command_xml(command(), code=code), "a.xml").raw


def test_the_request_id_keeps_the_letter_case_it_came_in():
    text = REQUEST.lower()
    read = read_local_command(local_command_xml(command(), request_id=text), "a.xml")
    assert str(read.request_id) == text


def test_a_pre_command_is_refused_by_its_element():
    content = "<sr:PreCommand><sr:GBCSVersion>4.3</sr:GBCSVersion></sr:PreCommand>"
    assert "Pre-Command" in refusal(response_xml(REQUEST, "I0", content))


def test_a_pre_command_is_refused_by_its_bytes_even_inside_local_command():
    message = command()
    unsigned = Message(
        Cra.COMMAND,
        1,
        message.originator,
        CHF,
        message.message_code,
        b"\x01",
        signature=None,
        mac=None,
    )
    assert "Pre-Command" in refusal(local_command_xml(unsigned))


def test_a_response_inside_local_command_is_refused():
    message = command()
    answer = Message(Cra.RESPONSE, 1, CHF, message.originator, 1, b"\x00", mac=bytes(12))
    assert "Response and not a Command" in refusal(local_command_xml(answer))


@pytest.mark.parametrize(
    ("code", "content", "says"),
    [
        ("I99", "", "acknowledgement"),
        ("I0", "", "no Local Command"),
        ("W081401", "", "W081401"),
        ("E19", "", "E19"),
        ("I96", "", "I96"),
        ("I0", "<sr:GBCSPayload>AAAA</sr:GBCSPayload>", "over the WAN"),
    ],
)
def test_what_is_not_to_be_delivered_is_refused_with_its_reason(code, content, says):
    assert says in refusal(response_xml(REQUEST, code, content))


def test_truncated_xml_is_refused_with_the_line():
    xml = local_command_xml(command())
    assert re.search(r"line \d", refusal(xml[: len(xml) // 2]))


def test_what_is_no_xml_at_all_is_said_to_be_none_in_plain_words():
    assert "This is no XML: it does not begin with <." in refusal(b"a note, not XML\n")


def test_a_doctype_is_refused_and_its_entities_are_never_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("do not read me")
    xml = local_command_xml(command()).replace(
        b"<sr:Response",
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><sr:Response'.encode(),
        1,
    )
    assert "DOCTYPE" in refusal(xml)


def test_a_billion_laughs_is_refused_at_once():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><x>&e11;</x>'.encode()
    assert "DOCTYPE" in refusal(xml)


def test_damaged_base64_and_damaged_gbcs_are_distinguished():
    good = local_command_xml(command())
    assert "base64" in refusal(re.sub(rb"GBCSPayload>[^<]{4}", b"GBCSPayload>=*=*", good, count=1))
    assert "GBCS message is damaged" in refusal(local_command_xml(command().encode()[:-3]))


def test_a_service_request_and_a_foreign_document_are_named():
    request = local_command_xml(command()).replace(b"sr:Response ", b"sr:Request ")
    request = request.replace(b"</sr:Response>", b"</sr:Request>")
    assert "Service Request" in refusal(request)
    assert "<html>" in refusal(b"<html></html>")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(junk):
    with pytest.raises(HhtError):
        read_local_command(junk, "a.xml")


@given(st.integers(0, 600), st.integers(0, 255))
def test_any_one_changed_byte_is_read_or_refused(position, value):
    xml = bytearray(local_command_xml(command()))
    xml[position % len(xml)] = value
    with contextlib.suppress(HhtError):
        assert read_local_command(bytes(xml), "a.xml").message


@pytest.mark.shared
def test_the_sample_local_commands_are_read_and_all_other_samples_refused(shared: Path):
    for path in sorted((shared / "duis" / "samples").glob("*.xml")):
        if path.name.startswith("local-command"):
            read = read_local_command(path.read_bytes(), path.name)
            assert read.signed == path.name.endswith(".signed.xml")
            assert read.message.encode() == read.raw
        else:
            with pytest.raises(DuisRefused):
                read_local_command(path.read_bytes(), path.name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"?>\n<sr:Response", b"?><?hht training?>\n<sr:Response"),
        (b"?>\n<sr:Response", b"?>\n<?hht  training ?>\n<sr:Response"),
        (b"<sr:Header>", b"<sr:Header><?hht training?>"),
        (b"</sr:Response>", b"</sr:Response><?hht training?>"),
    ],
)
def test_the_training_mark_is_found_wherever_it_is(before, after):
    plain = local_command_xml(command())
    marked = plain.replace(before, after)
    assert marked != plain
    assert read_local_command(marked, "a.xml").is_training
    assert not read_local_command(plain, "a.xml").is_training
    in_utf_16 = marked.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert read_local_command(in_utf_16, "a.xml").is_training


@pytest.mark.parametrize(
    "mark",
    [
        "<?hht?>",
        "<?hht-training?>",
        "<?HHT TRAINING?>",
        "<?Hht training?>",
        "<?hht Training?>",
        '<?hht training="yes"?>',
        "<?hht training yes?>",
        "<?hhttraining?>",
        "<?x-hht training?>",
        "<?training hht?>",
        "<?\uff48\uff48\uff54 training?>",
        "<?h\u200cht training?>",
        "<?\u04bb\u04bbt training?>",
    ],
)
@pytest.mark.parametrize("place", ["<sr:Response ", "<sr:Header>", "</sr:Body>"])
def test_what_resembles_the_training_mark_is_refused(mark: str, place: str) -> None:
    plain = local_command_xml(command()).decode()
    for odd in (plain.replace(place, mark + place), plain + mark):
        for content in (odd.encode(), odd.replace("UTF-8", "UTF-16").encode("utf-16")):
            assert "resembles the mark of training data" in refusal(content)


@pytest.mark.parametrize("other", ["<?xml-stylesheet href='duis.xsl'?>", "<?mso-application x?>"])
def test_another_processing_instruction_is_no_mark(other: str) -> None:
    xml = local_command_xml(command()).replace(b"<sr:Response ", other.encode() + b"<sr:Response ")
    assert not read_local_command(xml, "a.xml").is_training


@pytest.mark.parametrize("inside", ["<!-- 0 -->", "<?x y?>"])
def test_a_comment_or_instruction_inside_a_value_does_not_cut_it(inside):
    whole = local_command_xml(command(), request_id=f"{SUPPLIER}:{CHF}:1001")
    split = whole.replace(b":1001<", f":10{inside}01<".encode())
    assert read_local_command(split, "a.xml").request_id.counter == 1001


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b""])
def test_a_mark_is_not_swallowed_by_a_declaration_that_has_no_end(before: bytes) -> None:
    xml = local_command_xml(command(1000))
    body = xml[xml.index(b"?>") + 2 :]
    spoilt = before + b'<?xml version="1.0" <?hht training?>' + body + b"<!-- \xa3 -->"
    assert refusal(spoilt)
