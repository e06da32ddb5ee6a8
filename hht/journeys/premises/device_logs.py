"""Reads the Device Log that an Alert of the hub brings, and says whom it changed for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

from hht.entity_id import EntityId
from hht.gbcs.asn1 import Element
from hht.gbcs.dlms import Notification
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.gbcs.payload import Asn1Payload, Payload, decode_payload

CHF_LOG, GPF_LOG = 0x8F12, 0x8071
"""Alert codes: each brings the whole log as it is now."""

LOG_ALERTS = (CHF_LOG, GPF_LOG)

Log = Mapping[EntityId, bool]
"""Who is in a log, and whether each has a key."""


class Change(StrEnum):
    """What became of a Device in a log."""

    ADDED = "added"
    JOINED = "joined"  # it has a key now
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class LogChange:
    """The one Device that a log changed for."""

    device: EntityId
    change: Change


def log_in(raw: bytes) -> Log | None:
    """Return the log that an Alert brings; None where it cannot be read."""
    try:
        payload = decode_payload(Message.parse(raw))
        return _gpf_log(payload.element) if isinstance(payload, Asn1Payload) else chf_log(payload)
    except MalformedMessage:
        return None


def chf_log(payload: Payload) -> dict[EntityId, bool]:
    """Return who is in the log that Alert 8F12 brings, and whether each has a key.

    MalformedMessage.
    """
    if not isinstance(payload, Notification):
        raise MalformedMessage("the log is in no DLMS notification")
    try:
        entries = payload.body.members[2].members[2].members
        return {EntityId(e.members[0].octets): bool(e.members[1].octets) for e in entries}
    except (IndexError, ValueError) as error:
        raise MalformedMessage(f"the log cannot be read: {error}") from None


def _gpf_log(log: Element) -> Log:
    """Return who is in the log of Alert 8071: it names keys nowhere, so each is as if joined."""
    found = [entry.find("Device") for entry in log.all("Device Log Entry")]
    values = [each.value for each in found if each]
    return {EntityId(value): True for value in values if _is_identifier(value)}


def _is_identifier(value: object) -> TypeGuard[bytes]:
    return isinstance(value, bytes) and len(value) == len(EntityId(bytes(8)))


def change_between(before: Log | None, now: Log) -> LogChange | None:
    """Return the one Device that differs; None where several do, or nothing is known of before.

    A log with one entry was most likely empty before: a hub's first Device is this HHT.
    """
    if before is None and len(now) > 1:
        return None
    was = before or {}
    changed = [each for each in {**was, **now} if was.get(each) != now.get(each)]
    if len(changed) != 1:
        return None
    device = changed[0]
    if device not in now:
        return LogChange(device, Change.REMOVED)
    return LogChange(device, Change.ADDED if device not in was else Change.JOINED)
