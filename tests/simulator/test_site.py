"""A site is made once, kept as it was, and keeps its secrets to itself."""

import json
from pathlib import Path

import pytest

from hht.errors import HhtError
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import load_site
from hht.simulator.site.spec import site_spec, to_json
from hht.training.scenario.load import load_scenario, scenario_names


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_site_that_is_there_is_loaded_and_not_made_again(tmp_path: Path) -> None:
    spec = load_scenario("no-wan-install").site
    first = prepare_site(spec, tmp_path / "run", seed=1)
    before = contents(tmp_path / "run")
    second = prepare_site(spec, tmp_path / "run", seed=2)
    assert contents(tmp_path / "run") == before
    assert second.network_key == first.network_key == load_site(tmp_path / "run").network_key
    assert second.hub_cbke == first.hub_cbke


def test_a_seed_gives_the_same_codes_each_time(tmp_path: Path) -> None:
    spec = load_scenario("no-wan-install").site
    codes = [
        [d.install_code for d in prepare_site(spec, tmp_path / run, seed=7).devices] for run in "ab"
    ]
    assert codes[0] == codes[1]
    assert len(set(codes[0])) == 3


def test_secrets_stay_out_of_reprs_and_away_from_others(tmp_path: Path) -> None:
    site = prepare_site(load_scenario("no-wan-install").site, tmp_path / "run", seed=1)
    shown = repr(site)
    for device in site.devices:
        assert device.install_code.hex() not in shown
        assert repr(device.install_code) not in shown
    assert repr(site.network_key) not in shown
    for name in ("site.json", "hht-identity.json", "cbke.json"):
        assert (tmp_path / "run" / name).stat().st_mode & 0o077 == 0


def test_the_handheld_is_given_an_identity_it_can_load(tmp_path: Path) -> None:
    from hht.session.identity import load_identity

    site = prepare_site(load_scenario("no-wan-install").site, tmp_path / "run", seed=1)
    identity = load_identity(tmp_path / "run" / "hht-identity.json")
    assert identity.cbke.entity_id == site.hht
    assert identity.cbke.ca_public_key == site.authority.public_key
    assert identity.install_code == site.hht_install_code


def test_no_install_code_of_a_device_is_in_the_job_but_in_its_ccs01(tmp_path: Path) -> None:
    site = prepare_site(load_scenario("no-wan-install").site, tmp_path / "run", seed=1)
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
    prepare_site(load_scenario("no-wan-install").site, tmp_path / "run")
    assert "training" in json.loads((tmp_path / "run" / "site.json").read_text())["note"]


@pytest.mark.parametrize("name", scenario_names())
def test_the_hub_finds_in_the_folder_what_the_scenario_said(name: str, tmp_path: Path) -> None:
    spec = load_scenario(name).site
    assert site_spec(json.loads(json.dumps(to_json(spec)))) == spec


def test_a_site_that_named_its_scenario_alone_is_completed(tmp_path: Path) -> None:
    spec, run_dir = load_scenario("no-wan-install").site, tmp_path / "run"
    before = prepare_site(spec, run_dir, seed=1)
    record = json.loads((run_dir / "site.json").read_text())
    del record["spec"]
    old = {**record, "scenario": "no-wan-install", "reference": False}
    (run_dir / "site.json").write_text(json.dumps(old))
    again = prepare_site(spec, run_dir)
    assert (again.spec, again.network_key) == (spec, before.network_key)
    assert load_site(run_dir).devices == before.devices
    assert (run_dir / "site.json").stat().st_mode & 0o077 == 0
