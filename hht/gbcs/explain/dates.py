"""Dates and times of COSEM, ZCL and ASN.1 in words, with `now`, `never` and the wild cards.

Source: DLMS UA Blue Book, section 4.1.6.1 (date-time); GBCS section 9.2.2 (activation at once, and
cancellation); ZigBee Cluster Library (UTCTime: seconds since 2000).
"""

from calendar import day_name, month_name
from datetime import UTC, datetime, timedelta

from hht.gbcs.explain.amounts import hex_in_words, whole

NOW = "now"
NEVER = "never"
_LENGTH = 12
_UNSPECIFIED = bytes.fromhex("8000ff")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LAST_UTC = 0xFFFFFFFF
_ANY = 0xFF
_LAST_DAY = 0xFE
_SECOND_LAST_DAY = 0xFD


def cosem_moment(raw: bytes) -> str:
    """A 12-byte COSEM date-time: year (2), month, day, weekday, hour, minute, second, ..."""
    if len(raw) != _LENGTH:
        return f"no date and time: {hex_in_words(raw) or 'empty'}"
    if raw == bytes(9) + _UNSPECIFIED:
        return NOW
    if raw == b"\xff" * 9 + _UNSPECIFIED:
        return NEVER
    zone = " UTC" if raw[9:11] in (b"\x80\x00", b"\x00\x00") else f" (deviation {_deviation(raw)})"
    return f"{cosem_date(raw[:5])} {cosem_clock(raw[5:9])}{zone}"


def cosem_date(raw: bytes) -> str:
    """A 5-byte COSEM date; what is left open is said in words."""
    year, month, day, weekday = int.from_bytes(raw[:2], "big"), raw[2], raw[3], raw[4]
    if year != 0xFFFF and 1 <= month <= 12 and 1 <= day <= 31:
        return f"{year:04}-{month:02}-{day:02}"
    if all(octet == _ANY for octet in raw[:4]):
        return day_name[weekday - 1] if 1 <= weekday <= 7 else "every day"
    when = _month(month) if 1 <= day <= 31 and 1 <= month <= 12 else f"of {_month(month)}"
    every = "" if year == 0xFFFF and month == _ANY else " every year"
    return f"{_day(day, weekday)} {when}{every if year == 0xFFFF else f' {year}'}"


def cosem_clock(raw: bytes) -> str:
    """A 4-byte COSEM time; the hundredths are left out."""
    return ":".join("**" if part == _ANY else f"{part:02}" for part in raw[:3])


def utc_moment(seconds: int) -> str:
    """A ZCL UTCTime, where 0 is at once and all ones is never."""
    if not 0 <= seconds <= _LAST_UTC:
        return f"out of range: {whole(seconds)} s from 2000"
    if seconds == 0:
        return NOW
    return NEVER if seconds == _LAST_UTC else moment(_EPOCH + timedelta(seconds=seconds))


def moment(when: datetime) -> str:
    """A moment in UTC; the year 9999 is how ASN.1 use cases say never."""
    return NEVER if when.year == 9999 else f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _day(day: int, weekday: int) -> str:
    name = day_name[weekday - 1] if 1 <= weekday <= 7 else "day"
    if day == _LAST_DAY:
        return f"last {name}"
    if day == _SECOND_LAST_DAY:
        return f"second last {name}"
    if day == _ANY:
        return f"every {name}"
    return str(day) if weekday == _ANY else f"{name} {day}"


def _month(month: int) -> str:
    if 1 <= month <= 12:
        return month_name[month]
    return {0xFE: "daylight saving's first month", 0xFD: "daylight saving's last month"}.get(
        month, "every month"
    )


def _deviation(raw: bytes) -> str:
    return f"{int.from_bytes(raw[9:11], 'big', signed=True)} min"
