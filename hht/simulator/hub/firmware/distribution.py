"""Distribution of firmware by one hub: receives images, serves them over OTA, reports how it went.

A meter and an HCALCS hold the image until CS06 and report its verification (8F72, 8F1C); a PPMID
runs it at once when the hub says so, and reports that (CS09). The hub itself reports each transfer
(CCS08). Sources: SECMP0007 as it was built, GBCS mapping table CCS08, CS09.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from hht.clock import Clock, Timer
from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType, FirmwareTransferResult
from hht.hub_profile import HubProfile
from hht.simulator.devices.core.images import image_received
from hht.simulator.hub.firmware.image_buffer import Held, ImageBuffer
from hht.simulator.hub.firmware.ota_client import OtaClient
from hht.simulator.hub.premises import Premises
from hht.simulator.hub.radios.han_devices import HanDevices
from hht.simulator.site.images import SiteImage, site_image
from hht.simulator.site.record import Site
from hht.simulator.site.spec import ImageSpec
from hht.zse.ota import (
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
    read_from_client,
    server_frame,
)
from hht.zse.zcl import ZclFrame

_R = FirmwareTransferResult
_NEEDS_SECMP0007 = frozenset({DeviceType.PPMID, DeviceType.HCALCS})
_LOOK_SECONDS = 600.0
"""How often images that no Device fetches are looked for; nothing depends on the minute."""
_AWAKE_SECONDS = 60.0
"""For how long a Device that woke fetches its image: 200 blocks at the stand-in's pace. Listening
costs battery; with three minutes between two wakings 750 kB are three hours."""

_NO_MOMENTS: Mapping[str, int] = MappingProxyType({})
Send = Callable[[EntityId, ZclFrame], Awaitable[bool]]
Record = Callable[[str], None]


class Distribution:
    """The images of one hub and its Devices' ends of the OTA cluster; `record` logs a line."""

    def __init__(
        self,
        site: Site,
        profile: HubProfile,
        clock: Clock,
        premises: Premises,
        radios: HanDevices,
        send: Send,
        record: Record,
    ) -> None:
        self._site = site
        self._profile = profile
        self._clock = clock
        self._premises = premises
        self._send = send
        self._record = record
        self._sequence = 0
        self._sending: set[asyncio.Task[bool]] = set()
        self._arrived: set[int] = set()
        self._next_look: Timer | None = None
        self.buffer = ImageBuffer(profile)
        old = {each.entity_id for each in site.devices if each.spec.without_updates}
        self.clients = {
            entity: OtaClient(
                radio, clock, profile.image_block_ms / 1000, partial(self._got, entity)
            )
            for entity, radio in radios.radios.items()
            if entity not in old
        }
        premises.on_member.append(self._offer_again)

    def begin(self) -> None:
        """Begin with the hub's power: what Devices hold already, and what is in the buffer."""
        for index, spec in enumerate(self._site.spec.images):
            if spec.held and index not in self._arrived:
                self._arrived.add(index)
                image = site_image(self._site, spec)
                device = self._premises.fleet.joining[self._entity(spec)]
                device.maintenance.firmware.load(image.sha256, image.version)
        self._look_later()

    def reached(self, moment: str, count: int) -> None:
        """Take in the images that the scenario has arrive after this milestone."""
        for index, spec in enumerate(self._site.spec.images):
            if (spec.after, 1) == (moment, count):
                self._expect(index, spec)

    def _expect(self, index: int, spec: ImageSpec) -> None:
        if index not in self._arrived:
            self._clock.call_later(spec.seconds, partial(self.arrive, index))

    def arrive(self, index: int) -> None:
        """Take an image in from the WAN; the hub reports at once where it cannot go on."""
        if index in self._arrived:
            return
        self._arrived.add(index)
        spec = self._site.spec.images[index]
        entity, image = self._entity(spec), site_image(self._site, spec)
        kind = self._premises.fleet[entity].kind
        self._record(f"An image of {len(image.raw)} bytes has come for the {spec.device}")
        if kind in _NEEDS_SECMP0007 and not self._profile.updates_han_devices:
            self._report(entity, image, _R.IMAGE_DISCARDED)
            return
        held = Held(entity, image, self._clock.time())
        for gone in self.buffer.put(held):
            self._report(gone.device, gone.image, _R.IMAGE_DISCARDED)
        self._offer(entity)

    async def awake(self, device: EntityId) -> None:
        """Offer a Device that woke its image, and keep it awake for a while to fetch it."""
        held, client = self.buffer.get(device), self.clients.get(device)
        if held and client:
            await self._send(device, server_frame(ImageNotify(held.image.identity), 0))
            await client.fetch_for(_AWAKE_SECONDS)

    def handle(self, device: EntityId, frame: ZclFrame) -> None:
        """Answer a Device's frame; MalformedFrame where it is none of the cluster's."""
        command = read_from_client(frame)
        held = self.buffer.get(device)
        if isinstance(command, QueryNextImage):
            self._answer(device, self._found(held, command), frame.sequence)
        elif isinstance(command, ImageBlockRequest):
            self._answer(device, self._block(held, command), frame.sequence)
        elif isinstance(command, UpgradeEndRequest):
            self._answer(device, UpgradeEndResponse(command.image), frame.sequence)
            is_held = held is not None and held.image.identity == command.image
            ended = is_held and command.status == OtaStatus.SUCCESS
            if held and ended and not held.reported:  # a Device that missed the answer asks again
                held.reported = True
                self._report(device, held.image, _R.SUCCESS)

    def stop(self) -> None:
        """End with the hub's process."""
        if self._next_look:
            self._next_look.cancel()
        for client in self.clients.values():
            client.stop()

    def state(self) -> list[Any]:
        """Return which images have come and which are still held, for JSON."""
        held = [[e.device.hex(), e.since, e.image.sha256.hex()] for e in self.buffer]
        return [sorted(self._arrived), held]

    def restore(self, state: list[Any], moments: Mapping[str, int] = _NO_MOMENTS) -> None:
        """Restore what `state()` returned; a Device begins its file again.

        What was on its way, by the `moments` that were reached, comes in its whole time from now.
        Earlier hubs kept no hash, and the last image of a Device that had come counts.
        """
        arrived, held = state
        self._arrived = set(arrived)
        for text, since, *sha256 in held:
            device = EntityId.parse(text)
            images = [self._image(n) for n in arrived if self._is_for(n, device)]
            chosen = [each for each in images if each.sha256.hex() in sha256] or images
            self.buffer.put(Held(device, chosen[-1], since))
        for index, spec in enumerate(self._site.spec.images):
            if moments.get(spec.after):
                self._expect(index, spec)

    def progress(self, device: EntityId) -> int | None:
        """Return the per cent of an image that went to a Device; None where it fetches none."""
        held = self.buffer.get(device)
        return None if held is None else 100 * held.sent // len(held.image.raw)

    def _image(self, index: int) -> SiteImage:
        return site_image(self._site, self._site.spec.images[index])

    def _is_for(self, index: int, device: EntityId) -> bool:
        return self._entity(self._site.spec.images[index]) == device

    def _entity(self, spec: ImageSpec) -> EntityId:
        return self._site.device(spec.device).entity_id

    def _offer(self, device: EntityId) -> None:
        held = self.buffer.get(device)
        if held and self._premises.is_present(device):
            self._answer(device, ImageNotify(held.image.identity), 0)

    def _offer_again(self, device: EntityId) -> None:
        self._offer(device)
        if device in self.clients:
            self.clients[device].resume()

    def _found(self, held: Held | None, asked: QueryNextImage) -> QueryNextImageResponse:
        if held is None:
            return QueryNextImageResponse(OtaStatus.NO_IMAGE_AVAILABLE)
        least, greatest = held.image.hardware
        if not least <= asked.hardware <= greatest:
            self.buffer.drop(held.device)
            self._report(held.device, held.image, _R.HARDWARE_VERSION_MISMATCH)
            return QueryNextImageResponse(OtaStatus.NO_IMAGE_AVAILABLE)
        size = len(held.image.raw)
        return QueryNextImageResponse(OtaStatus.SUCCESS, held.image.identity, size)

    def _block(self, held: Held | None, asked: ImageBlockRequest) -> ImageBlockResponse:
        if held is None or held.image.identity != asked.image:
            return ImageBlockResponse(OtaStatus.ABORT)
        size = min(asked.most, self._profile.image_block_bytes)
        data = held.image.raw[asked.offset : asked.offset + size]
        held.sent = asked.offset + len(data)
        return ImageBlockResponse(OtaStatus.SUCCESS, asked.image, asked.offset, data)

    def _answer(self, device: EntityId, command: FromServer, sequence: int) -> None:
        sending = asyncio.ensure_future(self._send(device, server_frame(command, sequence)))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    def _got(self, device: EntityId, raw: bytes, identity: ImageId) -> None:
        """Have a Device judge its whole file, and report that."""
        held = self.buffer.get(device)
        if held is None or held.image.identity != identity:
            return
        self.buffer.drop(device)
        image = held.image
        intact = image.intact and raw == image.raw
        joining = self._premises.fleet.joining[device]
        now = self._clock.now()
        alert = image_received(joining, image.sha256, image.version, now, intact=intact)
        self._premises.receive(alert)

    def _report(self, device: EntityId, image: SiteImage, result: FirmwareTransferResult) -> None:
        now = self._clock.now()
        alert = self._premises.chf.firmware_transferred(device, image.version, result, now)
        self._premises.receive(alert)

    def _look(self) -> None:
        for late in self.buffer.expired(self._clock.time()):
            self._report(late.device, late.image, _R.FILE_TRANSFER_FAILURE)
        self._look_later()

    def _look_later(self) -> None:
        """Look once in that time, however often the hub's power has come back."""
        if self._next_look:
            self._next_look.cancel()
        self._next_look = self._clock.call_later(_LOOK_SECONDS, self._look)
