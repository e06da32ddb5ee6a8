"""The schema of events: one name for one kind, and a record gives its event back as it was."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from hht.entity_id import EntityId
from hht.events import Event, Record, Source, facts_of, to_json
from hht.journeys.connect import Step
from hht.journeys.events import CommandChanged, HubFound, StepDone

GPF = EntityId.parse("00-DB-12-34-56-78-90-A3")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def record_of(event: Event) -> Record:
    """The event as it comes out of a journal: its fields have been JSON."""
    facts = json.loads(json.dumps(facts_of(event)))
    return Record(event.source, NOW, event.name, facts)


@pytest.mark.parametrize(
    "event",
    [
        HubFound(GPF, 15, 0x1A62, 210, -48, True),
        StepDone(Step.SCAN, 0.25),
        CommandChanged(1, 2, "answered", ""),
    ],
)
def test_a_record_gives_back_the_event_that_was_kept(event: Event) -> None:
    assert record_of(event).event() == event


def test_a_record_is_reported_as_the_event_was() -> None:
    event = HubFound(GPF, 15, 0x1A62, 210, -48, True)
    assert list(record_of(event).row.items()) == list(to_json(event).items())


def test_an_event_of_a_later_version_is_reported_but_not_made() -> None:
    record = Record(Source.VISIT, NOW, "teleported", {"to": "home"}, version=99)
    assert record.event() is None
    assert record.row == {"event": "teleported", "to": "home"}


def test_a_field_of_a_later_version_is_passed_over() -> None:
    record = record_of(CommandChanged(1, 2, "answered", ""))
    later = Record(Source.VISIT, NOW, record.name, {**record.facts, "colour": "red"}, version=2)
    assert later.event() == CommandChanged(1, 2, "answered", "")


def test_a_name_stands_for_one_kind_of_event_of_a_source() -> None:
    with pytest.raises(TypeError, match="hub_found of visit is HubFound already"):

        @dataclass(frozen=True, slots=True)
        class Other(Event):
            source: ClassVar[Source] = Source.VISIT
            name: ClassVar[str] = "hub_found"
