"""A hub buffers images, serves them block by block, and reports what goes wrong with its reason."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hub_stage import Stage, all_received, stage
from radio_bench import until

from hht.firmware.ota_image import read_ota_image
from hht.gbcs.asn1.codes import FirmwareTransferResult
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import Verdict
from hht.simulator.hub.firmware.image_buffer import Held, ImageBuffer
from hht.simulator.pki.remote_parties import PARTIES
from hht.simulator.site.images import activation_hash, site_image
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.training.scenario.load import load_scenario

MINUTE, HOUR = 60, 3600
FAST = {"image_block_ms": 0}


def site_of(scenario: str, folder: Path, **image: Any) -> Site:
    """The scenario's site with other facts about its image where given; it comes on call."""
    spec = load_scenario(scenario).site
    images = tuple(replace(each, after="", **image) for each in spec.images)
    return prepare_site(replace(spec, images=images, faults=()), folder / "run", seed=1)


async def fetched(on: Stage) -> None:
    """The image comes to the hub, and its Device fetches all of it."""
    on.hub.firmware.arrive(0)
    await until(lambda: not list(on.hub.firmware.buffer))


def alerts(messages: list[Message]) -> list[tuple[int, str]]:
    """Message code and the four digits of the alert code that follow its form's beginning."""
    found = []
    for message in messages:
        if message.cra is Cra.ALERT and message.message_code in (0x0128, 0x012B, 0x00CF, 0x00CE):
            text = message.payload.hex()
            code = next(c for c in ("8f8a", "8f89", "8f8b", "8f72", "8f1c") if c in text)
            found.append((message.message_code, code))
    return found


async def test_a_display_gets_its_image_runs_it_and_reports_that(tmp_path):
    async with stage(site_of("firmware-ppmid", tmp_path, size=1000), **FAST) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        await fetched(on)
        ppmid = on.hub.premises.fleet.joining[on.site.device("PPMID").entity_id]
        assert ppmid.maintenance.firmware.version.hex() == "01020304"
        assert alerts(await all_received(tunnel)) == [(0x0128, "8f8a"), (0x012B, "8f8b")]


async def test_a_load_control_switch_holds_a_verified_image_and_runs_it_by_its_hash(tmp_path):
    async with stage(site_of("firmware-hcalcs", tmp_path, size=1000), **FAST) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        await fetched(on)
        heard = await all_received(tunnel)
        assert alerts(heard) == [(0x0128, "8f8a"), (0x00CF, "8f72")]
        assert activation_hash(on.site, "HCALCS") in heard[-1].payload
        assert "gas meter" not in str(describe(heard[-1]).reading).lower()
        assert "GSME" not in str(describe(heard[-1]).reading)
        response, _ = await on.answer_to(tunnel, on.commands()["cs06-hcalcs"])
        assert response.payload.hex() == "300902010004040a0b0c0d"


async def test_an_image_that_does_not_verify_is_reported_and_not_held(tmp_path):
    async with stage(site_of("firmware-hcalcs", tmp_path, size=500, wrong="image"), **FAST) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        await fetched(on)
        assert alerts(await all_received(tunnel)) == [(0x0128, "8f8a"), (0x00CF, "8f1c")]
        response, _ = await on.answer_to(tunnel, on.commands()["cs06-hcalcs"])
        assert response.payload.hex().startswith("3009020101"), "no image held"


@pytest.mark.parametrize(
    ("image", "profile", "result"),
    [
        ({"wrong": "hardware"}, {}, FirmwareTransferResult.HARDWARE_VERSION_MISMATCH),
        ({}, {"updates_han_devices": False}, FirmwareTransferResult.IMAGE_DISCARDED),
        ({}, {"image_buffer_bytes": 100}, FirmwareTransferResult.IMAGE_DISCARDED),
    ],
)
async def test_the_hub_says_why_an_image_did_not_reach_its_device(tmp_path, image, profile, result):
    async with stage(site_of("firmware-ppmid", tmp_path, size=300, **image), **profile) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        on.hub.firmware.arrive(0)
        heard = [m for m in await all_received(tunnel) if m.message_code == 0x0128]
        assert [m.payload.hex()[-6:] for m in heard] == [f"0201{result:02x}"]
        assert alerts(heard) == [(0x0128, "8f89")]


