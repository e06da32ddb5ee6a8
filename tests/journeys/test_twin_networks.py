"""Two networks that show one Extended PAN ID: the certificate says which is the job's hub."""

from pathlib import Path

import pytest
from visit_stage import Scene, scene

from hht.journeys.events import HubFault, HubFound
from hht.session.errors import WindowClosed, WrongHub
from hht.session.identity import load_identity
from hht.simulator.hub.interpan_server import InterPanServer
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.simulator.stack.node import RadioNode

FIRST_SCANNED = 11  # of two that are heard alike the one that was heard first is tried first
PAN = 0x6666


def pretend_to_be_the_hub(on: Scene) -> None:
    """Have somebody else show the hub's identifiers, with a certificate for another device."""
    node = RadioNode(on.hub.node.air, on.site.spec.hub.gpf)
    node.form(FIRST_SCANNED, PAN, on.site.spec.hub.gpf, bytes(16))
    own = load_identity(on.site.run_dir / "hht-identity.json").cbke
    keys = KeyEstablishmentServer(own, node.clock)
    node.on_raw = InterPanServer(node, keys, on.profile, lambda: True, lambda _: False).hear


async def test_both_are_shown(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        pretend_to_be_the_hub(on)
        hubs = await on.arrive().scan()
        assert {hub.gpf for hub in hubs} == {on.site.spec.hub.gpf}
        assert {(found.channel, found.pan_id) for found in on.of(HubFound)} == {
            hub.at for hub in hubs
        }
        assert len(hubs) == 2


async def test_the_one_with_the_hubs_certificate_is_the_hub(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        pretend_to_be_the_hub(on)
        visit = await on.connect()
        assert visit.connected
        (fault,) = on.of(HubFault)
        assert "PAN 6666 on channel 11" in fault.what
        assert "hub broke a rule" in [each["action"] for each in on.store.audit.entries()]


async def test_one_of_them_can_be_picked(tmp_path: Path) -> None:
    async with scene(tmp_path) as on:
        pretend_to_be_the_hub(on)
        with pytest.raises(WrongHub):
            await on.arrive().connect(on.site.spec.hub.gpf, (FIRST_SCANNED, PAN))
        assert on.of(HubFault) == []


async def test_where_none_proves_to_be_the_hub_the_error_is_of_the_one_that_might_be(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        pretend_to_be_the_hub(on)
        on.hub.close_window()
        with pytest.raises(WindowClosed):
            await on.connect()
