"""Every code of UG101 is put into words, with what to do; any other with its number."""

import pytest

from hht.radio.opening import trouble

UG101 = (0x00, 0x01, 0x02, 0x03, 0x06, 0x09, 0x0B, 0x51, 0x80)


@pytest.mark.parametrize("code", UG101)
def test_a_code_of_ug101_is_reported_in_words(code: int) -> None:
    for explained in (trouble.reset(code), trouble.failure(code)):
        assert "UG101" not in explained.reason
        assert explained.reason.endswith(f", 0x{code:02X}")
        assert explained.remedy


def test_any_other_code_is_reported_with_its_number() -> None:
    found = {trouble.reset(code).reason for code in range(256) if code not in UG101}
    assert len(found) == 256 - len(UG101)
    assert trouble.reset(0x0C).reason == "it reset itself: UG101 does not have its code, 0x0C"


def test_what_is_the_servers_is_remedied_there() -> None:
    for each in (trouble.failure(0x51), trouble.CLOSED, trouble.NO_ACKNOWLEDGEMENT):
        assert "server" in each.remedy_for(at_server=True)
        assert "server" not in each.remedy_for(at_server=False)
    assert trouble.reset(0x02).remedy_for(at_server=True) == trouble.reset(0x02).remedy
