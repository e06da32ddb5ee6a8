"""A hub's radio and a virtual NCP on one simulated air, for the tests of the dongle."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from patience import PATIENCE

from hht.entity_id import EntityId
from hht.radio.dongle import Beacon, Dongle
from hht.simulator.air.air import Air
from hht.simulator.ncp.server import NcpServer, serve_pty, serve_socket
from hht.simulator.stack.node import Endpoint, RadioNode, Received

HUB = EntityId.parse("00-DB-12-34-56-78-90-A0")
HHT = EntityId.parse("00-DB-12-34-56-78-90-B1")
CHANNEL, PAN_ID, HUB_ENDPOINT = 15, 0x1A62, 5
NETWORK_KEY = bytes(range(16))
LINK_KEY = bytes.fromhex("66B6900981E1EE3CA4206B6B861C02BB")
TUNNELING = 0x0704


@dataclass
class Lab:
    """The hub's node, the node behind the NCP, and the NCP that serves it."""

    air: Air
    hub: RadioNode
    node: RadioNode
    server: NcpServer
    heard_by_hub: list[Received]

    @property
    def address(self) -> str:
        return self.server.address

    async def hub_sends(self, payload: bytes, *, key: bytes | None = LINK_KEY) -> bool:
        """A tunnel message from the hub to the HHT."""
        return await self.hub.send_unicast(
            self.node.short_address,
            TUNNELING,
            payload,
            source_endpoint=HUB_ENDPOINT,
            destination_endpoint=1,
            aps_key=key,
        )


@contextlib.asynccontextmanager
async def lab(version: int = 13, line: str = "socket") -> AsyncIterator[Lab]:
    """A hub that lets the HHT in, on channel 15, and an NCP of an EZSP version on a line."""
    air = Air(seed=1)
    hub, node = RadioNode(air, HUB), RadioNode(air, HHT)
    hub.form(CHANNEL, PAN_ID, HUB, NETWORK_KEY)
    hub.find_join_key = {HHT: LINK_KEY}.get
    hub.endpoints[HUB_ENDPOINT] = Endpoint(servers=(TUNNELING,))
    heard: list[Received] = []
    hub.on_message = heard.append
    serve = serve_pty if line == "pty" else serve_socket
    server = await serve(node, ezsp_version=version)
    try:
        yield Lab(air, hub, node, server, heard)
    finally:
        await server.close()


@contextlib.asynccontextmanager
async def opened(
    at: Lab, reception: str = "either", patience: float = 6.0
) -> AsyncIterator[Dongle]:
    """The dongle, opened."""
    dongle = await Dongle.open(at.address, reception=reception, patience=patience)
    try:
        yield dongle
    finally:
        await dongle.close()


async def hub_beacon(dongle: Dongle) -> Beacon:
    """The hub's beacon, from a scan of its channel."""
    (beacon,) = await dongle.active_scan([CHANNEL], timeout=PATIENCE)
    return beacon


@contextlib.asynccontextmanager
async def joined(at: Lab) -> AsyncIterator[Dongle]:
    """The dongle, a member of the hub's HAN."""
    async with opened(at) as dongle:
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=PATIENCE)
        yield dongle
