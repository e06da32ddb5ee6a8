"""Dates and times of COSEM, ZCL and ASN.1 in words, each value as it is meant in its place.

Source: DLMS UA Blue Book, section 4.1.6.1 (date-time, clock status); GBCS section 9.2.2 (activation
at once, and cancellation); ZigBee Cluster Library (UTCTime: seconds since 2000; date); ITU-T X.680
(GeneralizedTime).
"""

import re
from calendar import day_name, month_name
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import NamedTuple

from hht.gbcs.explain.amounts import sent
from hht.spans import Span, moment

NOW = "now"
NEVER = "never"
_LENGTH = 12  # octets of a COSEM date-time (Blue Book)
_ANY = 0xFF
_ANY_YEAR = 0xFFFF
_LAST_DAY, _SECOND_LAST_DAY = 0xFE, 0xFD
_SAVING_BEGINS, _SAVING_ENDS = 0xFE, 0xFD
_NO_DEVIATION = -0x8000
_LARGEST_DEVIATION = 840
"""Minutes; the Blue Book allows 12 hours, Line Islands are 14 hours ahead."""

_STATUS = {
    0x01: "clock invalid",
    0x02: "clock unreliable",
    0x04: "another clock base",
    0x08: "clock status invalid",
    0x80: "daylight saving time",
}
_STATUS_NOT_SPECIFIED = 0xFF
_OPEN = b"\xff" * 5
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LAST_UTC = 0xFFFFFFFF
_ENDLESS = (0xFFFFFFFE, 0xFFFFFFFF)
"""UTC times that are none: GBCS cancels with either, and asks for a log to its end with either."""

_NEVER_YEARS = (9999,)
"""The year of an ASN.1 time by which a Command cancels what was to come."""

_FIRST_ZCL_YEAR = 1900  # a ZCL date counts its years from this one
_ASN1_TIME = re.compile(rb"([0-9]{4})" + rb"([0-9]{2})" * 5 + rb"Z")
_SHOWN = 24
"""Octets of what is no time: more than any form of a time has."""
_NOT_SPECIFIED = "not specified"
_NOT_SET, _BEGINNING, _END, _NO_TIME = "not set", "the beginning", "the end", "no time"
_SPECIAL = (NOW, NEVER, _NOT_SPECIFIED, _NOT_SET, _BEGINNING, _END, _NO_TIME)


class Place(Enum):
    """Where a moment is, which decides what its special values mean."""

    STAMP = "stamp"  # when something was, or is
    START = "start"  # from when something is to hold
    FROM = "from"  # the beginning of what is asked for
    TO = "to"  # its end


class CosemMoment(NamedTuple):
    """A COSEM date-time: `at` where it is one moment, `is_now` and `is_never` where it is none."""

    at: datetime | None = None
    is_now: bool = False
    is_never: bool = False


def read_cosem(raw: bytes) -> CosemMoment:
    """Read a date-time of 12 octets, its deviation applied; all else is no moment."""
    if len(raw) != _LENGTH:
        return CosemMoment()
    if raw[:9] == b"\xff" * 9:
        return CosemMoment(is_never=True)
    if not any(raw[:9]):
        return CosemMoment(is_now=True)
    year, deviation = int.from_bytes(raw[:2], "big"), _deviation(raw)
    if deviation is None:
        return CosemMoment()
    try:
        local = datetime(year, raw[2], raw[3], raw[5], raw[6], raw[7], tzinfo=UTC)
        return CosemMoment(local + timedelta(minutes=deviation))
    except (ValueError, OverflowError):
        return CosemMoment()


def cosem_moment(raw: bytes, place: Place = Place.STAMP) -> Span:
    """Return a date-time of 12 octets: year (2), month, day, weekday, hour, minute, second, ..."""
    if len(raw) != _LENGTH:
        return moment(f"no date and time: {_as_sent(raw)}")
    found = read_cosem(raw)
    if found.is_never:
        return moment(NEVER if place is Place.START else _NOT_SPECIFIED)
    if found.is_now:
        return moment(NOW if place is Place.START else _NOT_SET)
    doubts = clock_in_words(raw[11])
    words = _date_time(raw, found.at)
    return moment(f"{words} ({doubts})", found.at, raw[11]) if doubts else moment(words, found.at)


