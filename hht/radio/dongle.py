"""The dongle as the rest of the tool knows it: scan, inter-PAN, join, messages, leave."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import TYPE_CHECKING, Self

from hht.clock import SYSTEM_CLOCK, Clock
from hht.entity_id import EntityId
from hht.radio.inbox import Inbox
from hht.radio.types import Beacon, HeardFrame, IncomingMessage, LinkQuality, Network, Table
from hht.zse.zcl import SMART_ENERGY_PROFILE

if TYPE_CHECKING:
    from hht.radio.ezsp.bellows_adapter import Firmware
    from hht.radio.ezsp.link import EzspLink
    from hht.radio.opening.line_memory import LineMemory
    from hht.radio.opening.lines import Line

__all__ = ["Beacon", "Dongle", "HeardFrame", "IncomingMessage", "LinkQuality", "Network"]

_LOG = logging.getLogger(__name__)

CHANNELS = range(11, 27)
PATIENCE = 6.0  # the ASH layer below repeats a lost frame for up to 5 s


class Dongle:
    """An open EZSP dongle, or the virtual one of the training mode: both are used in the same way.

    Every method raises DongleLost within seconds when the dongle goes away while it waits,
    and at once afterwards. `lost` is set from then on.
    """

    eui64: EntityId
    ezsp_version: int
    board_name: str

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        reception: str = "either",
        own_endpoint: int = 1,
        patience: float = PATIENCE,
        clock: Clock = SYSTEM_CLOCK,
        memory: "LineMemory | None" = None,
    ) -> Self:
        """Open an address as `--radio` has it and set the dongle up.

        All known lines are tried on a serial port; `memory` knows which one worked before.
        `own_endpoint` is where the HHT's clusters are. `reception` is how inter-PAN frames are
        heard: "mac-filter", "mfglib", or "either", which finds out. `patience` is how many
        seconds of `clock` the dongle may stay silent.
        DongleError when it does not open.
        """
        from hht.radio.ezsp.configuration import Endpoint, board_name, configure
        from hht.radio.opening.open_link import open_link, read_eui64

        link = await open_link(url, patience, clock, memory)
        try:
            dongle = cls(link, reception, await read_eui64(link))
            dongle.own_endpoint = own_endpoint
            dongle.board_name = await board_name(link)
            await configure(link, Endpoint(number=own_endpoint))
            link.limit(None)
            _LOG.info("%s: %s, %s, tables %s", link.url, link.firmware, link.line, link.tables)
        except BaseException:
            await link.close()
            raise
        return dongle

    def __init__(self, link: "EzspLink", reception: str, eui64: EntityId) -> None:
        from hht.radio.interpan import interpan_radio
        from hht.radio.membership import Membership
        from hht.radio.messaging import Messenger

        self.eui64 = eui64
        self.own_endpoint = 1
        self.ezsp_version = link.version
        self.link = link
        self._heard: Inbox[HeardFrame] = Inbox()
        self._sniffed: Inbox[HeardFrame] = Inbox()
        self._last_heard = b""
        self._answers_nop = True
        self._interpan = interpan_radio(reception, link, eui64, self._hear)
        self._membership = Membership(link)
        self._messenger = Messenger(link, self._membership)

    @property
    def clock(self) -> Clock:
        """What all waiting for the dongle is measured by."""
        return self.link.clock

    @property
    def firmware(self) -> "Firmware":
        """The versions of EZSP and EmberZNet."""
        return self.link.firmware

    @property
    def repeated(self) -> int:
        """How many frames had to be sent to the dongle again since it was opened."""
        return self.link.repeated

    @property
    def dropped(self) -> int:
        """How many messages and frames came when too many waited already, since it was opened."""
        inboxes = (self._heard, self._sniffed, self._messenger.inbox)
        return sum(each.dropped for each in inboxes)

    @property
    def unreadable(self) -> tuple[int, bytes]:
        """How many frames from the dongle could not be read, and the last of them."""
        return self.link.unreadable

    @property
    def line(self) -> "Line | None":
        """Speed and flow control of the serial port; None where a server sets them."""
        return self.link.line

    @property
    def interpan_way(self) -> str:
        """In words, how inter-PAN frames are heard since the last `open_interpan`."""
        return self._interpan.way

    @property
    def tables(self) -> Mapping[str, Table]:
        """What the dongle was asked to have room for, and has."""
        return self.link.tables

    @property
    def lost(self) -> asyncio.Event:
        """Set when the dongle has gone, by itself or by `close`."""
        return self.link.scope.ended

    async def active_scan(
        self, channels: Iterable[int] = CHANNELS, *, duration: int = 3, timeout: float
    ) -> list[Beacon]:
        """Ask for beacons, (2^duration + 1) x 15.36 ms a channel; ScanTimeout if it never ends."""
        from hht.radio.scanning import active_scan

        return await active_scan(self.link, channels, duration, timeout)

    async def energy_scan(
        self, channels: Iterable[int] = CHANNELS, *, duration: int = 3, timeout: float
    ) -> dict[int, int]:
        """Measure channel -> highest level in dBm; durations and errors as in `active_scan`."""
        from hht.radio.scanning import energy_scan

        return await energy_scan(self.link, channels, duration, timeout)

    async def open_interpan(self, channel: int, pan_id: int) -> None:
        """Tune to a hub's channel and hear inter-PAN frames to this dongle.

        `pan_id` is the PAN the hub's answers may be for, besides the broadcast PAN.
        DongleRefused when the firmware cannot.
        """
        self._heard.clear()
        self._last_heard = b""
        await self._interpan.start(channel, pan_id)
        _LOG.info("%s: inter-PAN on channel %d by %s", self.link.url, channel, self.interpan_way)

    async def send_interpan(self, frame: bytes) -> bool:
        """Send a MAC frame without FCS; return whether the radio confirmed that it went out.

        NotDelivered when it asks for an acknowledgement and no radio gave one.
        """
        return await self._interpan.send(frame)

    def _hear(self, frame: HeardFrame) -> None:
        """Keep a frame, but not its repeats: only they have the same MAC sequence number."""
        if frame.raw != self._last_heard:
            self._heard.put(frame)
        self._last_heard = frame.raw

    async def receive_interpan(self, timeout: float | None) -> HeardFrame:
        """Return the next inter-PAN frame; TimeoutError when none comes (None: wait for ever)."""
        return await self._heard.take_within(timeout, self.link.scope)

    async def interpan_doubt(self) -> str:
        """Find why it may be this dongle's fault that no hub answers; "" for no reason known."""
        return await self._interpan.doubt()

    async def close_interpan(self) -> None:
        """Hear no more inter-PAN frames."""
        await self._interpan.stop()

    def choose_reception(self, reception: str) -> None:
        """Hear inter-PAN frames another way from the next `open_interpan` on; see `open`."""
        from hht.radio.interpan import interpan_radio

        self._interpan = interpan_radio(reception, self.link, self.eui64, self._hear)

    def sniff(self, channel: int) -> AsyncGenerator[HeardFrame, None]:
        """Hear every frame on a channel, for whichever device; close the iterator to end it."""
        from hht.radio.sniffing import sniff

        return sniff(self.link, channel, self._sniffed)

    async def join(self, beacon: Beacon, link_key: bytes, *, timeout: float) -> None:
        """Join as an end device with a preconfigured link key; JoinFailed with the reason."""
        self._messenger.begin()
        await self._membership.join(beacon, link_key, timeout)

    async def resume(self, *, timeout: float) -> Network | None:
        """Resume the membership that the dongle kept over a restart of this program, if any."""
        self._messenger.begin()
        return await self._membership.resume(timeout)

    @property
    def keeps_a_han(self) -> bool:
        """Whether `resume` found a membership, its hub within reach or not."""
        return self._membership.keeps_a_han

    async def rejoin(self, *, timeout: float) -> Network:
        """Find the lost HAN again without its network key (Trust Centre rejoin); JoinFailed."""
        self._messenger.begin()
        await self._membership.rejoin(timeout)
        return await self._membership.network()

    async def send_unicast(
        self,
        cluster: int,
        payload: bytes,
        *,
        destination: int = 0,
        endpoint: int,
        aps_encryption: bool,
        timeout: float,
    ) -> None:
        """Send a Smart Energy message and wait for its APS acknowledgement.

        A payload too long for one frame goes in APS fragments. NotDelivered when no
        acknowledgement comes (it may have arrived all the same), NetworkLost outside a HAN,
        ValueError for a payload that 255 fragments do not hold.
        """
        from hht.radio.messaging import aps_frame

        frame = aps_frame(
            SMART_ENERGY_PROFILE, cluster, self.own_endpoint, endpoint, secured=aps_encryption
        )
        await self._messenger.send(frame, destination, payload, timeout)

    async def receive(self, timeout: float | None) -> IncomingMessage:
        """Return the next message for our endpoint; TimeoutError when none comes (None: no limit).

        What has arrived is given even after the dongle or the membership is gone.
        """
        return await self._messenger.inbox.take_within(timeout, self._membership.scope)

    def received(self) -> "list[IncomingMessage]":
        """Take the messages for our endpoint that have arrived, without waiting."""
        return self._messenger.inbox.take_now()

    async def discover_endpoint(
        self, cluster: int, destination: int = 0, *, timeout: float = 5.0
    ) -> int:
        """Ask a node (Match_Desc_req) for its endpoint serving a Smart Energy cluster."""
        profile = SMART_ENERGY_PROFILE
        return await self._messenger.discover_endpoint(profile, cluster, destination, timeout)

    async def network(self) -> Network:
        """Ask for the HAN that the dongle is in; NetworkLost outside of one."""
        return await self._membership.network()

    async def set_link_key(self, partner: EntityId, key: bytes) -> None:
        """Use the 16-byte APS link key, as CBKE made it, with that device from now on."""
        await self._membership.set_link_key(partner, key)

    async def leave(self) -> None:
        """Leave the HAN; nothing to do outside of one."""
        await self._membership.leave()

    async def link_quality(self) -> LinkQuality | None:
        """Return how well the last message was heard, None before the first."""
        return self._messenger.quality

    async def ping(self) -> str:
        """Ask a question with a short answer, and return its name.

        Some firmware leaves nop unanswered, which costs 2 s and loses nothing.
        """
        if self._answers_nop and await self.link.optional("nop") is not None:
            return "nop"
        self._answers_nop = False
        await self.link.command("getEui64")
        return "getEui64"

    async def try_keys(self) -> None:
        """Have keys set up and taken in, and cleared again; DongleRefused with the step.

        Not for a member of a HAN: it loses the keys that it has.
        """
        await self._membership.try_keys()

    async def close(self) -> None:
        """Release the dongle; whatever waits gets DongleLost. Takes a second at most."""
        await self.link.close()
