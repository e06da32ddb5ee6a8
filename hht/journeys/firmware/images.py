"""Firmware on a visit: which image a Device has verified, and which outcome is still to be heard.

Activate Firmware (CS06) carries the SHA-256 of an image; the Device has reported that hash before,
in 8F72 (verified) or 8F1C (not). A future-dated one is answered at once and reported later, by
8F66 or 8F67 in message code 0x00CA.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hht.duis.job.brief import SentImage
from hht.gbcs.asn1 import der
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.future_dated import executed_command
from hht.gbcs.message import Message
from hht.store.command_states import CommandState
from hht.store.rows import Capture, CommandRow

CS06 = 0x0012
VERIFIED, NOT_VERIFIED = 0x8F72, 0x8F1C
FOLLOWED = frozenset({VERIFIED, NOT_VERIFIED, 0x8F66, 0x8F67, 0x8F89, 0x8F8A, 0x8F8B})
"""Alerts that a visit with firmware in it waits for: transfer, verification, activation."""
LATER_OUTCOME = 0x00CA
_HASH_BYTES = 32  # SHA-256 of the image (GBCS CS06)


class ImageSeen(StrEnum):
    """What this visit has heard of the image that an Activate Firmware names."""

    UNHEARD = "unheard"
    VERIFIED = "verified"
    NOT_VERIFIED = "not-verified"
    ANOTHER = "another"
    VERIFIED_BEFORE = "verified-before"  # so the job says: its supplier has heard 8F72


@dataclass(frozen=True, slots=True)
class Activation:
    """What an Activate Firmware asks: the image's SHA-256, and when; None is at once."""

    sha256: bytes
    at: datetime | None


def activation_of(raw: bytes) -> Activation | None:
    """Read an Activate Firmware; None for any other message, and for one that cannot be read."""
    try:
        message = Message.parse(raw)
        if message.message_code != CS06:
            return None
        parts = der.decode_only_node(message.payload).children
        if not 2 <= len(parts) <= 3 or len(parts[0].content) != _HASH_BYTES:
            return None
        return Activation(parts[0].content, parts[2].time if len(parts) == 3 else None)
    except MalformedMessage:
        return None


def image_seen(
    row: CommandRow, captures: Iterable[Capture], sent: Iterable[SentImage] = ()
) -> ImageSeen:
    """Say what the Device has reported last of the image that this Activate Firmware names.

    Where it has reported nothing, what the job says counts: `sent` are the images that it lists.
    """
    activation = activation_of(row.raw)
    seen = ImageSeen.UNHEARD
    for capture in reversed(list(captures)) if activation else ():
        if capture.originator != row.device or capture.alert_code not in (VERIFIED, NOT_VERIFIED):
            continue
        if activation is not None and activation.sha256 in capture.raw:
            verified = capture.alert_code == VERIFIED
            return ImageSeen.VERIFIED if verified else ImageSeen.NOT_VERIFIED
        seen = ImageSeen.ANOTHER
    if activation is not None and seen is ImageSeen.UNHEARD:
        known = SentImage(str(row.device), activation.sha256.hex(), verified=True)
        return ImageSeen.VERIFIED_BEFORE if known in sent else seen
    return seen


def reported_counter(capture: Capture) -> int | None:
    """Return the Originator Counter of the Activate Firmware that a later outcome is of.

    None for any other message, and for one that cannot be read.
    """
    if capture.message_code != LATER_OUTCOME:
        return None
    try:
        executed = executed_command(Message.parse(capture.raw))
    except MalformedMessage:
        return None
    return executed.counter if executed else None


def to_be_reported(rows: Sequence[CommandRow], captures: Sequence[Capture]) -> list[CommandRow]:
    """List the future-dated activations that were accepted and whose outcome was not heard yet.

    What a Device says of an earlier one is no outcome of this one.
    """
    reported = {(capture.originator, reported_counter(capture)) for capture in captures}
    return [
        row
        for row in rows
        if row.message_code == CS06
        and row.state is CommandState.ANSWERED
        and (activation := activation_of(row.raw)) is not None
        and activation.at is not None
        and (row.device, row.counter) not in reported
    ]