def clock_status(raw: bytes) -> int:
    """Return the clock status octet of a date-time where it is specified and not good; else 0."""
    return raw[11] if len(raw) == _LENGTH and raw[11] != _STATUS_NOT_SPECIFIED else 0


def clock_in_words(status: int) -> str:
    """Return what a clock status octet says; empty where it is not specified, or good."""
    if status in (0, _STATUS_NOT_SPECIFIED):
        return ""
    said = [words for bit, words in _STATUS.items() if status & bit]
    return ", ".join(said) or f"clock status {status:02X}"


def cosem_date(raw: bytes) -> str:
    """Return a date of 5 octets; what is left open is said in words."""
    year, month, day, weekday = int.from_bytes(raw[:2], "big"), raw[2], raw[3], raw[4]
    return _date(year, month, day, weekday)


def begin_date(raw: bytes) -> str:
    """Say from when on a schedule is in force: always, by the year 0 or a date left open."""
    return _BEGINNING if raw[:2] == bytes(2) or raw == _OPEN else cosem_date(raw)


def end_date(raw: bytes) -> str:
    """Say until when a schedule is in force: always, by a date left open."""
    return "no end" if raw == _OPEN else cosem_date(raw)


def cosem_clock(raw: bytes) -> str:
    """Return a time of 4 octets; hundredths are said where there are any."""
    if not _is_time(raw):
        return f"impossible time {':'.join(f'{part:02}' for part in raw[:3])}"
    clock = ":".join("**" if part == _ANY else f"{part:02}" for part in raw[:3])
    return f"{clock}.{raw[3]:02}" if 0 < raw[3] < 100 else clock


def zcl_date(raw: bytes) -> str:
    """Return a ZCL date of 4 octets: years since 1900, month, day, weekday; FF leaves one open."""
    year = _ANY_YEAR if raw[0] == _ANY else _FIRST_ZCL_YEAR + raw[0]
    return _date(year, raw[1], raw[2], raw[3])


def read_utc(seconds: int) -> datetime | None:
    """Return the moment of a UTC time; None for the values that are none."""
    if not 0 < seconds < _ENDLESS[0]:
        return None
    return _EPOCH + timedelta(seconds=seconds)


def is_cancellation(seconds: int) -> bool:
    """Return whether a start time cancels what was to come."""
    return seconds in _ENDLESS


def utc_moment(seconds: int, place: Place = Place.STAMP) -> Span:
    """Return the seconds since 2000, or what 0 and the two last values mean in their place."""
    if not 0 <= seconds <= _LAST_UTC:
        return moment(f"out of range: {sent(seconds)} s from 2000")
    at = read_utc(seconds)
    if not seconds and place is Place.STAMP:
        at = _EPOCH
    return utc(at) if at else moment(_special(seconds, place))


def utc(at: datetime, place: Place = Place.START) -> Span:
    """Return a moment in UTC; the year 9999 is how ASN.1 use cases say never, or no time."""
    if is_never(at):
        return moment(NEVER if place is Place.START else _NOT_SPECIFIED)
    return in_utc(at)


def no_asn1_time(content: bytes) -> Span:
    """Return what is in place of an ASN.1 time: an impossible date or time, or no time."""
    found = _ASN1_TIME.fullmatch(content)
    if not found:
        kind = "a time of another form" if content[:8].isdigit() else "no date and time"
        return moment(f"{kind}: {_as_sent(content)}")
    year, month, day, *clock = map(int, found.groups())
    return moment(f"{_date(year, month, day, _ANY)} {cosem_clock(bytes((*clock, 0)))} UTC")


def in_utc(at: datetime) -> Span:
    """Return a moment in UTC, of any year."""
    return moment(f"{figures(at.astimezone(UTC))} UTC", at)


