"""APS fragments as an EZSP host handles them: the NCP only sends, acknowledges and hands on each.

Layout as Silicon Labs' fragmentation library has it: all fragments carry the sequence number of
the first; the group id of each is the number of fragments (high byte) and its index (low byte).
"""

from collections import OrderedDict
from collections.abc import Hashable

SECURED_OVERHEAD = 9  # auxiliary header and integrity code of APS encryption
FRAGMENT_OVERHEAD = 2  # extended APS header
LEAST_ROOM = SECURED_OVERHEAD + FRAGMENT_OVERHEAD + 1  # less carries no payload
MOST_FRAGMENTS = 255  # the block number has one octet, and 0 is a whole message
_MOST_UNFINISHED = 4  # a sender has one message under way: more are remains of lost ones
_REMEMBERED = 8  # of the 256 sequence numbers that a sender uses in turn
_ACKNOWLEDGE_ONE = 0xFF00  # the window is one fragment: the whole mask is set


def split(payload: bytes, room: int, *, secured: bool) -> list[bytes]:
    """Split a payload into fragments, where an unsecured frame has `room` bytes.

    ValueError when it would need more than 255, or no payload goes into one.
    """
    if room < LEAST_ROOM:
        raise ValueError(f"{room} bytes of payload in a frame, and the least is {LEAST_ROOM}")
    room -= SECURED_OVERHEAD if secured else 0
    if len(payload) <= room:
        return [payload]
    size = room - FRAGMENT_OVERHEAD
    pieces = [payload[at : at + size] for at in range(0, len(payload), size)]
    if len(pieces) > MOST_FRAGMENTS:
        raise ValueError(f"{len(payload)} bytes do not go into 255 APS fragments")
    return pieces


def group_id(index: int, count: int) -> int:
    """Compute the group id of a fragment."""
    return count << 8 | index


def acknowledgement(group: int) -> int:
    """Compute the group id of the reply that acknowledges a fragment."""
    return _ACKNOWLEDGE_ONE | group & 0xFF


class Reassembler:
    """A reassembler of fragments, several messages at a time.

    A message whose last fragment never comes is forgotten when four younger ones have begun.
    Fragments repeated after the last of them are passed over; another first fragment begins a new
    message, for a sender that is mostly quiet comes round to the same number soon.
    """

    def __init__(self) -> None:
        self._messages: OrderedDict[Hashable, dict[int, bytes]] = OrderedDict()
        self._counts: dict[Hashable, int] = {}
        self._finished: OrderedDict[Hashable, bytes] = OrderedDict()  # with their first fragments

    def feed(self, message: Hashable, group: int, data: bytes) -> bytes | None:
        """Add a fragment of the message so named; return the whole payload once all are there."""
        index = group & 0xFF
        if self._is_repeated(message, index, data):
            return None
        pieces = self._messages.setdefault(message, {})
        if index == 0:  # only the first has the count
            self._counts[message] = max(1, group >> 8)
            if pieces.get(0, data) != data:  # another message under the same sequence number
                pieces.clear()
        pieces[index] = data
        numbers = range(self._counts.get(message, MOST_FRAGMENTS + 1))
        if not all(number in pieces for number in numbers):
            while len(self._messages) > _MOST_UNFINISHED:
                self._counts.pop(self._messages.popitem(last=False)[0], None)
            return None
        del self._messages[message], self._counts[message]
        self._note_finished(message, pieces[0])
        return b"".join(pieces[number] for number in numbers)

    def _is_repeated(self, message: Hashable, index: int, data: bytes) -> bool:
        """Return whether a fragment is of a finished message, which another's first one ends."""
        if index == 0 and self._finished.get(message, data) != data:
            del self._finished[message]
        return message in self._finished

    def _note_finished(self, message: Hashable, first: bytes) -> None:
        self._finished[message] = first
        if len(self._finished) > _REMEMBERED:
            self._finished.popitem(last=False)
