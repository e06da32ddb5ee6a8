"""The guide for trainers names every setting that a scenario file can have, and no other."""

import re
from dataclasses import fields
from pathlib import Path

from hht.simulator.head_end.job_phrases import _PHRASES
from hht.training.scenario import spec

GUIDE = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text()
NAMED = set(re.findall(r"`([a-z_-]+)", GUIDE))
TABLES = {"hub", "neighbours", "devices", "air", "faults", "expected", "score"}
IN_CODE_ALONE = {"name", "source", "steps", "place", "job_reference", "job_title"}


def test_every_setting_is_in_the_guide() -> None:
    parts = (spec.Scenario, spec.HubSpec, spec.NeighbourSpec, spec.DeviceSpec, spec.AirSpec)
    parts += (spec.RadioPlace, spec.Fault, spec.Expected, spec.Score)
    settings = {field.name for part in parts for field in fields(part)} - TABLES - IN_CODE_ALONE
    assert settings - NAMED == set()


def test_every_fault_phrase_moment_and_outcome_is_in_the_guide() -> None:
    words = {*spec.FAULTS, *spec.MOMENTS, *spec.OUTCOMES}
    assert words - NAMED == set()
    assert all(f"`{phrase}" in GUIDE for phrase in _PHRASES)
