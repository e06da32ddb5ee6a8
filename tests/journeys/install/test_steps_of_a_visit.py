"""The steps of a visit: labels, power, doubts, and what reopening undoes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.clock import ManualClock
from hht.duis.job.brief import JobBrief
from hht.duis.job.device import JobDevice
from hht.duis.job.head import PackVisit
from hht.entity_id import EntityId
from hht.events import Event
from hht.journeys.install.answers import Source
from hht.journeys.install.doubts import DoubtCode
from hht.journeys.install.events import PowerOn
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.install.power import PowerCertainty
from hht.journeys.install.refusals import InstallRefused
from hht.journeys.install.scanning import Scan
from hht.journeys.install.steps import StepState

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
CODE = bytes(range(16))


class Stage:
    """A store with one job of format 2, and its install journey, which can be begun again."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder)
        self.clock = ManualClock(start=NOW)
        self.off: timedelta | None = None
        self.powers: list[tuple[datetime | None, PowerCertainty]] = []
        self.events: list[Event] = []
        brief = JobBrief(mpxns=("2000000000015",), wan_variant="Cellular+Mesh", coverage="<x/>")
        devices = (JobDevice("ESME", ESME, "Meter", CODE),)
        given = pack(CCS01_COMMAND)
        self.job = self.store.jobs.add(
            replace(given, visit=PackVisit({"visit": "install"}), brief=brief, devices=devices)
        )

    def journey(self) -> InstallJourney:
        return InstallJourney(
            self.store,
            self.job,
            self.events.append,
            self.clock,
            on_power=lambda at, certainty: self.powers.append((at, certainty)),
            clock_off=lambda: self.off,
        )


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_the_steps_begin_with_the_job_and_end_with_the_report(stage: Stage) -> None:
    journey = stage.journey()
    assert [each.id for each in journey.steps()][:1] == ["visit"]
    journey.take_from_job("visit")
    steps = journey.steps()
    ids = [each.id for each in steps]
    assert ids[:3] == ["visit", "coverage", "DeviceID"]
    assert ids[-1] == "report"
    assert ids.index("connect") < ids.index("deliver") < ids.index("MPxN")
    assert [each.id for each in steps if each.state is StepState.NOW] == ["coverage"]
    assert steps[0].state is StepState.AMBER  # from the job, not seen


