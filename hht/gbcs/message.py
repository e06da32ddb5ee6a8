"""The GBCS message envelope: MAC header, grouping header, payload, signature and MAC, losslessly.

Multi-byte integers are big-endian; lengths are DER lengths, in more octets than they need where
the sender wrote them so. Source: GBCS sections 7.2.7 (grouping header) and 7.2.9 (MAC header), as
seen in the RTDS 4.5.0 messages.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Self

from hht.entity_id import EntityId
from hht.gbcs.errors import MalformedMessage as MalformedMessage
from hht.gbcs.length import encode_length, malformed, read_length

MAC_TAG = 0xDD
GROUPING_TAG = 0xDF
MAC_LENGTH = 12  # octets of the MAC, a GCM tag cut to 96 bits
SIGNATURE_LENGTH = 64  # octets: r and s of ECDSA over P-256
DATE_TIME_LENGTH = 12  # octets of a COSEM date-time
_MAC_HEADER = bytes([MAC_TAG, 0, 0, 0, 0, 0, 0])
_SECURITY_HEADER = bytes.fromhex("1100000000")
_COUNTER_TAG = 0x09
_IDENTIFIER_TAG = 0x08


class Cra(IntEnum):
    """Command, Response or Alert: the first octet of the transaction identifier."""

    COMMAND = 1
    RESPONSE = 2
    ALERT = 3


_CRAS = {cra.value: cra for cra in Cra}
_GROUPING_HEAD, _IDENTIFIER_HEAD = bytes([GROUPING_TAG]), bytes([_IDENTIFIER_TAG])
_COUNTER_HEADS = {cra: bytes([_COUNTER_TAG, cra]) for cra in Cra}


class Excess(NamedTuple):
    """Octets by which the three lengths of an envelope are longer than their shortest form."""

    message: int = 0
    other_information: int = 0
    payload: int = 0


SHORTEST = Excess()


class Headers(NamedTuple):
    """What routing needs of a message, and nothing more."""

    cra: Cra
    counter: int
    originator: EntityId
    recipient: EntityId
    message_code: int


@dataclass(frozen=True, slots=True)
class Message:
    """One GBCS message; `Message.parse(raw).encode() == raw` for everything that parses.

    The payload may hold Install Codes and PINs and stays out of the repr. `date_time` is b"" or a
    12-byte COSEM date-time. `other_info` is what follows the message code inside the other
    information. `signature` is None (no signature field: an unsigned pre-command), b"" (a field of
    length 0) or r || s. `mac` is None where there is no MAC header, else 12 bytes.
    """

    cra: Cra
    counter: int
    originator: EntityId
    recipient: EntityId
    message_code: int
    payload: bytes = field(repr=False)
    date_time: bytes = b""
    other_info: bytes = b""
    signature: bytes | None = b""
    mac: bytes | None = None
    excess: Excess = SHORTEST

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read one whole message; MalformedMessage when any byte is out of place."""
        start, whole_excess = _grouping_start(raw, whole=True)
        mac = raw[-MAC_LENGTH:] if start else None
        end = len(raw) - MAC_LENGTH if start else len(raw)
        headers, position = _grouping_header(raw, start)
        date_time, position = _date_time(raw, position)
        other, position, other_excess = _counted(raw, position, end, "other information")
        payload, position, payload_excess = _counted(raw, position, end, "payload")
        return cls(
            *headers[:4],
            message_code=_message_code(other),
            payload=payload,
            date_time=date_time,
            other_info=other[2:],
            signature=_signature(raw, position, end, mac),
            mac=mac,
            excess=Excess(whole_excess, other_excess, payload_excess),
        )

    def encode(self) -> bytes:
        """Return the bytes of the message, MAC header first where it has a MAC."""
        grouping = self.grouping()
        if self.mac is None:
            return grouping
        if len(self.mac) != MAC_LENGTH:
            raise ValueError(f"a MAC is {MAC_LENGTH} bytes, this is {len(self.mac)}")
        rest = _SECURITY_HEADER + grouping + self.mac
        return _MAC_HEADER + encode_length(len(rest), self.excess.message) + rest

    def grouping(self) -> bytes:
        """Return what the MAC protects: from the DF tag to the end of the signature field."""
        signature = self.signature
        if signature is None:
            return _GROUPING_HEAD + self.signed_part()
        if len(signature) not in (0, SIGNATURE_LENGTH):
            raise ValueError(f"a signature is 0 or {SIGNATURE_LENGTH} bytes, not {len(signature)}")
        return _GROUPING_HEAD + self.signed_part() + encode_length(len(signature)) + signature

    def signed_part(self) -> bytes:
        """Return what the signature protects: from after the DF tag to the end of the payload."""
        if len(self.date_time) not in (0, DATE_TIME_LENGTH):
            raise ValueError(f"a date-time is 12 bytes, this is {len(self.date_time)}")
        other = self.message_code.to_bytes(2, "big") + self.other_info
        return b"".join(
            (
                _COUNTER_HEADS[self.cra],
                self.counter.to_bytes(8, "big"),
                _IDENTIFIER_HEAD,
                self.originator,
                _IDENTIFIER_HEAD,
                self.recipient,
                encode_length(len(self.date_time)),
                self.date_time,
                encode_length(len(other), self.excess.other_information),
                other,
                encode_length(len(self.payload), self.excess.payload),
                self.payload,
            )
        )

    @property
    def supplementary_party(self) -> EntityId | None:
        """The Remote Party for whom the Access Control Broker or TCoS party is acting."""
        return EntityId(self.other_info[:8]) if len(self.other_info) >= 8 else None

    @property
    def supplementary_counter(self) -> int | None:
        """The Supplementary Remote Party Counter."""
        raw = self.other_info[8:16]
        return int.from_bytes(raw, "big") if len(raw) == 8 else None

    @property
    def supplementary_originator_counter(self) -> int | None:
        """The Supplementary Originator Counter: the one a Device adds to an encrypted Response."""
        raw = self.other_info[16:]
        return int.from_bytes(raw, "big") if len(raw) == 8 else None

    @property
    def certificate(self) -> bytes | None:
        """The DER key agreement certificate a Command brings for the supplementary party."""
        raw = self.other_info[16:]
        return raw if len(raw) > 8 else None

    @property
    def is_precommand(self) -> bool:
        """A Command without a MAC: not yet through the Access Control Broker."""
        return self.cra is Cra.COMMAND and self.mac is None


