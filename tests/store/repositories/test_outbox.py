"""The outbox: the key is fixed once, leases run out, and only a receipt ends it."""

import sqlite3
from datetime import timedelta

import pytest
from duis_samples import SUPPLIER
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, NOW, hear, open_store, pack

from hht.outbox.compose813 import return_item
from hht.outbox.reports import draft_report, finalise_report
from hht.store import ReturnState, StoreError

BODY = b"<sr:CHFNoFaultReturn><sr:DeviceID>x</sr:DeviceID></sr:CHFNoFaultReturn>"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def items(store):
    """Two items that are ready."""
    job = store.jobs.add(pack(CCS01_COMMAND))
    hear(store, CCS01_RESPONSE, job.id)
    hear(store, CS14_ALERT, job.id)
    return store.returns.all()


def lease(store, count=10, at=NOW):
    return store.outbox.lease(count, at=at, until=at + MINUTE)


def test_a_draft_may_change_until_it_is_finalised_and_then_never(store):
    number = draft_report(store, "8.14.4", b"<sr:Old/>", originator=SUPPLIER)
    store.drafts.edit(number, BODY)
    assert lease(store) == []
    finalise_report(store, number)
    item = return_item(store, number)
    assert item.row.state is ReturnState.READY
    assert BODY in item.xml
    assert b"<sr:ServiceReference>8.14</sr:ServiceReference>" in item.xml
    for change in (
        lambda: store.drafts.edit(number, b"<sr:New/>"),
        lambda: finalise_report(store, number),
    ):
        with pytest.raises(StoreError, match="not a draft"):
            change()
    assert return_item(store, number) == item


def test_only_a_draft_can_be_discarded(store, items):
    number = draft_report(store, "8.14.4", BODY, originator=SUPPLIER)
    store.drafts.discard(number)
    assert store.returns.all() == items
    with pytest.raises(StoreError, match="not a draft"):
        store.drafts.discard(items[0].id)


def test_what_is_lent_out_is_not_lent_again_until_the_lease_runs_out(store, items):
    assert lease(store, 1) == [items[0].id]
    assert lease(store) == [items[1].id]
    assert lease(store) == []
    assert lease(store, at=NOW + MINUTE) == [row.id for row in items]


def test_lending_keeps_key_and_request_id_and_counts_the_tries(store, items):
    for number in range(3):
        lease(store, at=NOW + number * MINUTE)
    again = store.returns.all()
    assert [row.tries for row in again] == [3, 3]
    assert [row.idempotency_key for row in again] == [row.idempotency_key for row in items]
    assert [row.request_id for row in again] == [row.request_id for row in items]


def test_an_item_to_be_tried_later_is_due_only_then(store, items):
    (first, _) = lease(store)
    store.outbox.try_later(first, NOW + 5 * MINUTE, "no network")
    assert first not in lease(store, at=NOW + 2 * MINUTE)
    assert first in lease(store, at=NOW + 5 * MINUTE)


def test_a_clock_that_was_a_year_ahead_holds_up_nothing(store, items):
    ahead = NOW.replace(year=NOW.year + 1)
    for number in lease(store, at=ahead):
        store.outbox.try_later(number, ahead + MINUTE, "no network")
    assert lease(store) == [row.id for row in items]


def test_next_try_is_the_first_moment_something_is_due(store, items):
    first, second = lease(store)
    store.outbox.try_later(first, NOW + 5 * MINUTE, "")
    store.outbox.record_receipt(second, "I0", b"<xml/>", at=NOW)
    # The clock of `created_at` is the machine's, later than NOW's future only by what is due.
    assert store.outbox.next_try() >= NOW + 5 * MINUTE
    store.outbox.record_receipt(first, "I0", b"<xml/>", at=NOW)
    assert store.outbox.next_try() is None


def test_nothing_but_a_receipt_makes_an_item_received(store, items):
    with pytest.raises(sqlite3.IntegrityError, match="only a receipt"):
        store.database.connection.execute("UPDATE returns SET state = 'received'")


def test_what_is_received_stays_received_whatever_comes_later(store, items):
    first = items[0].id
    store.outbox.record_receipt(first, "I0", b"<xml/>", at=NOW)
    store.outbox.record_refusal(first, "E1")
    store.outbox.try_later(first, NOW, "")
    store.outbox.mark_sent([first], "exported")
    store.outbox.record_receipt(first, "I99", b"<other/>", at=NOW)
    assert store.returns.all()[0].state is ReturnState.RECEIVED
    assert store.database.value("SELECT code FROM receipts") == "I0"
    with pytest.raises(StoreError, match="not refused"):
        store.outbox.try_again(first)


def test_a_refused_item_is_kept_and_can_be_tried_again_under_the_same_key(store, items):
    first = items[0]
    store.outbox.record_refusal(first.id, "E5 the Device's status does not allow it")
    assert first.id not in lease(store)
    assert store.returns.all(ReturnState.REFUSED)[0].note.startswith("E5")
    store.outbox.try_again(first.id)
    (again,) = store.returns.all(ReturnState.READY)
    assert again.idempotency_key == first.idempotency_key


def test_only_what_was_received_is_ever_deleted(store, items):
    with pytest.raises(sqlite3.IntegrityError, match="until its receipt"):
        store.database.connection.execute("DELETE FROM returns WHERE state = 'ready'")
    store.outbox.record_receipt(items[0].id, "I0", b"<xml/>", at=NOW)
    assert store.outbox.forget_received(before=NOW) == 0
    assert store.outbox.forget_received(before=NOW + MINUTE) == 1
    assert [row.id for row in store.returns.all()] == [items[1].id]
    assert [capture.return_id for capture in store.captures.all()] == [items[1].id]
