"""The guide for trainers names every setting that a scenario file can have, and no other."""

import re
from dataclasses import fields
from pathlib import Path

from hht.duis.visit_questions import questions
from hht.simulator.head_end.job_phrases import PHRASES
from hht.simulator.hub.faults.kinds import FAULTS
from hht.simulator.hub.milestones import MOMENTS
from hht.simulator.site import spec
from hht.training.scenario.spec import OUTCOMES, Expected, Scenario, Score

GUIDE = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text()
NAMED = set(re.findall(r"`([a-z_-]+)", GUIDE))
TABLES = {"hub", "neighbours", "devices", "dongle", "air", "images", "faults", "expected", "score"}
IN_CODE_ALONE = {"name", "source", "site", "job", "steps", "place", "answers", "size"}


def test_every_setting_is_in_the_guide() -> None:
    parts: tuple[type, ...] = (Scenario, Expected, Score, spec.SiteSpec, spec.JobSpec, spec.HubSpec)
    parts += (spec.NeighbourSpec, spec.DeviceSpec, spec.AirSpec, spec.RadioPlace, spec.Fault)
    parts += (spec.DongleSpec, spec.ImageSpec)
    settings = {field.name for part in parts for field in fields(part)} - TABLES - IN_CODE_ALONE
    assert settings - NAMED == set()


def test_every_question_of_a_visit_is_in_the_guide() -> None:
    assert [each.id for each in questions() if f"`{each.id}`" not in GUIDE] == []


def test_every_fault_phrase_moment_and_outcome_is_in_the_guide() -> None:
    words = {*FAULTS, *MOMENTS, *OUTCOMES}
    assert words - NAMED == set()
    assert all(f"`{phrase}" in GUIDE for phrase in PHRASES)
