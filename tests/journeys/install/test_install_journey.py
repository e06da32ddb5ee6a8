"""The install journey: what is asked, what an answer is worth, and the SR 8.14 made of it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.clock import ManualClock
from hht.duis.job.head import PackVisit
from hht.duis.visit_questions import question, questions
from hht.events import Event
from hht.journeys.install.answers import Answers, Source
from hht.journeys.install.events import InstallAnswered, ReportReady
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.install.refusals import InstallRefused
from hht.outbox.compose813 import return_item

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CHF, GPF = "00-DB-12-34-56-78-90-A2", "00-DB-12-34-56-78-90-A3"
NO_WAN: dict[str, str | bool] = {
    "visit": "install",
    "replaced": False,
    "CHFLocation": "Deep indoors",
    "AerialInstall": False,
    "wan": False,
    "PremiseType": "Terraced",
    "MetalObstructionCheck": True,
    "SharedObstructionCheck": False,
    "ConnectivityObstructionCheck": False,
    "MPxN": "2000000000015",
}


class Stage:
    """A store with one job, and its install journey, which can be begun again."""

    def __init__(self, folder: Path, answers: dict[str, str | bool] | None = None) -> None:
        self.store = open_store(folder)
        self.clock = ManualClock(start=NOW)
        given = replace(pack(CCS01_COMMAND), visit=PackVisit(answers or {}))
        self.job = self.store.jobs.add(given)
        self.events: list[Event] = []

    def journey(self) -> InstallJourney:
        return InstallJourney(self.store, self.job, self.events.append, self.clock)

    @property
    def reports(self) -> list[str]:
        return [row.service for row in self.store.returns.reports_of(self.job.id)]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_the_obstruction_checks_are_asked_only_where_there_is_no_wan(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    journey.answer("wan", True)
    assert "PremiseType" not in [each.id for each in journey.answers.asked]
    journey.answer("wan", False)
    assert "PremiseType" in [each.id for each in journey.answers.asked]


def test_changing_an_answer_says_what_it_undoes(stage: Stage) -> None:
    journey = stage.journey()
    for name in ("visit", "wan", "PremiseType", "MetalObstructionCheck"):
        journey.answer(name, NO_WAN[name])
    undone = journey.answers.undone_by("wan", True)
    assert [each.id for each in undone] == ["PremiseType", "MetalObstructionCheck"]


def test_a_question_opens_without_an_answer_and_the_place_is_held(stage: Stage) -> None:
    journey = stage.journey()
    assert journey.answers.next == question("visit")
    journey.answer("visit", "install")
    again = stage.journey()
    assert again.answers.values == {"visit": "install"}
    assert again.answers.next == journey.answers.next


def test_an_answer_of_the_job_is_recorded_as_not_seen(tmp_path: Path) -> None:
    stage = Stage(tmp_path, NO_WAN)
    journey = stage.journey()
    journey.answer_from_job()
    assert {each.source for each in journey.answers.given.values()} == {
        Source.JOB,
        Source.NOT_LOOKED,
    }
    assert journey.answers.lacking == ()
    assert [each.id for each in journey.answers.amber]


def test_skipping_takes_a_reason_and_stays_amber(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    with pytest.raises(InstallRefused, match="reason"):
        journey.skip("CHFLocation", " ")
    journey.skip("CHFLocation", "Cupboard locked")
    assert question("CHFLocation") in stage.journey().answers.amber
    assert question("CHFLocation") in journey.answers.lacking


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHFLocation", "deep indoors"),
        ("wan", "no"),
        ("MPxN", "12345"),
        ("DeviceID", "x"),
        ("InstallDateTime", "2026-11-26T09:00:00"),
        ("lights", "BLUE: on"),
        ("notes", "a\nb"),
        ("notes", "x" * 121),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_kept(stage: Stage, name, value) -> None:
    journey = stage.journey()
    with pytest.raises(InstallRefused):
        journey.answer(name, value)
    assert stage.journey().answers.given == {}


def test_another_hubs_label_and_the_gpf_are_refused(stage: Stage) -> None:
    journey = stage.journey()
    with pytest.raises(InstallRefused, match="GPF"):
        journey.answer("DeviceID", str(stage.job.hub_gpf))
    with pytest.raises(InstallRefused, match="not the job's hub"):
        journey.answer("DeviceID", "00-DB-99-99-99-99-99-A2")
    journey.answer("DeviceID", str(stage.job.hub_chf))


def test_the_report_lacks_what_was_not_answered(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    with pytest.raises(InstallRefused, match="cannot be made yet"):
        journey.queue_report()
    assert stage.reports == []


def test_the_report_is_queued_once_and_the_answers_are_then_fixed(tmp_path: Path) -> None:
    stage = Stage(tmp_path, NO_WAN)
    journey = stage.journey()
    journey.answer_from_job()
    assert journey.queue_report() == stage.journey().queue_report()
    assert stage.reports == ["8.14.2"]
    assert [each for each in stage.events if isinstance(each, ReportReady)] == [
        ReportReady("8.14.2", journey.queue_report())
    ]
    with pytest.raises(InstallRefused, match="queued already"):
        journey.answer("AerialInstall", True)


def test_a_kill_between_draft_and_queue_leaves_one_report(tmp_path: Path, monkeypatch) -> None:
    stage = Stage(tmp_path, NO_WAN)
    journey = stage.journey()
    journey.answer_from_job()
    name = "hht.journeys.install.install_journey.finalise_report"
    with monkeypatch.context() as killed:
        killed.setattr(name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            journey.queue_report()
    stage.journey().queue_report()
    assert stage.reports == ["8.14.2"]


@pytest.mark.parametrize(
    ("answers", "service", "text"),
    [
        (NO_WAN, "8.14.2", "CHF Install - no SM WAN"),
        (NO_WAN | {"wan": True}, "8.14.1", "New CHF Install"),
        (NO_WAN | {"wan": True, "replaced": True}, "8.14.1", "Replacement CHF Install"),
        (
            {
                "visit": "fault-return",
                "OtherDeviceID": "00-DB-12-34-56-78-90-A0",
                "CHFConnectionMethod": "Cradle",
                "CHFFaultReturnType": "Fault identified post installation",
                "CHFFaultReason": "LED Fault",
            },
            "8.14.3",
            "LED Fault",
        ),
        (
            {"visit": "no-fault-return", "CHFNoFaultReturnType": "Lost or Stolen Hub"},
            "8.14.4",
            "Lost or Stolen Hub",
        ),
    ],
    ids=["no-wan", "wan", "replacement", "fault", "no-fault"],
)
@pytest.mark.shared
def test_each_visit_ends_in_its_own_status_update(tmp_path, shared, answers, service, text) -> None:
    from lxml import etree

    stage = Stage(tmp_path, answers | {"notes": "Key under the mat"})
    journey = stage.journey()
    journey.answer_from_job()
    xml = return_item(stage.store, journey.queue_report()).xml
    etree.XMLSchema(etree.parse(shared / "duis" / "xsd" / "duis.xsd")).assertValid(
        etree.fromstring(xml)
    )
    assert stage.reports == [service]
    assert text in xml.decode()
    assert "Key under the mat" in xml.decode()


def test_a_draft_that_a_kill_left_is_brought_up_to_date(tmp_path: Path, monkeypatch) -> None:
    stage = Stage(tmp_path, NO_WAN)
    journey = stage.journey()
    journey.answer_from_job()
    name = "hht.journeys.install.install_journey.finalise_report"
    with monkeypatch.context() as killed:
        killed.setattr(name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            journey.queue_report()
    again = stage.journey()
    again.answer("CHFLocation", "Basement or Cellar")
    assert b"Basement" in return_item(stage.store, again.queue_report()).xml
    assert stage.reports == ["8.14.2"]


def test_a_draft_of_another_service_is_replaced(tmp_path: Path, monkeypatch) -> None:
    stage = Stage(tmp_path, NO_WAN)
    journey = stage.journey()
    journey.answer_from_job()
    name = "hht.journeys.install.install_journey.finalise_report"
    with monkeypatch.context() as killed:
        killed.setattr(name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            journey.queue_report()
    again = stage.journey()
    again.answer("wan", True)
    again.queue_report()
    assert stage.reports == ["8.14.1"]


def test_a_snapshot_of_another_version_keeps_what_is_still_asked() -> None:
    row = ["install", "seen", NOW.isoformat(), ""]
    assert Answers.restore({"visit": row, "gone": row}).values == {"visit": "install"}


def test_every_question_has_a_text_and_choices_where_it_needs_them() -> None:
    for each in questions():
        assert each.text
        assert bool(each.choices) is (each.kind in ("choice", "lights", "variant")), each.id


def test_the_events_name_the_question_and_where_its_answer_comes_from(stage: Stage) -> None:
    stage.journey().answer("visit", "install")
    assert stage.events == [InstallAnswered("visit", "seen")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (NOW, "2026-11-26T09:30:00Z"),
        ("2026-11-26 09:30:00+01:00", "2026-11-26T09:30:00+01:00"),
        ("20261126T093000Z", "2026-11-26T09:30:00Z"),
    ],
    ids=["TOML", "blank", "basic"],
)
def test_a_time_of_the_job_is_kept_as_the_status_update_writes_it(given, kept) -> None:
    assert question("InstallDateTime").check(given) == kept
