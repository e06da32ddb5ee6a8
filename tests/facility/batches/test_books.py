"""The books of a batch: a unit is one bench's at a time, and a move may be repeated."""

import pytest
from book_samples import Opener, claim, eui, fill, new

from hht.errors import HhtError
from hht.facility.batches.book_keeping import (
    AddUnits,
    CountSlots,
    CountUnits,
    FindBatches,
    InOpenBatch,
    OpenBatch,
    Package,
    SetBatchState,
)
from hht.facility.batches.claiming import ClaimUnit
from hht.facility.batches.loaded_before import LoadedBefore
from hht.facility.batches.operations import (
    Begin,
    Complete,
    Expire,
    Note,
    Reject,
    Release,
    Renew,
    Retry,
    Settle,
)
from hht.facility.batches.records import (
    IDENTITY_UNPROVEN,
    BatchState,
    ClaimResult,
    UnitState,
)
from hht.facility.batches.store import BatchStore, events_of, units_of


def place(number: int, fence: int, bench: str = "A") -> tuple[str, str, int, str, str]:
    return ("b1", eui(number), fence, bench, "slot-1")


def state_of(books: BatchStore, number: int = 1) -> UnitState:
    return next(each.state for each in units_of(books, "b1") if each.eui == eui(number))


def happened(books: BatchStore, number: int = 1) -> list[str]:
    return [each.what for each in events_of(books, "b1") if each.eui == eui(number)]


def load(books: BatchStore, number: int = 1) -> int:
    fence = claim(books, number).fence
    assert books.do(Begin(*place(number, fence)))
    assert books.do(Complete(*place(number, fence), receipt="r"))
    return fence


def test_a_unit_goes_from_waiting_to_loaded_with_an_event_for_each_move(books: BatchStore) -> None:
    fill(books)
    load(books)
    unit = next(units_of(books, "b1"))
    assert (unit.state, unit.receipt, unit.tries, unit.bench) == (UnitState.LOADED, "r", 1, "A")
    assert happened(books) == ["claimed", "begun", "loaded"]
    counts = books.do(CountUnits("b1"))
    assert counts
    assert (counts.waiting, counts.loaded, counts.first_try, counts.total) == (2, 1, 1, 3)


def test_the_pace_is_that_of_the_work_and_stays_when_it_is_over(books: BatchStore) -> None:
    fill(books)
    for number in (1, 2, 3):
        load(books, number)
    loaded = sorted(each.since for each in units_of(books, "b1"))
    first, again = books.do(CountUnits("b1")), books.do(CountUnits("b1"))
    assert first
    assert first == again
    assert (first.recent, first.now) == (3, pytest.approx(loaded[-1]))
    assert first.units_an_hour == round(2 / (first.now - first.recent_since) * 3600)


def test_every_move_may_be_repeated_and_is_booked_once(books: BatchStore) -> None:
    fill(books)
    first, again = claim(books), claim(books)
    assert first.fence == again.fence
    for move in (Begin(*place(1, first.fence)), Complete(*place(1, first.fence), receipt="r")):
        assert books.do(move)
        assert books.do(move)
    assert happened(books) == ["claimed", "begun", "loaded"]


def test_a_unit_that_another_bench_has_is_busy_until_its_lease_ends(books: BatchStore) -> None:
    fill(books)
    first = claim(books)
    busy = claim(books, bench="B")
    assert (busy.result, busy.bench) == (ClaimResult.BUSY, "A")
    assert books.do(Renew(*place(1, first.fence), lease=0.0))
    second = claim(books, bench="B")
    assert second.result is ClaimResult.CLAIMED
    assert second.fence > first.fence


def test_a_bench_that_comes_back_late_can_move_nothing(books: BatchStore) -> None:
    fill(books)
    first = claim(books, lease=0.0)
    assert books.do(Begin(*place(1, first.fence), lease=0.0))
    second = claim(books, bench="B")
    assert second.result is ClaimResult.UNKNOWN
    late = place(1, first.fence)
    for move in (
        Begin(*late),
        Complete(*late),
        Settle(*late),
        Reject(*late, reason="x"),
        Release(*late),
        Renew(*late),
    ):
        assert books.do(move) is False
    assert books.do(Settle(*place(1, second.fence, "B"), receipt="r"))
    assert state_of(books) is UnitState.LOADED


