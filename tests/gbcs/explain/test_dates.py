"""Dates and times as they are meant in their place; what is no date is never shown as one."""

from datetime import UTC, datetime

import pytest

from hht.gbcs.explain.dates import (
    Place,
    begin_date,
    clock_in_words,
    clock_status,
    cosem_clock,
    cosem_date,
    cosem_moment,
    end_date,
    in_utc,
    utc,
    utc_moment,
    zcl_date,
)

NOTHING = "0000000000000000008000ff"
OPEN = "ffffffffffffffffff8000ff"
NEW_YEAR = 473385600
"""Seconds from 2000 to 2015."""


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("07df0101ff000000008000ff", "2015-01-01 00:00:00 UTC"),
        ("07df0101ff0a0b0c638000ff", "2015-01-01 10:11:12.99 UTC"),
        (NOTHING, "not set"),
        (OPEN, "not specified"),
        ("07e60d20ff000000008000ff", "impossible date 2022-13-32 00:00:00 UTC"),
        ("07e60a00ff000000008000ff", "impossible date 2022-10-00 00:00:00 UTC"),
        ("07e6021eff000000008000ff", "impossible date 2022-02-30 00:00:00 UTC"),
        ("07e6020aff180000008000ff", "2022-02-10 impossible time 24:00:00 UTC"),
        ("", "no date and time: empty"),
        ("07df01", "no date and time: 07DF01"),
    ],
)
def test_a_cosem_date_time_is_said_in_words(raw: str, words: str) -> None:
    assert cosem_moment(bytes.fromhex(raw)).text == words


@pytest.mark.parametrize(
    ("deviation", "moment"),
    [
        ("8000", "10:11:12"),
        ("0000", "10:11:12"),
        ("003c", "11:11:12"),
        ("ffc4", "09:11:12"),
    ],
)
def test_the_deviation_is_added_to_local_time(deviation: str, moment: str) -> None:
    """It is what local time lacks of UTC: British Summer Time has FFC4, less 60 minutes."""
    span = cosem_moment(bytes.fromhex(f"07df0101ff0a0b0c00{deviation}00"))
    assert span.text == f"2015-01-01 {moment} UTC"
    assert span.at == datetime.fromisoformat(f"2015-01-01T{moment}+00:00")


def test_a_deviation_that_no_place_has_is_not_applied() -> None:
    span = cosem_moment(bytes.fromhex("07df0101ff0a0b0c007fff00"))
    assert span.text == "2015-01-01 10:11:12 (deviation 32767 min)"
    assert span.at is None


@pytest.mark.parametrize(
    ("status", "note"),
    [
        (0x00, ""),
        (0xFF, ""),
        (0x01, "clock invalid"),
        (0x02, "clock unreliable"),
        (0x04, "another clock base"),
        (0x08, "clock status invalid"),
        (0x10, "clock status 10"),
        (0x80, "daylight saving time"),
        (0x82, "clock unreliable, daylight saving time"),
    ],
)
def test_the_status_of_the_clock_is_said_where_it_is_not_specified_and_good(
    status: int, note: str
) -> None:
    raw = bytes.fromhex("07df0101ff000000008000") + bytes([status])
    assert clock_in_words(clock_status(raw)) == note
    assert cosem_moment(raw).text.partition(" UTC")[2] == (f" ({note})" if note else "")


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        (NOTHING, Place.START, "now"),
        (OPEN, Place.START, "never"),
    ],
)
def test_a_start_that_is_empty_is_now_and_one_left_open_is_never(
    raw: str, place: Place, words: str
) -> None:
    assert cosem_moment(bytes.fromhex(raw), place).text == words


@pytest.mark.parametrize(
    ("seconds", "place", "words"),
    [
        (NEW_YEAR, Place.STAMP, "2015-01-01 00:00:00 UTC"),
        (0, Place.STAMP, "2000-01-01 00:00:00 UTC"),
        (0xFFFFFFFF, Place.STAMP, "no time"),
        (0, Place.START, "now"),
        (0xFFFFFFFE, Place.START, "never"),
        (0xFFFFFFFF, Place.START, "never"),
        (0, Place.FROM, "the beginning"),
        (0xFFFFFFFE, Place.TO, "the end"),
        (0xFFFFFFFF, Place.TO, "the end"),
        (1 << 63, Place.STAMP, "out of range: 9223372036854775808 s from 2000"),
        (-1, Place.STAMP, "out of range: -1 s from 2000"),
    ],
)
def test_the_special_values_of_a_utc_time_mean_what_their_place_makes_of_them(
    seconds: int, place: Place, words: str
) -> None:
    assert utc_moment(seconds, place).text == words


def test_the_year_9999_is_how_an_asn1_command_says_never() -> None:
    assert utc(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)).text == "never"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("ffff0c19ff", "25 December every year"),
        ("ffffff01ff", "day 1 of every month"),
        ("ffffffffff", "every day"),
        ("ffffffff01", "Monday"),
        ("ffff03fe07", "last Sunday of March every year"),
        ("07df0405ff", "2015-04-05"),
        ("07e60d20ff", "impossible date 2022-13-32"),
    ],
)
def test_a_cosem_date_says_what_it_leaves_open(raw: str, words: str) -> None:
    assert cosem_date(bytes.fromhex(raw)) == words


def test_a_schedule_without_dates_holds_from_the_beginning_and_has_no_end() -> None:
    assert begin_date(bytes.fromhex("000001ffff")) == "the beginning"
    assert begin_date(bytes.fromhex("07df0405ff")) == "2015-04-05"
    assert end_date(bytes.fromhex("ffffffffff")) == "no end"
    assert end_date(bytes.fromhex("07df0405ff")) == "2015-04-05"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("730405ff", "2015-04-05"),
        ("ff0c19ff", "25 December every year"),
        ("730d01ff", "impossible date 2015-13-01"),
    ],
)
def test_a_zcl_date_counts_its_years_from_1900(raw: str, words: str) -> None:
    assert zcl_date(bytes.fromhex(raw)) == words


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("11000000", "17:00:00"),
        ("0c1e0fff", "12:30:15"),
        ("1100ffff", "17:00:**"),
        ("19000000", "impossible time 25:00:00"),
    ],
)
def test_a_time_of_day_says_what_it_leaves_open(raw: str, words: str) -> None:
    assert cosem_clock(bytes.fromhex(raw)) == words


@pytest.mark.parametrize("year", [1, 99, 999, 9999])
def test_a_year_has_four_figures(year: int) -> None:
    raw = year.to_bytes(2, "big") + bytes.fromhex("0102ff09000000000000")
    assert cosem_moment(raw).text == f"{year:04}-01-02 09:00:00 UTC"
    assert in_utc(datetime(year, 1, 2, 9, tzinfo=UTC)).text == f"{year:04}-01-02 09:00:00 UTC"
