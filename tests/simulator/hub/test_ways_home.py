"""A Device's way back to its hub: one try at a time, and the own network is never forgotten."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hub_stage import Stage, copy_of, stage
from radio_bench import until

from hht.entity_id import EntityId
from hht.simulator.hub.radios.device_radio import DeviceRadio
from hht.simulator.hub.radios.key_agreement import NoAnswer
from hht.simulator.site.record import Site

JOIN_SECONDS = 3600


@pytest.fixture
def own_site(site: Site, tmp_path: Path) -> Site:
    return copy_of(site, tmp_path / "run")


def radio_of(on: Stage, label: str) -> tuple[EntityId, DeviceRadio]:
    entity = on.site.device(label).entity_id
    return entity, on.hub.radios.radios[entity]


async def test_a_device_that_wakes_while_it_looks_for_its_hub_makes_one_attempt_after_the_other(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(own_site) as on:
        _, radio = radio_of(on, "GSME")
        radio.seek()
        scan, running, most = radio.node.active_scan, 0, 0

        async def counted(*given: Any) -> object:
            nonlocal running, most
            running += 1
            most = max(most, running)
            try:
                return await scan(*given)
            finally:
                running -= 1

        monkeypatch.setattr(radio.node, "active_scan", counted)
        looking = asyncio.gather(radio.wake(), radio.wake())
        await asyncio.wait_for(looking, 10)
        assert most == 1


async def test_a_device_whose_key_establishment_failed_on_the_way_back_finds_its_own_hub_again(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(own_site) as on:
        esme, radio = radio_of(on, "ESME")
        on.hub.deliver_by_wan(on.commands()["ccs01-esme"].raw)
        await until(lambda: on.hub.premises.is_present(esme))
        on.air.clock.advance(JOIN_SECONDS + 1)
        await until(lambda: on.hub.node.find_join_key is None)
        agree = radio.keys.agree

        async def fails_once(*given: object) -> bytes:
            monkeypatch.setattr(radio.keys, "agree", agree)
            raise NoAnswer

        monkeypatch.setattr(radio.keys, "agree", fails_once)
        radio.node.network.stop()
        radio.lose()
        radio.seek()
        await until(lambda: radio.member)
        assert esme in on.hub.node.children
