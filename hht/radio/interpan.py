"""Raw inter-PAN frames through the dongle, two ways: its MAC filters, or its manufacturing library.

The MAC filter way is the proper one. Some firmware after EmberZNet 7.1.1 is reported never to
hand on a filtered frame; the manufacturing library hears everything, but acknowledges nothing.
It is not known beforehand which of them a dongle can do: hence EitherRadio.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Protocol

import bellows.types as t

from hht.entity_id import EntityId
from hht.radio.errors import DongleError, DongleRefused, NotDelivered
from hht.radio.ezsp import configuration
from hht.radio.ezsp.compat import Forms, mfglib_frame
from hht.radio.ezsp.link import EzspLink, Fields, status_name, succeeded
from hht.radio.types import HeardFrame

RECEPTIONS = ("either", "mac-filter", "mfglib")
_NORMAL_PRIORITY = 1  # EmberTransmitPriority, as the stack's own frames have
_ANY_PAN = 0xFFFF
_TRIES = 3  # of a frame that the radio itself has already sent four times, as IEEE 802.15.4 has it
_COMPLETE_SECONDS = 0.5  # a frame with all its MAC repeats and back-offs takes under 0.1 s

# VALUE_MAC_FILTER_LIST: to the broadcast PAN (2) or ours (1), from another PAN (4) or ours (8),
# to our EUI-64 (0x20), from a EUI-64 (0). A hub answers to the broadcast PAN, as the HHT has none
# before it joins: where the table is small, those two have to be in it.
MAC_FILTERS = (0x0026, 0x002A, 0x0025, 0x0029)
_LEAST_FILTERS = 1


OnFrame = Callable[[HeardFrame], None]


class InterPanRadio(Protocol):
    """One way of sending and hearing raw inter-PAN frames."""

    @property
    def way(self) -> str:
        """In words, how frames are heard."""

    async def start(self, channel: int, pan_id: int) -> None:
        """Tune in; DongleRefused when the firmware cannot do it this way."""

    async def send(self, frame: bytes) -> bool:
        """Send a MAC frame without FCS; return whether the radio confirmed that it went out.

        NotDelivered when it says that no acknowledgement came.
        """

    async def stop(self) -> None:
        """Let go of the radio."""

    async def doubt(self) -> str:
        """Find why it may be the dongle's fault that nothing was heard; "" for no reason known."""


def interpan_radio(
    reception: str, link: EzspLink, eui64: EntityId, on_frame: OnFrame
) -> InterPanRadio:
    """Make the way of that name; ValueError for another name."""
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
        self._tuned = (0, _ANY_PAN)
        self._ways: list[InterPanRadio] = [
            MacFilterRadio(link, self._heard),
            MfglibRadio(link, eui64, self._heard),
        ]

    @property
    def way(self) -> str:
        return self._ways[0].way

    async def start(self, channel: int, pan_id: int) -> None:
        self._tuned = (channel, pan_id)
        if self._deaf:
            self._ways.reverse()
        self._deaf = True
        try:
            await self._ways[0].start(channel, pan_id)
        except DongleRefused:
            self._ways.reverse()
            await self._ways[0].start(channel, pan_id)

    async def send(self, frame: bytes) -> bool:
        """Send, and change to the other way where this one hears but does not send."""
        try:
            return await self._ways[0].send(frame)
        except DongleRefused:
            await self._ways[0].stop()
            self._ways.reverse()
            await self._ways[0].start(*self._tuned)
            return await self._ways[0].send(frame)

    async def stop(self) -> None:
        await self._ways[0].stop()

    async def doubt(self) -> str:
        """Try whether there is the other way, where nothing was heard by this one."""
        if not self._deaf:
            return ""
        await self._ways[0].stop()
        try:
            await self._ways[1].start(*self._tuned)
            await self._ways[1].stop()
        except DongleRefused as refused:
            return f"this one heard nothing by {self.way}, and refuses {refused.command}"
        finally:
            await self._ways[0].start(*self._tuned)
        return ""

    def _heard(self, frame: HeardFrame) -> None:
        self._deaf = False
        self._on_frame(frame)


