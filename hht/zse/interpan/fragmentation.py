"""Inter-PAN Message Fragmentation (IPMF): stop-and-wait pieces of a message over 125 bytes.

Layouts and limits are those of Silicon Labs' inter-PAN plugin, where the feature is marked as
used by GBCS only: `00 | index | count | length | data`, answered `80 | index | status`.
"""

from dataclasses import dataclass

from hht.zse.errors import MalformedFrame
from hht.zse.frames.mac import MAX_FRAME
from hht.zse.interpan.frame import UNICAST_OVERHEAD

MAX_MESSAGE = 1500
"""Bytes, as in a tunnel: what crosses inter-PAN is a GBCS message too."""
MAX_FRAGMENT_DATA = MAX_FRAME - UNICAST_OVERHEAD - 4
ACCEPTED = 0x00
FAILED = 0x01

_FRAGMENT = 0x00
_ANSWER = 0x80


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece of a message: its index from 0, how many there are, and its bytes."""

    index: int
    count: int
    data: bytes

    def encode(self) -> bytes:
        return bytes((_FRAGMENT, self.index, self.count, len(self.data))) + self.data


@dataclass(frozen=True, slots=True)
class FragmentAnswer:
    """The receiver's word on the fragment of that index: ACCEPTED or FAILED."""

    index: int
    status: int

    def encode(self) -> bytes:
        return bytes((_ANSWER, self.index, self.status))


def is_ipmf(payload: bytes) -> bool:
    """Return whether it is an IPMF payload and no ZCL frame, by first byte and exact length."""
    if len(payload) == 3 and payload[0] == _ANSWER:
        return True
    return len(payload) > 4 and payload[0] == _FRAGMENT and len(payload) == 4 + payload[3]


def decode_ipmf(payload: bytes) -> Fragment | FragmentAnswer:
    """Read a fragment or the answer to one; MalformedFrame otherwise."""
    if not is_ipmf(payload):
        raise MalformedFrame("not an inter-PAN fragment")
    if payload[0] == _ANSWER:
        return FragmentAnswer(payload[1], payload[2])
    if payload[1] >= payload[2]:
        raise MalformedFrame(f"inter-PAN fragment {payload[1]} is beyond their count {payload[2]}")
    return Fragment(payload[1], payload[2], payload[4:])


def split(message: bytes, size: int = MAX_FRAGMENT_DATA) -> list[Fragment]:
    """Cut a message of at most 1500 bytes into fragments of `size` bytes."""
    pieces = [message[at : at + size] for at in range(0, len(message), size)]
    if not message or len(message) > MAX_MESSAGE or len(pieces) > 255:
        raise MalformedFrame(f"{len(message)} bytes do not go into inter-PAN fragments of {size}")
    return [Fragment(index, len(pieces), piece) for index, piece in enumerate(pieces)]


class Reassembler:
    """A reassembler of one partner's fragments.

    `feed` gives the answer to send and, after the last fragment, the message. A fragment that
    comes again because its answer was lost is accepted again without being added twice.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._count = 0

    def feed(self, fragment: Fragment) -> tuple[FragmentAnswer, bytes | None]:
        """Add the next fragment; one out of order or over 1500 bytes restarts the message."""
        if fragment.index == 0 and self._restarts(fragment):
            self._pieces, self._count = [], fragment.count
        if self._is_repeat(fragment):
            return FragmentAnswer(fragment.index, ACCEPTED), None
        size = sum(map(len, self._pieces)) + len(fragment.data)
        expected = (len(self._pieces), self._count)
        if (fragment.index, fragment.count) != expected or size > MAX_MESSAGE:
            self._pieces, self._count = [], 0
            return FragmentAnswer(fragment.index, FAILED), None
        self._pieces.append(fragment.data)
        return FragmentAnswer(fragment.index, ACCEPTED), self._whole()

    def _restarts(self, fragment: Fragment) -> bool:
        complete = len(self._pieces) == self._count
        return complete or self._pieces[0] != fragment.data

    def _is_repeat(self, fragment: Fragment) -> bool:
        at = fragment.index
        return fragment.count == self._count and self._pieces[at : at + 1] == [fragment.data]

    def _whole(self) -> bytes | None:
        return b"".join(self._pieces) if len(self._pieces) == self._count else None
