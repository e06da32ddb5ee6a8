"""What a simulated node does with APS data: ZDO requests answered, the rest handed on."""

import asyncio
from typing import TYPE_CHECKING

from hht.simulator.stack.frames import zdo
from hht.simulator.stack.frames.aps import ApsFrame, ApsKind
from hht.simulator.stack.frames.nwk import BROADCAST_RX_ON
from hht.simulator.stack.types import Received

if TYPE_CHECKING:
    from hht.simulator.stack.node import RadioNode


class ApplicationLayer:
    """The ZigBee Device Object and the endpoints of one node."""

    def __init__(self, node: "RadioNode") -> None:
        self._node = node
        self._answering: set[asyncio.Task[bool]] = set()

    def announce(self, capability: int) -> None:
        """Tell the network of this device (Device_annce)."""
        announcement = self._about().announce(capability)
        frame = ApsFrame(ApsKind.DATA, 0, announcement, cluster=zdo.DEVICE_ANNOUNCE)
        self._node.transport.broadcast(BROADCAST_RX_ON, frame)

    def take(self, received: Received) -> None:
        """Take APS data from the transport layer."""
        if received.profile == zdo.PROFILE and received.destination_endpoint == zdo.ENDPOINT:
            self._take_device_object(received)
        elif received.destination_endpoint in self._node.endpoints:
            self._hand_on(received)
        else:
            self._node.drop("a frame for an endpoint that is not here")

    def _take_device_object(self, received: Received) -> None:
        if received.cluster & zdo.RESPONSE:
            self._hand_on(received)
        elif answer := self._about().answer(received.cluster, received.payload):
            self._answer(received, answer)

    def _answer(self, request: Received, payload: bytes) -> None:
        sending = self._node.send_unicast(
            request.sender_short,
            request.cluster | zdo.RESPONSE,
            payload,
            source_endpoint=zdo.ENDPOINT,
            destination_endpoint=request.source_endpoint,
            profile=zdo.PROFILE,
        )
        task = asyncio.get_running_loop().create_task(sending)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    def _hand_on(self, received: Received) -> None:
        if self._node.on_message:
            self._node.on_message(received)

    def _about(self) -> zdo.Node:
        return zdo.Node(self._node.eui64, self._node.short_address, self._node.endpoints)
