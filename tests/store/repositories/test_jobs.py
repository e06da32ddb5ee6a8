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
    bring,
    hear,
    open_store,
    pack,
)

from hht.store import CommandEvent, CommandState, Mode, StateRefused, Store, StoreError, StoreFull

E, S = CommandEvent, CommandState


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


def test_a_job_comes_back_as_it_was_imported(tmp_path, store):
    job = store.jobs.add(pack(CCS01_COMMAND, ECS70_COMMAND))
    store.close()
    with open_store(tmp_path) as again:
        kept = again.jobs.get(job.id)
        assert kept == job
        assert (kept.reference, kept.premises) == ("JOB-0001", "1 High Street")
        assert (kept.hub_gpf, kept.hub_chf) == (GPF, CHF)
        first, second = again.commands.of_job(job.id)
        assert (first.raw, first.device, first.message_code) == (CCS01_COMMAND, CHF, 1)
        assert (second.raw, second.device, second.after) == (ECS70_COMMAND, ESME, (0,))
        assert again.jobs.certificates(job.id) == {"00db1234567890a0-ds.pem": b"PEM"}


def test_the_same_pack_again_is_the_same_job_with_its_states(store):
    job = store.jobs.add(pack(CCS01_COMMAND))
    bring(store, store.commands.of_job(job.id)[0].id, S.DELIVERED)
    hear(store, CCS01_RESPONSE, job.id)
    assert store.jobs.add(pack(CCS01_COMMAND)) == job
    assert store.commands.of_job(job.id)[0].state is S.ANSWERED
    assert store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002")).id != job.id


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.FACILITY])
def test_a_training_job_is_refused_in_a_live_database(tmp_path, mode):
    with open_store(tmp_path, mode) as store, pytest.raises(StoreError, match="training"):
        store.jobs.add(pack(CCS01_COMMAND))
    with open_store(tmp_path / "l", Mode.LIVE) as store:
        assert store.jobs.add(pack(CCS01_COMMAND, mode=None)).id


def test_loose_commands_are_taken_by_any_mode(tmp_path):
    for mode in Mode:
        with open_store(tmp_path, mode) as store:
            assert store.jobs.add(pack(CCS01_COMMAND, mode=None)).reference == "JOB-0001"


def test_an_answered_command_never_goes_back_to_sending(store):
    job = store.jobs.add(pack(CCS01_COMMAND))
    command = store.commands.of_job(job.id)[0]
    bring(store, command.id, S.DELIVERED)
    hear(store, CCS01_RESPONSE, job.id)
    with pytest.raises(StateRefused, match="never sent again"):
        store.commands.move(command.id, E.SEND)
    assert store.commands.get(command.id).state is S.ANSWERED


def test_the_database_itself_refuses_to_reopen_an_answered_command(store):
    job = store.jobs.add(pack(CCS01_COMMAND))
    bring(store, store.commands.of_job(job.id)[0].id, S.ANSWERED)
    with pytest.raises(sqlite3.IntegrityError, match="final"):
        store.database.connection.execute("UPDATE commands SET state = 'waiting'")


def test_a_late_positive_response_betters_a_refusal_and_nothing_worsens_an_answer(store):
    job = store.jobs.add(pack(CCS01_COMMAND, CCS01_REFUSED_COMMAND))
    refused = store.commands.of_job(job.id)[1]
    bring(store, refused.id, S.DELIVERED)
    hear(store, CCS01_REFUSAL, job.id)
    assert store.commands.get(refused.id).state is S.REFUSED
    store.commands.move(refused.id, E.POSITIVE)
    hear(store, CCS01_REFUSAL[:-1] + b"\0", job.id)
    assert store.commands.get(refused.id).state is S.ANSWERED


