"""The journey of a change of channel as a table, and what a restart finds of it."""

import json
from datetime import UTC, datetime

import pytest

from hht.entity_id import EntityId
from hht.journeys.move.states import TABLE, Move, MoveEvent, MoveKind, MoveState
from hht.state_machine import OutOfStep

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ESME = EntityId.parse("00-DB-00-00-00-30-10-A0")


def test_every_state_that_is_not_the_end_can_be_left() -> None:
    left = {state for (state, event), to in TABLE.items() if to is not state}
    assert left == set(MoveState)


@pytest.mark.parametrize("state", [MoveState.NONE, MoveState.DONE])
def test_nothing_is_owed_before_the_beginning_and_after_the_end(state: MoveState) -> None:
    assert not Move(state).is_open
    with pytest.raises(OutOfStep):
        Move(state).after(MoveEvent.LEFT_OPEN)


@pytest.mark.parametrize(
    "state", [MoveState.ASKED, MoveState.AWAY, MoveState.NOT_BACK, MoveState.WATCHING]
)
def test_whoever_leaves_under_way_owes_a_second_look(state: MoveState) -> None:
    assert Move(state).after(MoveEvent.LEFT_OPEN).is_open


def test_what_is_kept_is_found_again_word_for_word() -> None:
    move = Move(
        state=MoveState.WATCHING,
        kind=MoveKind.SUB_GHZ,
        said="now on page 28",
        since=AT,
        due=AT,
        hub_at=AT,
        looked_at=AT,
        channel=20,
        was=11,
        expects_leave=True,
        sub_ghz="e0000004",
        noted=7,
        command=2,
        under_way={3: 1},
        heard={ESME: AT},
        listed={ESME: (AT, -58)},
        published={ESME: "back"},
        seen={ESME: "its display"},
        closed="given up",
        absent=frozenset({ESME}),
    )
    assert Move.restore(json.loads(json.dumps(move.snapshot()))) == move
