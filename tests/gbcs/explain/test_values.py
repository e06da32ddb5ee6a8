"""Amounts, texts, top-up codes and channels, each as a person writes it."""

import pytest

from hht.gbcs.explain.amounts import decimal, money, power, ratio, whole
from hht.gbcs.explain.channels import channels_in_words, ghz_channels_in_words
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.explain.texts import text_in_words
from hht.gbcs.explain.tree.gbz_scales import Scales
from hht.gbcs.explain.tree.gbz_values import gbz_words
from hht.gbcs.explain.utrn import utrn_in_words
from hht.gbcs.explain.value_formats import number_in_words
from hht.gbcs.gbz import Field


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (250000, "2.50 GBP"),
        (-25494445, "-254.94445 GBP"),
        (54794, "0.54794 GBP"),
        (0, "0.00 GBP"),
        (-1, "-0.00001 GBP"),
    ],
)
def test_money_has_its_sign_its_currency_and_all_its_places(number: int, words: str) -> None:
    assert money(number) == words


def test_money_of_another_currency_or_with_other_places_says_so() -> None:
    assert money(1234, 3, "EUR") == "1.234 EUR"
    assert money(1234, 0, "EUR") == "1234 EUR"


@pytest.mark.parametrize(
    ("number", "multiplier", "divisor", "words"),
    [
        (12345, 1, 1000, "12.345"),
        (61680, 1, 10000, "6.1680"),
        (7, 3, 1, "21"),
        (10, 1, 3, "3.333333"),
        (5, 1, 0, "out of range: 5 × 1 / 0"),
        (1 << 71, 1, 1000, "out of range: a number of 72 bits × 1 / 1000"),
    ],
)
def test_multiplier_and_divisor_are_applied(
    number: int, multiplier: int, divisor: int, words: str
) -> None:
    assert ratio(number, multiplier, divisor) == words


@pytest.mark.parametrize(
    ("number", "exponent", "words"),
    [
        (12345, -3, "12.345"),
        (-5, -2, "-0.05"),
        (7, 3, "7000"),
        (3, 100, "3 × 10^100"),
        (3, 2_000_000_000, "out of range: 3, scaler 2000000000"),
        (3, -2_000_000_000, "out of range: 3, scaler -2000000000"),
    ],
)
def test_a_scaler_is_applied_or_said_to_be_out_of_range(
    number: int, exponent: int, words: str
) -> None:
    assert power(number, exponent) == words


def test_a_number_wider_than_any_field_is_not_written_out() -> None:
    assert whole(1 << 16000) == "out of range (16001 bits)"
    assert "out of range" in decimal(1 << 16000, 2)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"Reset", '"Reset"'),
        (b"Line 1\r\nLine 2", '"Line 1 ↵ Line 2"'),
        (b"ABC\x00\x00\x00", '"ABC"'),
        (b"  ABC  ", '"ABC"'),
        ("Debt £5.00 paid".encode(), '"Debt £5.00 paid"'),
        ("Debt £5.00 paid".encode("cp1252"), '"Debt £5.00 paid"'),
        ("Dyled wedi’i thalu ŵ".encode(), '"Dyled wedi’i thalu ŵ"'),
        ("ਬਿਜਲੀ".encode(), '"ਬਿਜਲੀ"'),
        (b"R", '"R"'),
        (b"", "empty"),
        (b"\x01\x02", "0102"),
        ("\ufeffReset".encode(), '"<U+FEFF>Reset"'),
        ("\u202e\u2066".encode(), '"<U+202E><U+2066>"'),
        ("a\u200b\u00adb".encode(), '"a<U+200B><U+00AD>b"'),
        ("\u2067\u202bשלום\u202c\u2069".encode(), '"<U+2067><U+202B>שלום<U+202C><U+2069>"'),
        ("ø\x01\x02\x03".encode(), "C3B8010203"),
    ],
)
def test_a_text_in_any_language_is_one_line_without_its_padding(octets: bytes, words: str) -> None:
    assert text_in_words(octets) == words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (b"73946144332040217315", "UTRN 73946144332040217315, 10.00 GBP"),
        (b"73950067887105178605", "UTRN 73950067887105178605, 12.50 GBP"),
        (
            b"73952520012883681850",
            "UTRN 73952520012883681850, in a value class that is not defined (3)",
        ),
        (b"12345678910121314156", "12345678910121314156 (not a top-up code)"),
        (b"73941569907863060470", "73941569907863060470 (not a top-up code)"),
        (b"75382721788621619200", "75382721788621619200 (not a top-up code)"),
        (b"7394614433204021731A", '"7394614433204021731A" (not a top-up code)'),
        (b"123", '"123" (not a top-up code)'),
        (b"\x01\x02", "0102 (not a top-up code)"),
    ],
)
def test_a_top_up_code_has_its_value(code: bytes, words: str) -> None:
    assert str(utrn_in_words(code)) == words


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        ("E0000006", "page 28, channels 1, 2: 863.45, 863.65 MHz"),
        ("E8000006", "page 29, channels 28, 29: 868.85, 869.05 MHz"),
        ("F0000006", "page 30, channels 36, 37: 870.45, 870.65 MHz"),
        ("F8000006", "page 31, channels 1, 2: 915.55, 915.75 MHz, upper band"),
        ("E0000001", "page 28, channel 0, 863.25 MHz"),
        ("E0000039", "page 28, channels 0, 3-5: 863.25, 863.85-864.25 MHz"),
        ("E8000101", "page 29, channels 27, 62 (outside DUIS): 868.65, 875.65 MHz"),
        ("E8000201", "page 29, channels 27, unused bit 9: 868.65 MHz"),
        ("E8000200", "page 29, no channel, unused bit 9"),
        (
            "EFFFFF01",
            "page 29, channels 27, 62 (outside DUIS), unused bits 9-26: 868.65, 875.65 MHz",
        ),
        ("E0000000", "page 28, no channel"),
        ("00000000", "no sub-GHz page (00000000)"),
    ],
)
def test_sub_ghz_masks_are_pages_and_channels(mask: str, words: str) -> None:
    """Bit 8 of page 29 is channel 62, which DUIS cannot name."""
    assert channels_in_words(bytes.fromhex(mask)) == words


