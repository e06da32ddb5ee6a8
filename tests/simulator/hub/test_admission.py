"""A hub lets an HHT in over inter-PAN while its window is open, and then into its HAN."""

from dataclasses import replace

import pytest
from hub_stage import copy_of, stage
from present import present
from radio_bench import until

from hht.clock import ManualClock
from hht.entity_id import EntityId
from hht.session.admission import admission
from hht.session.errors import AdmissionRefused, CbkeFailed, JoinRefused, WindowClosed
from hht.session.membership import agree_han_key, join_han
from hht.simulator.air.air import Link
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.simulator.stack.node import RadioNode
from hht.zse.cbke.cluster import Terminate, TerminateStatus, decode_key_command
from hht.zse.cbke.exchange import CbkeInitiator
from hht.zse.interpan.frame import InterPanFrame
from hht.zse.zcl import KEY_ESTABLISHMENT, ZclFrame

HOUR = 3600


@pytest.fixture
def own_site(site, tmp_path):
    return copy_of(site, tmp_path / "run")


async def test_an_hht_is_admitted_joins_and_has_its_key_in_the_device_log(own_site):
    async with stage(own_site) as on:
        await on.connect()
        entry = on.hub.premises.chf.device_log.entries[own_site.hht]
        assert entry.is_hht
        assert entry.link_key == on.node.link_keys[on.hub.node.eui64]
        assert own_site.hht in on.hub.node.children
        assert on.hub.milestones.counts == {"power-on": 1, "admitted": 1, "joined": 1}


async def test_nobody_may_join_before_an_hht_is_admitted(own_site):
    async with stage(own_site) as on:
        assert not (await on.hub_seen()).beacon.allowing_join
        assert (await on.be_admitted()).beacon.allowing_join


async def test_the_window_closes_sixty_minutes_after_power_on(own_site):
    async with stage(own_site) as on:
        assert on.hub.window_seconds_left == pytest.approx(HOUR, abs=5)
        on.air.clock.advance(HOUR - 10)
        await on.be_admitted()
        on.air.clock.advance(11)
        assert on.hub.window_seconds_left == 0
        with pytest.raises(WindowClosed, match="Power-cycle"):
            await on.be_admitted()


async def test_a_power_cycle_opens_the_window_again(own_site):
    async with stage(own_site) as on:
        on.air.clock.advance(HOUR + 1)
        on.hub.power_cut(5)
        on.air.clock.advance(6)
        await until(lambda: on.hub.node.powered)
        await on.be_admitted()


async def test_a_hub_powered_for_an_hour_before_the_engineer_came_is_closed(site, tmp_path):
    async with stage(copy_of(site, tmp_path / "run", powered_minutes=61)) as on:
        with pytest.raises(WindowClosed):
            await on.be_admitted()


async def test_a_hub_without_the_limit_stays_open(own_site):
    async with stage(own_site, window_minutes=None) as on:
        on.air.clock.advance(500 * HOUR)
        assert on.hub.window_seconds_left is None
        await on.be_admitted()


async def test_admission_again_is_admission_still(own_site):
    async with stage(own_site) as on:
        await on.be_admitted()
        await on.be_admitted()
        assert on.hub.premises.hhts == [own_site.hht]


async def test_a_full_device_log_refuses_the_hht(site, tmp_path):
    async with stage(copy_of(site, tmp_path / "run", log_entries=16)) as on:
        with pytest.raises(AdmissionRefused, match="FA"):
            await on.be_admitted()


async def test_no_more_hhts_are_admitted_than_the_profile_says(own_site):
    async with stage(own_site, hht_limit=0) as on:
        with pytest.raises(AdmissionRefused):
            await on.be_admitted()


async def test_an_hht_cannot_register_another_device(own_site):
    async with stage(own_site) as on:
        stranger = replace(on.identity.cbke, entity_id=EntityId(bytes(8)))
        async with admission(on.dongle, await on.hub_seen(), on.identity, on.profile) as asking:
            await asking.agree_link_key()
            asking.identity = replace(on.identity, cbke=stranger)
            with pytest.raises(AdmissionRefused):
                await asking.register(own_site.spec.hub.chf)
        assert on.hub.premises.hhts == []


@pytest.mark.parametrize("mac", [False, True])
@pytest.mark.parametrize("nonce", [False, True])
async def test_the_admission_crosses_in_every_form_of_the_profile(own_site, mac, nonce):
    forms = {"admission_mac": mac, "admission_extended_nonce": nonce}
    async with stage(own_site, **forms) as on:
        await on.be_admitted()
        assert on.hub.premises.hhts == [own_site.hht]


