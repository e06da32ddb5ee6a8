"""A cursor over the bytes of a radio frame; ZigBee integers are little-endian."""

from hht.entity_id import EntityId


class MalformedFrame(ValueError):
    """A radio frame that is not what its header says it is."""


class Octets:
    """A reader of a frame from front to back; MalformedFrame when it ends too soon."""

    __slots__ = ("_raw", "position")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.position = 0

    def take(self, count: int) -> bytes:
        end = self.position + count
        if end > len(self._raw):
            raise MalformedFrame(f"the frame ends at {len(self._raw)}, {end} bytes were needed")
        piece = self._raw[self.position : end]
        self.position = end
        return piece

    def number(self, size: int) -> int:
        """Read an unsigned integer of `size` bytes, least significant first."""
        return int.from_bytes(self.take(size), "little")

    def eui64(self) -> EntityId:
        return EntityId.from_little_endian(self.take(8))

    def rest(self) -> bytes:
        return self.take(len(self._raw) - self.position)


def u16(value: int) -> bytes:
    return value.to_bytes(2, "little")


def u32(value: int) -> bytes:
    return value.to_bytes(4, "little")
