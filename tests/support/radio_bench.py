"""A hub, a handheld and the air between them, for tests."""

import asyncio
from collections.abc import Callable

from patience import PATIENCE

from hht.clock import ScaledClock
from hht.entity_id import EntityId
from hht.simulator.air.air import Air, Link
from hht.simulator.stack.node import Endpoint, JoinResult, RadioNode, Received

HUB = EntityId.parse("90-B3-D5-1F-30-A0-A3-F1")
HHT = EntityId.parse("90-B3-D5-1F-30-F0-00-01")
CHANNEL, PAN_ID = 15, 0x4321
NETWORK_KEY = bytes(range(1, 17))
LINK_KEY = bytes.fromhex("66B6900981E1EE3CA4206B6B861C02BB")
TUNNELING, KEY_ESTABLISHMENT = 0x0704, 0x0800


class Bench:
    """One formed hub, one handheld that may join it, and what each of them got."""

    def __init__(self, *, seed: int = 1, speed: float = 1.0) -> None:
        self.air = Air(seed, ScaledClock(speed))
        self.hub = RadioNode(self.air, HUB)
        self.hht = RadioNode(self.air, HHT)
        self.hub.form(CHANNEL, PAN_ID, HUB, NETWORK_KEY)
        self.hub.find_join_key = {HHT: LINK_KEY}.get
        self.hub.endpoints[1] = Endpoint(servers=(TUNNELING,), clients=(KEY_ESTABLISHMENT,))
        self.hht.endpoints[1] = Endpoint(clients=(TUNNELING,))
        self.hub.aps.host_seconds = self.hht.aps.host_seconds = 0.0  # neither has a host
        self.at_hub: list[Received] = []
        self.at_hht: list[Received] = []
        self.hub.on_message = self.at_hub.append
        self.hht.on_message = self.at_hht.append

    async def join(self) -> JoinResult:
        return await self.hht.join(CHANNEL, PAN_ID, HUB, LINK_KEY)

    async def to_hub(self, payload: bytes, key: bytes | None = LINK_KEY) -> bool:
        return await self.hht.send_unicast(
            0, TUNNELING, payload, source_endpoint=1, destination_endpoint=1, aps_key=key
        )

    async def to_hht(self, payload: bytes, key: bytes | None = LINK_KEY) -> bool:
        short = self.hub.children[HHT]
        return await self.hub.send_unicast(
            short, TUNNELING, payload, source_endpoint=1, destination_endpoint=1, aps_key=key
        )

    def lose(self, share: float) -> None:
        """Lose this share of the frames between the two, MAC retries not counted."""
        self.air.set_link(HUB, HHT, Link(loss=share))


async def until(condition: Callable[[], object]) -> None:
    """Let the loop run until something is so; TimeoutError when it does not become so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.001)


async def settled() -> None:
    """Let everything that is on its way at zero latency arrive."""
    for _ in range(20):
        await asyncio.sleep(0)