async def test_a_wrong_install_code_keeps_the_hht_out_of_the_han(own_site):
    async with stage(own_site) as on:
        hub = await on.be_admitted(replace(on.identity, install_code=bytes(16)))
        with pytest.raises(JoinRefused):
            await join_han(on.dongle, hub, on.identity)


async def test_a_trust_centre_may_refuse_to_let_anyone_join(site, tmp_path):
    async with stage(copy_of(site, tmp_path / "run", joining_refused=True)) as on:
        hub = await on.be_admitted()
        with pytest.raises(JoinRefused):
            await join_han(on.dongle, hub, on.identity)


async def test_an_hht_of_another_authority_gets_no_key(own_site):
    async with stage(own_site) as on:
        wrong = replace(on.identity.cbke, private_key=on.identity.cbke.private_key[::-1])
        hub = await on.hub_seen()
        thief = replace(on.identity, cbke=wrong)
        async with admission(on.dongle, hub, thief, on.profile) as asking:
            with pytest.raises(CbkeFailed, match="confirmation"):
                await asking.agree_link_key()


async def test_lost_frames_do_not_keep_an_hht_out(own_site):
    async with stage(own_site) as on:
        on.air.set_link(own_site.hht, on.hub.node.eui64, Link(loss=0.3))
        hub = await on.be_admitted()
        han = await join_han(on.dongle, hub, on.identity)
        await agree_han_key(han, on.identity)
        assert own_site.hht in on.hub.premises.hhts


def test_who_comes_during_another_key_establishment_has_to_wait(own_site):
    other = EntityId.parse("00-DB-00-00-00-00-FF-77")
    first = CbkeInitiator(own_site.authority.identity(own_site.hht), None)
    second = CbkeInitiator(own_site.authority.identity(other), None)
    clock = ManualClock()
    keys = KeyEstablishmentServer(own_site.hub_cbke, clock)
    answer = keys.handle(own_site.hht, first.start()).frame
    refusal = decode_key_command(present(keys.handle(other, second.start()).frame))
    assert isinstance(refusal, Terminate)
    assert refusal.status == TerminateStatus.NO_RESOURCES
    assert refusal.wait_seconds > 0
    keys.handle(own_site.hht, present(first.receive(present(answer))))
    clock.advance(60)
    assert not isinstance(
        decode_key_command(present(keys.handle(other, second.start()).frame)), Terminate
    )


def test_an_exchange_begun_again_replaces_the_one_under_way(own_site):
    identity = own_site.authority.identity(own_site.hht)
    keys = KeyEstablishmentServer(own_site.hub_cbke, ManualClock())
    begun = CbkeInitiator(identity, None)
    answer = keys.handle(own_site.hht, begun.start()).frame
    keys.handle(own_site.hht, present(begun.receive(present(answer))))
    again = CbkeInitiator(identity, None)
    frame: ZclFrame | None = again.start()
    while frame is not None:
        done = keys.handle(own_site.hht, frame)
        frame = again.receive(present(done.frame))
    assert again.link_key == done.link_key


async def test_frames_in_clear_that_are_no_key_establishment_are_dropped(own_site):
    async with stage(own_site) as on:
        await on.be_admitted()
        before = len(on.hub.premises.chf.device_log.entries)
        hub = on.hub.node
        on_raw = present(hub.on_raw)
        for cluster in (0x0704, 0x0000, KEY_ESTABLISHMENT):
            frame = InterPanFrame(
                own_site.hht, 0xFFFF, hub.eui64, hub.pan_id, 1, cluster, b"\x05junk"
            )
            on_raw(frame.encode(), 255, -40)
        for junk in (b"", b"\x21\xcc", bytes(125)):
            on_raw(junk, 255, -40)
        assert sum(on.hub.node.drops.values()) >= 5
        assert len(on.hub.premises.chf.device_log.entries) == before


async def test_a_meter_not_of_this_premises_cannot_join(own_site):
    async with stage(own_site) as on:
        await on.be_admitted()
        hub = on.hub.node
        stranger = RadioNode(on.air, EntityId.parse("00-DB-00-00-00-00-FF-99"))
        result = await stranger.join(hub.channel, hub.pan_id, hub.eui64, bytes(16))
        assert not result.ok


async def test_the_install_code_stands_nowhere_in_what_the_hub_shows(own_site):
    async with stage(own_site) as on:
        await on.be_admitted()
        code = own_site.hht_install_code.hex()
        shown = [entry.text for entry in on.hub.premises.chf.log] + list(on.hub.node.drops)
        assert not any(code in text for text in shown)
        mode = (own_site.run_dir / "hub-state.json").stat().st_mode
        assert mode & 0o077 == 0