@pytest.mark.parametrize("begun", [False, True])
def test_what_was_begun_is_unknown_when_it_is_given_back(books: BatchStore, begun: bool) -> None:
    fill(books)
    fence = claim(books).fence
    if begun:
        books.do(Begin(*place(1, fence)))
    for _ in range(2):
        assert books.do(Release(*place(1, fence), reason="unplugged"))
    assert happened(books).count("released") == 1
    assert state_of(books) is (UnitState.UNKNOWN if begun else UnitState.WAITING)


@pytest.mark.parametrize("begun", [False, True], ids=["claimed", "writing"])
def test_a_bench_that_dies_costs_its_unit_no_try(books: BatchStore, begun: bool) -> None:
    fill(books)
    for session in "abcdef":
        given = claim(books, session=session)
        if begun:
            books.do(Begin("b1", eui(1), given.fence, "A", "slot-1"))
    assert given.tries == 1
    books.do(Release("b1", eui(1), given.fence, "A", "slot-1", reason="unplugged"))
    assert claim(books, session="g").tries == 2


def test_benches_that_died_lose_their_units(books: BatchStore) -> None:
    fill(books)
    claim(books, 1, lease=0.0)
    second = claim(books, 2)
    books.do(Begin(*place(2, second.fence), lease=0.0))
    claim(books, 3)
    assert books.do(Expire("b1")) == 2
    assert [state_of(books, n) for n in (1, 2, 3)] == ["waiting", "unknown", "claimed"]
    assert books.do(Expire("b1")) == 0


def test_a_finished_unit_is_not_given_again_and_says_where_it_was_done(books: BatchStore) -> None:
    fill(books, held=1)
    load(books)
    again = claim(books, bench="B")
    assert (again.result, again.bench, again.slot) == (ClaimResult.LOADED, "A", "slot-1")
    assert again.since > 1_700_000_000
    fence = claim(books, 2).fence
    books.do(Reject(*place(2, fence), reason="expired", detail="x"))
    rejected = claim(books, 2)
    assert (rejected.result, rejected.reason) == (ClaimResult.REJECTED, "expired")
    assert claim(books, 4).result is ClaimResult.HELD
    assert claim(books, 9).result is ClaimResult.NOT_IN_BATCH
    assert happened(books, 9) == ["presented"]


def test_a_unit_rejected_as_unproven_is_given_once_it_proves_itself(books: BatchStore) -> None:
    fill(books)
    books.do(Reject(*place(1, claim(books).fence), reason=IDENTITY_UNPROVEN))
    assert claim(books, session="later").result is ClaimResult.CLAIMED


def test_a_supervisor_lets_a_rejected_unit_be_tried_again(books: BatchStore) -> None:
    fill(books)
    books.do(Reject(*place(1, claim(books).fence), reason="expired"))
    assert books.do(Retry("b1", eui(1), "Ada"))
    assert not books.do(Retry("b1", eui(1), "Ada"))
    assert claim(books, session="later").result is ClaimResult.UNKNOWN
    assert happened(books) == ["claimed", "rejected", "retry", "claimed"]


def test_a_closed_batch_has_no_unit_tried_again_or_added(books: BatchStore) -> None:
    fill(books)
    books.do(Reject(*place(1, claim(books).fence), reason="expired"))
    books.do(SetBatchState("b1", BatchState.CLOSED))
    assert not books.do(Retry("b1", eui(1), "Ada"))
    with pytest.raises(HhtError, match="The batch is closed"):
        books.do(AddUnits("b1", [new(9)]))
    assert [state_of(books, number) for number in (1, 2)] == ["rejected", "waiting"]


def test_nothing_is_claimed_but_in_an_open_batch(books: BatchStore) -> None:
    books.do(OpenBatch("b1", "sha-b1", "m", "f", "training"))
    books.do(AddUnits("b1", [new(1)]))
    assert claim(books).result is ClaimResult.NOT_OPEN
    for state, result in (("paused", "not-open"), ("open", "claimed")):
        books.do(SetBatchState("b1", BatchState(state)))
        assert claim(books, session=state).result == result


def test_a_batch_with_a_unit_under_way_is_not_closed(books: BatchStore) -> None:
    fill(books)
    fence = claim(books).fence
    assert not books.do(SetBatchState("b1", BatchState.CLOSED))
    books.do(Release(*place(1, fence)))
    for _ in range(2):
        assert books.do(SetBatchState("b1", BatchState.CLOSED))
    assert not books.do(SetBatchState("b1", BatchState.OPEN))
    assert claim(books, session="x").result is ClaimResult.NOT_OPEN
    assert books.do(FindBatches(only_open=True)) == []