def test_the_engineers_word_is_taken_back_in_every_job_and_no_response_is(store):
    first = store.commands.of_job(store.jobs.add(pack(CCS01_COMMAND)).id)[0]
    again = store.commands.of_job(store.jobs.add(pack(CCS01_COMMAND, reference="JOB-2")).id)[0]
    bring(store, first.id, S.UNKNOWN)
    store.commands.move(first.id, E.SETTLED_DONE, "seen")
    assert store.commands.get(again.id).state is S.ANSWERED
    store.commands.take_back(again.id, "taken back")
    for row in map(store.commands.get, (first.id, again.id)):
        assert (row.state, row.reason) == (S.UNKNOWN, "taken back")
    store.commands.move(first.id, E.SETTLED_DONE, "seen")
    hear(store, CCS01_RESPONSE, first.job_id)
    with pytest.raises(StateRefused, match="does not rest on your word"):
        store.commands.take_back(first.id, "taken back")
    assert store.commands.get(first.id).state is S.ANSWERED


@pytest.mark.parametrize("event", [None, E.POSITIVE, E.SETTLED_DONE])
def test_the_database_itself_takes_back_no_response(store, event):
    job = store.jobs.add(pack(CCS01_COMMAND))
    row = store.commands.of_job(job.id)[0]
    bring(store, row.id, S.ANSWERED)
    write = store.database.connection.execute
    write("UPDATE commands SET last_event = ?, captured = ?", (event, event is E.SETTLED_DONE))
    with pytest.raises(sqlite3.IntegrityError, match="final"):
        write("UPDATE commands SET state = 'unknown', last_event = 'taken-back'")


def test_an_uncertain_command_waits_again_only_when_it_was_settled(store):
    command = store.commands.of_job(store.jobs.add(pack(CCS01_COMMAND)).id)[0]
    bring(store, command.id, S.UNKNOWN, "no answer in time")
    with pytest.raises(StateRefused, match="Say first whether it arrived"):
        store.commands.move(command.id, E.SEND)
    store.commands.move(command.id, E.SETTLED_NOT_DELIVERED, "settled")
    store.commands.move(command.id, E.SEND)
    assert store.commands.get(command.id).tries == 2


def test_a_nearly_full_disk_stops_deliveries_before_captures(store, monkeypatch):
    job = store.jobs.add(pack(CCS01_COMMAND))
    monkeypatch.setattr(store.space, "free", lambda: 1024 * 1024)
    with pytest.raises(StoreFull, match="captures are still kept"):
        store.commands.move(store.commands.of_job(job.id)[0].id, E.SEND)
    assert hear(store, CCS01_RESPONSE, job.id).id


def test_a_journey_is_kept_replaced_and_cleared(store):
    job = store.jobs.add(pack(CCS01_COMMAND))
    assert store.journeys.load(job.id, "connect") is None
    store.journeys.save(job.id, "connect", {"state": "scanning"})
    store.journeys.save(job.id, "connect", {"state": "joined", "hub": str(GPF)})
    assert store.journeys.load(job.id, "connect") == {"state": "joined", "hub": str(GPF)}
    store.journeys.clear(job.id, "connect")
    assert store.journeys.load(job.id, "connect") is None


def test_a_job_and_a_command_that_are_not_there_have_their_line(store: Store):
    for ask in (store.jobs.get, store.commands.get, store.captures.get, store.returns.content):
        with pytest.raises(StoreError, match="There is no"):
            ask(7)
        with pytest.raises(StoreError, match="Nothing in it has so large a number"):
            ask(10**20)


def test_one_message_is_one_local_command_in_however_many_jobs_it_lies(store):
    first = store.jobs.add(pack(CCS01_COMMAND))
    second = store.jobs.add(pack(CCS01_COMMAND, reference="the same, renamed"))
    (one,), (two,) = (store.commands.of_job(job.id) for job in (first, second))
    store.commands.move(one.id, E.SEND)
    assert store.commands.get(two.id).state is S.SENDING
    hear(store, CCS01_RESPONSE, first.id)
    assert store.commands.get(two.id).state is S.ANSWERED
    with pytest.raises(StateRefused, match="never sent again"):
        store.commands.move(two.id, E.SEND)
    third = store.jobs.add(pack(CCS01_COMMAND, reference="once more"))
    assert store.commands.states(third.id) == (S.ANSWERED,)
