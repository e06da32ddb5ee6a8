"""A pseudo-terminal as the line between the virtual co-processor and its host."""

import asyncio
import errno
import os
import pty
import termios
import tty

from hht.simulator.ncp.faults.impostors import noise

_MOST_AT_ONCE = 65536  # more than a pty holds


class PtyTransport(asyncio.Transport):
    """The co-processor's end of a pseudo-terminal; `path` is the end for the host.

    It stays open while hosts come and go. What no host reads is dropped, as on a serial line.
    With a `baud` rate a host at another speed hears noise, and is not heard.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, baud: int | None = None) -> None:
        super().__init__()
        self._baud = None if baud is None else getattr(termios, f"B{baud}")
        self._loop = loop
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._ours)
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        self._protocol: asyncio.Protocol | None = None

    def start(self, protocol: asyncio.Protocol) -> None:
        """Give what comes to a protocol."""
        self._protocol = protocol
        self._loop.add_reader(self._ours, self._read)
        protocol.connection_made(self)

    def _read(self) -> None:
        try:
            data = os.read(self._ours, _MOST_AT_ONCE)
        except BlockingIOError:
            return
        if data and not self._speeds_agree():
            self.write(noise(data))
        elif data and self._protocol is not None:
            self._protocol.data_received(data)

    def _speeds_agree(self) -> bool:
        """Return whether the host has set the speed that this end has."""
        return self._baud is None or termios.tcgetattr(self._theirs)[5] == self._baud

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send at once what the line has room for."""
        try:
            os.write(self._ours, data)
        except OSError as error:
            if error.errno != errno.EAGAIN:
                raise

    def is_closing(self) -> bool:
        return self._protocol is None

    def close(self) -> None:
        """Hang up: the host's end gets an error."""
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            self._loop.remove_reader(self._ours)
            os.close(self._theirs)
            os.close(self._ours)
            self._loop.call_soon(protocol.connection_lost, None)
