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


def lend(store, count=10, at=NOW):
    """Lend out up to so many of the items that are due; their numbers."""
    numbers = store.outbox.due(at=at)[:count]
    assert all(store.outbox.lend(number, at=at) for number in numbers)
    return numbers


def take_back(store):
    """End every lending."""
    for row in store.returns.all():
        store.outbox.take_back(row.id)


def test_a_draft_may_change_until_it_is_finalised_and_then_never(store):
    number = draft_report(store, "8.14.4", b"<sr:Old/>", originator=SUPPLIER)
    store.drafts.edit(number, BODY)
    assert lend(store) == []
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


def test_what_is_lent_out_is_not_lent_again_until_it_is_taken_back(store, items):
    first, second = (row.id for row in items)
    assert lend(store, 1) == [first]
    assert lend(store) == [second]
    assert lend(store) == []
    assert store.outbox.next_try(at=NOW) is None
    store.outbox.take_back(first)
    assert lend(store) == [first]


def test_whoever_dies_with_an_item_holds_nothing_up(tmp_path):
    with open_store(tmp_path) as first:
        hear(first, CS14_ALERT)
        assert lend(first) == [1]
    with open_store(tmp_path) as second:
        assert second.returns.get(1).state is ReturnState.SENT
        assert lend(second) == [1]


def test_lending_keeps_key_and_request_id_and_counts_the_tries(store, items):
    for number in range(3):
        lend(store, at=NOW + number * MINUTE)
        take_back(store)
    again = store.returns.all()
    assert [row.tries for row in again] == [3, 3]
    assert [row.idempotency_key for row in again] == [row.idempotency_key for row in items]
    assert [row.request_id for row in again] == [row.request_id for row in items]


def test_an_item_that_is_lent_out_or_not_due_is_not_lent_by_its_number_either(store, items):
    (first,) = lend(store, 1)
    assert not store.outbox.lend(first, at=NOW)
    store.outbox.try_later(first, NOW + MINUTE, "")
    take_back(store)
    assert not store.outbox.lend(first, at=NOW)
    assert store.returns.get(first).tries == 1


def test_what_was_tried_least_is_due_first(store, items):
    first, second = (row.id for row in items)
    for number in lend(store, 1):
        store.outbox.try_later(number, NOW, "HTTP 502")
    take_back(store)
    assert store.outbox.due(at=NOW) == [second, first]


def test_nothing_is_due_before_the_moment_that_the_gateway_asked_for(store, items):
    first = items[0].id
    store.outbox.try_later(*lend(store, 1), NOW + 10 * MINUTE, "HTTP 502")
    store.outbox.hold_off(NOW + 5 * MINUTE)
    take_back(store)
    assert store.outbox.due(at=NOW + 4 * MINUTE) == []
    assert first not in store.outbox.due(at=NOW + 5 * MINUTE)
    assert len(store.outbox.due(at=NOW + 10 * MINUTE)) == 2


def test_what_was_exported_is_written_until_it_is_sent(store, items):
    first, second = (row.id for row in items)
    store.outbox.mark_written([first, second], "exported to a")
    assert {row.state for row in store.returns.all()} == {ReturnState.WRITTEN}
    assert lend(store, 1) == [first]
    store.outbox.mark_written([first, second], "exported to b")
    rows = store.returns.all()
    assert [row.state for row in rows] == [ReturnState.SENT, ReturnState.WRITTEN]
    assert [row.note for row in rows] == ["exported to a", "exported to b"]


def test_an_item_to_be_tried_later_is_due_only_then(store, items):
    (first, _) = lend(store)
    store.outbox.try_later(first, NOW + 5 * MINUTE, "no network")
    take_back(store)
    assert first not in lend(store, at=NOW + 2 * MINUTE)
    assert first in lend(store, at=NOW + 5 * MINUTE)


def test_a_clock_that_was_a_year_ahead_holds_up_nothing(store, items):
    ahead = NOW.replace(year=NOW.year + 1)
    for number in lend(store, at=ahead):
        store.outbox.try_later(number, ahead + MINUTE, "no network")
    take_back(store)
    assert lend(store) == [row.id for row in items]


def test_next_try_is_the_first_moment_something_is_due(store, items):
    first, second = lend(store)
    store.outbox.try_later(first, NOW + 5 * MINUTE, "")
    store.outbox.record_receipt(second, "I0", b"<xml/>", at=NOW)
    take_back(store)
    assert store.outbox.next_try(at=NOW) == NOW + 5 * MINUTE
    assert store.outbox.next_try(at=NOW + 6 * MINUTE) == NOW + 6 * MINUTE
    assert store.outbox.next_try(at=NOW - timedelta(days=400)) == NOW - timedelta(days=400)
    store.outbox.record_receipt(first, "I0", b"<xml/>", at=NOW)
    assert store.outbox.next_try(at=NOW) is None


def test_nothing_but_a_receipt_makes_an_item_received(store, items):
    with pytest.raises(sqlite3.IntegrityError, match="only a receipt"):
        store.database.connection.execute("UPDATE returns SET state = 'received'")


def test_what_is_received_stays_received_whatever_comes_later(store, items):
    first = items[0].id
    store.outbox.record_receipt(first, "I0", b"<xml/>", at=NOW)
    store.outbox.record_refusal(first, "E1")
    store.outbox.try_later(first, NOW, "")
    store.outbox.mark_written([first], "exported")
    store.outbox.hold(first, "I96")
    store.outbox.hold_off(NOW + MINUTE)
    store.outbox.record_receipt(first, "I99", b"<other/>", at=NOW)
    assert store.returns.all()[0].state is ReturnState.RECEIVED
    assert store.database.value("SELECT code FROM receipts") == "I0"
    with pytest.raises(StoreError, match="not refused or held"):
        store.outbox.try_again(first)


def test_a_held_item_is_kept_for_a_person_and_can_be_tried_again(store, items):
    first = items[0]
    store.outbox.hold(first.id, "I96: DUIS 5.4 has no such code")
    assert first.id not in lend(store)
    assert store.returns.waiting_count() == 2
    store.outbox.try_again(first.id)
    assert store.returns.get(first.id).state is ReturnState.READY


def test_a_refused_item_is_kept_and_can_be_tried_again_under_the_same_key(store, items):
    first = items[0]
    store.outbox.record_refusal(first.id, "E5 the Device's status does not allow it")
    assert first.id not in lend(store)
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
