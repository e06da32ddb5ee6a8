"""The kinds of messages, and what each carries; docs/unit-protocol.md has the same table."""

from enum import IntEnum, StrEnum

PROTOCOL = 1  # of the lines between bench and unit, raised when they change
ANSWER = 0x80
"""What is added to a request's kind in its answer."""
REFUSED = 0x7F
"""The kind of an answer that refuses: a code and words."""
NONCE_BYTES = 32  # of 256 bits none comes twice
BLOCK_BYTES = 2048
"""Of a package in one message: small enough for a unit's buffer, and acknowledged in 0.2 s at
115,200 baud."""


class Kind(IntEnum):
    """Requests of the bench."""

    PING = 0x01
    IDENTIFY = 0x02
    SLOT = 0x03
    OPEN = 0x04
    BLOCK = 0x05
    VERIFY = 0x06
    COMMIT = 0x07
    RECEIPT = 0x08
    WIPE = 0x09
    CAPTURES = 0x0A
    CAPTURE = 0x0B
    TAKEN = 0x0C


class Held(StrEnum):
    """What a unit's memory holds."""

    EMPTY = "empty"
    WHOLE = "whole"
    TORN = "torn"


class WireRefusal(StrEnum):
    """Why a unit refuses a message, beside the refusals of packages."""

    UNKNOWN_KIND = "unknown-kind"
    MALFORMED = "malformed"
    OUT_OF_ORDER = "out-of-order"
    OCCUPIED = "occupied"
    NO_ROOM = "no-room"
