"""The HHT's own keys: in a file until a PIN is set, and nowhere in plain from then on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.journeys.equipment import LiveEquipment, ProfileUnusable
from hht.journeys.identity.keeping import keep
from hht.journeys.own_identity import FILE, identity_finding, own_identity, seal_identity
from hht.session.identity import IdentityUnusable
from hht.store import Mode, StoreLocked
from screens.forms.failure import remedy_of

PRIVATE_KEY = "bb" * 36
FIELDS = {
    "entity_id": "00-DB-00-00-00-00-FF-01",
    "certificate": "aa" * 74,
    "private_key": PRIVATE_KEY,
    "ca_public_key": "cc" * 37,
    "suite": 2,
    "install_code": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture
def store(tmp_path: Path):
    (tmp_path / FILE).write_text(json.dumps(FIELDS))
    with open_store(tmp_path, Mode.LIVE) as opened:
        yield opened


def test_without_a_pin_it_is_read_from_its_file_and_left_there(tmp_path, store):
    assert str(own_identity(tmp_path, store).entity_id) == FIELDS["entity_id"]
    assert (tmp_path / FILE).exists()
    assert store.secrets.names() == ()


def test_with_a_pin_it_goes_into_the_key_ring_and_its_file_is_destroyed(tmp_path, store):
    before = own_identity(tmp_path, store)
    store.vault.protect("271828")
    assert own_identity(tmp_path, store) == before
    assert not (tmp_path / FILE).exists()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PRIVATE_KEY.encode() not in written
    assert bytes.fromhex(PRIVATE_KEY) not in written
    assert own_identity(tmp_path, store) == before


def test_with_a_pin_a_new_identity_is_never_in_a_file_in_clear(tmp_path, store):
    """The octets of the file before are written over, not left to a file that takes its name."""
    before = own_identity(tmp_path, store)
    (same_octets := tmp_path / "same octets").hardlink_to(tmp_path / FILE)
    store.vault.protect("271828")
    assert keep(tmp_path, store, replace(before, install_code=bytes(16)))
    assert not (tmp_path / FILE).exists()
    assert not same_octets.read_bytes().strip()
    assert own_identity(tmp_path, store).install_code == bytes(16)


def test_a_locked_store_gives_no_identity(tmp_path, store):
    store.vault.protect("271828")
    seal_identity(tmp_path, store)
    store.vault.lock()
    with pytest.raises(StoreLocked):
        own_identity(tmp_path, store)


def test_a_file_that_is_not_whole_is_refused_and_kept(tmp_path, store):
    (tmp_path / FILE).write_text("{}")
    store.vault.protect("271828")
    with pytest.raises(IdentityUnusable):
        own_identity(tmp_path, store)
    assert (tmp_path / FILE).read_text() == "{}"


def test_a_visit_begins_without_a_dongle_and_has_the_one_that_is_chosen_later(tmp_path, store):
    """A hub that is sent back needs none, and the questions of an installation none."""
    job = store.jobs.add(replace(pack(CCS01_COMMAND), mode=None))
    equipment = LiveEquipment(tmp_path, None)
    equipment.store = store
    assert equipment.equip(job.id).radio_url == ""
    equipment.radio = "socket://127.0.0.1:1"
    assert equipment.equip(job.id).radio_url == "socket://127.0.0.1:1"


def test_a_visit_begins_without_an_identity_and_says_why_there_is_none_once_it_is_needed(
    tmp_path, store
):
    (tmp_path / FILE).unlink()
    job = store.jobs.add(replace(pack(CCS01_COMMAND), mode=None))
    equipment = LiveEquipment(tmp_path, None)
    equipment.store = store
    kit = equipment.equip(job.id)
    assert kit.identity is None
    assert kit.identify
    with pytest.raises(IdentityUnusable, match="is not there"):
        kit.identify()
    (tmp_path / FILE).write_text(json.dumps(FIELDS))
    assert str(kit.identify().entity_id) == FIELDS["entity_id"]


def test_a_job_whose_hub_profile_is_gone_says_where_it_gets_another_one(tmp_path, store):
    job = store.jobs.add(replace(pack(CCS01_COMMAND), mode=None))
    store.jobs.set_profile(job.id, str(tmp_path / "gone.toml"))
    equipment = LiveEquipment(tmp_path, None)
    equipment.store = store
    with pytest.raises(ProfileUnusable, match="There is no hub profile") as said:
        equipment.equip(job.id)
    assert "M, Hub profile of a job" in remedy_of(said.value)


def test_a_check_up_says_that_live_work_has_no_identity_and_asks_for_no_pin(tmp_path, store):
    (there,) = identity_finding(tmp_path, store)
    assert there.holds
    store.vault.protect("271828")
    seal_identity(tmp_path, store)
    store.vault.lock()
    (sealed,) = identity_finding(tmp_path, store)
    assert sealed.holds
    elsewhere = tmp_path / "elsewhere"
    with open_store(elsewhere, Mode.LIVE) as live, open_store(elsewhere) as training:
        (none,) = identity_finding(elsewhere, live)
        assert none.found == "there is none, and no hub lets an HHT in without"
        assert none.holds is None, "the back office needs none"
        assert identity_finding(elsewhere, training) == []
