"""A unit as PPMID comes back to its HAN after a power cut, whatever became of the network key."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hub_stage import Stage, copy_of, stage

from hht.entity_id import EntityId
from hht.facility.unit.ppmid_half import NotLetIn, PpmidHalf
from hht.facility.unit.process import line_of
from hht.session.identity import HhtIdentity, parse_identity
from hht.simulator.hub.membership.new_network import REFORM_SECONDS
from hht.simulator.ncp.server import serve_socket
from hht.simulator.process import UNIT_LINES, open_unit_lines
from hht.simulator.site.preparation import identity_row
from hht.simulator.site.record import Site, SiteDevice

IN_SECONDS = 60.0
MOVED_SECONDS = REFORM_SECONDS + 1.0  # one channel is scanned for its beacons and its level
NEW_KEY = bytes(range(16))


@contextlib.asynccontextmanager
async def living(
    at: Stage,
    address: str,
    *,
    agreed: bool,
    comes_in: bool = True,
    identity: HhtIdentity | None = None,
) -> AsyncIterator[PpmidHalf]:
    """Let a unit live until the end of the block, with the credentials of the HHT if with none."""
    hub = at.site.spec.hub
    half = PpmidHalf(
        lambda: address,
        hub.gpf,
        identity or at.identity,
        at.profile,
        at.air.clock,
        agreed=agreed,
        keep=lambda now: None,
    )
    task = asyncio.create_task(half.run())
    try:
        if comes_in:
            await half.wait_in(IN_SECONDS)
        yield half
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def close_joining(at: Stage, key: bytes) -> None:
    """Have the hub form its HAN again: another network key, no child, and no Device may join."""
    entries = at.hub.premises.chf.device_log.entries
    at.hub.node.find_member_key = lambda entity: entries[entity].link_key
    at.hub.node.find_join_key = None
    at.hub.node.trust_centre.forget_all()
    at.hub.node.network.start(key)


@pytest.mark.parametrize("key", [NEW_KEY, None], ids=["another network key", "the same"])
async def test_a_unit_that_lost_its_power_is_back_without_open_joining(
    site: Site, tmp_path: Path, key: bytes | None
) -> None:
    async with stage(copy_of(site, tmp_path)) as at:
        address = at.dongle.link.url
        await at.be_admitted()
        await at.dongle.close()
        async with living(at, address, agreed=False):
            pass
        close_joining(at, key or at.hub.node.network.key)
        async with living(at, address, agreed=True):
            assert at.site.hht in at.hub.node.children


@pytest.mark.parametrize(
    ("is_there", "remedy"),
    [(True, "supplier sends another CCS01"), (False, "bring the PPMID into its reach")],
    ids=["closed hub", "no hub"],
)
async def test_a_unit_that_is_not_let_in_says_why_and_keeps_what_it_can_come_back_with(
    site: Site, tmp_path: Path, is_there: bool, remedy: str
) -> None:
    async with stage(copy_of(site, tmp_path)) as at:
        address = at.dongle.link.url
        await at.be_admitted()
        await at.dongle.close()
        async with living(at, address, agreed=False):
            pass
        close_joining(at, NEW_KEY)
        known, at.hub.node.find_member_key = at.hub.node.find_member_key, None
        if not is_there:
            at.hub.node.power_off()
        async with living(at, address, agreed=True, comes_in=False) as half:
            with pytest.raises(NotLetIn) as refused:
                await half.wait_in(IN_SECONDS)
            assert remedy in refused.value.remedy
            assert "Install Code" not in refused.value.remedy
            at.hub.node.power_on()
            at.hub.node.find_member_key = known
            await half.wait_in(IN_SECONDS)


def with_unit(site: Site) -> tuple[Site, SiteDevice, HhtIdentity]:
    """The site with a PPMID that lets itself in, and that one's identity."""
    label = site.device("PPMID")
    unit = replace(label, spec=replace(label.spec, as_hht=EntityId(b"ITS-HALF")))
    devices = tuple(unit if each == label else each for each in site.devices)
    site = replace(site, devices=devices)
    row = identity_row(site, unit.entity_id, unit.install_code)
    return site, unit, parse_identity(msgspec.json.encode(row), "the unit")


async def test_a_unit_rejoins_a_hub_whose_process_was_started_again(
    site: Site, tmp_path: Path
) -> None:
    site, unit, identity = with_unit(copy_of(site, tmp_path))
    for is_first in (True, False):
        async with stage(site) as at:
            line = await serve_socket(at.hub.radios.units[unit.entity_id].node)
            if is_first:
                tunnel = await at.connect()
                await at.answer_to(tunnel, at.commands()["ccs01-ppmid"])
            async with living(at, line.address, agreed=not is_first, identity=identity):
                assert at.hub.radios.is_member(unit.entity_id)
                assert (at.hub.node.find_join_key is not None) is is_first, "joining is closed"
            await line.close()


async def test_a_unit_comes_back_to_a_hub_that_has_changed_its_channel(
    site: Site, tmp_path: Path
) -> None:
    site, unit, identity = with_unit(copy_of(site, tmp_path))
    async with stage(site) as at:
        lines = await open_unit_lines(at.hub, site)
        at.hub.deliver_by_wan(at.commands()["ccs01-ppmid"].raw)
        address = line_of(site.run_dir / UNIT_LINES, str(unit.entity_id))
        async with living(at, address, agreed=False, identity=identity):
            elsewhere = 11 if at.hub.node.channel != 11 else 26
            at.hub.premises.chf.mask.wanted = frozenset({elsewhere})
            at.hub.deliver_by_wan(at.commands()["ecs70-esme"].raw)
            await at.air.clock.sleep(MOVED_SECONDS)
            assert at.hub.node.channel == elsewhere
            radio = at.hub.radios.units[unit.entity_id]
            assert not radio.member
            assert await radio.in_han(IN_SECONDS)
        for line in lines:
            await line.close()
