"""The virtual NCP: a ZigBee co-processor that a host reaches over a loopback socket or a pty."""

import asyncio
import contextlib
from collections.abc import Iterable
from functools import partial

import bellows.types as t

from hht.simulator.ncp.ash import AshServer
from hht.simulator.ncp.commands.tokens import BOARD_NAME
from hht.simulator.ncp.device import Device
from hht.simulator.ncp.faults.catalogue import find_fault
from hht.simulator.ncp.faults.ezsp import EzspFaults
from hht.simulator.ncp.faults.impostors import IMPOSTORS, ImpostorLine
from hht.simulator.ncp.faults.line import LineFaults
from hht.simulator.ncp.versions import VERSIONS
from hht.simulator.stack.node import RadioNode

__all__ = ["BOARD_NAME", "VERSIONS", "LineFaults", "NcpServer", "serve_pty", "serve_socket"]

# A host waits for this reset before it sends its own; sent at once, it could miss it.
_BOOT_SECONDS = 0.02
_LOOPBACK = "127.0.0.1"


class NcpServer:
    """A running virtual NCP; `address` is for `--radio`, `faults` spoil its line.

    `switch_on` has it misbehave in a way that has a name. With an `impostor` something else
    than a co-processor answers the hosts that come from then on.
    """

    def __init__(self, node: RadioNode, version: int, faults: LineFaults) -> None:
        self.address = ""
        self.faults = faults
        self.ezsp_faults = EzspFaults()
        self.impostor = ""
        self._clock = node.clock
        self.device = Device(node, version, self.ezsp_faults)
        self._line: AshServer | ImpostorLine | None = None
        self._listener: asyncio.Server | None = None

    def switch_on(self, names: Iterable[str]) -> None:
        """Misbehave in these ways; HhtError for one that there is not."""
        for name in names:
            find_fault(name)(self)

    def new_line(self) -> AshServer | ImpostorLine:
        """Attach a host that has come: the one before it is cut off."""
        self.hang_up()
        if self.faults.revives:
            self.faults.silent = False
        if self.impostor:
            self._line = ImpostorLine(IMPOSTORS[self.impostor], self._clock)
        else:
            self._line = self.device.line = AshServer(self.device, self.faults, self._clock)
        return self._line

    def hang_up(self) -> None:
        """Cut off the host, as pulling the dongle out does."""
        if self._line is not None:
            self._line.close()

    def lose_network(self) -> None:
        """Have the stack lose its network."""
        self.device.network.go_down()

    def restart(self, code: int) -> None:
        """Restart, for this reason, without having been asked to."""
        self.device.restart_by_itself(code)

    def fail(self, code: int) -> None:
        """Report a fatal error, and answer nothing else until the host resets."""
        if isinstance(self._line, AshServer):
            self._line.fail(code)

    async def close(self) -> None:
        """Cut off the host and take no other."""
        self.hang_up()
        self.device.close()
        if self._listener is not None:
            self._listener.close()
            await self._listener.wait_closed()

    async def listen(self, port: int) -> None:
        """Serve a loopback port; OSError when it is taken."""
        loop = asyncio.get_running_loop()

        def accept() -> asyncio.BaseProtocol:
            line = self.new_line()
            if isinstance(line, AshServer):
                self._clock.call_later(_BOOT_SECONDS, partial(_boot, line))
            return line

        self._listener = await loop.create_server(accept, _LOOPBACK, port)
        chosen = self._listener.sockets[0].getsockname()[1]
        self.address = f"socket://{_LOOPBACK}:{chosen}"


async def serve_socket(
    node: RadioNode,
    port: int = 0,
    ezsp_version: int = 13,
    faults: LineFaults | None = None,
    wrong: Iterable[str] = (),
) -> NcpServer:
    """Serve `socket://127.0.0.1:PORT`; port 0 means a free one. OSError when it is in use.

    `wrong` names faults to begin with.
    """
    server = NcpServer(node, ezsp_version, faults or LineFaults())
    server.switch_on(wrong)
    await server.listen(port)
    return server


def _boot(line: AshServer) -> None:
    """Say that the co-processor has started, unless the host has asked for it already."""
    if not line.was_reset:
        with contextlib.suppress(OSError):
            line.announce(t.NcpResetCode.RESET_POWER_ON)


async def serve_pty(
    node: RadioNode,
    ezsp_version: int = 13,
    faults: LineFaults | None = None,
    wrong: Iterable[str] = (),
    baud: int | None = None,
) -> NcpServer:
    """Serve a pseudo-terminal, whose path is the address; ImportError where there are none.

    With `baud` only a host that has set the line to that speed is understood.
    """
    from hht.simulator.ncp.pty import PtyTransport  # there is no such thing on Windows

    server = NcpServer(node, ezsp_version, faults or LineFaults())
    server.switch_on(wrong)
    transport = PtyTransport(asyncio.get_running_loop(), baud)
    server.address = transport.path
    transport.start(server.new_line())
    return server
