"""The check digits of meter point numbers."""

import pytest

from hht.mpxn import MpxnKind, check_digits_fit, mpan_core, mpxn_kind


@pytest.mark.parametrize(
    ("digits", "kind", "fits"),
    [
        ("1234567890126", MpxnKind.MPAN, True),
        ("2000000000015", MpxnKind.MPAN, True),
        ("1234567890127", MpxnKind.MPAN, False),
        ("1312345678111", MpxnKind.MPAN, False),
        ("3938424403", MpxnKind.MPRN, True),
        ("3938424404", MpxnKind.MPRN, False),
        ("1000999888", MpxnKind.MPRN, False),
    ],
)
def test_a_meter_point_number_is_known_by_its_length_and_checked(
    digits: str, kind: MpxnKind, fits: bool
) -> None:
    assert mpxn_kind(digits) is kind
    assert check_digits_fit(digits) is fits


@pytest.mark.parametrize("digits", ["", "12345", "12345678901", "12345678901234", "１２３４５６７"])
def test_any_other_number_names_no_meter_point(digits: str) -> None:
    assert mpxn_kind(digits) is None


def test_the_core_of_a_full_mpan_is_its_last_thirteen_digits() -> None:
    assert mpan_core("001112221234567890126") == "2221234567890126"[-13:]
    assert mpan_core("1234567890126") is None
