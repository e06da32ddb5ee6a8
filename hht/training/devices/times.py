"""Date-times as the three payload kinds write them: COSEM, ASN.1 GeneralizedTime, ZigBee UTC."""

from datetime import UTC, datetime, timedelta

_ZIGBEE_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def cosem(moment: datetime, status: int = 0xFF, *, weekday: bool = False) -> bytes:
    """12 bytes: year (2), month, day, weekday or FF, hour, minute, second, 00, 80 00, status."""
    day_of_week = moment.isoweekday() if weekday else 0xFF
    day = moment.year.to_bytes(2, "big") + bytes([moment.month, moment.day, day_of_week])
    time = bytes([moment.hour, moment.minute, moment.second, 0])
    return day + time + b"\x80\x00" + bytes([status])


def from_cosem(raw: bytes) -> datetime | None:
    """The UTC moment of 12 COSEM bytes; None where any part is not specified or not a date."""
    try:
        year = int.from_bytes(raw[:2], "big")
        return datetime(year, raw[2], raw[3], raw[5], raw[6], raw[7], tzinfo=UTC)
    except (ValueError, IndexError):
        return None


def generalized(moment: datetime) -> bytes:
    """The 15 characters of a GeneralizedTime, such as 20150101000000Z."""
    return moment.strftime("%Y%m%d%H%M%SZ").encode()


def from_generalized(text: bytes) -> datetime | None:
    """The UTC moment of a GeneralizedTime; None when it is not one."""
    try:
        return datetime.strptime(text.decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def zigbee_utc(moment: datetime) -> int:
    """Seconds since the start of 2000, UTC."""
    return int((moment - _ZIGBEE_EPOCH).total_seconds())


def from_zigbee_utc(seconds: int) -> datetime:
    """The UTC moment of a ZigBee UTCTime."""
    return _ZIGBEE_EPOCH + timedelta(seconds=seconds)
