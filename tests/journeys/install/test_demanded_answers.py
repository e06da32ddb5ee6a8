"""What the status update of a visit demands: each answer, and no more than its field holds."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.duis.status_update import fields_of
from hht.duis.visit_questions import Answer, check_answers, information_of, question
from hht.entity_id import EntityId
from hht.journeys.install.answers import Answers, Source
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.install.refusals import InstallRefused
from hht.journeys.install.status_fields import StatusRefused, status_update_of

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CHF = "00-DB-12-34-56-78-90-A2"
VISITS: dict[str, dict[str, Answer]] = {
    "8.14.1": {"visit": "install", "wan": True},
    "8.14.2": {"visit": "install", "wan": False},
    "8.14.3": {"visit": "fault-return"},
    "8.14.4": {"visit": "no-fault-return"},
}


def answered(given: Mapping[str, Answer]) -> Answers:
    answers = Answers()
    for name, answer in given.items():
        answers = answers.answered(name, answer, Source.SEEN, NOW)
    return answers


def test_notes_and_cradle_too_long_together_are_refused_when_they_are_given(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    journey = InstallJourney(store, store.jobs.add(pack(CCS01_COMMAND)))
    journey.answer("visit", "install")
    journey.answer("notes", "N" * 110)
    with pytest.raises(InstallRefused, match=r"notes and the cradle's number .* 229 characters"):
        journey.answer("cradle", "C" * 110)
    assert "cradle" not in journey.answers.given
    journey.answer("cradle", "C" * 81)
    assert len(information_of(journey.answers.values)) == 200


def test_what_an_earlier_version_kept_too_long_is_named_by_its_questions(tmp_path: Path) -> None:
    long = answered(VISITS["8.14.2"] | {"cradle": "C" * 110, "notes": "N" * 110})
    job = open_store(tmp_path).jobs.add(pack(CCS01_COMMAND))
    with pytest.raises(StatusRefused, match="notes and the cradle's number"):
        status_update_of(long, EntityId.parse(CHF), NOW, job)


def test_a_job_whose_notes_are_too_long_with_its_cradle_is_refused_at_its_notes() -> None:
    with pytest.raises(ValueError, match=r"^notes: .* at most 200"):
        check_answers({"visit": "install", "cradle": "C" * 110, "notes": "N" * 110})


def test_an_incident_reference_is_as_long_as_its_field() -> None:
    assert question("IncidentReference").check("I" * 15)
    with pytest.raises(ValueError, match="at most 15"):
        question("IncidentReference").check("I" * 16)


@pytest.mark.parametrize("variant", VISITS)
def test_what_the_standard_demands_is_asked_and_lacking_until_it_is_answered(variant: str) -> None:
    demanded = {each.name for each in fields_of(variant)[1] if each.mandatory}
    made_of = {"CHFInstallType": "replaced"}  # and of the WAN
    assert {each.id for each in answered(VISITS[variant]).lacking} == {
        made_of.get(n, n) for n in demanded
    }


@pytest.mark.shared
@pytest.mark.parametrize("variant", VISITS)
def test_the_fields_are_as_mandatory_as_the_schema_has_them(variant: str, shared: Path) -> None:
    from lxml import etree

    schema = etree.parse(shared / "duis" / "xsd" / "duis.xsd")
    element, fields = fields_of(variant)
    xs = "{http://www.w3.org/2001/XMLSchema}"
    (declared,) = (each for each in schema.iter(f"{xs}element") if each.get("name") == element)
    kind = declared.get("type", "").rpartition(":")[2]
    (body,) = (each for each in schema.iter(f"{xs}complexType") if each.get("name") == kind)
    found = {each.get("name"): each.get("minOccurs") != "0" for each in body.iter(f"{xs}element")}
    assert found == {each.name: each.mandatory for each in fields}
