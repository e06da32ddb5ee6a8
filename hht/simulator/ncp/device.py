"""One virtual co-processor: its parts put together, in front of one simulated node."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

import bellows.types as t

from hht.simulator.ncp.commands.absent import Absent
from hht.simulator.ncp.commands.basics import Basics
from hht.simulator.ncp.commands.broadcasts import Broadcasts
from hht.simulator.ncp.commands.configuration import Configuration
from hht.simulator.ncp.commands.endpoints import Endpoints
from hht.simulator.ncp.commands.forming import Forming
from hht.simulator.ncp.commands.keys import Keys
from hht.simulator.ncp.commands.library import Library
from hht.simulator.ncp.commands.messages import Messages
from hht.simulator.ncp.commands.network import Network
from hht.simulator.ncp.commands.radio import Radio
from hht.simulator.ncp.commands.security import Security
from hht.simulator.ncp.commands.tables import Tables
from hht.simulator.ncp.commands.tokens import Tokens
from hht.simulator.ncp.commands.values import Values
from hht.simulator.ncp.ezsp import EzspServer
from hht.simulator.ncp.faults.ezsp import EzspFaults
from hht.simulator.stack.node import RadioNode


class _Line(Protocol):
    """What the device needs of its line to the host."""

    def announce(self, code: int) -> None:
        """Restart, and notify the host."""

    async def send(self, frame: bytes) -> bool:
        """Send an EZSP frame."""


class Device:
    """A co-processor; it has one host at a time, at the other end of `line`."""

    def __init__(self, node: RadioNode, version: int, faults: EzspFaults) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.line: _Line | None = None
        self.ezsp = EzspServer(version, faults)
        self.network, self._parts = self._assemble(node)
        for part in self._parts:
            self.ezsp.add(part.commands())

    def _assemble(self, node: RadioNode) -> tuple[Network, tuple[Any, ...]]:
        ezsp, begin = self.ezsp, self._begin
        configuration, security = Configuration(ezsp), Security(node)
        values, tables = Values(node, ezsp, configuration), Tables(node, configuration)
        keys = Keys(node, configuration, security)
        network = Network(node, ezsp, begin, configuration, security)
        forming = Forming(node, ezsp, begin, configuration, security, keys, network)
        messages = Messages(node, ezsp, begin, network, configuration, tables)
        basics = Basics(node, ezsp, self.restart_by_itself)
        messages.count, values.clear_counters = basics.count, basics.clear_counters
        others = (Radio(node, ezsp, values, begin), Library(node, ezsp, begin))
        about = (Endpoints(node), Tokens(node), Absent(), Broadcasts(node, ezsp, begin, network))
        first = (configuration, security, values, tables, keys, network, forming)
        return network, (*first, messages, basics, *others, *about)

    def take(self, frame: bytes) -> None:
        """Handle an EZSP frame from the host."""
        if not self._closed:
            self.ezsp.take(frame)

    def restart(self) -> None:
        """Drop all that is under way; the network membership stays, as in flash."""
        self._stop()
        if self._closed:
            return
        self.ezsp.restart()
        for part in self._parts:
            part.restart()
        self._begin(self._send_all())

    def restart_by_itself(self, code: int = int(t.NcpResetCode.RESET_SOFTWARE)) -> None:
        """Restart without the host's RST, and notify it why."""
        if self.line is not None:
            self.line.announce(code)

    def close(self) -> None:
        """End everything under way; whatever a late host says begins nothing any more."""
        self._closed = True
        self._stop()

    def _stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        self._tasks.clear()

    def _begin(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _send_all(self) -> None:
        """Send answers and callbacks one after the other."""
        line = self.line
        while line is not None:
            await line.send(await self.ezsp.next_frame())
