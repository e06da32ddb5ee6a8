"""A profile whose values were drawn at random is recovered from what its hub's air carried."""

import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drawn_profiles import capture_connection, draw

from hht.hub_profile import HubProfile, load_profile
from hht.profiles.captures import read_capture
from hht.profiles.file import marked_values, write_profile
from hht.profiles.keys import read_keys
from hht.profiles.learning import LEARNABLE, Learnt, learn
from hht.simulator.site.record import Site, load_site

DRAWS = 6  # of each kind here; packaging and reports draw fifty
NOTHING_TO_SEE = {
    "gbt_block_size": lambda profile: not profile.gbt_used,
    "gbt_window": lambda profile: not profile.gbt_used,
    "admission_fragment_bytes": lambda profile: not profile.admission_fragmentation,
}
IN_CLEAR = {
    "admission_cluster",
    "admission_profile_id",
    "admission_extended_nonce",
    "admission_fragmentation",
    "admission_fragment_bytes",
}


async def captured(site: Site, tmp_path: Path, profile: HubProfile) -> Path:
    folder = tmp_path / "site"
    shutil.copytree(site.run_dir, folder)
    await capture_connection(load_site(folder), profile, tmp_path / "air.pcap")
    return tmp_path / "air.pcap"


def learnt(pcap: Path, *, keys: bool = True) -> Learnt:
    known = read_keys(pcap.with_name(f"{pcap.name}.keys")) if keys else []
    return learn([read_capture(pcap)], known)


def wrong(found: Learnt, profile: HubProfile) -> dict[str, object]:
    return {
        name: finding.value
        for name, finding in found.findings.items()
        if finding.value != getattr(profile, name)
    }


@pytest.mark.parametrize("seed", range(DRAWS))
async def test_with_keys_every_value_that_the_air_shows_is_right(
    site: Site, tmp_path: Path, seed: int
) -> None:
    profile = draw(random.Random(seed))
    found = learnt(await captured(site, tmp_path, profile))
    hidden = {name for name, hides in NOTHING_TO_SEE.items() if hides(profile)}
    assert wrong(found, profile) == {}
    assert set(LEARNABLE) - set(found.findings) == hidden


@pytest.mark.parametrize("seed", range(DRAWS, DRAWS + 3))
async def test_without_keys_what_is_told_is_right_and_the_rest_is_left_open(
    site: Site, tmp_path: Path, seed: int
) -> None:
    profile = draw(random.Random(seed))
    found = learnt(await captured(site, tmp_path, profile), keys=False)
    assert wrong(found, profile) == {}
    assert {"admission_cluster", "admission_profile_id"} <= set(found.findings) <= IN_CLEAR


async def test_the_inter_pan_key_alone_leads_to_the_key_of_the_network(
    site: Site, tmp_path: Path
) -> None:
    """The Install Code in the CCS01 opens the Transport-Key command."""
    pcap = await captured(site, tmp_path, load_profile())
    lines = pcap.with_name("air.pcap.keys").read_text().splitlines()
    only = tmp_path / "one.keys"
    only.write_text("\n".join(line for line in lines if "inter-PAN" in line))
    found = learn([read_capture(pcap)], read_keys(only))
    assert found.findings["hht_endpoint"].value == 1
    assert "tunnel_protocol" not in found.findings  # that is under the key of the second CBKE


async def test_a_value_names_the_frame_that_showed_it(site: Site, tmp_path: Path) -> None:
    pcap = await captured(site, tmp_path, load_profile())
    found = learnt(pcap)
    at = found.findings["admission_command"].at
    assert found.findings["admission_command"].mark == f"[seen] in frame {at.number} of air.pcap"
    assert read_capture(pcap)[at.number - 1] == at


async def test_a_learnt_profile_is_one_that_loads_with_its_marks(
    site: Site, tmp_path: Path
) -> None:
    profile = draw(random.Random(3))
    path = tmp_path / "learnt.toml"
    write_profile(path, learnt(await captured(site, tmp_path, profile)), ["air.pcap"], "stand-in")
    own: dict[str, Any] = {"name": "learnt", "note": load_profile(str(path)).note}
    hidden = {name: getattr(load_profile(), name) for name in LEARNABLE}
    expected = replace(profile, **own)
    seen = {each.name for each in marked_values(str(path)) if each.seen}
    unseen = {name: value for name, value in hidden.items() if name not in seen}
    assert load_profile(str(path)) == replace(expected, **unseen)
    marks = {each.name: each.mark for each in marked_values(str(path))}
    assert marks["residency_hours"].startswith("[SEC]")
    assert all(marks[name].startswith(("[seen]", "[guess]")) for name in LEARNABLE)


def test_frames_of_which_nothing_is_known_teach_nothing() -> None:
    assert learn([[]]).findings == {}
