"""General Block Transfer: GBCS messages over the tunnel's size, in numbered blocks.

A block has the routing part of the message's own headers, a block header and a piece of the
message; it carries no MAC. Layout as Wireshark's GBCS dissector has it; all integers big-endian:
`DD | 09 CRA counter(8) | 08 originator | 08 recipient | 00 | length, message code | 00 |
length | 11 00000000 | E0 | control | number(2) | acknowledged(2) | length | piece`.
A plain MAC header has 00 as its second byte, a block has 09.
"""

from dataclasses import dataclass, field, replace

from hht.entity_id import EntityId
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.length import encode_length, read_shortest_length
from hht.gbcs.message import Cra, Headers, read_headers
from hht.zse.errors import MalformedFrame

_LAST, _STREAMING, _WINDOW = 0x80, 0x40, 0x3F
_SECURITY = bytes.fromhex("1100000000")
_BLOCK_TAG = 0xE0
MOST_OVERHEAD = 51  # of a block beyond its piece: 34, two lengths of up to 3 bytes, and 11
_ROUTING = 34  # bytes up to the length: the key-info octet is the last of them


@dataclass(frozen=True, slots=True)
class Block:
    """One block, or with no data the acknowledgement of all blocks up to `acknowledged`.

    Numbers count from 1. `headers` are the CRA, counter, parties and code of the message.
    """

    headers: Headers
    number: int
    last: bool
    data: bytes = field(repr=False)  # a CCS01 carries an Install Code
    acknowledged: int = 0
    window: int = 1
    streaming: bool = False

    def encode(self) -> bytes:
        control = (_LAST if self.last else 0) | (_STREAMING if self.streaming else 0) | self.window
        numbers = self.number.to_bytes(2, "big") + self.acknowledged.to_bytes(2, "big")
        piece = encode_length(len(self.data)) + self.data
        rest = _SECURITY + bytes((_BLOCK_TAG, control)) + numbers + piece
        return _routing(self.headers) + encode_length(len(rest)) + rest


def is_block(raw: bytes) -> bool:
    """Return whether it is a block and no whole GBCS message, by its first two bytes."""
    return raw[:2] == b"\xdd\x09"


def decode_block(raw: bytes) -> Block:
    """Read one block; MalformedFrame when it is none."""
    try:
        return _decode(raw)
    except (MalformedMessage, ValueError, IndexError) as error:
        raise MalformedFrame("not a General Block Transfer block") from error


def piece_size(wanted: int, room: int) -> int:
    """Return how many bytes of a message go into a block, where `room` bytes go into a transfer."""
    return max(1, min(wanted, room - MOST_OVERHEAD))


def split(message: bytes, block_size: int, window: int = 1) -> list[bytes]:
    """Split a GBCS message into blocks of `block_size` bytes of it; number 1 comes first."""
    headers = read_headers(message)
    starts = range(0, len(message), block_size)
    return [
        Block(
            headers,
            number,
            start + block_size >= len(message),
            message[start : start + block_size],
            window=window,
        ).encode()
        for number, start in enumerate(starts, 1)
    ]


def acknowledgement(block: Block, acknowledged: int) -> bytes:
    """Build a receiver's acknowledgement of all blocks up to `acknowledged`."""
    answer = replace(block, number=0, last=False, data=b"", acknowledged=acknowledged)
    return answer.encode()


class Transfer:
    """The sending of one message: which blocks are due, until all are acknowledged."""

    def __init__(self, message: bytes, block_size: int, window: int = 1) -> None:
        self._blocks = split(message, block_size, window)
        self._headers = read_headers(message)
        self._window = window
        self._acknowledged = 0

    @property
    def done(self) -> bool:
        return self._acknowledged == len(self._blocks)

    def due(self) -> list[bytes]:
        """Return the blocks to send now: first, after an acknowledgement or after silence."""
        return self._blocks[self._acknowledged : self._acknowledged + self._window]

    def take(self, answer: Block) -> bool:
        """Apply an acknowledgement; False when it is of another message or brings nothing new."""
        known = self._acknowledged < answer.acknowledged <= len(self._blocks)
        if answer.headers != self._headers or not known:
            return False
        self._acknowledged = answer.acknowledged
        return True


def _routing(headers: Headers) -> bytes:
    transaction = bytes((0xDD, 0x09, headers.cra)) + headers.counter.to_bytes(8, "big")
    parties = b"\x08" + headers.originator + b"\x08" + headers.recipient
    return transaction + parties + b"\x00\x02" + headers.message_code.to_bytes(2, "big") + b"\x00"


def _decode(raw: bytes) -> Block:
    headers, position = _read_routing(raw)
    length, position = read_shortest_length(raw, position)
    fixed_end = position + 11
    if position + length != len(raw) or raw[position : position + 6] != _SECURITY + b"\xe0":
        raise MalformedFrame("the block's lengths or security header are wrong")
    control, number, acknowledged = (
        raw[position + 6],
        int.from_bytes(raw[position + 7 : position + 9], "big"),
        int.from_bytes(raw[position + 9 : fixed_end], "big"),
    )
    size, start = read_shortest_length(raw, fixed_end)
    if start + size != len(raw) or (size and not number):
        raise MalformedFrame("the block's piece is not as long as it says, or has no number")
    return Block(
        headers,
        number,
        bool(control & _LAST),
        raw[start:],
        acknowledged,
        control & _WINDOW,
        bool(control & _STREAMING),
    )


def _read_routing(raw: bytes) -> tuple[Headers, int]:
    fixed = (raw[:2], raw[11:12], raw[20:21], raw[29:31], raw[33:34])
    if fixed != (b"\xdd\x09", b"\x08", b"\x08", b"\x00\x02", b"\x00"):
        raise MalformedFrame("the block's routing header is not as it should be")
    cra, counter = Cra(raw[2]), int.from_bytes(raw[3:11], "big")
    parties = EntityId(raw[12:20]), EntityId(raw[21:29])
    return Headers(cra, counter, *parties, int.from_bytes(raw[31:33], "big")), _ROUTING
