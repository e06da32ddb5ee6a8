"""`hht status-update` as the back office calls it."""

import json
from pathlib import Path

import pytest
from lxml import etree

GOOD = {
    "ServiceReferenceVariant": "8.14.4",
    "BusinessOriginatorID": "90-B3-D5-1F-30-01-00-00",
    "DeviceID": "00-DB-12-34-56-78-90-A2",
    "CHFNoFaultReturnType": "No Fault Return (general)",
}


@pytest.fixture
def fields(tmp_path: Path) -> Path:
    path = tmp_path / "fields.json"
    path.write_text(json.dumps(GOOD))
    return path


def test_the_request_goes_to_stdout_with_the_counter_that_was_asked_for(hht, fields) -> None:
    ran = hht("status-update", fields, "--counter", "18446744073709551615")
    assert ran.code == 0
    assert etree.fromstring(ran.out.encode())[0][0].text.endswith(":18446744073709551615")
    assert ran.err == ""


def test_or_into_a_file_of_ones_own(hht, fields, tmp_path) -> None:
    out = tmp_path / "update.xml"
    assert hht("status-update", fields, "--out", out).code == 0
    assert etree.parse(out).getroot().tag.endswith("Request")
    assert out.stat().st_mode & 0o077 == 0


def test_every_fault_has_its_line_and_nothing_is_written(hht, fields) -> None:
    fields.write_text(json.dumps(GOOD | {"DeviceID": "CHF", "Colour": 1, "UserRefID": None}))
    ran = hht("status-update", fields)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"DeviceID": NaN}',
        b'{"a": 1, "a": 2}',
        "{}".encode("utf-16"),
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_object_has_one_line(hht, fields, raw) -> None:
    fields.write_bytes(raw)
    ran = hht("status-update", fields)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1


def test_a_byte_order_mark_is_passed_over(hht, fields) -> None:
    fields.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert hht("status-update", fields).code == 0


@pytest.mark.xdist_group("kept play")
def test_the_meters_of_imported_jobs_are_known(hht, fields, after_play) -> None:
    after_play("no-wan-install")
    devices = hht("jobs", "list", "--json").rows
    fields.write_text(json.dumps(GOOD | {"DeviceID": devices[0]["hub"]}))
    ran = hht("status-update", fields)
    assert ran.code == 2
    assert "GPF or a meter" in ran.err


def test_without_a_readable_store_one_check_is_left_out(hht, fields, data_dir) -> None:
    data_dir.mkdir()
    (data_dir / "live.db").write_bytes(b"no database")
    ran = hht("status-update", fields)
    assert ran.code == 0
    assert "not compared with imported jobs" in ran.err


@pytest.mark.parametrize("channels", ["", "10", "27", "15,x", "15,,20", "-15", "٢٠", "1" * 500])
def test_the_drafts_item_takes_channels_from_11_to_26_alone(hht, fields, channels: str) -> None:
    ran = hht("status-update", fields, "--draft-channels", channels)
    assert (ran.code, ran.out, ran.err.count("DraftCHFChannelMask")) == (2, "", 1)


def test_the_drafts_item_is_not_for_a_return(hht, fields) -> None:
    ran = hht("status-update", fields, "--draft-channels", "15,20")
    assert (ran.code, "8.14.1 and 8.14.2 alone" in ran.err) == (2, True)
