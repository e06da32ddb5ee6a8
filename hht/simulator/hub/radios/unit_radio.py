"""What a hub knows of the radio of a unit that lets itself in, and has its radio elsewhere."""

import asyncio
from collections.abc import Callable

from hht.entity_id import EntityId
from hht.simulator.hub.radios.key_agreement import NoAnswer
from hht.simulator.hub.radios.recall import begin_frame_counter, recall_network
from hht.simulator.stack.node import RadioNode

_LOOK_SECONDS = 1.0
"""Between two looks whether the unit is a child again: it polls every few seconds."""


class UnitRadio:
    """The PPMID half of such a unit: a member from its key establishment on, as a child of the hub.

    `node` is its radio, which the unit's own program uses by a virtual dongle. `on_member` is
    called when it has come into the HAN.
    """

    sleeps = False

    def __init__(self, hub: RadioNode, entity: EntityId, on_member: Callable[[], None]) -> None:
        self.node = RadioNode(hub.air, entity)
        begin_frame_counter(self.node)
        self._hub = hub
        self._entity = entity
        self._on_member = on_member
        self._agreed = False
        self._awaited: list[asyncio.Future[None]] = []

    @property
    def member(self) -> bool:
        is_child = self._entity in self._hub.children
        return self._agreed and is_child and self.node.channel == self._hub.channel

    def agreed(self) -> None:
        """Be a member: the unit has established its key with the hub."""
        self._agreed = True
        for arrived in self._awaited:
            if not arrived.done():
                arrived.set_result(None)
        self._on_member()

    async def in_han(self, seconds: float) -> bool:
        """Wait until the unit is a member of the HAN, at most so many of the radio's seconds."""
        if not self.member:
            arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._awaited.append(arrived)
            await self._hub.clock.wait(arrived, seconds)
            self._awaited.remove(arrived)
        return self.member

    async def agree_with(self, partner: EntityId) -> None:
        """Fail: the unit begins no key establishment with another Device (GBCS: the ESME does)."""
        raise NoAnswer

    def remember(self, hub: RadioNode, link_key: bytes) -> None:
        """Know of the unit, after a power cut, that it has a key; it comes back by itself."""
        recall_network(self.node, hub, link_key)
        self._agreed = True
        self._look_out()

    def _look_out(self) -> None:
        """Notice that the unit has come back: what waited for it goes on then."""
        if self.member:
            self._on_member()
        elif self._agreed:
            self._hub.clock.call_later(_LOOK_SECONDS, self._look_out)

    def seek(self) -> None:
        """Leave the looking to the unit."""

    def lose(self) -> None:
        """Have no hub any more; the unit finds that out by itself."""

    def stop(self) -> None:
        """Be without a supply."""
        self._agreed = False
