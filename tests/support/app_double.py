"""An app of a seat without its process: what it was sent, what it paints, how it ends."""

import asyncio
import json
import signal
from dataclasses import dataclass, field
from typing import Any

from hht.serve.packets import DATA, GREETING, packet


class KeysDouble:
    """Keeps what is written, packet by packet."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_closed = False
        self.unread = 0

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    @property
    def said(self) -> list[Any]:
        """The JSON objects, and the keys, in their order."""
        return [json.loads(each[5:]) if each[:1] == b"M" else each[5:] for each in self.written]


@dataclass
class AppDouble:
    """Ends at `mortal_by`: a word it is sent, or a signal."""

    mortal_by: str = "quit"
    keys: KeysDouble = field(default_factory=KeysDouble)
    painted: asyncio.StreamReader = field(default_factory=asyncio.StreamReader)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    signals: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.painted.feed_data(GREETING)
        write = self.keys.write

        def heard(data: bytes) -> None:
            write(data)
            if self.mortal_by == "quit" and b'"quit"' in data:
                self.die()

        self.keys.write = heard  # type: ignore[method-assign]

    def paint(self, text: str) -> None:
        self.painted.feed_data(packet(DATA, text.encode()))

    def signal(self, number: signal.Signals) -> None:
        self.signals.append(number.name)
        if self.mortal_by == number.name:
            self.die()

    def die(self) -> None:
        self.painted.feed_eof()
        self.ended.set()

    def close(self) -> None:
        self.keys.close()
