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


def test_equal_signals_are_distinguished_by_link_quality() -> None:
    hubs = strongest_first([beacon(FAR, -50, lqi=90), beacon(NEAR, -50, lqi=200)])
    assert [hub.gpf for hub in hubs] == [NEAR, FAR]


def test_a_hub_heard_twice_counts_once_by_its_strongest_beacon() -> None:
    hubs = strongest_first([beacon(NEAR, -50), beacon(NEAR, -70)])
    assert [hub.beacon.rssi for hub in hubs] == [-50]


def test_two_networks_with_one_extended_pan_id_are_two_hubs() -> None:
    """Anybody can show somebody else's; which of them is the hub its certificate says."""
    hubs = strongest_first([beacon(NEAR, -50), beacon(NEAR, -40, channel=16)])
    assert [(hub.gpf, hub.at) for hub in hubs] == [(NEAR, (16, 0x1A2B)), (NEAR, (15, 0x1A2B))]


def test_a_network_without_an_extended_pan_id_is_no_hub() -> None:
    assert strongest_first([beacon(EntityId(bytes(8)), -40)]) == []
