"""An Alert's code is near the start of its payload, in each of the three encodings."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.gbcs.alerts import read_alert_code
from hht.gbcs.message import Message


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("0f20000fa0000203128f12090c", 0x8F12),
        ("0109008f301c374a80", 0x8F30),
        ("30720203008071180f", 0x8071),
        ("308200de0203008f67", 0x8F67),
        ("3000", None),
        ("0f20", None),
        ("0500", None),
        ("", None),
    ],
)
def test_the_code_is_found_in_dlms_gbz_and_asn1(payload, code):
    assert read_alert_code(bytes.fromhex(payload)) == code


@given(st.binary(max_size=20))
def test_no_bytes_confuse_it(payload):
    code = read_alert_code(payload)
    assert code is None or 0 <= code <= 0xFFFF


@pytest.mark.shared
def test_it_agrees_with_the_names_of_the_reference_alerts(shared: Path):
    checked = 0
    for path in (shared / "rtds" / "messages").glob("*/*ALERT*.HEX"):
        named = re.search(r"_(8[0-9A-F]{3})_", path.name)
        if named and "COMMAND" not in path.name and "RESPONSE" not in path.name:
            message = Message.parse(bytes.fromhex(path.read_text().strip()))
            assert read_alert_code(message.payload) == int(named[1], 16), path.name
            checked += 1
    assert checked > 60
