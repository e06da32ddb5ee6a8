"""Events as other tools read them."""

import json
from dataclasses import FrozenInstanceError, fields

import pytest

from hht.entity_id import EntityId
from hht.events import Event, to_json
from hht.journeys import events
from hht.journeys.events import HubFound, Summary
from hht.journeys.install import events as install_events
from hht.journeys.move import events as move_events
from hht.journeys.pairing import events as pairing_events
from hht.training.exercise import unit_events

KINDS = [
    kind
    for module in (events, install_events, move_events, pairing_events, unit_events)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Event) and "name" in vars(kind)
]
GPF = EntityId.parse("00-DB-12-34-56-78-90-A3")


def test_the_summary_has_exactly_its_promised_fields_in_order() -> None:
    summary = Summary("no-wan-install", "complete", 12, 12, 0, 0, 14, 9, 0, 0, 1.5)
    assert list(to_json(summary)) == [
        *("event", "scenario", "outcome", "delivered", "answered", "failed", "unknown"),
        *("captures", "returns", "reports", "uncaptured", "seconds"),
    ]
    assert to_json(summary)["event"] == "summary"


def test_an_event_is_one_line_of_json_with_its_name_first() -> None:
    line = json.dumps(to_json(HubFound(GPF, 15, 0x1A62, 210, -48, True)))
    assert line == (
        '{"event": "hub_found", "gpf": "00-DB-12-34-56-78-90-A3", "channel": 15, '
        '"pan_id": 6754, "lqi": 210, "rssi": -48, "is_jobs_hub": true}'
    )


def test_events_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        HubFound(GPF, 15, 1, 1, -1, True).channel = 16  # type: ignore[misc]


def test_the_names_are_those_that_other_tools_rely_on() -> None:
    assert {kind.name for kind in KINDS} >= {
        *("scan_started", "hub_found", "hub_chosen", "step_started", "step_done", "window_clock"),
        *("command_sent", "command_changed", "response_captured", "alert_captured"),
        *("install_answered", "power_on", "clock_warning", "report_ready", "hub_fault"),
        *("other_captured", "connection_lost", "failed", "left", "summary"),
        *("move_expected", "move_asked", "move_away", "hub_back", "hub_not_back"),
        *("device_way_back", "device_not_back", "second_look", "move_ended"),
    }


def test_no_event_has_a_field_that_could_hold_bytes() -> None:
    assert not [field for kind in KINDS for field in fields(kind) if field.type is bytes]
