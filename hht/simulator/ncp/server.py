"""The virtual NCP: a ZigBee co-processor that a host reaches over a loopback socket or a pty."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import bellows.types as t

from hht.simulator.ncp.ash import AshServer, LineFaults
from hht.simulator.ncp.ezsp import VERSIONS, EzspServer
from hht.simulator.ncp.messages import Messages
from hht.simulator.ncp.network import Network
from hht.simulator.ncp.radio import Radio
from hht.simulator.ncp.setup import BOARD_NAME, Setup
from hht.simulator.stack.node import RadioNode

__all__ = ["BOARD_NAME", "VERSIONS", "LineFaults", "NcpServer", "serve_pty", "serve_socket"]

# A host waits for this reset before it sends its own; sent at once, it could miss it.
_BOOT_SECONDS = 0.02
_LOOPBACK = "127.0.0.1"


class _VirtualNcp:
    """One co-processor in front of one node; it has one host at a time, the latest."""

    def __init__(self, node: RadioNode, ezsp_version: int, faults: LineFaults) -> None:
        self._faults = faults
        self._tasks: set[asyncio.Task[None]] = set()
        self._line: AshServer | None = None
        self._ezsp = EzspServer(ezsp_version)
        setup = Setup(node)
        radio = Radio(node, self._ezsp, setup, self._begin)
        network = Network(node, self._ezsp, self._begin)
        messages = Messages(node, self._ezsp, network, self._begin)
        self._parts = (setup, radio, network, messages)
        for part in self._parts:
            self._ezsp.add(part.commands())

    def take(self, frame: bytes) -> None:
        """An EZSP frame came from the host."""
        self._ezsp.take(frame)

    def restart(self) -> None:
        """Drop all that is under way; the network membership stays, as in flash."""
        self.stop()
        self._ezsp.restart()
        for part in self._parts:
            part.restart()
        self._begin(self._send_all())

    def stop(self) -> None:
        """End everything under way."""
        for task in tuple(self._tasks):
            task.cancel()
        self._tasks.clear()

    def new_line(self) -> AshServer:
        """A host has come: whoever was there before is cut off."""
        if self._line is not None:
            self._line.close()
        self._line = AshServer(self, self._faults)
        return self._line

    def _begin(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _send_all(self) -> None:
        """Answers and callbacks leave one after the other."""
        line = self._line
        while line is not None:
            await line.send(await self._ezsp.outgoing.get())


class NcpServer:
    """A running virtual NCP; `address` is what `--radio` takes, `faults` spoil its line."""

    def __init__(self, ncp: _VirtualNcp, faults: LineFaults, address: str) -> None:
        self._ncp = ncp
        self.faults = faults
        self.address = address
        self._server: asyncio.Server | None = None

    def hang_up(self) -> None:
        """Cut off the host, as pulling the dongle out does."""
        if self._ncp._line is not None:
            self._ncp._line.close()

    async def close(self) -> None:
        """Cut off the host and take no other."""
        self.hang_up()
        self._ncp.stop()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


async def serve_socket(
    node: RadioNode, port: int = 0, ezsp_version: int = 13, faults: LineFaults | None = None
) -> NcpServer:
    """Serve `socket://127.0.0.1:PORT`; port 0 takes a free one. OSError when it is taken."""
    faults = faults or LineFaults()
    ncp = _VirtualNcp(node, ezsp_version, faults)
    loop = asyncio.get_running_loop()

    def accept() -> asyncio.Protocol:
        line = ncp.new_line()
        node.clock.call_later(_BOOT_SECONDS, lambda: _boot(line))
        return line

    listener = await loop.create_server(accept, _LOOPBACK, port)
    chosen = listener.sockets[0].getsockname()[1]
    server = NcpServer(ncp, faults, f"socket://{_LOOPBACK}:{chosen}")
    server._server = listener
    return server


def _boot(line: AshServer) -> None:
    """Say that the co-processor has started, unless the host has asked for it already."""
    if not line.was_reset:
        with contextlib.suppress(OSError):
            line.announce(t.NcpResetCode.RESET_POWER_ON)


async def serve_pty(
    node: RadioNode, ezsp_version: int = 13, faults: LineFaults | None = None
) -> NcpServer:
    """Serve a pseudo-terminal, whose path is the address; ImportError where there are none."""
    from hht.simulator.ncp.pty import PtyTransport  # there is no such thing on Windows

    faults = faults or LineFaults()
    ncp = _VirtualNcp(node, ezsp_version, faults)
    transport = PtyTransport(asyncio.get_running_loop())
    transport.start(ncp.new_line())
    return NcpServer(ncp, faults, transport.path)
