"""A loopback port for a server that starts later, which no other process is given meanwhile.

A port that was only looked for may be anybody's a moment later. This one stays bound, but nobody
listens: connections to it are refused until the server listens there, which shares the address
(SO_REUSEADDR, as servers of asyncio and PostgreSQL do).
"""

import socket
from dataclasses import dataclass, field


@dataclass
class HeldPort:
    number: int = field(init=False)
    _held: socket.socket = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.number = self._held.getsockname()[1]

    def let_go(self) -> None:
        self._held.close()
