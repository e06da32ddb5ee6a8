"""A dongle that refuses a key in one way is asked in another, before the step counts as refused."""

import bellows.types as t
import pytest
from radio_lab import HHT, HUB, HUB_ENDPOINT, LINK_KEY, TUNNELING, hub_beacon, joined, lab, opened

from hht.radio.errors import DongleRefused

FRESH = bytes(range(100, 116))


@pytest.mark.parametrize("version", [8, 12])
async def test_a_link_key_goes_into_the_table_by_index_where_no_other_way_is_taken(
    version: int,
) -> None:
    async with lab(version) as at, joined(at) as dongle:
        at.server.switch_on(["link-key-refused"])
        await dongle.set_link_key(HUB, FRESH)
        at.hub.set_link_key(HHT, FRESH)
        await dongle.send_unicast(
            TUNNELING, b"secret", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=5
        )
    assert at.heard_by_hub[-1].payload == b"secret"


async def test_a_link_key_that_no_command_takes_is_refused_in_the_firmwares_own_word() -> None:
    async with lab(13) as at, joined(at) as dongle:
        at.server.switch_on(["link-key-refused"])
        with pytest.raises(DongleRefused, match="importLinkKey"):
            await dongle.set_link_key(HUB, FRESH)


async def test_a_dongle_that_is_in_a_network_by_itself_leaves_it_to_join() -> None:
    async with lab() as at:
        async with joined(at):
            pass
        async with opened(at) as dongle:
            beacon = await hub_beacon(dongle)
            (status,) = await dongle.link.command(
                "networkInit", t.EmberNetworkInitBitmask.NETWORK_INIT_NO_OPTIONS
            )
            assert status == t.sl_Status.OK
            await dongle.join(beacon, LINK_KEY, timeout=5)
            assert HHT in at.hub.children
