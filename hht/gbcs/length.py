"""Length octets as ASN.1 DER and DLMS A-XDR write them, with note of any octets spent in excess.

Below 128 a length is one octet; from there 8n followed by n octets, big-endian. The Devices of
the reference messages write some DER lengths longer than they need to be (82 00 DE), so readers
of payloads keep the number of octets in excess and writers repeat it.
"""

from typing import NoReturn

from hht.gbcs.errors import MalformedMessage

_LONGEST = 4  # octets: no message comes near 4 GiB, and Python allocates what is asked
_SHORT = tuple(bytes([length]) for length in range(0x80))


def encode_length(length: int, excess: int = 0) -> bytes:
    """Return a length in its shortest form, or `excess` octets longer."""
    if length < 0x80 and not excess:
        return _SHORT[length]
    size = excess + (0 if length < 0x80 else (length.bit_length() + 7) // 8)
    return bytes([0x80 | size]) + length.to_bytes(size, "big") if size else bytes([length])


def read_length(raw: bytes, position: int) -> tuple[int, int, int]:
    """Read a length at `position`: the length, the position after it, its octets in excess."""
    if position >= len(raw):
        malformed("the data ends where a length should be")
    first = raw[position]
    if first < 0x80:
        return first, position + 1, 0
    size = first & 0x7F
    end = position + 1 + size
    if end > len(raw) or not 1 <= size <= _LONGEST:
        malformed(f"the length at byte {position} is cut short or has no sense")
    length = int.from_bytes(raw[position + 1 : end], "big")
    shortest = 0 if length < 0x80 else (length.bit_length() + 7) // 8
    return length, end, size - shortest


def read_shortest_length(raw: bytes, position: int) -> tuple[int, int]:
    """Read a length that must be in its shortest form: the length and the position after it."""
    length, end, excess = read_length(raw, position)
    if excess:
        malformed(f"the length at byte {position} is not in its shortest form")
    return length, end


def malformed(what: str) -> NoReturn:
    """Refuse the message; every reader of GBCS bytes fails through here."""
    raise MalformedMessage(what, remedy="Check that the whole message was captured, in order.")
