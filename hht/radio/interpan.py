"""Raw inter-PAN frames through the dongle, two ways: its MAC filters, or its manufacturing library.

The MAC filter way is the proper one. Some firmware after EmberZNet 7.1.1 is reported never to
hand on a filtered frame; the manufacturing library hears everything, but acknowledges nothing.
Nobody can tell beforehand which of them a dongle can do: hence EitherRadio.
"""

from collections.abc import Callable
from typing import Protocol

import bellows.types as t

from hht.entity_id import EntityId
from hht.radio.errors import DongleError, DongleRefused
from hht.radio.ezsp.compat import Forms, mfglib_frame
from hht.radio.ezsp.link import EzspLink, Fields
from hht.radio.types import HeardFrame

RECEPTIONS = ("either", "mac-filter", "mfglib")
_NORMAL_PRIORITY = 1
_ANY_PAN = 0xFFFF

# VALUE_MAC_FILTER_LIST: to the broadcast PAN (2) or ours (1), from another PAN (4) or ours (8),
# to our EUI-64 (0x20), from a EUI-64 (0).
MAC_FILTERS = (0x0026, 0x002A, 0x0025, 0x0029)


OnFrame = Callable[[HeardFrame], None]


class InterPanRadio(Protocol):
    """One way of sending and hearing raw inter-PAN frames."""

    async def start(self, channel: int, pan_id: int) -> None:
        """Tune in; DongleRefused when the firmware cannot do it this way."""

    async def send(self, frame: bytes) -> None:
        """Send a MAC frame without FCS."""

    async def stop(self) -> None:
        """Let go of the radio."""


def interpan_radio(
    reception: str, link: EzspLink, eui64: EntityId, on_frame: OnFrame
) -> InterPanRadio:
    """The way of that name; ValueError for another name."""
    if reception == "either":
        return EitherRadio(link, eui64, on_frame)
    if reception == "mac-filter":
        return MacFilterRadio(link, on_frame)
    if reception == "mfglib":
        return MfglibRadio(link, eui64, on_frame)
    raise ValueError(f"reception is one of {', '.join(RECEPTIONS)}, not {reception!r}")


class EitherRadio:
    """The MAC filters, until they are refused or a whole attempt hears nothing; then the library.

    And back again: each attempt after a deaf one goes the other way.
    """

    def __init__(self, link: EzspLink, eui64: EntityId, on_frame: OnFrame) -> None:
        self._on_frame = on_frame
        self._deaf = False
        self._ways: list[InterPanRadio] = [
            MacFilterRadio(link, self._heard),
            MfglibRadio(link, eui64, self._heard),
        ]

    async def start(self, channel: int, pan_id: int) -> None:
        if self._deaf:
            self._ways.reverse()
        self._deaf = True
        try:
            await self._ways[0].start(channel, pan_id)
        except DongleRefused:
            self._ways.reverse()
            await self._ways[0].start(channel, pan_id)

    async def send(self, frame: bytes) -> None:
        await self._ways[0].send(frame)

    async def stop(self) -> None:
        await self._ways[0].stop()

    def _heard(self, frame: HeardFrame) -> None:
        self._deaf = False
        self._on_frame(frame)


class MacFilterRadio:
    """The stack's own way: frames that its MAC filters let through come as callbacks."""

    def __init__(self, link: EzspLink, on_frame: OnFrame) -> None:
        self._link = link
        self._on_frame = on_frame
        self._forms = Forms(link.version)
        link.listen("macFilterMatchMessageHandler", self._heard)
        link.listen("macPassthroughMessageHandler", self._heard)

    async def start(self, channel: int, pan_id: int) -> None:
        await self._set_filters(MAC_FILTERS)
        # bellows has an empty name for this argument: it can only be given by position.
        await self._link.order("setLogicalAndRadioChannel", channel)

    async def send(self, frame: bytes) -> None:
        await self._link.order(
            "sendRawMessageExtended", message=frame, priority=_NORMAL_PRIORITY, useCca=True
        )

    async def stop(self) -> None:
        await self._set_filters(())

    async def _set_filters(self, filters: tuple[int, ...]) -> None:
        value = b"".join(each.to_bytes(2, "little") for each in filters)
        name = t.EzspValueId.VALUE_MAC_FILTER_LIST
        await self._link.order("setValue", valueId=name, value=value)

    def _heard(self, fields: Fields) -> None:
        self._on_frame(self._forms.raw_frame(fields))


class MfglibRadio:
    """The manufacturing library: every frame on the channel, of which we keep what is for us.

    Nobody acknowledges for us at the MAC: the sender repeats each frame, as often as it may.
    """

    def __init__(self, link: EzspLink, eui64: EntityId, on_frame: OnFrame) -> None:
        self._link = link
        self._eui64 = eui64
        self._on_frame = on_frame
        self._pan_ids: tuple[int, ...] = ()
        link.listen("mfglibRxHandler", self._heard)

    async def start(self, channel: int, pan_id: int) -> None:
        self._pan_ids = (_ANY_PAN, pan_id)
        await self._link.order("mfglibStart", True)
        try:
            await self._link.order("mfglibSetChannel", channel)
        except DongleError:
            await self.stop()
            raise

    async def send(self, frame: bytes) -> None:
        room_for_fcs = b"\x00\x00"
        await self._link.order("mfglibSendPacket", frame + room_for_fcs)

    async def stop(self) -> None:
        self._pan_ids = ()
        await self._link.order("mfglibEnd")

    def _heard(self, fields: Fields) -> None:
        heard = mfglib_frame(fields)
        if addressed_to(heard.raw, self._eui64, self._pan_ids):
            self._on_frame(heard)


def addressed_to(raw: bytes, eui64: EntityId, pan_ids: tuple[int, ...]) -> bool:
    """Is this MAC data frame, in one of those PANs, for this EUI-64?"""
    control = int.from_bytes(raw[:2], "little")
    long_destination = control & 0x0C07 == 0x0C01
    pan_id = int.from_bytes(raw[3:5], "little")
    return long_destination and pan_id in pan_ids and raw[5:13] == eui64.little_endian
