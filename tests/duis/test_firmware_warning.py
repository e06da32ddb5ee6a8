"""Warnings W110101 and W110401: which Devices get no firmware, and why."""

import pytest
from duis_samples import firmware_warning, response_xml

from hht.duis.envelope import DuisRefused
from hht.duis.firmware_warning import CODES, REASONS, read_firmware_warning
from hht.duis.local_command import NothingToDeliver, read_local_command

REQUEST = "90-B3-D5-1F-30-01-00-00:90-B3-D5-1F-30-00-00-02:1000"
ONE, TWO = "00-DB-12-34-56-78-90-A1", "00-DB-12-34-56-78-90-a2"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", REASONS)
def test_each_list_of_each_warning_names_its_devices_and_its_reason(code: str, name: str) -> None:
    found = read_firmware_warning(firmware_warning(code, {name: f"{ONE},{TWO}"}), "w.xml")
    assert (found.code, found.service_reference) == (code, CODES[code][0])
    assert found.request_id == REQUEST
    assert [str(each.device) for each in found.left_out] == [ONE, TWO.upper()]
    assert {each.reason for each in found.left_out} == {REASONS[name][0]}


def test_a_warning_without_a_list_leaves_nobody_out() -> None:
    assert read_firmware_warning(firmware_warning("W110101", {}), "w.xml").left_out == ()


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (response_xml(REQUEST, "I99", ""), "I99"),
        (firmware_warning("W110101", {"InvalidDeviceIDList": "00-DB-12"}), "no Entity Identifier"),
        (b"<no", "damaged"),
    ],
)
def test_what_is_no_such_warning_is_refused(xml: bytes, says: str) -> None:
    with pytest.raises(DuisRefused, match=says):
        read_firmware_warning(xml, "w.xml")


def test_import_says_that_there_is_nothing_to_deliver_and_where_the_devices_are_named() -> None:
    with pytest.raises(NothingToDeliver, match="firmware warnings"):
        read_local_command(firmware_warning("W110401", {"InvalidGBCSVersionList": ONE}), "w.xml")
