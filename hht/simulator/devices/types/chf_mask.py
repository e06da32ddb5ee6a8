"""The CHF's 2.4 GHz channel table and channel mask, as SECMP0012 drafts them: a DRAFT, in no hub.

Which object holds the mask is the hub profile's (`channel_mask_object`). The mask has the form of
those of DBCH04: 32 bits, the ZigBee channel page (0) in the top five, one bit a channel. NULL
removes it. The hub itself goes to another channel: `wanted` says that it has to, and where to.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from hht.gbcs.dlms import NULL, BitString, Value, array, bits, unsigned
from hht.gbcs.dlms.results import AccessResult
from hht.simulator.devices.cosem.device import CosemDevice
from hht.simulator.devices.cosem.objects import AccessFailed, Call, obis

SET_MASK, READ_MASK = 0xD012, 0xD013
"""Message codes far outside those of GBCS: no real hub can take one for something else."""
CHANNELS = range(11, 27)
_DATA = 1  # COSEM class Data
_TABLE_ENTRIES = range(1, 50)
"""How many entries the paper allows a channel table to have."""
_MASK_BITS = 32  # a ZigBee channel mask: page (5), channels (27)
_PAGE_SHIFT = 27  # the page is above the 27 bits of its channels


class ChannelMask:
    """The draft's objects, registered with a CHF, and the judge of each mask.

    `table` are the channels that the hub can use, `allowed` those of its mask, empty without one.
    `current` gives the channel in use. `wanted` is where the hub has to go, until it went.
    """

    def __init__(self, chf: CosemDevice) -> None:
        self._chf = chf
        self.table: tuple[int, ...] = tuple(CHANNELS)
        self.allowed: frozenset[int] = frozenset()
        self.wanted: frozenset[int] = frozenset()
        self.current: Callable[[], int] = lambda: CHANNELS[0]

    def register(self, mask_object: str, table: Collection[int] = ()) -> None:
        """Have the mask in this object, the table and the channel in use in those after it."""
        if table:
            self.table = tuple(sorted(table))
        assert len(self.table) in _TABLE_ENTRIES
        objects, forms = self._chf.objects, self._chf.forms
        names = read_objects(mask_object)
        mask, entries, in_use = ((_DATA, obis(name), 2) for name in names)
        objects.writers[mask] = self._set
        objects.readers[mask] = lambda call: mask_of(self.allowed) if self.allowed else NULL
        objects.readers[entries] = lambda call: array(*map(unsigned, self.table))
        objects.readers[in_use] = lambda call: unsigned(self.current())
        forms[SET_MASK] = (f"S/{_DATA}/{mask_object}/2",)
        forms[READ_MASK] = tuple(f"G/{_DATA}/{name}/2" for name in names)

    def moved(self, channel: int, now: datetime) -> None:
        """Note that the hub has gone to a channel."""
        self.wanted = frozenset()
        self._note(now, f"the HAN was formed again on channel {channel}")

    def state(self) -> Mapping[str, Any]:
        """Return the mask and where the hub has still to go, for JSON."""
        return {"allowed": sorted(self.allowed), "wanted": sorted(self.wanted)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Hold that again."""
        self.allowed = frozenset(state.get("allowed", ()))
        self.wanted = frozenset(state.get("wanted", ()))

    def _set(self, call: Call) -> None:
        if call.data == NULL:
            self.allowed = self.wanted = frozenset()
            self._note(call.now, "mask removed: any channel; the HAN stays as it is")
            return
        allowed = self._channels(call)
        self.allowed = allowed
        said = f"mask {_listed(allowed)}"
        if self.current() in allowed:
            self.wanted = frozenset()
            self._note(call.now, f"{said}: channel {self.current()} is allowed and stays")
            return
        self.wanted = allowed
        self._note(call.now, f"{said}: the HAN has to leave channel {self.current()}")

    def _channels(self, call: Call) -> frozenset[int]:
        """Return what a mask allows of the table; AccessFailed for one that allows nothing."""
        content = call.data.content
        if not isinstance(content, BitString) or content.length != _MASK_BITS:
            self._note(call.now, "refused a mask of another type")
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        number = int.from_bytes(content.octets, "big")
        channels = frozenset(each for each in CHANNELS if number >> each & 1)
        if not channels or number != sum(1 << each for each in channels):
            self._note(call.now, "refused an empty or impossible mask")
            raise AccessFailed(AccessResult.OTHER_REASON)
        if not channels & frozenset(self.table):
            self._note(call.now, f"refused a mask of channels it has not: {_listed(channels)}")
            raise AccessFailed(AccessResult.OTHER_REASON)
        return channels & frozenset(self.table)

    def _note(self, now: datetime, text: str) -> None:
        """Record a Command and its outcome, as the paper asks, in the CHF's security log."""
        self._chf.note(now, SET_MASK, f"DRAFT Set CHF Channel Mask: {text}")


def read_objects(mask_object: str) -> tuple[str, str, str]:
    """Name the objects of mask, table and channel in use: the last group counts up."""
    head, _, last = mask_object.rpartition(".")
    return (mask_object, f"{head}.{int(last) + 1}", f"{head}.{int(last) + 2}")


def mask_of(channels: Collection[int]) -> Value:
    """Build the bit-string of some 2.4 GHz channels: page 0."""
    number = sum(1 << channel for channel in set(channels))
    return bits(number.to_bytes(_MASK_BITS // 8, "big"))


def _listed(channels: Collection[int]) -> str:
    return ", ".join(map(str, sorted(channels)))