async def test_a_device_that_was_off_goes_on_where_it_was(tmp_path):
    async with stage(site_of("firmware-ppmid", tmp_path, size=2000), image_block_ms=1) as on:
        entity = on.site.device("PPMID").entity_id
        await until(lambda: on.hub.premises.is_present(entity))
        on.hub.firmware.arrive(0)
        await until(lambda: (on.hub.firmware.progress(entity) or 0) >= 40)
        on.hub.premises.switch(entity, on=False)
        had = on.hub.firmware.buffer.get(entity).sent
        on.hub.premises.switch(entity, on=True)
        await until(lambda: on.hub.premises.is_present(entity))
        await until(lambda: on.hub.firmware.progress(entity) != 100 * had // 2060)
        assert on.hub.firmware.buffer.get(entity).sent >= had
        await until(lambda: not list(on.hub.firmware.buffer))
        version = on.hub.premises.fleet.joining[entity].maintenance.firmware.version
        assert version.hex() == "01020304"


async def test_a_display_that_sleeps_fetches_its_image_while_it_is_awake(tmp_path):
    site = site_of("firmware-ppmid", tmp_path, size=300)
    devices = (replace(d, wake_minutes=3 * (d.label == "PPMID")) for d in site.spec.devices)
    spec = replace(site.spec, devices=tuple(devices))
    site = prepare_site(spec, tmp_path / "asleep", seed=1)
    async with stage(site, image_block_ms=15000) as on:
        entity, clock, firmware = site.device("PPMID").entity_id, on.air.clock, on.hub.firmware
        tunnel, radio = await on.connect(), on.hub.gas.meters[entity].node
        await all_received(tunnel)
        firmware.arrive(0)
        held, asleep_with = firmware.buffer.get(entity), [0]
        while firmware.buffer.get(entity):
            clock.advance(3 * MINUTE - clock.time() % (3 * MINUTE))  # when it wakes
            await until(lambda: radio.powered)
            while radio.powered:
                await asyncio.sleep(0.05)  # what is asked and answered is on the air
                clock.advance(15)
            asleep_with.append(held.sent)
        assert len(asleep_with) > 2
        assert asleep_with == sorted(asleep_with)
        assert (0x0128, "8f8a") in alerts(await all_received(tunnel))


async def test_of_two_images_for_a_device_the_hub_has_after_a_restart_the_one_that_had_come(
    tmp_path,
):
    spec = load_scenario("firmware-hcalcs").site
    (image,) = (replace(each, after="", size=300) for each in spec.images)
    spec = replace(spec, images=(image, replace(image, version="0A0B0C0E")))
    site = prepare_site(spec, tmp_path / "run", seed=1)
    entity = site.device("HCALCS").entity_id
    first, last = (site_image(site, each) for each in site.spec.images)
    assert activation_hash(site, "HCALCS") == last.sha256
    async with stage(site, image_block_ms=60000) as on:
        firmware = on.hub.firmware
        firmware.arrive(0)
        arrived, held = firmware.state()
        for kept in (held, [each[:2] for each in held]):  # earlier hubs kept no hash
            firmware.buffer.drop(entity)
            firmware.restore([arrived, kept])
            assert firmware.buffer.get(entity).image.sha256 == first.sha256
        firmware.arrive(1)
        arrived, held = firmware.state()
        firmware.restore([arrived, held])
        assert firmware.buffer.get(entity).image.sha256 == last.sha256


async def test_an_image_that_was_on_its_way_when_the_hubs_process_ended_comes_after_all(tmp_path):
    spec = load_scenario("firmware-ppmid").site
    site = prepare_site(spec, tmp_path / "run", seed=1)
    (image,) = site.spec.images
    async with stage(site, image_block_ms=60000) as on:
        firmware = on.hub.firmware
        firmware.restore(firmware.state(), {"power-on": 1})
        await on.hub.clock.sleep(image.seconds + 1)
        assert not list(firmware.buffer)
        firmware.restore(firmware.state(), {image.after: 1})
        await on.hub.clock.sleep(image.seconds + 1)
        assert [each.device for each in firmware.buffer] == [site.device("PPMID").entity_id]


async def test_an_image_that_nobody_fetches_is_given_up_in_the_profiles_time(tmp_path):
    async with stage(site_of("firmware-ppmid", tmp_path), image_patience_hours=2) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        on.hub.premises.switch(on.site.device("PPMID").entity_id, on=False)
        on.hub.firmware.arrive(0)
        on.air.clock.advance(2 * HOUR + 700)
        assert alerts(await all_received(tunnel)) == [(0x0128, "8f89")]


async def test_a_display_without_updates_names_no_version_and_fetches_nothing(tmp_path):
    spec = load_scenario("firmware-ppmid").site
    old = tuple(replace(each, without_updates=each.type == "PPMID") for each in spec.devices)
    images = tuple(replace(each, after="", size=300) for each in spec.images)
    spec = replace(spec, devices=old, images=images)
    site = prepare_site(spec, tmp_path / "run", seed=1)
    async with stage(site, **FAST) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        on.hub.firmware.arrive(0)
        await tunnel.send(on.commands()["cs08-ppmid"].raw)
        (refusal,) = await all_received(tunnel)
        assert refusal.cra is Cra.ALERT
        assert "8f1e" in refusal.payload.hex()
        assert on.hub.firmware.progress(site.device("PPMID").entity_id) == 0


async def test_the_drafts_ihd_is_updated_as_a_load_control_switch_is(tmp_path):
    async with stage(site_of("firmware-ihd-draft", tmp_path, size=500), **FAST) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        await fetched(on)
        heard = await all_received(tunnel)
        assert alerts(heard) == [(0x0128, "8f8a"), (0x00CF, "8f72")]


def test_a_full_buffer_gives_up_its_oldest_image_and_a_new_one_replaces_its_own(tmp_path):
    site = site_of("firmware-ppmid", tmp_path, size=1000)
    image = site_image(site, site.spec.images[0])
    one, other, third = (bytes([n]) * 8 for n in (1, 2, 3))

    class Profile:
        image_buffer_bytes = 2 * len(image.raw)
        image_patience_hours = 24

    buffer = ImageBuffer(Profile())  # type: ignore[arg-type]
    first, second = Held(one, image, 0), Held(other, image, 1)  # type: ignore[arg-type]
    assert buffer.put(first) == buffer.put(second) == []
    assert buffer.put(Held(third, image, 2)) == [first]  # type: ignore[arg-type]
    again = Held(other, image, 3)  # type: ignore[arg-type]
    assert buffer.put(again) == [second]
    assert [each.device for each in buffer] == [third, other]


def test_the_simulated_image_is_an_ota_file_with_the_suppliers_signature(tmp_path):
    site = site_of("firmware-hcalcs", tmp_path, size=235)
    image = site_image(site, site.spec.images[0])
    read = read_ota_image(image.raw)
    supplier = site.keys.public_key(PARTIES[Role.SUPPLIER], "ds")
    assert (read.device_type, read.contradiction) == ("HCALCS", "")
    assert read.sha256 == image.sha256.hex()
    assert read.check_signature([supplier] if supplier else []) is Verdict.VALID
