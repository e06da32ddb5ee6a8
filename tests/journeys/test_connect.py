"""The connect journey's table and what a restart finds."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from hht.entity_id import EntityId
from hht.journeys.connect import (
    TABLE,
    Connect,
    ConnectEvent,
    ConnectState,
    Step,
    WindowCertainty,
    seconds_left,
)
from hht.state_machine import OutOfStep, follow

WHOLE_WAY = (
    ConnectEvent.HUBS_HEARD,
    ConnectEvent.HUB_CONFIRMED,
    ConnectEvent.LINK_KEY_AGREED,
    ConnectEvent.HHT_ADMITTED,
    ConnectEvent.HAN_JOINED,
    ConnectEvent.HAN_KEY_AGREED,
    ConnectEvent.TUNNEL_OPENED,
)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GPF = EntityId.parse("00-DB-12-34-56-78-90-A3")


def test_the_whole_way_leads_through_every_state_in_order() -> None:
    journey, seen = Connect(), [ConnectState.AWAY]
    for event in WHOLE_WAY:
        journey = journey.after(event)
        seen.append(journey.state)
    assert seen == list(ConnectState)
    assert all(journey.done(step) for step in Step)


def test_every_pair_outside_the_table_is_an_error() -> None:
    for state, event in product(ConnectState, ConnectEvent):
        if (state, event) in TABLE:
            assert follow(TABLE, state, event) is TABLE[state, event]
        else:
            with pytest.raises(OutOfStep, match=str(event)):
                follow(TABLE, state, event)


def test_nothing_is_joined_before_the_hub_was_confirmed() -> None:
    for event in WHOLE_WAY[2:]:
        with pytest.raises(OutOfStep):
            Connect(ConnectState.HUBS_SEEN).after(event)


def test_a_lost_link_keeps_the_confirmed_hub() -> None:
    for state in list(ConnectState)[2:]:
        assert Connect(state, GPF).after(ConnectEvent.LINK_LOST) == Connect(
            ConnectState.CONFIRMED, GPF
        )


def test_leaving_is_possible_from_everywhere() -> None:
    for state in ConnectState:
        assert Connect(state).after(ConnectEvent.LEFT).state is ConnectState.AWAY


@pytest.mark.parametrize("state", list(ConnectState))
def test_a_journey_comes_back_from_its_snapshot(state: ConnectState) -> None:
    journey = Connect(state, GPF, NOON, NOON + timedelta(seconds=5), 7)
    assert Connect.restore(journey.snapshot()) == journey


@pytest.mark.parametrize("state", list(ConnectState))
def test_after_a_restart_no_link_is_believed_in(state: ConnectState) -> None:
    resumed = Connect(state, GPF, NOON).resumed()
    assert resumed.state in (ConnectState.AWAY, ConnectState.CONFIRMED)
    assert resumed.hub == GPF
    assert resumed.window_started == NOON


def test_a_snapshot_holds_only_names_and_times() -> None:
    assert Connect(ConnectState.JOINED, GPF, NOON).snapshot() == {
        "state": "joined",
        "hub": "00-DB-12-34-56-78-90-A3",
        "window_started": "2026-11-20T12:00:00+00:00",
        "admitted_at": None,
        "tunnel": None,
        "window_certainty": "unknown",
        "window_before": None,
        "power_before": None,
        "time_of_day": None,
        "clock_set_at": 0,
    }


@pytest.mark.parametrize(
    ("started", "certainty"), [(NOON, WindowCertainty.ABOUT), (None, WindowCertainty.UNKNOWN)]
)
def test_a_snapshot_without_a_certainty_began_its_clock_at_first_contact(
    started: datetime | None, certainty: WindowCertainty
) -> None:
    snapshot = Connect(ConnectState.JOINED, GPF, started).snapshot()
    del snapshot["window_certainty"]
    assert Connect.restore(snapshot).window_certainty is certainty


def test_the_window_clock_runs_down_to_nothing_and_stays_there() -> None:
    hour = timedelta(minutes=60)
    assert seconds_left(NOON, hour, NOON + timedelta(minutes=59)) == 60
    assert seconds_left(NOON, hour, NOON + timedelta(minutes=61)) == 0
    assert seconds_left(None, hour, NOON) is None
    assert seconds_left(NOON, None, NOON) is None
