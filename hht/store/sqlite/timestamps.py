"""Times as they are stored: UTC, ISO 8601, to the millisecond, so that text order is time order."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """Write `2026-11-20T09:00:00.000Z`; the moment must know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a stored time must know its zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Return the moment again, in UTC; ValueError for what `to_text` has not written."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a stored time must know its zone")
    return moment
