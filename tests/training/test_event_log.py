"""The debrief goes by the journals: of every sitting of a play, not only of the last."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hht.entity_id import EntityId
from hht.events import Record, Source
from hht.facility.unit.display import DisplayFile, Stage
from hht.journeys.events import HubChosen
from hht.training.exercise.event_log import debrief_play, minutes_of, played_of
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.terms import PREPARED

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WRONG = EntityId.parse("00-DB-00-00-00-00-99-A3")


def at(sitting: int, seconds: float) -> Record:
    return Record(Source.VISIT, NOW, "failed", {}, sitting=sitting, seconds=seconds)


def test_minutes_are_those_of_all_sittings_without_what_lies_between_them() -> None:
    assert minutes_of([]) == 0
    assert minutes_of([at(1, 30)]) == 0
    assert minutes_of([at(1, 0), at(1, 90), at(2, 10), at(2, 40)]) == 2


def test_what_was_done_before_the_program_was_started_again_counts(tmp_path: Path) -> None:
    run = TrainingRun.resume_or_start(tmp_path, "two-hubs-same-channel", seed=1)
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        for sitting in (1, 2):
            store.events.add(HubChosen(WRONG), at=NOW, job_id=job.id, sitting=sitting)
    with run.open_store() as store:
        debriefed = debrief_play(run, store, job.id)
    wrong_picks = {each.what: each.count for each in debriefed.findings}["wrong_pick"]
    assert wrong_picks == 2


def test_what_was_played_to_reach_the_step_is_not_the_trainees(tmp_path: Path) -> None:
    run = TrainingRun.resume_or_start(tmp_path, "two-hubs-same-channel", seed=1)
    (run.run_dir / PREPARED).write_text("1")
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        for sitting, seconds in ((1, 600.0), (2, 0.0), (2, 60.0)):
            event = HubChosen(WRONG)
            store.events.add(event, at=NOW, job_id=job.id, sitting=sitting, seconds=seconds)
        played = played_of(run, store, job.id)
    assert (len(played.events), played.minutes) == (2, 1.0)


@pytest.mark.parametrize(
    ("stage", "outcome"), [(Stage.IN, "complete"), (Stage.STOPPED, "incomplete")]
)
def test_a_visit_is_not_complete_whose_unit_gave_up_outside_the_han(
    tmp_path: Path, stage: Stage, outcome: str
) -> None:
    run = TrainingRun.resume_or_start(tmp_path, "ppmid-self-install-no-limit", seed=1)
    run.site.unit_dir.mkdir(exist_ok=True)
    DisplayFile(run.site.unit_dir, "the unit", lambda shown: None).show(stage)
    with run.open_store() as store:
        nothing_left = store.jobs.add(replace(run.pack, commands=()))
        judged = debrief_play(run, store, nothing_left.id)
    assert (judged.outcome, judged.as_expected) == (outcome, stage is Stage.IN)