def is_never(at: datetime) -> bool:
    """Return whether an ASN.1 time cancels what was to come."""
    return at.year in _NEVER_YEARS


def gives_a_date(words: str) -> bool:
    """Return whether the words of a moment are of a date, possible or not; `now` is none."""
    return words not in _SPECIAL


def _special(seconds: int, place: Place) -> str:
    match place:
        case Place.START:
            return NEVER if seconds else NOW
        case Place.FROM:
            return _NO_TIME if seconds else _BEGINNING
        case Place.TO:
            return _END if seconds else NOW
    return _NO_TIME


def _as_sent(octets: bytes) -> str:
    """Return the beginning of what is no time: a text as it is, all else in hexadecimal."""
    shown, more = octets[:_SHOWN], len(octets) > _SHOWN
    is_text = len(shown) > 1 and all(0x20 < octet < 0x7F for octet in shown)
    words = f'"{shown.decode("ascii")}"' if is_text else shown.hex().upper()
    return f"{words}... ({len(octets)} bytes)" if more else words or "empty"


def _date_time(raw: bytes, at: datetime | None) -> str:
    if at is not None:
        hundredths = f".{raw[8]:02}" if 0 < raw[8] < 100 else ""
        return f"{figures(at)}{hundredths} UTC"
    deviation = int.from_bytes(raw[9:11], "big", signed=True)
    zone = "UTC" if deviation in (0, _NO_DEVIATION) else f"(deviation {deviation} min)"
    clock = "" if raw[5:8] == b"\xff" * 3 else f" {cosem_clock(raw[5:9])}"
    return f"{cosem_date(raw[:5])}{clock} {zone}"


def figures(at: datetime) -> str:
    """Write date and time to the second; strftime leaves out the noughts of a year below 1000."""
    return f"{at.replace(tzinfo=None, microsecond=0)}"


def _deviation(raw: bytes) -> int | None:
    """Return the minutes from local time to UTC: 0 where not specified, None where absurd."""
    minutes = int.from_bytes(raw[9:11], "big", signed=True)
    if minutes == _NO_DEVIATION:
        return 0
    return minutes if abs(minutes) <= _LARGEST_DEVIATION else None


def _date(year: int, month: int, day: int, weekday: int) -> str:
    if not _is_date(year, month, day):
        shown = "****" if year == _ANY_YEAR else f"{year:04}"
        return f"impossible date {shown}-{month:02}-{day:02}"
    if year != _ANY_YEAR and month <= 12 and day <= 31:
        return f"{year:04}-{month:02}-{day:02}"
    if (year, month, day) == (_ANY_YEAR, _ANY, _ANY):
        return day_name[weekday - 1] if 1 <= weekday <= 7 else "every day"
    when = _month(month) if day <= 31 and month <= 12 else f"of {_month(month)}"
    every = "" if year == _ANY_YEAR and month == _ANY else " every year"
    which = "day " if day <= 31 and month > 12 and weekday == _ANY else ""
    return f"{which}{_day(day, weekday)} {when}{every if year == _ANY_YEAR else f' {year}'}"


def _is_date(year: int, month: int, day: int) -> bool:
    """Return whether there may be such a date; what is left open may be anything."""
    if not (1 <= month <= 12 or month in (_ANY, _SAVING_BEGINS, _SAVING_ENDS)):
        return False
    if not (1 <= day <= 31 or day in (_ANY, _LAST_DAY, _SECOND_LAST_DAY)):
        return False
    if month > 12 or day > 31:
        return year > 0
    try:
        datetime(2000 if year == _ANY_YEAR else year, month, day)  # a leap year allows every day
    except ValueError:
        return False
    return True


def _is_time(raw: bytes) -> bool:
    limits = zip(raw[:3], (24, 60, 60), strict=False)
    return all(part < limit or part == _ANY for part, limit in limits)


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
    return {
        _SAVING_BEGINS: "the month in which daylight saving begins",
        _SAVING_ENDS: "the month in which daylight saving ends",
    }.get(month, "every month")
