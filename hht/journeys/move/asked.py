"""What messages say of a change of channel: the mask asked for, a scan's answer, the channel log.

Source: GBCS DBCH01, 02, 05, 07 and 08; the mask is SECMP0012's DRAFT, in the form of DBCH04's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hht.gbcs.dlms import (
    NULL,
    BitString,
    CompactArray,
    Notification,
    Value,
    decode_access_request,
    decode_access_response,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.channels import channels_in_words
from hht.gbcs.explain.dates import read_utc
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.message import Message
from hht.gbcs.payload import decode_payload

_CHANNELS = range(11, 27)
_HHT_CONNECTED, _ACCEPTED = 1, 0  # statuses of a scan that was asked for
_KEPT = 0x8F2B
_LATE = timedelta(minutes=1)
"""A hub may take so long to report what it made of the request, and scan meanwhile."""


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """What a hub made of a request to scan (DBCH08)."""

    accepted: bool
    hht_connected: bool
    said: str


def mask_channels(raw: bytes) -> frozenset[int] | None:
    """Return the 2.4 GHz channels that a Set CHF Channel Mask (DRAFT) allows.

    None where it removes the mask.
    """
    request = decode_access_request(Message.parse(raw).payload)
    (mask,) = request.data
    if mask == NULL:
        return None
    if not isinstance(mask.content, BitString):
        raise MalformedMessage("the channel mask is no bit-string")
    number = int.from_bytes(mask.content.octets, "big")
    return frozenset(each for each in _CHANNELS if number >> each & 1)


def leaves_hub(raw: bytes, channel: int | None) -> bool:
    """Return whether a mask leaves a hub on this 2.4 GHz channel where it is.

    So does one that has the channel, one without any, and taking the mask away.
    """
    try:
        allowed = mask_channels(raw)
    except (MalformedMessage, ValueError):
        return False
    return not allowed or channel in allowed


def scan_answer(raw: bytes) -> ScanAnswer:
    """Read DBCH08; MalformedMessage where it is none."""
    status, _trigger = _alerted(raw).members
    number = int.from_bytes(status.octets, "big")
    words = enumeration("scan_status", number) or f"{number}, which is not defined"
    return ScanAnswer(number == _ACCEPTED, number == _HHT_CONNECTED, words)


def new_channel(raw: bytes) -> tuple[bytes, str]:
    """Read DBCH07: the channel (4 bytes) that the hub changed to, and why, in words."""
    channel, trigger = _alerted(raw).members
    number = int.from_bytes(trigger.octets, "big")
    why = enumeration("scan_trigger", number) or f"trigger {number}"
    mask = _octets(channel)
    return mask, f"{channels_in_words(mask)}: {why}"


def channel_in_use(raw: bytes) -> bytes:
    """Read the Response DBCH01: the sub-GHz channel (4 bytes)."""
    (channel,) = decode_access_response(Message.parse(raw).payload).data
    return _octets(channel)


def was_kept(raw: bytes, since: datetime) -> bool:
    """Return whether the channel log (DBCH02) says that the newest scan since then changed
    nothing."""
    (log,) = decode_access_response(Message.parse(raw).payload).data
    entries = log.content.elements if isinstance(log.content, CompactArray) else log.members
    newest = max(entries, key=lambda each: each.members[0].number, default=None)
    if newest is None:
        return False
    at = read_utc(newest.members[0].number)
    if at is None or newest.members[1].number != _KEPT:
        return False
    return at >= since - _LATE


def _alerted(raw: bytes) -> Value:
    payload = decode_payload(Message.parse(raw))
    if not isinstance(payload, Notification):
        raise MalformedMessage("the alert is no DLMS notification")
    return payload.body.members[2]


def _octets(value: Value) -> bytes:
    if not isinstance(value.content, BitString):
        raise MalformedMessage("a channel is no bit-string")
    return value.content.octets
