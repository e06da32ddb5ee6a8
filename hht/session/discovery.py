"""Find the hubs in reach: an active scan of channels 11 to 26, strongest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hht.entity_id import EntityId

if TYPE_CHECKING:
    from hht.radio.dongle import Beacon, Dongle

CHANNELS = range(11, 27)
SCAN_SECONDS = 20.0  # 16 channels of 0.14 s each, and a dongle that takes its time over each
NO_NETWORK = EntityId(bytes(8))


@dataclass(frozen=True, slots=True)
class HubSeen:
    """A hub whose beacon was heard."""

    beacon: "Beacon"

    @property
    def gpf(self) -> EntityId:
        """Return the Extended PAN ID: the GPF Entity Identifier on the hub's label."""
        return self.beacon.extended_pan_id


async def find_hubs(dongle: "Dongle", channels: Iterable[int] = CHANNELS) -> list[HubSeen]:
    """List every network heard, once each, strongest first; DongleError if the dongle fails."""
    return strongest_first(await dongle.active_scan(channels, timeout=SCAN_SECONDS))


def strongest_first(beacons: "Iterable[Beacon]") -> list[HubSeen]:
    """Make one HubSeen per Extended PAN ID, of its strongest beacon."""
    best: dict[EntityId, Beacon] = {}
    for beacon in sorted(beacons, key=lambda heard: (heard.rssi, heard.lqi)):
        best[beacon.extended_pan_id] = beacon
    best.pop(NO_NETWORK, None)
    return [HubSeen(beacon) for beacon in sorted(best.values(), key=_strength, reverse=True)]


def _strength(beacon: "Beacon") -> tuple[int, int]:
    return beacon.rssi, beacon.lqi
