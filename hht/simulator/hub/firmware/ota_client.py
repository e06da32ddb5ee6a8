"""A Device's end of the OTA cluster: asks for its image block by block, goes on where it was."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from hht.clock import Clock
from hht.simulator.hub.han_server import ENDPOINT as HUB_ENDPOINT
from hht.simulator.hub.radios.device_radio import ENDPOINT, DeviceRadio
from hht.simulator.site.images import HARDWARE, MANUFACTURER
from hht.simulator.stack.node import Received
from hht.zse.frames.nwk import COORDINATOR
from hht.zse.ota import (
    OTA_UPGRADE,
    FromClient,
    FromServer,
    ImageBlockRequest,
    ImageBlockResponse,
    ImageId,
    ImageNotify,
    OtaStatus,
    QueryNextImage,
    QueryNextImageResponse,
    UpgradeEndRequest,
    UpgradeEndResponse,
    client_frame,
    read_from_server,
)
from hht.zse.zcl import ZclFrame

_ANSWER_SECONDS = 3.0
"""Until a request is repeated: the message timeout of Silicon Labs' client."""
_TRIES = 3  # for each block, before the Device gives the image up
_AGAIN_SECONDS = 300.0
"""Premises' seconds until a block is asked for again after silence: that client's error delay."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A command of the hub's."""

    command: FromServer


Done = Callable[[bytes, ImageId], None]


class OtaClient:
    """A client that fetches what the hub offers to one Device.

    `pace` is the premises' seconds between two blocks; `on_done` gets the whole file when the hub
    has said when to run it. A Device that loses its supply keeps what it has.
    """

    def __init__(self, radio: DeviceRadio, clock: Clock, pace: float, on_done: Done) -> None:
        self._radio = radio
        self._clock = clock
        self._pace = pace
        self._on_done = on_done
        self._sequence = 0
        self._answer: asyncio.Future[_Heard | None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._offered: ImageId | None = None
        self._fetched = b""
        radio.handlers[OTA_UPGRADE] = self._hear

    def resume(self) -> None:
        """Go on after a silence or a power cut, where an image is still to be had."""
        awake = self._radio.node.powered
        if awake and self._offered and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._fetch(self._offered))

    async def fetch_for(self, seconds: float) -> None:
        """Fetch for so long at most; a Device that sleeps again goes on when it wakes."""
        self.resume()
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with self._clock.timeout(seconds):
                await asyncio.wait([self._task])
        self.stop()

    def stop(self) -> None:
        """End with the hub's process."""
        if self._task:
            self._task.cancel()

    def _hear(self, received: Received, frame: ZclFrame) -> None:
        command = read_from_server(frame)
        if isinstance(command, ImageNotify):
            self._offer(command.image)
        elif self._answer and not self._answer.done():
            self._answer.set_result(_Heard(command))

    def _offer(self, image: ImageId) -> None:
        if image != self._offered:
            self.stop()
            self._task, self._offered, self._fetched = None, image, b""
        self.resume()

    async def _fetch(self, image: ImageId) -> None:
        running = ImageId(MANUFACTURER, image.image_type, 0)
        found = await self._ask(QueryNextImage(running, HARDWARE))
        if not isinstance(found, QueryNextImageResponse):
            self._wait_a_while()
            return
        if found.image is None or found.status != OtaStatus.SUCCESS:
            self._offered = None
            return
        while len(self._fetched) < found.size:
            if not await self._fetch_block(found.image):
                self._wait_a_while()
                return
            await self._clock.sleep(self._pace)
        await self._end(found.image)

    async def _fetch_block(self, image: ImageId) -> bool:
        block = await self._ask(ImageBlockRequest(image, len(self._fetched)))
        fits = isinstance(block, ImageBlockResponse) and block.status == OtaStatus.SUCCESS
        if isinstance(block, ImageBlockResponse) and fits and block.offset == len(self._fetched):
            self._fetched += block.data
            return bool(block.data)
        return False

    async def _end(self, image: ImageId) -> None:
        answer = await self._ask(UpgradeEndRequest(OtaStatus.SUCCESS, image))
        if not isinstance(answer, UpgradeEndResponse):
            self._wait_a_while()
            return
        whole, self._offered, self._fetched = self._fetched, None, b""
        self._on_done(whole, image)

    def _wait_a_while(self) -> None:
        self._clock.call_later(_AGAIN_SECONDS, self.resume)

    async def _ask(self, command: FromClient) -> FromServer | None:
        for _ in range(_TRIES):
            if not self._radio.member:
                return None
            answered: asyncio.Future[_Heard | None] = asyncio.get_running_loop().create_future()
            self._answer = answered
            self._sequence = (self._sequence + 1) % 256
            await self._send(client_frame(command, self._sequence))
            answer = await self._radio.node.clock.wait(answered, _ANSWER_SECONDS)
            if answer is not None:
                return answer.command
        return None

    async def _send(self, frame: ZclFrame) -> bool:
        node = self._radio.node
        return await node.send_unicast(
            COORDINATOR,
            OTA_UPGRADE,
            frame.encode(),
            source_endpoint=ENDPOINT,
            destination_endpoint=HUB_ENDPOINT,
            aps_key=node.link_keys.get(node.network.addresses[COORDINATOR]),
        )
