"""How many Devices a premises may have, which of them take Commands, and when a log is full."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hub_stage import all_received, received, stage
from radio_bench import until

from hht.errors import InputError
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, JoinResult
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.simulator.hub.status import status_of
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.training.scenario.load import load_scenario
from hht.training.scenario.spec import Scenario

MOST = {"ESME": 4, "GSME": 1, "PPMID": 5, "HCALCS": 2, "IHD": 2, "CAD": 1}
MAIN = (files("assets") / "scenarios" / "no-wan-install.toml").read_text("utf-8")


def device(kind: str, number: int) -> str:
    entity = f"00-DB-00-00-00-00-{number:02X}-{list(MOST).index(kind):02X}"
    return f'[[devices]]\ntype = "{kind}"\nlabel = "{kind}{number}"\nentity_id = "{entity}"\n'


def scenario_text(population: dict[str, int], commands: list[str]) -> str:
    """The main job's hub with other Devices and another job."""
    top = MAIN[: MAIN.index("commands = [")]
    hub = MAIN[MAIN.index("[hub]") : MAIN.index("[[devices]]")]
    rows = (device(kind, number + 1) for kind, n in population.items() for number in range(n))
    return f"{top}commands = {commands}\n\n{hub}{''.join(rows)}"


def written(folder: Path, text: str) -> Scenario:
    path = folder / "mine.toml"
    path.write_text(text)
    return load_scenario(str(path))


def site_of(folder: Path, population: dict[str, int], commands: list[str]) -> Site:
    scenario = written(folder, scenario_text(population, commands))
    return prepare_site(scenario.site, folder / "run", seed=1)


def test_a_premises_has_up_to_four_esmes_a_gsme_seven_type_1_and_three_type_2(
    tmp_path: Path,
) -> None:
    scenario = written(tmp_path, scenario_text(MOST, ["read log"]))
    assert len(scenario.site.devices) == 15


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ESME", "at most 4 ESME"),
        ("GSME", "at most 1 GSME"),
        ("PPMID", "at most 7 Type 1"),
        ("HCALCS", "at most 7 Type 1"),
        ("IHD", "at most 3 Type 2"),
        ("CAD", "at most 3 Type 2"),
    ],
)
def test_one_more_is_refused_with_the_line_of_its_type(
    tmp_path: Path, kind: str, said: str
) -> None:
    text = scenario_text(MOST, ["read log"]) + device(kind, 99)
    with pytest.raises(InputError, match=said) as caught:
        written(tmp_path, text)
    line = text[: text.index(f'"{kind}99"')].count("\n")
    assert f"line {line}:" in str(caught.value)


@pytest.mark.parametrize("phrase", ["read joins IHD1", "clock CAD1", "join IHD1 ESME1"])
def test_a_type_2_device_is_sent_nothing(tmp_path: Path, phrase: str) -> None:
    with pytest.raises(InputError, match="no Command for"):
        written(tmp_path, scenario_text(MOST, [phrase]))


async def test_displays_without_credentials_join_and_meters_work_with_them(
    tmp_path: Path,
) -> None:
    phrases = ["add ESME1", "add IHD1", "add CAD1", "join ESME1 IHD1", "join GPF CAD1"]
    site = site_of(tmp_path, MOST, phrases)
    ihd, cad, esme = (site.device(name).entity_id for name in ("IHD1", "CAD1", "ESME1"))
    assert PemFolder(site.keys_dir).certificate(ihd, "ka") is None
    async with stage(site) as on:
        tunnel = await on.connect()
        for command in on.commands().values():
            response, _ = await on.answer_to(tunnel, command)
            assert outcome_of(response).positive
        premises = on.hub.premises
        await until(lambda: premises.is_present(ihd) and premises.is_present(cad))
        assert premises.fleet.joining[esme].device_log.entries == {ihd: DeviceType.TYPE_2}
        assert premises.fleet.gpf.device_log.entries == {cad: DeviceType.TYPE_2}
        rows = {row["label"]: row for row in status_of(on.hub, on.air, site)["devices"]}
        assert (rows["IHD1"]["in_han"], rows["IHD1"]["log"]) == (True, [])


