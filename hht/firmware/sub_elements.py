"""ZigBee OTA's sub-elements in a file: GB images have none, and are read as they are."""

from collections.abc import Mapping
from dataclasses import dataclass

_HEAD = 6  # octets: tag (2) and length (4), little-endian
_NAMES: Mapping[int, str] = {
    0: "upgrade image",
    1: "ECDSA signature, crypto suite 1",
    2: "ECDSA signing certificate, crypto suite 1",
    3: "image integrity code",
    4: "picture data",
    5: "ECDSA signature, crypto suite 2",
    6: "ECDSA signing certificate, crypto suite 2",
}
_FIRST_OF_MAKERS = 0xF000
_MOST = 32  # more than any file has: bytes that are all 0 would be sub-elements without end


@dataclass(frozen=True, slots=True)
class SubElement:
    """One sub-element; `length` counts the bytes of its data."""

    tag: int
    length: int

    @property
    def name(self) -> str:
        """What ZigBee OTA calls it; "unknown" for a tag that it does not define."""
        makers = "the manufacturer's own" if self.tag >= _FIRST_OF_MAKERS else "unknown"
        return _NAMES.get(self.tag, makers)


def sub_elements(content: bytes) -> tuple[SubElement, ...]:
    """Return the sub-elements that what follows a header is made of.

    None where they do not fill it to the last byte: then it is an image that only begins so.
    """
    found, at = list[SubElement](), 0
    while at + _HEAD <= len(content) and len(found) < _MOST:
        tag = int.from_bytes(content[at : at + 2], "little")
        length = int.from_bytes(content[at + 2 : at + _HEAD], "little")
        found.append(SubElement(tag, length))
        at += _HEAD + length
    return tuple(found) if found and at == len(content) else ()