@pytest.mark.parametrize(
    ("number", "form", "words"),
    [
        (130, "normal_limited", "1.30 %"),
        (200, "normal_limited", "2.00 %"),
        (201, "normal_limited", "2.01 % (outside DUIS's 0.50 to 2.00 %)"),
        (135, "normal_limited", "1.35 % (DUIS has one decimal)"),
        (150, "limited_critical", "1.50 % (outside DUIS's 1.60 to 2.40 %)"),
        (8, "changes_a_week", "8 (outside DUIS's 1 to 7)"),
        (1, "gsme_curfew", "1 (outside DUIS's 2 to 65535)"),
        (60, "noise_period", "60 (outside DUIS's 61 to 65535)"),
        (21, "noisier", "21 dB (outside DUIS's 0 to 20 dB)"),
        (130, "poor_periods", "130 half hours"),
        (6000, "poor_share", "60.00 %"),
        (99, "retry_share", "0.99 % (outside DUIS's 1.00 to 100.00 %)"),
    ],
)
def test_a_sub_ghz_setting_has_its_unit_and_the_range_that_it_leaves(
    number: int, form: str, words: str
) -> None:
    assert str(number_in_words(number, form)) == words


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        ("02108000", "2.4 GHz, channels 15, 20, 25: 2425, 2450, 2475 MHz"),
        ("00000800", "2.4 GHz, channel 11: 2405 MHz"),
        ("07FFF800", "2.4 GHz, channels 11-26: 2405-2480 MHz"),
        ("00000000", "2.4 GHz, no channel"),
        ("00000801", "2.4 GHz, channel 11, unused bit 0: 2405 MHz"),
        ("E0000800", "not of page 0 (E0000800)"),
    ],
)
def test_the_drafts_mask_is_channels_of_2_4_ghz(mask: str, words: str) -> None:
    assert ghz_channels_in_words(bytes.fromhex(mask)) == words


@pytest.mark.parametrize(
    ("kind", "number", "form", "words"),
    [
        ("uint32", 0xFFFFFFFF, "", "not specified"),
        ("uint32", 0xFFFFFFFF, "issued", "not specified"),
        ("uint32", 0xFFFFFFFE, "", "4294967294"),
        ("uint16", 0xFFFF, "", "65535"),
        ("uint16", 0xFFFF, "days", "no value"),
        ("uint16", 0xFFFF, "centipercent", "no value"),
        ("uint32", 0xFFFFFFFF, "standing_charge", "not used"),
        ("uint32", 0xFFFFFFFE, "standing_charge", "42949.67294 GBP a day"),
        ("uint32", 0xFFFFFFFF, "price", "not used"),
        ("uint32", 0xFFFFFFFF, "money", "no value"),
        ("int32", -1, "money", "-0.00001 GBP"),
        ("int32", -0x80000000, "money", "no value"),
        ("int32", -1, "cut_off", "not changed"),
        ("uint48", 0xFFFFFFFFFFFF, "consumption", "no value"),
        ("uint24", 0xFFFFFF, "consumption", "no value"),
        ("uint48", 0xFFFFFF, "consumption", "16777.215 m3"),
        ("uint32", 0xFFFFFFFF, "conversion_factor", "no value"),
    ],
)
def test_the_number_that_zigbee_keeps_for_no_value_is_no_amount(
    kind: str, number: int, form: str, words: str
) -> None:
    assert str(gbz_words(Field("x", kind, number), form, Scales())) == words


@pytest.mark.parametrize(
    ("unit", "number", "words"),
    [
        (0x00, 0x1234, "4.660 kWh"),
        (0x80, 0x1234, "1.234 kWh"),
        (0x81, 0x99999999, "99999.999 m3"),
        (0x8C, 0x0, "0.000 MJ"),
        (0x81, 0x12AB, "out of range: 12AB is no BCD"),
        (0x7F, 0x10, "0.016 unit 127"),
    ],
)
def test_a_register_in_bcd_is_read_by_its_figures(unit: int, number: int, words: str) -> None:
    scales = Scales({"unit": unit, "divisor": 1000})
    assert str(gbz_words(Field("x", "uint48", number), "consumption", scales)) == words


def test_every_unit_of_zigbee_has_a_name_in_bcd_too() -> None:
    for unit in range(0x0E):
        plain = enumeration("zcl_unit", unit)
        assert plain
        assert enumeration("zcl_unit", 0x80 + unit) == f"{plain}, in BCD"
