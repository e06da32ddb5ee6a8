"""A capture as a unit hands it over: the message, its hub, and the Command that it answers."""

from datetime import UTC, datetime
from typing import Self

import msgspec

from hht.duis.job.words import MODES, TRAINING
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.facility.package.content import UnitCommand


class UnitCapture(msgspec.Struct, frozen=True, omit_defaults=True):
    """A GBCS message that a unit kept; `hub` is the GPF of the hub that it came from.

    `unit` is the one that kept it, `received_at` ISO 8601 by the unit's clock; `command` is absent
    for an Alert.
    """

    unit: str
    hub: str
    received_at: str
    gbcs: bytes
    command: UnitCommand | None = None
    mode: str = TRAINING

    def __repr__(self) -> str:
        """Leave the messages out: a CCS01 carries an Install Code."""
        return f"UnitCapture({self.unit}, {len(self.gbcs)} bytes)"

    def encode(self) -> bytes:
        """Write it as JSON; the same capture gives the same bytes."""
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, raw: bytes, where: str = "") -> Self:
        """Read what a unit sent; InputError where it is none."""
        try:
            read = msgspec.json.decode(raw, type=cls)
            EntityId.parse(read.hub), EntityId.parse(read.unit)
            received = datetime.fromisoformat(read.received_at)
            if read.mode not in MODES or received.tzinfo is None:
                raise ValueError("another mode, or a time without its zone")
            received.astimezone(UTC)
        except (msgspec.DecodeError, ValueError, OverflowError):
            raise InputError(
                "This is no capture of a unit",
                where=where,
                remedy="Leave it in the unit, and ask its maker.",
            ) from None
        return read
