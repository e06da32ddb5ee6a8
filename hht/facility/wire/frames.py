"""Frames on the line: SLIP around kind, sequence number, payload and CRC-32."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_END, _ESC = b"\xc0", b"\xdb"
_ESC_END, _ESC_ESC = b"\xdb\xdc", b"\xdb\xdd"
_CRC_BYTES = 4  # CRC-32
_HEAD_BYTES = 2  # kind and sequence number, one octet each
# A block of 4 kB and its fields, every byte escaped: what is longer is noise.
LARGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its kind, the sequence number that an answer repeats, and its payload."""

    kind: int
    sequence: int
    payload: bytes = b""

    def encode(self) -> bytes:
        """Write it for the line, with the end mark on both sides so that noise before it is cut."""
        plain = bytes([self.kind, self.sequence]) + self.payload
        plain += zlib.crc32(plain).to_bytes(_CRC_BYTES, "big")
        return _END + plain.replace(_ESC, _ESC_ESC).replace(_END, _ESC_END) + _END


class FrameReader:
    """A reader of the frames in what comes off the line; the rest is dropped."""

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take what has come, and return each frame that is whole now."""
        *parts, self.rest = (self.rest + data).split(_END)
        if len(self.rest) > LARGEST:
            self.rest = b""
        for part in parts:
            if frame := _decode(part):
                yield frame


def _decode(escaped: bytes) -> Frame | None:
    plain = escaped.replace(_ESC_END, _END).replace(_ESC_ESC, _ESC)
    if not _HEAD_BYTES + _CRC_BYTES <= len(plain) <= LARGEST:
        return None
    body, crc = plain[:-_CRC_BYTES], plain[-_CRC_BYTES:]
    if zlib.crc32(body).to_bytes(_CRC_BYTES, "big") != crc:
        return None
    return Frame(body[0], body[1], body[_HEAD_BYTES:])


def encode_fields(*fields: bytes | int) -> bytes:
    """Write fields: each a length of two bytes and that many bytes; a number has eight."""
    plain = (field.to_bytes(8, "big") if isinstance(field, int) else field for field in fields)
    return b"".join(struct.pack(">H", len(each)) + each for each in plain)


def decode_fields(payload: bytes, count: int, optional: int = 0) -> list[bytes]:
    """Read the first `count` fields, and so many that came later as are there.

    ValueError where they are not all there.
    """
    fields, at = [], 0
    for number in range(count + optional):
        if number >= count and at == len(payload):
            break
        if at + 2 > len(payload):
            raise ValueError("a field is missing")
        end = at + 2 + int.from_bytes(payload[at : at + 2], "big")
        if end > len(payload):
            raise ValueError("a field is cut short")
        fields.append(payload[at + 2 : end])
        at = end
    return fields
