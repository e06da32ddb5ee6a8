"""SR 8.13 is valid against the schema and carries the Device's bytes and the original RequestID."""

import base64
from pathlib import Path

import pytest
from duis_samples import BROKER, CHF, SUPPLIER
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hht.duis.request_id import RequestId
from hht.duis.return_request import return_local_command_response
from hht.errors import HhtError

SR = "{http://www.dccinterface.co.uk/ServiceUserGateway}"
OWN = RequestId(SUPPLIER, BROKER, 1795176000000)
ORIGINAL = RequestId.parse(f"{SUPPLIER}:{CHF}:1000".lower())


@given(st.binary(min_size=1, max_size=4000))
def test_the_payload_is_the_message_byte_for_byte(gbcs):
    root = etree.fromstring(return_local_command_response(OWN, ORIGINAL, gbcs))
    assert base64.b64decode(root.findtext(f".//{SR}DeviceGBCSResponse") or "") == gbcs


def test_the_original_request_id_is_written_as_it_was_imported():
    root = etree.fromstring(return_local_command_response(OWN, ORIGINAL, b"\xdf"))
    assert root.findtext(f".//{SR}OriginalRequestID") == ORIGINAL.text
    assert root.findtext(f".//{SR}RequestID") == str(OWN)
    assert root.findtext(f".//{SR}CommandVariant") == "8"


def test_an_alert_is_returned_without_an_original_request_id():
    assert b"OriginalRequestID" not in return_local_command_response(OWN, None, b"\xdf")


def test_the_xml_is_compact_because_a_signature_would_cover_white_space():
    xml = return_local_command_response(OWN, ORIGINAL, b"\xdf")
    assert b"\n" not in xml
    assert b"> <" not in xml


@pytest.mark.shared
@pytest.mark.parametrize("original", [ORIGINAL, None])
def test_it_is_valid_against_the_duis_schema(shared: Path, original):
    schema = etree.XMLSchema(etree.parse(str(shared / "duis" / "xsd" / "duis.xsd")))
    schema.assertValid(etree.fromstring(return_local_command_response(OWN, original, b"\xdf\x09")))


def test_request_ids_compare_by_value_and_keep_their_writing():
    upper = RequestId.parse(f"{SUPPLIER}:{CHF}:1000")
    assert upper == ORIGINAL
    assert str(upper) != str(ORIGINAL)


@pytest.mark.parametrize("counter", ["0", "18446744073709551615"])
def test_the_counter_has_64_bits(counter):
    assert RequestId.parse(f"{SUPPLIER}:{CHF}:{counter}").counter == int(counter)


@pytest.mark.parametrize("counter", ["18446744073709551616", "01", "-1", "", "x"])
def test_any_other_counter_is_refused(counter):
    with pytest.raises(HhtError):
        RequestId.parse(f"{SUPPLIER}:{CHF}:{counter}")
