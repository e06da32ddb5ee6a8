"""Capture: durable, correlated, counted once, and returned where the DCC wants it."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from duis_samples import BROKER, CHF, ESME, SUPPLIER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payload_encoding import encode_payload
from present import present
from store_samples import (
    CCS01_COMMAND,
    CCS01_REFUSAL,
    CCS01_REFUSED_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    ECS70_COMMAND,
    ECS70_RESPONSE,
    GNCA_ALERT,
    HUB,
    NOW,
    bring,
    hear,
    open_store,
    pack,
)

from hht.gbcs.dlms import AccessResponse
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload
from hht.outbox.capture import return_anyway
from hht.outbox.compose813 import return_item
from hht.outbox.reports import draft_report, finalise_report
from hht.store import CommandEvent, CommandState, ReturnState, Store, StoreFull

MP081 = [
    *("3.2", "6.8", "6.15.1", "6.15.2", "6.21", "6.23", "8.7.1", "8.7.2", "8.8.1", "8.8.2"),
    *("8.11", "8.12.1", "8.12.2", "11.3"),
]


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def job(store: Store):
    return store.jobs.add(pack(CCS01_COMMAND, CCS01_REFUSED_COMMAND, ECS70_COMMAND))


def send(store: Store, job_id: int, position: int) -> int:
    command = store.commands.of_job(job_id)[position]
    bring(store, command.id, CommandState.DELIVERED)
    return command.id


def test_a_capture_is_on_the_disk_for_another_connection_when_it_returns(store, job):
    capture = hear(store, CCS01_RESPONSE, job.id)
    with closing(sqlite3.connect(store.database.path)) as other:
        row = other.execute("SELECT raw FROM captures WHERE id = ?", (capture.id,)).fetchone()
    assert row[0] == CCS01_RESPONSE


def test_a_capture_knows_its_headers_its_time_and_its_hub(store, job):
    hear(store, CCS01_RESPONSE, job.id)
    (kept,) = store.captures.of_job(job.id)
    assert (kept.cra, kept.counter, kept.message_code) == (Cra.RESPONSE, 0x516, 1)
    assert (kept.originator, kept.recipient, kept.hub) == (CHF, BROKER, HUB)
    assert kept.received_at == NOW
    assert kept.raw == CCS01_RESPONSE


def test_what_capture_gives_back_is_what_the_store_keeps(store, job):
    for raw in (CCS01_RESPONSE, CS14_ALERT, b"\x00 no GBCS message"):
        assert hear(store, raw, job.id) == store.captures.of_job(job.id)[-1]


def test_a_positive_response_answers_its_command(store, job):
    command_id = send(store, job.id, 0)
    assert hear(store, CCS01_RESPONSE, job.id).command_id == command_id
    assert store.commands.get(command_id).state is CommandState.ANSWERED


def test_a_negative_response_refuses_its_command(store, job):
    command_id = send(store, job.id, 1)
    hear(store, CCS01_REFUSAL, job.id)
    assert store.commands.get(command_id).state is CommandState.REFUSED
    assert store.commands.get(command_id).reason


def test_an_unreadable_response_leaves_its_command_unknown(store, job):
    command_id = send(store, job.id, 0)
    hear(store, CCS01_RESPONSE[:-2], job.id)
    assert store.commands.get(command_id).state is CommandState.UNKNOWN


def test_a_response_that_overtakes_the_acknowledgement_still_answers(store, job):
    command = store.commands.of_job(job.id)[0]
    store.commands.move(command.id, CommandEvent.SEND)
    hear(store, CCS01_RESPONSE, job.id)
    assert store.commands.get(command.id).state is CommandState.ANSWERED


def test_the_same_bytes_are_kept_once_and_counted(store, job):
    first = hear(store, CCS01_RESPONSE, job.id)
    again = hear(store, CCS01_RESPONSE, job.id)
    assert (first.duplicate, again.duplicate) == (False, True)
    assert (again.id, again.copies) == (first.id, 2)
    assert len(store.captures.all()) == 1
    assert len(store.returns.all()) == 1


def test_the_same_bytes_for_two_jobs_are_two_captures_and_one_return(store, job):
    other = store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
    hear(store, CS14_ALERT, job.id)
    hear(store, CS14_ALERT, other.id)
    assert len(store.captures.all()) == 2
    assert len(store.returns.all()) == 1


def test_a_response_goes_to_the_command_of_its_own_job(store, job):
    other = store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
    first = hear(store, CCS01_RESPONSE, job.id)
    assert first.command_id == store.commands.of_job(job.id)[0].id
    assert hear(store, CCS01_RESPONSE, other.id).command_id == store.commands.of_job(other.id)[0].id


def test_a_response_is_returned_under_the_imported_request_id(store, job):
    capture = hear(store, CCS01_RESPONSE, job.id)
    item = return_item(store, present(capture.return_id))
    assert item.row.original_request_id == f"{SUPPLIER}:{CHF}:1000"
    assert item.row.state is ReturnState.READY
    assert str(SUPPLIER) in item.row.request_id


def test_the_refusal_of_a_wanted_service_is_returned_too(store, job):
    assert hear(store, CCS01_REFUSAL, job.id).return_id is not None


def test_a_response_the_dcc_does_not_ask_for_is_held(store, job):
    capture = hear(store, ECS70_RESPONSE, job.id)
    assert capture.command_id == store.commands.of_job(job.id)[2].id
    assert capture.return_id is None
    assert store.returns.all() == ()


@pytest.mark.parametrize(
    "variant",
    [
        "3.2",
        "6.8",
        "6.15.1",
        "6.15.2",
        "6.21",
        "6.23",
        "8.7.1",
        "8.7.2",
        "8.8.1",
        "8.8.2",
        "8.11",
        "8.12.1",
        "8.12.2",
        "11.3",
    ],
)
def test_the_fourteen_services_of_mp081_are_returned(store, variant):
    job = store.jobs.add(pack(CCS01_COMMAND, variant=variant))
    assert hear(store, CCS01_RESPONSE, job.id).return_id is not None


def test_an_alert_on_the_list_is_returned_without_an_original_request_id(store, job):
    capture = hear(store, CS14_ALERT, job.id)
    assert capture.alert_code == 0x8F12
    item = return_item(store, present(capture.return_id))
    assert item.row.original_request_id is None
    assert b"OriginalRequestID" not in item.xml


def test_an_alert_not_on_the_list_and_an_unrelated_response_are_held(store, job):
    assert hear(store, GNCA_ALERT, job.id).return_id is None
    stranger = CCS01_RESPONSE.replace(CHF, ESME)
    capture = hear(store, stranger, job.id)
    assert (capture.command_id, capture.return_id) == (None, None)


def test_what_is_held_can_be_returned_anyway_and_only_once(store, job):
    held = hear(store, GNCA_ALERT, job.id)
    return_id = return_anyway(store, held.id)
    assert return_anyway(store, held.id) == return_id
    assert store.captures.get(held.id).return_id == return_id
    assert [row.id for row in store.returns.all()] == [return_id]


def test_the_key_of_an_item_does_not_depend_on_the_handheld(tmp_path, store, job):
    hear(store, CS14_ALERT, job.id)
    (tmp_path / "b").mkdir()
    with open_store(tmp_path / "b") as other:
        hear(other, CS14_ALERT)
        assert other.returns.all()[0].idempotency_key == store.returns.all()[0].idempotency_key


def test_header_counters_rise_and_never_repeat_even_when_the_clock_goes_back(
    store, job, time_machine
):
    time_machine.move_to("2026-11-20T09:00:00Z")
    hear(store, CCS01_RESPONSE, job.id)
    time_machine.move_to("2026-11-19T09:00:00Z")
    hear(store, CCS01_REFUSAL, job.id)
    first, second = (int(row.request_id.rpartition(":")[2]) for row in store.returns.all())
    assert second > first


def test_header_counters_do_not_repeat_after_a_restart_or_a_finalised_draft(
    tmp_path, store, job, time_machine
):
    time_machine.move_to("2026-11-20T09:00:00Z")
    draft = draft_report(store, "8.14.4", b"<sr:X/>", originator=SUPPLIER)
    hear(store, CCS01_RESPONSE, job.id)
    finalise_report(store, draft)
    store.close()
    time_machine.move_to("2026-11-19T09:00:00Z")
    with open_store(tmp_path) as again:
        hear(again, CS14_ALERT, job.id)
        counters = [int(row.request_id.rpartition(":")[2]) for row in again.returns.all()]
    assert len(set(counters)) == 3
    assert max(counters) == counters[-1]


def test_what_is_no_gbcs_message_is_kept_too(store, job):
    capture = hear(store, b"\x01\x02 junk", job.id)
    assert (capture.cra, capture.return_id) == (None, None)
    assert store.captures.get(capture.id).raw == b"\x01\x02 junk"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_bytes_at_all_are_kept_as_they_came(store, junk, position):
    cut = CCS01_RESPONSE[: position % len(CCS01_RESPONSE)] + junk
    assert store.captures.get(hear(store, cut).id).raw == cut


def test_returns_waiting_counts_until_the_receipt(store, job):
    hear(store, CCS01_RESPONSE, job.id)
    hear(store, CS14_ALERT, job.id)
    first = store.returns.all()[0].id
    store.outbox.mark_written([first], "exported")
    assert store.returns.waiting_count() == 2
    store.outbox.record_receipt(first, "I0", b"<xml/>", at=NOW)
    assert store.returns.waiting_count() == 1
    assert store.returns.counts() == {ReturnState.RECEIVED: 1, ReturnState.READY: 1}


def test_how_a_message_was_judged_is_kept_with_it(store, job):
    found = hear(store, CCS01_REFUSAL, job.id).judgement
    assert (found.positive, found.mac, found.signature) == (False, "unchecked", "absent")
    assert found.summary.startswith("2 of 3 steps failed")
    assert store.captures.of_job(job.id)[0].judgement == found


def test_a_command_knows_that_its_response_was_kept(store, job):
    command_id = send(store, job.id, 0)
    assert not store.commands.get(command_id).captured
    hear(store, CCS01_RESPONSE, job.id)
    assert store.commands.get(command_id).captured


def test_what_is_settled_without_a_response_is_uncaptured_until_one_comes(store, job):
    other = store.jobs.add(pack(CCS01_COMMAND, reference="the same message"))
    command_id = send(store, job.id, 0)
    store.commands.move(command_id, CommandEvent.LOST_SIGHT)
    store.commands.move(command_id, CommandEvent.SETTLED_DONE)
    assert store.commands.get(command_id).is_uncaptured
    assert [store.commands.uncaptured_count(each.id) for each in (job, other)] == [1, 1]
    hear(store, CCS01_RESPONSE, job.id)
    assert not store.commands.get(command_id).is_uncaptured
    assert [store.commands.uncaptured_count(each.id) for each in (job, other)] == [0, 0]


def test_what_came_unproven_before_the_sending_is_no_answer_to_what_was_sent(store, job):
    other = store.jobs.add(pack(CCS01_COMMAND, reference="the same message"))
    hear(store, CCS01_RESPONSE, job.id)
    command_id = send(store, job.id, 0)
    store.commands.move(command_id, CommandEvent.LOST_SIGHT)
    store.commands.move(command_id, CommandEvent.READ_BACK)
    assert [store.commands.uncaptured_count(each.id) for each in (job, other)] == [1, 1]
    hear(store, CCS01_RESPONSE, job.id)
    assert [store.commands.uncaptured_count(each.id) for each in (job, other)] == [0, 0]


def test_what_came_unproven_and_was_never_sent_is_kept_all_the_same(store, job):
    hear(store, CCS01_RESPONSE, job.id)
    row = store.commands.of_job(job.id)[0]
    assert row.state is CommandState.HEARD
    assert not store.commands.move(row.id, CommandEvent.READ_BACK).is_uncaptured


def test_a_response_that_leaves_parts_of_its_command_out_makes_it_unknown(store, job):
    command_id = send(store, job.id, 0)
    message = Message.parse(CCS01_RESPONSE)
    answer = decode_payload(message)
    assert isinstance(answer, AccessResponse)
    short = replace(answer, results=answer.results[:2], data=answer.data[:2])
    capture = hear(store, replace(message, payload=encode_payload(short)).encode(), job.id)
    assert store.commands.get(command_id).state is CommandState.UNKNOWN
    assert capture.judgement.positive is None
    assert capture.judgement.summary.startswith("It gave 2 results for the 3 parts of the Command")


def test_a_response_is_judged_only_once_its_command_can_be_read(store, job, monkeypatch):
    def full(*_):
        raise StoreFull("The disk is full")

    send(store, job.id, 0)
    monkeypatch.setattr(store.commands, "answered_raw", full)
    with pytest.raises(StoreFull):
        hear(store, CCS01_RESPONSE, job.id)
    assert store.captures.all() == ()
    monkeypatch.undo()
    assert hear(store, CCS01_RESPONSE, job.id).judgement.positive is True
