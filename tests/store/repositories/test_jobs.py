"""Jobs: imported once; a Local Command with a positive Response is never sent again."""

import sqlite3

import pytest
from duis_samples import CHF, ESME, GPF
from store_samples import (
    CCS01_COMMAND,
    CCS01_REFUSAL,
    CCS01_REFUSED_COMMAND,
    CCS01_RESPONSE,
    ECS70_COMMAND,
    hear,
    open_store,
    pack,
)

from hht.store import CommandState, Mode, StateRefused, Store, StoreError, StoreFull
from hht.store.states import NEXT

S = CommandState


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


def test_a_job_comes_back_as_it_was_imported(tmp_path, store):
    job = store.add_job(pack(CCS01_COMMAND, ECS70_COMMAND))
    store.close()
    with open_store(tmp_path) as again:
        kept = again.job(job.id)
        assert kept == job
        assert (kept.reference, kept.premises) == ("JOB-0001", "1 High Street")
        assert (kept.hub_gpf, kept.hub_chf) == (GPF, CHF)
        first, second = again.commands(job.id)
        assert (first.raw, first.device, first.message_code) == (CCS01_COMMAND, CHF, 1)
        assert (second.raw, second.device, second.after) == (ECS70_COMMAND, ESME, (0,))
        assert again.certificates(job.id) == {"00db1234567890a0-ds.pem": b"PEM"}


def test_the_same_pack_again_is_the_same_job_with_its_states(store):
    job = store.add_job(pack(CCS01_COMMAND))
    hear(store, CCS01_RESPONSE, job.id)
    assert store.add_job(pack(CCS01_COMMAND)) == job
    assert store.commands(job.id)[0].state is S.ANSWERED
    assert store.add_job(pack(CCS01_COMMAND, reference="JOB-0002")).id != job.id


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.FACILITY])
def test_a_training_job_is_refused_in_a_live_database(tmp_path, mode):
    with open_store(tmp_path, mode) as store, pytest.raises(StoreError, match="training"):
        store.add_job(pack(CCS01_COMMAND))
    with open_store(tmp_path / "l", Mode.LIVE) as store:
        assert store.add_job(pack(CCS01_COMMAND, mode=None)).id


def test_loose_commands_are_taken_by_any_mode(tmp_path):
    for mode in Mode:
        with open_store(tmp_path, mode) as store:
            assert store.add_job(pack(CCS01_COMMAND, mode=None)).reference == "JOB-0001"


def test_an_answered_command_never_goes_back_to_sending(store):
    job = store.add_job(pack(CCS01_COMMAND))
    command = store.commands(job.id)[0]
    hear(store, CCS01_RESPONSE, job.id)
    for state in set(S) - {S.ANSWERED}:
        with pytest.raises(StateRefused, match="never sent again"):
            store.set_command_state(command.id, state)
    assert store.command(command.id).state is S.ANSWERED


def test_the_database_itself_refuses_to_reopen_an_answered_command(store):
    job = store.add_job(pack(CCS01_COMMAND))
    hear(store, CCS01_RESPONSE, job.id)
    with pytest.raises(sqlite3.IntegrityError, match="final"):
        store.database.connection.execute("UPDATE commands SET state = 'waiting'")


def test_a_late_positive_response_betters_a_refusal_and_nothing_worsens_an_answer(store):
    job = store.add_job(pack(CCS01_COMMAND, CCS01_REFUSED_COMMAND))
    refused = store.commands(job.id)[1]
    hear(store, CCS01_REFUSAL, job.id)
    assert store.command(refused.id).state is S.REFUSED
    store.set_command_state(refused.id, S.ANSWERED)
    hear(store, CCS01_REFUSAL[:-1] + b"\0", job.id)
    assert store.command(refused.id).state is S.ANSWERED


@pytest.mark.parametrize("old", sorted(set(S) - {S.WAITING}))
def test_only_a_waiting_command_may_be_sent(old):
    assert S.SENDING not in NEXT[old]


def test_an_uncertain_command_waits_again_only_when_it_was_settled(store):
    command = store.commands(store.add_job(pack(CCS01_COMMAND)).id)[0]
    store.set_command_state(command.id, S.SENDING)
    store.set_command_state(command.id, S.UNKNOWN, "no answer in time")
    with pytest.raises(StateRefused, match="Settle it first"):
        store.set_command_state(command.id, S.SENDING)
    store.set_command_state(command.id, S.WAITING, "settled")
    store.set_command_state(command.id, S.SENDING)
    assert store.command(command.id).tries == 2


def test_a_nearly_full_disk_stops_deliveries_before_captures(store, monkeypatch):
    job = store.add_job(pack(CCS01_COMMAND))
    monkeypatch.setattr(store.space, "free", lambda: 1024 * 1024)
    with pytest.raises(StoreFull, match="captures are still kept"):
        store.set_command_state(store.commands(job.id)[0].id, S.SENDING)
    assert hear(store, CCS01_RESPONSE, job.id).id


def test_a_journey_is_kept_replaced_and_cleared(store):
    job = store.add_job(pack(CCS01_COMMAND))
    assert store.load_journey(job.id, "connect") is None
    store.save_journey(job.id, "connect", {"state": "scanning"})
    store.save_journey(job.id, "connect", {"state": "joined", "hub": str(GPF)})
    assert store.load_journey(job.id, "connect") == {"state": "joined", "hub": str(GPF)}
    store.clear_journey(job.id, "connect")
    assert store.load_journey(job.id, "connect") is None


def test_a_job_and_a_command_that_are_not_there_have_their_line(store: Store):
    for ask in (store.job, store.command, store.capture_row, store.return_item):
        with pytest.raises(StoreError, match="There is no"):
            ask(7)
