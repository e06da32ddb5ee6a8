"""The receiving end of General Block Transfer: blocks of a peer that may be broken or hostile."""

from array import array

from hht.gbcs.message import Headers
from hht.spans import counted
from hht.zse.gbt import Block, acknowledgement, decode_block

MAX_MESSAGE = 0x40000
"""Octets of all unfinished messages together; the largest reference message has 3,986."""
MAX_UNFINISHED = 16
"""Messages whose blocks may mix; a hub sends one after another."""
MAX_FINISHED = 16
"""Finished messages that are remembered, so that a repeated block of one is known."""
MAX_AHEAD = 63
"""Blocks kept beyond a gap: no sender's window is larger."""


class Reassembler:
    """A reassembler of one peer's blocks, in any order and however often they come.

    Each message is known by its headers, so that blocks of several may mix. After `feed`,
    `answer` is the acknowledgement to send: it names the last block before the first gap. That of
    a whole message is not to be sent before the message is kept. `faults` says what the peer did
    against the rules, and what was dropped for it.

    A finished message is remembered for a while, so that a repeated block of it is acknowledged
    and starts nothing; with `restarts` its first block starts it again, as a hub must have it
    whose HHT sends a Command once more.
    """

    def __init__(self, *, restarts: bool = False) -> None:
        self._restarts = restarts
        self._unfinished: dict[Headers, _Pieces] = {}
        self._finished: dict[Headers, _Pieces] = {}
        self.answer: bytes | None = None
        self.faults: list[str] = []

    @property
    def unfinished(self) -> int:
        """Count the messages that lack a block."""
        return len(self._unfinished)

    def feed(self, raw: bytes) -> bytes | None:
        """Add a block; return the whole message when no block is missing any more.

        MalformedFrame for what is no block.
        """
        block = decode_block(raw)
        self.answer, self.faults = None, []
        if not block.data:
            return None
        finished = self._finished.get(block.headers)
        if finished and not (self._restarts and block.number == 1):
            self._note(finished.add(block), block)
            self.answer = acknowledgement(block, finished.reached)
            return None
        self._finished.pop(block.headers, None)
        return self._add(block)

    def _add(self, block: Block) -> bytes | None:
        pieces = self._unfinished.pop(block.headers, None) or _Pieces()
        self._note(pieces.add(block), block)
        if pieces.size > MAX_MESSAGE:
            self.faults.append(f"{_named(block.headers)} grows without end and was dropped")
            return None
        self.answer = acknowledgement(block, pieces.reached)
        if not pieces.is_whole:
            self._unfinished[block.headers] = pieces
            self._make_room()
            return None
        self._finished[block.headers] = pieces
        while _too_much(self._finished, MAX_FINISHED):
            self._finished.pop(next(iter(self._finished)))
        return pieces.message

    def _make_room(self) -> None:
        """Drop what has waited longest for a block, where there is too much."""
        while _too_much(self._unfinished, MAX_UNFINISHED):
            headers = next(iter(self._unfinished))
            blocks = self._unfinished.pop(headers).count
            name = _named(headers)
            what = counted(blocks, f"block of {name} was", f"blocks of {name} were")
            self.faults.append(f"{what} dropped: too many wait")

    def _note(self, fault: str, block: Block) -> None:
        if fault:
            self.faults.append(f"Block {block.number} of {_named(block.headers)} {fault}")


class _Pieces:
    """The blocks of one message so far: those without a gap in one buffer, the others apart.

    Each block costs the same, however many there are. Of two that contradict each other the first
    stays.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._ends = array("L")
        self._ahead: dict[int, bytes] = {}
        self._last = 0
        self.size = 0
        """Octets of all the blocks."""

    @property
    def reached(self) -> int:
        """Return the number of the last block before the first gap."""
        return len(self._ends)

    @property
    def count(self) -> int:
        return len(self._ends) + len(self._ahead)

    @property
    def is_whole(self) -> bool:
        return 0 < self._last == self.reached

    @property
    def message(self) -> bytes:
        return bytes(self._buffer)

    def add(self, block: Block) -> str:
        """Add a block; return what it contradicts, empty where it contradicts nothing."""
        if self._last and (block.number > self._last or (block.last and block.number < self._last)):
            return f"comes where {self._last} was the last; it was dropped"
        known = self._known(block.number)
        if known is not None:
            return "" if known == block.data else "came again with other bytes; the first stays"
        if block.number > self.reached + MAX_AHEAD:
            return f"comes too long before {self.reached + 1}; it was dropped"
        self.size += len(block.data)
        self._ahead[block.number] = block.data
        fault = self._end_at(block.number) if block.last else ""
        self._close_gap()
        return fault

    def _known(self, number: int) -> bytes | None:
        if number > self.reached:
            return self._ahead.get(number)
        start = self._ends[number - 2] if number > 1 else 0
        return bytes(self._buffer[start : self._ends[number - 1]])

    def _end_at(self, number: int) -> str:
        """Mark a block as the last; those that came before it from beyond it are dropped."""
        self._last = number
        beyond = [at for at in self._ahead if at > number]
        for at in beyond:
            self.size -= len(self._ahead.pop(at))
        dropped = counted(len(beyond), "block beyond it was", "blocks beyond it were")
        return f"is the last, and {dropped} dropped" if beyond else ""

    def _close_gap(self) -> None:
        while (data := self._ahead.pop(self.reached + 1, None)) is not None:
            self._buffer += data
            self._ends.append(len(self._buffer))


def _too_much(messages: dict[Headers, _Pieces], most: int) -> bool:
    return len(messages) > most or sum(each.size for each in messages.values()) > MAX_MESSAGE


def _named(headers: Headers) -> str:
    """Return a message's name for the trail: what distinguishes it from others."""
    return f"the message {headers.counter} of {headers.originator}"