def test_a_unit_is_in_one_open_batch_only(books: BatchStore) -> None:
    fill(books)
    books.do(OpenBatch("b2", "sha-b2", "m", "f", "training"))
    assert books.do(InOpenBatch([eui(1), eui(9)], "sha-b2")) == {eui(1): "b1"}
    assert books.do(InOpenBatch([eui(1)], "sha-b1")) == {}
    with pytest.raises(HhtError):
        books.do(AddUnits("b2", [new(8), new(1)]))
    assert list(units_of(books, "b2")) == []
    books.do(SetBatchState("b1", BatchState.CLOSED))
    assert books.do(AddUnits("b2", [new(8), new(1)])) == 2


def test_a_manifest_that_is_built_again_finds_its_batch_and_adds_what_is_missing(
    books: BatchStore,
) -> None:
    fill(books, held=1)
    again = books.do(OpenBatch("other", "sha-b1", "m.csv", "f", "training"))
    assert again.id == "b1"
    load(books)
    assert books.do(AddUnits("b1", [new(1), new(2), new(4)])) == 1
    assert [state_of(books, n) for n in (1, 2, 4)] == ["loaded", "waiting", "waiting"]
    assert books.do(Package("b1", eui(4))) == (b"certificate", b"package 4")
    assert books.do(Package("b1", eui(9))) is None


def test_a_manifest_that_is_built_twice_in_a_minute_has_two_batches(books: BatchStore) -> None:
    def build() -> str:
        batch = books.do(OpenBatch("b1", "sha-b1", "m.csv", "f", "training")).id
        books.do(SetBatchState(batch, BatchState.OPEN))
        books.do(SetBatchState(batch, BatchState.CLOSED))
        return batch

    fill(books, "b10")
    assert [build() for _ in range(3)] == ["b1", "b1-2", "b1-3"]


def test_slots_are_counted_and_notes_are_kept(books: BatchStore) -> None:
    fill(books)
    load(books, 1)
    fence = claim(books, 2).fence
    books.do(Reject(*place(2, fence), reason="x"))
    (slot,) = books.do(CountSlots("b1"))
    assert (slot.bench, slot.slot, slot.loaded, slot.rejected) == ("A", "slot-1", 1, 1)
    assert slot.first_try == 1
    books.do(Note("b1", "", "A", "slot-1", "shift", operator="Ada"))
    assert [*events_of(books, "b1")][-1].operator == "Ada"


def test_long_lists_come_whole_and_in_order(books: BatchStore) -> None:
    fill(books, units=1201)
    listed = [each.eui for each in units_of(books, "b1")]
    assert listed == [eui(n) for n in range(1, 1202)]


def test_two_benches_see_the_same_books(opener: Opener) -> None:
    one, two = opener(), opener()
    fill(one)
    assert claim(one).result is ClaimResult.CLAIMED
    assert claim(two, bench="B").result is ClaimResult.BUSY
    one.close()
    two.close()


def test_several_operations_go_in_one_commit_and_one_that_fails_undoes_no_other(
    books: BatchStore,
) -> None:
    fill(books)
    same_name = OpenBatch("b1", "another manifest", "m.csv", "f", "live")
    first, refused, second = books.do_all(
        [ClaimUnit("b1", eui(1), "s", "A", "1"), same_name, ClaimUnit("b1", eui(2), "t", "A", "2")]
    )
    assert isinstance(refused, HhtError)
    assert first.result == second.result == ClaimResult.CLAIMED
    assert state_of(books, 1) == state_of(books, 2) == UnitState.CLAIMED


def test_a_claim_brings_the_units_certificate_and_package_and_shows_neither(
    books: BatchStore,
) -> None:
    fill(books)
    given = claim(books, 1)
    assert (given.certificate, given.package) == books.do(Package("b1", eui(1)))
    assert "package" not in repr(given)
    assert claim(books, 99).package == b""


def test_units_that_a_closed_batch_has_loaded_are_counted_by_it(books: BatchStore) -> None:
    fill(books)
    load(books)
    assert books.do(SetBatchState("b1", BatchState.CLOSED))
    fill(books, "b2")
    assert books.do(LoadedBefore("b2")) == {"b1": 1}
    assert books.do(LoadedBefore("b1")) == {}