def test_what_was_done_is_kept_and_the_next_step_opens(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    journey.note_done("coverage")
    again = stage.journey().steps(done=("connect",), amber=("deliver",))
    states = {each.id: each.state for each in again}
    assert states["visit"] == states["coverage"] == states["connect"] == StepState.DONE
    assert (states["deliver"], states["DeviceID"]) == (StepState.AMBER, StepState.NOW)


def test_a_question_that_the_job_could_answer_is_open_until_it_is_asked(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    step = next(each for each in journey.steps() if each.id == "variant")
    assert (journey.from_job["variant"], step.given) == ("Cellular+Mesh", None)
    assert step.state is StepState.OPEN


@pytest.mark.parametrize("form", ["{}", "CHF {}", "Z:{}$I:00112233445566778899AABBCCDDEEFF"])
def test_the_hubs_label_answers_the_question_for_it(stage: Stage, form: str) -> None:
    journey = stage.journey()
    assert journey.scan(form.format(stage.job.hub_chf)).scan is Scan.HUB
    assert stage.journey().answers.values["DeviceID"] == str(stage.job.hub_chf)
    assert stage.journey().answers.given["DeviceID"].source is Source.SEEN


def test_a_meter_point_answers_its_own_question_and_a_device_none(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    assert journey.scan("2000000000015").question == "MPxN"
    scanned = journey.scan(f"Z:{ESME}$I:{bytes(16).hex()}")
    assert (scanned.scan, scanned.device) == (Scan.DEVICE, stage.job.devices[0])
    assert "another one than the job's" in scanned.warning
    assert "DeviceID" not in journey.answers.given


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("00-DB-12-34-56-78-90-A3", "GPF"),
        ("00-DB-99-99-99-99-99-A2", "not the job's hub"),
        ("ESME 00-DB-99-99-99-99-99-A0", "This ESME is no Device of the job"),
        ("JOB-9999", "not the order"),
        ("hello", "no label"),
        ("00DB1234567890A0 00DB1234567890A2", "Either half"),
    ],
)
def test_a_wrong_label_is_refused_and_nothing_changes(stage: Stage, text: str, why: str) -> None:
    journey = stage.journey()
    with pytest.raises(InstallRefused, match=why):
        journey.scan(text)
    assert stage.journey().answers.given == {}


def test_a_meters_label_is_not_taken_for_the_hubs(stage: Stage) -> None:
    with pytest.raises(InstallRefused, match="label of the ESME Meter"):
        stage.journey().answer("DeviceID", str(ESME))


@pytest.mark.parametrize("certainty", list(PowerCertainty))
def test_power_on_is_kept_with_how_sure_it_is(stage: Stage, certainty: PowerCertainty) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    journey.power_on(certainty, minutes_ago=12)
    values = stage.journey().answers.values
    assert values["power_certainty"] == certainty
    known = certainty is not PowerCertainty.UNKNOWN
    assert values.get("InstallDateTime") == ("2026-11-26T09:18:00Z" if known else None)
    assert stage.powers == [(NOW - timedelta(minutes=12), certainty)]
    assert PowerOn("2026-11-26T09:18:00Z", certainty) in stage.events


@pytest.mark.parametrize(
    "take_back",
    [
        lambda journey: journey.put_off("InstallDateTime"),
        lambda journey: journey.skip("power_certainty", "nobody is there to ask"),
        lambda journey: journey.answer("visit", "no-fault-return"),
    ],
    ids=["put off", "skipped", "not asked any more"],
)
def test_an_answer_about_the_power_taken_back_sets_the_windows_clock_back(
    stage: Stage, take_back
) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    journey.power_on(PowerCertainty.SEEN)
    journey.answer("AerialInstall", True)
    journey.answer("power_certainty", "seen")
    assert stage.powers == [(NOW, PowerCertainty.SEEN)], "the same answer begins no clock"
    take_back(stage.journey())
    assert stage.powers[1:] == [(None, PowerCertainty.UNKNOWN)]


def test_another_answer_says_what_it_undoes_and_the_first_brings_it_back(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    journey.answer("wan", False)
    journey.answer("PremiseType", "Terraced")
    assert [each.id for each in journey.answers.undone_by("wan", True)] == ["PremiseType"]
    journey.answer("wan", True)
    assert "PremiseType" not in stage.journey().answers.values
    journey.answer("wan", False)
    assert stage.journey().answers.values["PremiseType"] == "Terraced"


def complete(journey: InstallJourney, **changes: object) -> None:
    answers = {
        "visit": "install",
        "DeviceID": "00-DB-12-34-56-78-90-A2",
        "replaced": False,
        "CHFLocation": "Deep indoors",
        "AerialInstall": False,
        "wan": True,
        "MPxN": "2000000000015",
    }
    for name, value in (answers | changes).items():
        journey.answer(name, value)


def test_another_variant_than_the_jobs_is_asked_about_before_the_report(stage: Stage) -> None:
    journey = stage.journey()
    complete(journey, variant="Cellular")
    assert [each.code for each in journey.doubts] == [DoubtCode.VARIANT]
    with pytest.raises(InstallRefused, match="the job wants"):
        journey.queue_report()
    with pytest.raises(InstallRefused, match="reason"):
        journey.accept(DoubtCode.VARIANT, " ")
    journey.accept(DoubtCode.VARIANT, "The supplier said so by telephone")
    assert stage.journey().doubts == ()
    assert stage.journey().queue_report()


def test_long_and_short_names_of_a_northern_variant_are_one(stage: Stage) -> None:
    stage.job = replace(stage.job, brief=replace(stage.job.brief, wan_variant="Standard 420"))
    journey = stage.journey()
    complete(journey, variant="420")
    assert journey.doubts == ()


def test_a_check_digit_that_fails_is_asked_about_and_not_refused(stage: Stage) -> None:
    journey = stage.journey()
    complete(journey, MPxN="1000999888")
    assert [each.code for each in journey.doubts] == [DoubtCode.METER_POINT]
    journey.accept(DoubtCode.METER_POINT, "It stands so on the meter")
    assert journey.queue_report()


@pytest.mark.parametrize(
    ("minutes", "doubtful"), [(1.9, False), (-1.9, False), (2.1, True), (-2.1, True)]
)
def test_a_clock_more_than_two_minutes_off_is_asked_about(stage, minutes, doubtful) -> None:
    journey = stage.journey()
    complete(journey)
    journey.power_on(PowerCertainty.SEEN)
    stage.off = timedelta(minutes=minutes)
    assert [each.code for each in journey.doubts] == [DoubtCode.CLOCK] * doubtful


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(minutes=12), "12 minutes ahead of"),
        (timedelta(minutes=-90), "90 minutes behind"),
        (timedelta(hours=5), "5 hours ahead of"),
        (timedelta(days=-9000), "9,000 days behind"),
    ],
)
def test_how_far_the_clocks_are_apart_is_said_in_a_fitting_unit(stage, off, said) -> None:
    journey = stage.journey()
    complete(journey)
    journey.power_on(PowerCertainty.SEEN)
    stage.off = off
    (doubt,) = journey.doubts
    assert f"The handheld's clock is {said} the Devices'" == doubt.what
    assert "If the hub's is, say so." in doubt.remedy


