"""Messages that once hung, failed or were explained wrongly; each is one of its kind."""

from pathlib import Path

import pytest

from hht.gbcs.explain.describe import Description, describe
from hht.gbcs.explain.field import Field
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message

pytestmark = pytest.mark.shared


def explained(shared: Path, keys: PemFolder, name: str) -> Description:
    text = (shared / "cases" / "messages" / f"{name}.hex").read_text()
    return describe(Message.parse(bytes.fromhex(text)), keys)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("H01a_scaler_32bit_positive", "out of range"),
        ("H01b_scaler_32bit_negative", "out of range"),
        ("H02_time_64bit", "out of range"),
        ("H03_activation_time_empty", "at no date and time: empty"),
        ("H04_asn1_integer_2000_octets", "out of range"),
    ],
)
def test_what_is_out_of_range_is_said_to_be_that(
    name: str, words: str, shared: Path, reference_keys: PemFolder
) -> None:
    described = explained(shared, reference_keys, name)
    assert words in str(described.reading) or any(
        words in value for value in values(described.fields)
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("H09_dlms_text_newline", 'to show a message: "Line 1 ↵ Line 2".'),
        ("H09_gbz_text_newline", 'message "Line 1 ↵ Line 2";'),
        ("H09_gbz_text_nul", 'message "Reset";'),
        ("H09_gbz_text_one_char", 'message "R";'),
        ("H09_gbz_text_pound", 'message "Debt £5.00 paid";'),
        ("H09_model_padded", 'model identifier "ABC";'),
        ("H10_alert_811a", "Event of an HCALCS (811A), 2015-01-01 00:00:00 UTC."),
        ("H11_all_ff_status0", "shows no time (not specified);"),
        ("H11_day0", "shows no time (impossible date 2022-10-00 00:00:00 UTC);"),
        ("H11_month13", "shows no time (impossible date 2022-13-32 00:00:00 UTC);"),
        (
            "H12_cs02a_explicit",
            "holds 4 Security Credentials of 3 Remote Party roles: root, supplier and",
        ),
        ("H12_ecs52_real", "runs firmware version 0C230000."),
        ("H12_negative_double_long", "meter balance: -254.94445 GBP."),
    ],
)
def test_a_case_reads_rightly(
    name: str, words: str, shared: Path, reference_keys: PemFolder
) -> None:
    assert words in str(explained(shared, reference_keys, name).reading)


def values(fields: tuple[Field, ...]) -> list[str]:
    inner = [value for field in fields for value in values(field.children)]
    return [str(field.value) for field in fields] + inner
