"""APS data at a simulated node: ZDO requests are answered, the rest goes to the application."""

import asyncio
from collections.abc import Callable

from hht.simulator.stack.layers.aps import ApsLayer
from hht.simulator.stack.ports import Radio
from hht.simulator.stack.types import Received
from hht.zse.frames import zdo
from hht.zse.frames.aps import ApsFrame, ApsKind
from hht.zse.frames.nwk import BROADCAST_RX_ON


class ApplicationLayer:
    """The ZigBee Device Object of one node; `on_message` gets what is for its endpoints."""

    def __init__(self, radio: Radio, aps: ApsLayer, on_message: Callable[[Received], None]) -> None:
        self._radio = radio
        self._aps = aps
        self._on_message = on_message
        self._answering: set[asyncio.Task[bool]] = set()

    def announce(self, capability: int) -> None:
        """Broadcast this device's Device_annce."""
        announcement = self._about().announce(capability)
        frame = ApsFrame(ApsKind.DATA, 0, announcement, cluster=zdo.DEVICE_ANNOUNCE)
        self._aps.broadcast(BROADCAST_RX_ON, frame)

    def ask_all(self, cluster: int, request: bytes) -> None:
        """Broadcast a ZDO request; the answers go to `on_message`."""
        frame = ApsFrame(ApsKind.DATA, 0, request, cluster=cluster, profile=zdo.PROFILE)
        self._aps.broadcast(BROADCAST_RX_ON, frame)

    def receive(self, received: Received) -> None:
        """Answer a ZDO request, or pass APS data on to `on_message`."""
        if received.profile == zdo.PROFILE and received.destination_endpoint == zdo.ENDPOINT:
            self._answer_device_object(received)
        elif received.destination_endpoint in self._radio.endpoints:
            self._on_message(received)
        else:
            self._radio.drop("a frame for an endpoint that is not here")

    def _answer_device_object(self, received: Received) -> None:
        if received.cluster & zdo.RESPONSE:
            self._on_message(received)
        elif answer := self._about().answer(received.cluster, received.payload):
            self._answer(received, answer)

    def _answer(self, request: Received, payload: bytes) -> None:
        frame = ApsFrame(
            ApsKind.DATA,
            counter=0,
            payload=payload,
            destination_endpoint=request.source_endpoint,
            cluster=request.cluster | zdo.RESPONSE,
            profile=zdo.PROFILE,
            source_endpoint=zdo.ENDPOINT,
            ack_request=True,
        )
        sending = self._aps.send(request.sender_short, frame, None)
        task = asyncio.get_running_loop().create_task(sending)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    def _about(self) -> zdo.Node:
        return zdo.Node(self._radio.eui64, self._radio.short_address, self._radio.endpoints)