async def test_several_esmes_each_answer_for_themselves(tmp_path: Path) -> None:
    phrases = [f"{what} ESME{n}" for what in ("add", "clock") for n in range(1, 5)]
    site = site_of(tmp_path, {"ESME": 4}, phrases)
    async with stage(site) as on:
        tunnel = await on.connect()
        answered = set()
        for command in on.commands().values():
            response, _ = await on.answer_to(tunnel, command)
            assert outcome_of(response).positive
            answered.add(response.originator)
        assert answered == {site.spec.hub.chf, *(each.entity_id for each in site.devices)}


async def test_the_limit_of_the_profile_fills_the_device_log_with_the_hht_in_it(
    tmp_path: Path,
) -> None:
    site = site_of(tmp_path, {"ESME": 3}, [f"add ESME{n}" for n in (1, 2, 3)])
    async with stage(site, device_log_limit=3) as on:
        tunnel = await on.connect()
        outcomes = []
        for command in on.commands().values():
            response, _ = await on.answer_to(tunnel, command)
            outcomes.append(outcome_of(response).positive)
        assert outcomes == [True, True, False]
        assert response.payload.hex().endswith("0303fa02000200"), "other reason"
        assert not on.hub.premises.is_present(site.device("ESME3").entity_id)


async def test_a_full_device_log_of_a_meter_answers_four_through_the_tunnel(
    tmp_path: Path,
) -> None:
    site = site_of(tmp_path, {"ESME": 1, "IHD": 1}, ["add ESME1", "add IHD1", "join ESME1 IHD1"])
    async with stage(site) as on:
        tunnel = await on.connect()
        meter = site.device("ESME1").entity_id
        on.hub.premises.fleet.joining[meter].device_log.limit = 0
        for command in on.commands().values():
            response, _ = await on.answer_to(tunnel, command)
        assert response.payload == der.encode_node(der.integer(JoinResult.DEVICE_LOG_FULL))


async def test_a_command_for_a_type_2_device_reaches_nobody(tmp_path: Path) -> None:
    site = site_of(tmp_path, {"ESME": 1, "IHD": 1}, ["add ESME1", "add IHD1", "clock ESME1"])
    async with stage(site) as on:
        tunnel = await on.connect()
        for name in ("ccs01-esme1", "ccs01-ihd1"):
            await on.answer_to(tunnel, on.commands()[name])
        await all_received(tunnel)
        clock = on.commands()["ecs70-esme1"].message
        await tunnel.send(replace(clock, recipient=site.device("IHD1").entity_id).encode())
        assert await all_received(tunnel) == []
        await tunnel.send(clock.encode())
        answer: Message = await received(tunnel)
        assert answer.cra is Cra.RESPONSE


async def test_a_device_keeps_an_event_log_and_a_security_log_over_a_restart(
    tmp_path: Path,
) -> None:
    site = site_of(tmp_path, {"ESME": 1}, ["add ESME1", "clock ESME1"])
    meter = site.device("ESME1").entity_id
    async with stage(site) as on:
        tunnel = await on.connect()
        for name in ("ccs01-esme1", "ecs70-esme1"):
            await on.answer_to(tunnel, on.commands()[name])
        await all_received(tunnel)  # in the time of which the next entry is a later one
        await tunnel.send(on.commands()["ecs70-esme1"].raw)
        await all_received(tunnel)
    async with stage(site) as on:
        device = on.hub.premises.fleet.device(meter)
        assert [f"{entry.code:04X}" for entry in device.events] == ["8183"]
        assert [f"{entry.code:04X}" for entry in device.log] == ["8F3E"]
        (row,) = status_of(on.hub, on.air, site)["devices"]
        assert [line[:4] for line in row["log"]] == ["8183", "8F3E"]
