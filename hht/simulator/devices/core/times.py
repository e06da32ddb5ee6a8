"""Date-times as DLMS and GBZ payloads write them: COSEM date-time, ZigBee UTCTime."""

from datetime import UTC, datetime

_ZIGBEE_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def cosem(moment: datetime, status: int = 0xFF, *, weekday: bool = False) -> bytes:
    """Encode 12 bytes: year (2), month, day, weekday or FF, h, m, s, 00, 80 00, status."""
    day_of_week = moment.isoweekday() if weekday else 0xFF
    day = moment.year.to_bytes(2, "big") + bytes([moment.month, moment.day, day_of_week])
    time = bytes([moment.hour, moment.minute, moment.second, 0])
    return day + time + b"\x80\x00" + bytes([status])


def from_cosem(raw: bytes) -> datetime | None:
    """Read 12 COSEM bytes as UTC; None where any part is not specified or not a date."""
    try:
        year = int.from_bytes(raw[:2], "big")
        return datetime(year, raw[2], raw[3], raw[5], raw[6], raw[7], tzinfo=UTC)
    except (ValueError, IndexError):
        return None


def zigbee_utc(moment: datetime) -> int:
    """Count the seconds since 2000, UTC; 0 before it, as of a clock that was never set."""
    return max(0, int((moment - _ZIGBEE_EPOCH).total_seconds()))
