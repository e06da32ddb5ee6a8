"""How the hub hears each Device, as a read of the CHF Device Log gives it: RSSI and LQI, in words.

Entries of "active devices" (ZigBee network control, CCS05 and CCS06): identifier, status, greatest,
average and least RSSI in dBm, greatest, average and least LQI, and more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.dlms import AccessResponse, Value
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.gbcs.payload import decode_payload
from hht.texts import text

_RSSI, _LQI = 3, 6
"""Places of the two averages in an entry."""
_ENTRY_FIELDS = 14  # of one entry of the CHF Device Log with link quality (GBCS CCS06)
_QUALITIES = ((200, "strong"), (150, "good"), (100, "fair"), (50, "weak"), (0, "very_weak"))
"""By the least LQI of each. From about 200 on frames hardly get lost at Silicon Labs' receivers,
below about 100 many do; the steps between are ours."""


@dataclass(frozen=True, slots=True)
class HanLink:
    """How the hub heard a Device on average, until `read_at`; LQI is 0 to 255, RSSI in dBm."""

    rssi: int
    lqi: int
    read_at: datetime

    @property
    def words(self) -> str:
        """The quality in words, by the LQI."""
        return text(f"link.{next(name for least, name in _QUALITIES if self.lqi >= least)}")


def links_in(raw: bytes, read_at: datetime) -> dict[EntityId, HanLink]:
    """Return every Device that a Response to CCS05 or CCS06 says was heard.

    None where it cannot be read.

    A Device that was never heard has zeros, and is left out.
    """
    try:
        payload = decode_payload(Message.parse(raw))
        if not isinstance(payload, AccessResponse) or not payload.data:
            return {}
        return dict(_links(payload.data[0].members, read_at))
    except (MalformedMessage, ValueError):
        return {}


def _links(entries: tuple[Value, ...], read_at: datetime) -> Iterator[tuple[EntityId, HanLink]]:
    for fields in (entry.members for entry in entries):
        if len(fields) == _ENTRY_FIELDS:
            rssi, lqi = fields[_RSSI].number, fields[_LQI].number
            if rssi or lqi:
                yield EntityId(fields[0].octets), HanLink(rssi, max(0, lqi), read_at)
