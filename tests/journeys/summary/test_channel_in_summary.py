"""A change of channel and a survey in the summary of a visit."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_samples import open_store, pack
from survey_samples import survey_of

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.journeys.move.states import Move, MoveState
from hht.journeys.summary.render import write_summary
from hht.survey.survey_file import write_survey

ESME = JobDevice("ESME", EntityId.parse("00-DB-12-34-56-78-90-A0"), "Meter")
AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def page(folder: Path, survey: Path | None = None) -> str:
    with open_store(folder) as store:
        job = store.jobs.add(replace(pack(), devices=(ESME,)))
        said = "the hub goes to 20"
        move = Move(MoveState.OPEN, said=said, channel=20, since=AT, hub_at=AT, looked_at=AT)
        store.journeys.save(job.id, "move", json.loads(json.dumps(move.snapshot())))
        return write_summary(store, job.id, AT, folder / "page.html", survey).page_path.read_text()


def test_a_second_look_that_is_owed_is_among_what_is_still_open(tmp_path: Path) -> None:
    shown = page(tmp_path)
    assert "second look after the change of channel" in shown
    assert "unknown since the change of channel" in shown
    assert "the hub goes to 20" in shown


def test_a_survey_is_drawn_on_the_page_with_its_advice(tmp_path: Path) -> None:
    path = tmp_path / "survey.json"
    path.write_bytes(write_survey(survey_of({11: [-60.0], 20: [-90.0]}, ours=11)))
    shown = page(tmp_path, path)
    assert "<svg" in shown
    assert "move: channel 20" in shown


def test_a_file_that_is_no_survey_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("[]")
    with pytest.raises(InputError):
        page(tmp_path, tmp_path / "wrong.json")
