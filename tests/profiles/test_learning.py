"""A profile whose values were drawn at random is recovered from what its hub's air carried."""

import random
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drawn_profiles import capture_connection, draw

from hht.entity_id import EntityId
from hht.hub_profile import HubProfile, load_profile
from hht.profiles.captures import CapturedFrame, read_capture
from hht.profiles.file import marked_values, write_profile
from hht.profiles.findings import LEARNABLE, Learnt
from hht.profiles.keys import read_keys
from hht.profiles.learning import learn
from hht.simulator.site.record import Site, load_site
from hht.zse.errors import MalformedFrame, NotAuthentic
from hht.zse.interpan.frame import InterPanFrame, decode_interpan, encode_secured

pytestmark = pytest.mark.whole_program

DRAWS = 6  # of each kind here; packaging and reports draw fifty
NOTHING_TO_SEE = {
    "gbt_block_size": lambda profile: not profile.gbt_used,
    "gbt_window": lambda profile: not profile.gbt_used,
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
async def test_without_keys_what_is_reported_is_right_and_the_rest_is_left_open(
    site: Site, tmp_path: Path, seed: int
) -> None:
    profile = draw(random.Random(seed))
    found = learnt(await captured(site, tmp_path, profile), keys=False)
    assert wrong(found, profile) == {}
    assert {"admission_cluster", "admission_profile_id"} <= set(found.findings) <= IN_CLEAR
    assert found.seen == 0  # it may have been another message than the CCS01


OTHER_KEY = bytes(range(16))
OTHER = 0x0703  # a cluster that no drawn profile of these seeds has


def sealed(source: EntityId, hub: EntityId, key: bytes, counter: int) -> bytes:
    frame = InterPanFrame(source, 0xFFFF, hub, 0xFFFF, 1, OTHER, b"\x01\x01\x00" + bytes(100))
    return encode_secured(frame, key, counter)


def begins(frames: list[CapturedFrame], hht: EntityId) -> int:
    """Return where the HHT begins its key establishment."""
    for at, frame in enumerate(frames):
        with suppress(MalformedFrame, NotAuthentic):
            if (seen := decode_interpan(frame.raw)).source == hht and seen.cluster == 0x0800:
                return at
    raise AssertionError("the capture holds no key establishment")


def with_frames(frames: list[CapturedFrame], at: int, *raws: bytes) -> list[CapturedFrame]:
    more = [CapturedFrame("more.pcap", number, raw) for number, raw in enumerate(raws, 1)]
    return [*frames[:at], *more, *frames[at:]]


async def test_another_sealed_message_is_not_taken_for_the_ccs01(
    site: Site, tmp_path: Path
) -> None:
    profile = draw(random.Random(1))
    pcap = await captured(site, tmp_path, profile)
    frames, keys = read_capture(pcap), read_keys(pcap.with_name("air.pcap.keys"))
    at, hub = begins(frames, site.hht) + 1, site.spec.hub.chf
    for key in (keys[0], OTHER_KEY):  # one that is opened and holds no CCS01, one that is not
        odd = with_frames(frames, at, sealed(site.hht, hub, key, 9))
        found = learn([odd], keys)
        assert wrong(found, profile) == {}
        assert found.findings["admission_cluster"].certain
        without = learn([odd]).findings["admission_cluster"]
        assert without.mark.startswith("[guess] from a message that no key opened, frame 1 of")
        assert "otherwise in frame" in without.mark


async def test_a_capture_begun_after_the_key_establishment_still_shows_the_hht(
    site: Site, tmp_path: Path
) -> None:
    profile = draw(random.Random(1))
    pcap = await captured(site, tmp_path, profile)
    frames, keys = read_capture(pcap), read_keys(pcap.with_name("air.pcap.keys"))
    later = [frame for frame in frames if not is_key_establishment(frame)]
    assert len(later) < len(frames)
    whole, found = learn([frames], keys), learn([later], keys)
    assert found.findings == whole.findings


async def test_a_key_that_turns_up_in_one_capture_opens_the_next(
    site: Site, tmp_path: Path
) -> None:
    pcap = await captured(site, tmp_path, draw(random.Random(1)))
    frames, keys = read_capture(pcap), read_keys(pcap.with_name("air.pcap.keys"))
    interpan = next(key for key in keys if "admission_command" in learn([frames], [key]).findings)
    whole = learn([frames], [interpan])
    ccs01 = whole.findings["admission_command"].at
    assert "hht_endpoint" in whole.findings  # seen on the HAN
    cut = frames.index(ccs01) + 1
    assert learn([frames[:cut], frames[cut:]], [interpan]).findings == whole.findings


def is_key_establishment(frame: CapturedFrame) -> bool:
    with suppress(MalformedFrame, NotAuthentic):
        return decode_interpan(frame.raw).cluster == 0x0800
    return False


async def test_each_hht_of_a_capture_has_findings_of_its_own(site: Site, tmp_path: Path) -> None:
    profile = draw(random.Random(1))
    pcap = await captured(site, tmp_path, profile)
    frames, keys = read_capture(pcap), read_keys(pcap.with_name("air.pcap.keys"))
    other, hub = EntityId.parse("00-DB-12-34-56-78-90-C7"), site.spec.hub.chf
    first = decode_interpan(frames[begins(frames, site.hht)].raw)
    begun = replace(first, source=other).encode()
    both = with_frames(frames, 0, begun, sealed(other, hub, OTHER_KEY, 1))
    found = learn([both], keys)
    assert found.pair is not None
    assert found.pair.hht == site.hht
    assert [pair.hht for pair in found.others] == [other]
    assert wrong(found, profile) == {}
    of_other = learn([both], keys, other)
    assert of_other.seen == 0
    assert of_other.findings["admission_cluster"].value == OTHER
    assert not of_other.findings["admission_fragmentation"].value  # one frame of 143 bytes


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
