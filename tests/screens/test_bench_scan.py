"""One scan names one unit: its two identifiers and its code are one label, two units are not."""

import pytest

from screens.facility.scan import read_scan

UNIT, HALF, OTHER = "00DB000000000001", "00DB000080000001", "00DB000000000002"
CODE = "83FED3407A932B70"  # six bytes and their check bytes: as long as an identifier


@pytest.mark.parametrize(
    "scanned",
    [
        f"EUI {UNIT} EUI {UNIT}",
        f"{UNIT} {UNIT}",
        f"eui={UNIT};hht_eui={HALF}",
        f"HHT EUI: {HALF} EUI: {UNIT}",
        f"Z:{UNIT}$I:{CODE}",
        f"{UNIT},{CODE}",
    ],
)
def test_what_is_on_the_label_of_one_unit_is_one_scan(scanned: str) -> None:
    label = read_scan(scanned)
    assert label
    assert label.entity_id
    assert label.entity_id.hex().upper() == UNIT


def test_a_label_whose_install_code_is_not_whole_is_no_scan() -> None:
    assert read_scan(f"Z:{UNIT}$I:{CODE[:-4]}0000") is None


@pytest.mark.parametrize("between", [" ", ",", " EUI ", "EUI ", "$Z:", f"$I:{CODE}Z:"])
def test_two_units_are_no_scan_whatever_is_between_them(between: str) -> None:
    assert read_scan(f"Z:{UNIT}{between}{OTHER}") is None
