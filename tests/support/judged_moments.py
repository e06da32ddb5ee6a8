"""Dates and times of the other parser as we write them, read off its octets.

Its own clock times lose figures from ten upwards, so its text is not what is compared.
"""

import struct
from calendar import month_name
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from judge_texts import JudgedValue

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MONTHS = tuple(month_name)[1:]
_SPECIAL = (
    *("now", "never", "cancelled", "the beginning", "the end"),
    *("no time", "until changed", "not specified"),
)
"""How we say that a date is none."""


def our_forms(value: JudgedValue) -> list[str]:
    """Every way in which we may write the moment of these octets; none where they are no moment."""
    return list(_forms(value.content))


def _forms(octets: bytes) -> Iterator[str]:
    if len(octets) == 12:
        yield from _date_time(octets)
    elif len(octets) == 15 and octets.endswith(b"Z"):
        yield from _generalized(octets.decode("ascii"))
    elif len(octets) == 5:
        yield from _date(*struct.unpack(">HBB", octets[:4]))
    elif len(octets) == 4:
        yield from _clock(octets)
        yield from _date(octets[0] + 1900 if octets[0] < 255 else 0xFFFF, octets[1], octets[2])
        yield from _seconds(int.from_bytes(octets, "little"))
        yield from _seconds(int.from_bytes(octets, "big"))
    elif len(octets) == 2:
        minutes = int.from_bytes(octets, "little")
        yield f"{minutes // 60:02}:{minutes % 60:02}"


def _date_time(octets: bytes) -> Iterator[str]:
    if octets[:9] in (bytes(9), b"\xff" * 9):
        yield from _SPECIAL
        return
    year, month, day = struct.unpack(">HBB", octets[:4])
    if 1 <= month <= 12 and octets[5] < 24:
        yield f"{year:04}-{month:02}-{day:02} {octets[5]:02}:{octets[6]:02}:{octets[7]:02}"
    else:
        yield from _date(year, month, day)


def _generalized(text: str) -> Iterator[str]:
    if text.startswith("9999"):
        yield from _SPECIAL
    yield f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:14]}"


def _date(year: int, month: int, day: int) -> Iterator[str]:
    if (year, month, day) == (0xFFFF, 0xFF, 0xFF):
        yield "every day"
    elif 1 <= month <= 12 and 1 <= day <= 31:
        name = _MONTHS[month - 1]
        yield f"{day} {name} every year" if year == 0xFFFF else f"{year:04}-{month:02}-{day:02}"
    elif (year, day) == (0, 0xFF):
        yield "the beginning"
    elif month == 0xFF:
        yield f"{day} of every month"
    else:
        yield "impossible date"


def _clock(octets: bytes) -> Iterator[str]:
    if octets[0] < 24 and octets[1] < 60:
        yield f"{octets[0]:02}:{octets[1]:02}:{octets[2]:02}"


def _seconds(seconds: int) -> Iterator[str]:
    if seconds in (0, 0xFFFFFFFE, 0xFFFFFFFF):
        yield from _SPECIAL
    yield f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"
