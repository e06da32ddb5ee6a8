"""What may become of a Local Command: one table, every state reached, nothing sent twice."""

from itertools import product

import pytest

from hht.state_machine import OutOfStep
from hht.store import CommandEvent as E
from hht.store import CommandState as S
from hht.store.command_states import (
    TABLE,
    has_arrived,
    has_reply,
    is_done,
    is_open,
    is_settled,
    is_under_way,
    may_happen,
    next_state,
    rests_on_word,
)

RESPONSES = (E.POSITIVE, E.NEGATIVE, E.UNREADABLE, E.UNPROVEN)


def test_every_pair_outside_the_table_is_an_error_that_names_the_local_command() -> None:
    for state, event in product(S, E):
        if not may_happen(state, event):
            with pytest.raises(OutOfStep, match=r"never sent|not sent|cannot happen") as error:
                next_state(state, event, "Read the log")
            assert error.value.where == "Read the log"


def test_every_state_is_reached_from_waiting() -> None:
    reached = {S.WAITING}
    while new := {to for (at, _), to in TABLE.items() if at in reached} - reached:
        reached |= new
    assert reached == set(S)


def test_only_what_waits_or_was_only_heard_of_may_be_sent() -> None:
    assert [state for state in S if may_happen(state, E.SEND)] == [S.WAITING, S.HEARD]


def test_an_unproven_response_makes_a_waiting_command_heard_and_changes_no_other() -> None:
    assert {state: next_state(state, E.UNPROVEN) for state in S} == {
        state: S.HEARD if state is S.WAITING else state for state in S
    }


def test_nothing_unsettles_a_positive_response() -> None:
    assert {to for (at, _), to in TABLE.items() if at is S.ANSWERED} == {S.ANSWERED}


@pytest.mark.parametrize("event", RESPONSES)
def test_a_response_may_come_in_every_state(event: E) -> None:
    assert all(may_happen(state, event) for state in S)


def test_a_late_positive_response_settles_every_state() -> None:
    assert {next_state(state, E.POSITIVE) for state in S} == {S.ANSWERED}


def test_a_late_refusal_settles_every_state_but_an_answered_one() -> None:
    assert {next_state(state, E.NEGATIVE) for state in set(S) - {S.ANSWERED}} == {S.REFUSED}


def test_what_is_under_way_when_sight_is_lost_is_unknown() -> None:
    for state in filter(is_under_way, S):
        assert next_state(state, E.LOST_SIGHT) is S.UNKNOWN


def test_only_the_engineer_a_read_back_or_a_response_settles_an_unknown() -> None:
    ways_out = {event for (at, event), to in TABLE.items() if at is S.UNKNOWN and to is not at}
    word = {E.SETTLED_DONE, E.SETTLED_NOT_DELIVERED, E.SKIP}
    assert ways_out == {E.POSITIVE, E.NEGATIVE, E.READ_BACK} | word


@pytest.mark.parametrize("late", [E.DELIVERED, E.NOT_SENT, E.LOST_SIGHT])
def test_what_sending_comes_to_after_sight_was_lost_leaves_it_unknown(late: E) -> None:
    assert next_state(S.UNKNOWN, late) is S.UNKNOWN


def test_only_states_that_rest_on_the_engineers_word_are_taken_back() -> None:
    assert {pair for pair in product(S, E) if rests_on_word(*pair)} == {
        (S.ANSWERED, E.SETTLED_DONE),
        (S.WAITING, E.SETTLED_NOT_DELIVERED),
        (S.SKIPPED, E.SKIP),
    }
    assert not any(may_happen(state, E.TAKEN_BACK) for state in S)


def test_the_notions_of_done_are_kept_apart() -> None:
    def where(holds) -> set[S]:
        return set(filter(holds, S))

    assert where(is_done) == {S.ANSWERED}
    assert where(has_reply) == {S.ANSWERED, S.REFUSED}
    assert where(has_arrived) == where(has_reply) | {S.DELIVERED}
    assert where(is_settled) == where(has_reply) | {S.SKIPPED}
    assert where(is_open) == set(S) - where(is_settled)