def read_headers(raw: bytes) -> Headers:
    """Read who sends what to whom, without looking at the payload or the end of the message."""
    start, _ = _grouping_start(raw, whole=False)
    headers, position = _grouping_header(raw, start)
    _, position = _date_time(raw, position)
    _, position, _ = read_length(raw, position)
    if len(raw) < position + 2:
        malformed("the message ends inside its headers")
    return headers._replace(message_code=raw[position] << 8 | raw[position + 1])


def _grouping_start(raw: bytes, *, whole: bool) -> tuple[int, int]:
    """Return where the DF tag is: 0, or after the MAC header, whose own fields are checked.

    With it the octets in excess of the MAC header's length.
    """
    if raw[:1] == b"\xdf":
        return 0, 0
    if not raw.startswith(_MAC_HEADER):
        malformed("this does not begin as a GBCS message does (DD or DF)")
    length, position, excess = read_length(raw, len(_MAC_HEADER))
    if whole and position + length != len(raw):
        malformed(f"the MAC header announces {length} bytes and {len(raw) - position} follow")
    start = position + len(_SECURITY_HEADER)
    if raw[position:start] != _SECURITY_HEADER:
        malformed("the security header is not 11 00 00 00 00")
    return start, excess


def _grouping_header(raw: bytes, start: int) -> tuple[Headers, int]:
    """Return the fixed part of the grouping header; the message code is filled in later."""
    fixed = raw[start : start + 29]
    if len(fixed) < 29 or fixed[0] != GROUPING_TAG or fixed[1] != _COUNTER_TAG:
        malformed("the grouping header (DF 09 and what follows) is missing or cut short")
    if fixed[11] != _IDENTIFIER_TAG or fixed[20] != _IDENTIFIER_TAG:
        malformed("the originator and recipient are not 8-byte identifiers")
    cra = _CRAS.get(fixed[2])
    if cra is None:
        malformed(f"{fixed[2]} is neither Command, Response nor Alert (1, 2, 3)")
    counter = int.from_bytes(fixed[3:11], "big")
    sender, target = EntityId(fixed[12:20]), EntityId(fixed[21:29])
    return Headers(cra, counter, sender, target, 0), start + 29


def _date_time(raw: bytes, position: int) -> tuple[bytes, int]:
    length = raw[position] if position < len(raw) else -1
    end = position + 1 + length
    if length not in (0, DATE_TIME_LENGTH) or end > len(raw):
        malformed("the date-time is neither absent nor 12 bytes")
    return raw[position + 1 : end], end


def _counted(raw: bytes, position: int, end: int, name: str) -> tuple[bytes, int, int]:
    length, position, excess = read_length(raw, position)
    if position + length > end:
        malformed(f"the {name} of {length} bytes runs past the end of the message")
    return raw[position : position + length], position + length, excess


def _message_code(other: bytes) -> int:
    if len(other) < 2:
        malformed("the other information holds no message code")
    return other[0] << 8 | other[1]


def _signature(raw: bytes, position: int, end: int, mac: bytes | None) -> bytes | None:
    if position == end and mac is None:
        return None
    length = raw[position] if position < end else -1
    if length not in (0, SIGNATURE_LENGTH) or position + 1 + length != end:
        malformed("what follows the payload is not a signature field of 0 or 64 bytes")
    return raw[position + 1 : end]