def test_a_time_given_by_a_clock_that_was_set_since_is_asked_about_also_after_a_kill(
    stage: Stage,
) -> None:
    journey = stage.journey()
    complete(journey)
    journey.power_on(PowerCertainty.SEEN)
    journey.time_of_day_set(timedelta(minutes=-10))
    journey = stage.journey()
    (doubt,) = journey.doubts
    assert doubt.code is DoubtCode.CLOCK
    assert "set back 10 minutes after this time was given" in doubt.what
    with pytest.raises(InstallRefused, match="set back 10 minutes"):
        journey.queue_report()
    journey.power_on(PowerCertainty.TOLD, minutes_ago=5)
    assert journey.doubts == ()


def test_how_a_time_is_known_is_asked_only_where_there_is_a_time(stage: Stage) -> None:
    journey = stage.journey()
    journey.answer("visit", "install")
    journey.put_off("InstallDateTime")
    assert "power_certainty" not in [each.id for each in journey.answers.asked]
    journey.answer("InstallDateTime", "2026-11-26T09:00:00Z", Source.JOB)
    assert "power_certainty" in [each.id for each in journey.answers.asked]
    assert stage.powers == []
    journey.answer("power_certainty", "told")
    assert stage.powers == [(NOW - timedelta(minutes=30), PowerCertainty.TOLD)]


def test_a_doubt_that_was_accepted_is_not_accepted_of_another_answer(stage: Stage) -> None:
    journey = stage.journey()
    complete(journey, MPxN="1000999888", variant="Cellular")
    journey.accept(DoubtCode.METER_POINT, "It stands so on the meter")
    journey.accept(DoubtCode.VARIANT, "By telephone")
    journey.answer("MPxN", "1000999889")
    assert [each.code for each in stage.journey().doubts] == [DoubtCode.METER_POINT]
    assert list(stage.journey().accepted) == [DoubtCode.VARIANT]


def test_a_clock_that_was_accepted_is_doubted_again_once_it_is_set(stage: Stage) -> None:
    journey = stage.journey()
    complete(journey)
    journey.power_on(PowerCertainty.SEEN)
    stage.off = timedelta(minutes=3)
    journey.accept(DoubtCode.CLOCK, "The hub's is wrong")
    assert journey.doubts == ()
    journey.time_of_day_set(timedelta(hours=2))
    assert [each.code for each in stage.journey().doubts] == [DoubtCode.CLOCK]
