"""Entity Identifiers: the EUI-64 by which GBCS names every Device and Remote Party."""

import re
from typing import Self

_SHOWN = 40  # characters of what is refused
_TEXT = re.compile(r"([0-9A-Fa-f]{2}[-: ]?){7}[0-9A-Fa-f]{2}")


class EntityId(bytes):
    """Eight bytes, most significant first, as GBCS and DUIS write them."""

    __slots__ = ()

    def __new__(cls, raw: bytes) -> Self:
        """Take 8 bytes, most significant first; ValueError for any other length."""
        if len(raw) != 8:
            raise ValueError(f"an Entity Identifier is 8 bytes, this is {len(raw)}")
        return super().__new__(cls, raw)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `00-DB-12-34-56-78-90-A0`, with dashes, colons, spaces or nothing between."""
        if not _TEXT.fullmatch(text.strip()):
            raise ValueError(
                f"{text[:_SHOWN]!r} is not an Entity Identifier such as 00-DB-12-34-56-78-90-A0"
            )
        return cls(bytes.fromhex(re.sub("[-: ]", "", text.strip())))

    @classmethod
    def from_little_endian(cls, raw: bytes) -> Self:
        """Take 8 bytes in the order of a ZigBee frame, least significant first."""
        return cls(raw[::-1])

    @property
    def little_endian(self) -> bytes:
        """The 8 bytes in the order of a ZigBee frame."""
        return self[::-1]

    def __str__(self) -> str:
        return self.hex("-").upper()

    def __repr__(self) -> str:
        return f"EntityId({self})"