class MacFilterRadio:
    """The stack's own way: frames that its MAC filters let through come as callbacks."""

    def __init__(self, link: EzspLink, on_frame: OnFrame) -> None:
        self._link = link
        self._on_frame = on_frame
        self._forms = Forms(link.version)
        self._filters = 0
        self._sending = asyncio.Lock()
        self._complete: asyncio.Future[Any] | None = None
        self._says_complete = True
        self._ears = {
            "macFilterMatchMessageHandler": self._heard,
            "macPassthroughMessageHandler": self._heard,
            "rawTransmitCompleteHandler": self._completed,
        }

    @property
    def way(self) -> str:
        return f"{self._filters} of {len(MAC_FILTERS)} MAC filters"

    async def start(self, channel: int, pan_id: int) -> None:
        self._listen()
        try:
            await self._set_as_many_filters_as_fit()
            # bellows has an empty name for this argument: it can only be given by position.
            await self._link.order("setLogicalAndRadioChannel", channel)
        except DongleError:
            self._ignore()
            raise

    def _listen(self) -> None:
        for name, handler in self._ears.items():
            self._link.listen(name, handler)

    def _ignore(self) -> None:
        for name, handler in self._ears.items():
            self._link.ignore(name, handler)

    async def _set_as_many_filters_as_fit(self) -> None:
        table = self._link.tables.get(configuration.MAC_FILTERS)
        granted = table.granted if table else None
        room = min(granted or len(MAC_FILTERS), len(MAC_FILTERS))
        for number in range(room, _LEAST_FILTERS - 1, -1):
            try:
                await self._set_filters(MAC_FILTERS[:number])
            except DongleRefused:
                if number == _LEAST_FILTERS:
                    raise
            else:
                self._filters = number
                return

    async def send(self, frame: bytes) -> bool:
        async with self._sending:
            status = None
            for _ in range(_TRIES):
                status = await self._transmit(frame)
                if status is None or succeeded(status):
                    return status is not None
            raise NotDelivered(self._link.url, status_name(status))

    async def _transmit(self, frame: bytes) -> Any:
        """Send once, and return the radio's status for it, None where it gives none."""
        self._complete = asyncio.get_running_loop().create_future()
        await self._link.order(
            "sendRawMessageExtended", message=frame, priority=_NORMAL_PRIORITY, useCca=True
        )
        if not self._says_complete:
            return None
        try:
            return await self._link.scope.hold(self._complete, _COMPLETE_SECONDS)
        except TimeoutError:
            self._says_complete = False  # some firmware never does: wait no more
            return None

    def _completed(self, fields: Fields) -> None:
        self._says_complete = True
        if self._complete is not None and not self._complete.done():
            self._complete.set_result(fields["status"])

    async def stop(self) -> None:
        self._ignore()
        await self._set_filters(())

    async def _set_filters(self, filters: tuple[int, ...]) -> None:
        value = b"".join(each.to_bytes(2, "little") for each in filters)
        name = t.EzspValueId.VALUE_MAC_FILTER_LIST
        await self._link.order("setValue", valueId=name, value=value)

    async def doubt(self) -> str:
        return ""

    def _heard(self, fields: Fields) -> None:
        self._on_frame(self._forms.raw_frame(fields))


class MfglibRadio:
    """The manufacturing library: every frame on the channel, of which we keep what is for us.

    The MAC acknowledges nothing for us: the sender repeats each frame, as often as it may.
    """

    way = "the manufacturing library"

    def __init__(self, link: EzspLink, eui64: EntityId, on_frame: OnFrame) -> None:
        self._link = link
        self._eui64 = eui64
        self._on_frame = on_frame
        self._pan_ids: tuple[int, ...] = ()

    async def start(self, channel: int, pan_id: int) -> None:
        self._pan_ids = (_ANY_PAN, pan_id)
        await start_library(self._link, channel)
        self._link.listen("mfglibRxHandler", self._heard)

    async def send(self, frame: bytes) -> bool:
        """Send; the library confirms only that it accepted the frame."""
        room_for_fcs = b"\x00\x00"
        await self._link.order("mfglibSendPacket", frame + room_for_fcs)
        return False

    async def stop(self) -> None:
        self._link.ignore("mfglibRxHandler", self._heard)
        await self._link.order("mfglibEnd")

    async def doubt(self) -> str:
        return ""

    def _heard(self, fields: Fields) -> None:
        heard = mfglib_frame(fields)
        if addressed_to(heard.raw, self._eui64, self._pan_ids):
            self._on_frame(heard)


async def start_library(link: EzspLink, channel: int) -> None:
    """Have the manufacturing library hand on every frame of a channel, by mfglibRxHandler."""
    await link.order("mfglibStart", True)
    try:
        await link.order("mfglibSetChannel", channel)
    except DongleError:
        with contextlib.suppress(DongleError):  # why it was not tuned is the error that counts
            await link.order("mfglibEnd")
        raise


def addressed_to(raw: bytes, eui64: EntityId, pan_ids: tuple[int, ...]) -> bool:
    """Return whether a MAC data frame, in one of those PANs, is for this EUI-64."""
    control = int.from_bytes(raw[:2], "little")
    long_destination = control & 0x0C07 == 0x0C01
    pan_id = int.from_bytes(raw[3:5], "little")
    return long_destination and pan_id in pan_ids and raw[5:13] == eui64.little_endian
