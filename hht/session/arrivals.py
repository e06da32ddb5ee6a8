"""What came through a tunnel and is not on the disk yet: held, and not acknowledged, till it is."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hht.gbcs.message import Headers
from hht.zse.gbt import decode_block, is_block
from hht.zse.gbt_reassembly import Reassembler

MOST_BYTES = 1024 * 1024
"""Of the messages that wait to be kept: a hub that floods a full disk must not fill the memory."""
MOST_MESSAGES = 256  # many short messages cost more memory than their bytes

OnFault = Callable[[str], None]
"""Called with what the hub did against the rules, and what was dropped for it."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A whole message; one that came in blocks has its headers and its last acknowledgement."""

    message: bytes = field(repr=False)
    headers: Headers | None = None
    acknowledgement: bytes | None = field(default=None, repr=False)


class Arrivals:
    """The messages of one tunnel, oldest first, until each is confirmed to be kept."""

    def __init__(self, on_fault: OnFault) -> None:
        self._on_fault = on_fault
        self._blocks = Reassembler()
        self._waiting: deque[_Arrival] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def oldest(self) -> bytes:
        """Return the message that has waited longest; IndexError where none waits."""
        return self._waiting[0].message

    @property
    def is_midway(self) -> bool:
        """Return whether blocks of a message have come and others not yet."""
        return self._blocks.unfinished > 0

    def take(self, message: bytes) -> bytes | None:
        """Add a message or a block; return the acknowledgement that may go at once.

        MalformedFrame for what begins as a block and is none.
        """
        if self._is_full():
            self._on_fault("What comes is not taken: too much waits to be kept")
            return None
        if is_block(message):
            return self._take_block(message)
        self._waiting.append(_Arrival(message))
        return None

    def confirm(self) -> bytes | None:
        """Drop the oldest message, which is kept; return the acknowledgement that may go now."""
        return self._waiting.popleft().acknowledgement

    def _take_block(self, raw: bytes) -> bytes | None:
        whole = self._blocks.feed(raw)
        for fault in self._blocks.faults:
            self._on_fault(fault)
        headers, answer = decode_block(raw).headers, self._blocks.answer
        if whole is not None:
            self._waiting.append(_Arrival(whole, headers, answer))
        is_held = any(each.headers == headers for each in self._waiting)
        return None if is_held else answer

    def _is_full(self) -> bool:
        held = sum(len(each.message) for each in self._waiting)
        return len(self._waiting) >= MOST_MESSAGES or held > MOST_BYTES
