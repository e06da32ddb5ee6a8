"""Find the hubs in reach: an active scan of channels 11 to 26, strongest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hht.entity_id import EntityId

if TYPE_CHECKING:
    from hht.radio.dongle import Beacon, Dongle

CHANNELS = range(11, 27)
SCAN_SECONDS = 20.0  # 16 channels of 0.14 s each, and what a slow dongle adds to each
NO_NETWORK = EntityId(bytes(8))
At = tuple[int, int]
"""Channel and PAN id of a network."""


@dataclass(frozen=True, slots=True)
class HubSeen:
    """A hub whose beacon was heard."""

    beacon: "Beacon"

    @property
    def gpf(self) -> EntityId:
        """Return the Extended PAN ID: the GPF Entity Identifier on the hub's label."""
        return self.beacon.extended_pan_id

    @property
    def at(self) -> At:
        """Return where it was heard, which distinguishes two with one Extended PAN ID."""
        return self.beacon.channel, self.beacon.pan_id


async def find_hubs(dongle: "Dongle", channels: Iterable[int] = CHANNELS) -> list[HubSeen]:
    """List every network heard, once each, strongest first; DongleError if the dongle fails."""
    return strongest_first(await dongle.active_scan(channels, timeout=SCAN_SECONDS))


def strongest_first(beacons: "Iterable[Beacon]") -> list[HubSeen]:
    """Make one HubSeen per network, of its strongest beacon.

    Anybody can show a hub's Extended PAN ID: two networks with one are two hubs here, and only
    the certificate says which of them is the one on the label.
    """
    best: dict[tuple[EntityId, At], HubSeen] = {}
    for beacon in sorted(beacons, key=_strength):
        if beacon.extended_pan_id != NO_NETWORK:
            hub = HubSeen(beacon)
            best[hub.gpf, hub.at] = hub
    return sorted(best.values(), key=lambda hub: _strength(hub.beacon), reverse=True)


def _strength(beacon: "Beacon") -> tuple[int, int]:
    return beacon.rssi, beacon.lqi
