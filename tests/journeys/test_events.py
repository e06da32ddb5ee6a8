"""Events as other tools read them."""

import json
from dataclasses import FrozenInstanceError, fields

import pytest

from hht.entity_id import EntityId
from hht.journeys import events
from hht.journeys.events import Event, HubFound, Summary, to_json

GPF = EntityId.parse("00-DB-12-34-56-78-90-A3")


def test_the_summary_has_exactly_its_promised_fields_in_order() -> None:
    summary = Summary("no-wan-install", "complete", 12, 12, 0, 0, 14, 9, 0, 1.5)
    assert list(to_json(summary)) == [
        *("event", "scenario", "outcome", "delivered", "answered", "failed", "unknown"),
        *("captures", "returns", "reports", "seconds"),
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


def test_every_event_has_a_name_of_its_own_and_no_field_that_could_hold_bytes() -> None:
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type)]
    kinds = [kind for kind in kinds if issubclass(kind, Event) and kind is not Event]
    assert len({kind.name for kind in kinds}) == len(kinds) > 10
    assert not [field for kind in kinds for field in fields(kind) if field.type is bytes]
