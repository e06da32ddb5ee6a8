"""A site is made once, kept as it was, and keeps its secrets to itself."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hht.duis.job_pack import read_job_pack
from hht.errors import HhtError
from hht.gbcs.message import Message
from hht.simulator.site.preparation import load_site, prepare_reference_site, prepare_site
from hht.training.scenario.load import load_scenario


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_site_that_is_there_is_loaded_and_not_made_again(tmp_path: Path) -> None:
    scenario = load_scenario("no-wan-install")
    first = prepare_site(scenario, tmp_path / "run", seed=1)
    before = contents(tmp_path / "run")
    second = prepare_site(scenario, tmp_path / "run", seed=2)
    assert contents(tmp_path / "run") == before
    assert second.network_key == first.network_key == load_site(tmp_path / "run").network_key
    assert second.hub_cbke == first.hub_cbke


def test_a_seed_gives_the_same_codes_each_time(tmp_path: Path) -> None:
    scenario = load_scenario("no-wan-install")
    codes = [
        [d.install_code for d in prepare_site(scenario, tmp_path / run, seed=7).devices]
        for run in "ab"
    ]
    assert codes[0] == codes[1]
    assert len(set(codes[0])) == 3


def test_secrets_stay_out_of_reprs_and_away_from_others(tmp_path: Path) -> None:
    site = prepare_site(load_scenario("no-wan-install"), tmp_path / "run", seed=1)
    shown = repr(site)
    for device in site.devices:
        assert device.install_code.hex() not in shown
        assert repr(device.install_code) not in shown
    assert repr(site.network_key) not in shown
    for name in ("site.json", "hht-identity.json", "cbke.json"):
        assert (tmp_path / "run" / name).stat().st_mode & 0o077 == 0


def test_the_handheld_is_given_an_identity_it_can_load(tmp_path: Path) -> None:
    from hht.session.identity import load_identity

    site = prepare_site(load_scenario("no-wan-install"), tmp_path / "run", seed=1)
    identity = load_identity(tmp_path / "run" / "hht-identity.json")
    assert identity.cbke.entity_id == site.hht
    assert identity.cbke.ca_public_key == site.authority.public_key
    assert identity.install_code == site.hht_install_code


def test_no_install_code_of_a_device_is_in_the_job_but_in_its_ccs01(tmp_path: Path) -> None:
    site = prepare_site(load_scenario("no-wan-install"), tmp_path / "run", seed=1)
    job = (site.job_dir / "job.json").read_text()
    assert all(device.install_code.hex() not in job.lower() for device in site.devices)
    assert not list(site.job_dir.rglob("*.key"))


def test_a_folder_without_a_site_says_so(tmp_path: Path) -> None:
    with pytest.raises(HhtError, match="no training site"):
        load_site(tmp_path)
    (tmp_path / "site.json").write_text("{")
    with pytest.raises(HhtError, match="no training site"):
        load_site(tmp_path)


def test_site_json_is_marked_as_training(tmp_path: Path) -> None:
    prepare_site(load_scenario("no-wan-install"), tmp_path / "run")
    assert "training" in json.loads((tmp_path / "run" / "site.json").read_text())["note"]


@pytest.mark.shared
def test_the_reference_devices_can_stand_behind_a_hub(tmp_path: Path, shared: Path) -> None:
    site = prepare_reference_site(tmp_path / "run", shared / "rtds" / "keystore")
    assert load_site(tmp_path / "run").is_reference
    fleet = site.make_fleet()
    folder = shared / "rtds" / "messages" / "8.11_CCS01"
    command, reference = (
        bytes.fromhex((folder / f"CCS01_8.11_SUCCESS_{kind}_GBCS.HEX").read_text())
        for kind in ("COMMAND", "RESPONSE")
    )
    now = datetime.now(UTC)
    recipient = Message.parse(command).recipient
    for _ in range(2):  # each answers as it once did, however often it is asked
        assert fleet[recipient].handle(command, now) == [reference]
    assert fleet.in_han(recipient)
    for entry in read_job_pack(site.job_dir).commands:
        message = entry.local_command.message
        assert fleet[message.recipient].handle(entry.local_command.raw, now)


@pytest.mark.shared
def test_a_folder_of_keys_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HhtError, match="not a folder of keys"):
        prepare_reference_site(tmp_path / "run", tmp_path / "none")
