"""A unit as PPMID comes back to its HAN after a power cut, whatever became of the network key."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hub_stage import Stage, copy_of, stage

from hht.facility.unit.ppmid_half import NotLetIn, PpmidHalf
from hht.simulator.site.record import Site

IN_SECONDS = 60.0
NEW_KEY = bytes(range(16))


@contextlib.asynccontextmanager
async def living(
    at: Stage, address: str, *, agreed: bool, comes_in: bool = True
) -> AsyncIterator[PpmidHalf]:
    """Let a unit with the credentials of an admitted Device live until the end of the block."""
    hub = at.site.spec.hub
    half = PpmidHalf(
        lambda: address,
        hub.gpf,
        at.identity,
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
