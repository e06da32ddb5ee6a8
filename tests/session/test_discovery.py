"""Which hubs are in reach, in which order."""

from hht.entity_id import EntityId
from hht.radio.dongle import Beacon
from hht.session.discovery import strongest_first

NEAR = EntityId.parse("00-DB-00-00-00-00-10-A3")
FAR = EntityId.parse("00-DB-00-00-00-00-20-A3")


def beacon(hub: EntityId, rssi: int, lqi: int = 100, channel: int = 15) -> Beacon:
    return Beacon(channel, 0x1A2B, hub, True, lqi, rssi)


def test_the_strongest_hub_comes_first() -> None:
    hubs = strongest_first([beacon(FAR, -80), beacon(NEAR, -50)])
    assert [hub.gpf for hub in hubs] == [NEAR, FAR]


def test_equal_signals_are_told_apart_by_link_quality() -> None:
    hubs = strongest_first([beacon(FAR, -50, lqi=90), beacon(NEAR, -50, lqi=200)])
    assert [hub.gpf for hub in hubs] == [NEAR, FAR]


def test_a_hub_heard_twice_counts_once_by_its_strongest_beacon() -> None:
    hubs = strongest_first([beacon(NEAR, -50), beacon(NEAR, -70, channel=16)])
    assert [hub.beacon.rssi for hub in hubs] == [-50]


def test_a_network_without_an_extended_pan_id_is_no_hub() -> None:
    assert strongest_first([beacon(EntityId(bytes(8)), -40)]) == []
