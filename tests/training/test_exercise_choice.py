"""The exercises to choose from: the one to begin with first, what no hub has yet last."""

from pathlib import Path

from hht.training.exercise.choice import FIRST, choices


def test_the_whole_job_comes_first_and_drafts_come_last(tmp_path: Path) -> None:
    listed = [choice.scenario for choice in choices(tmp_path)]
    drafts = [each.is_draft for each in listed]
    assert listed[0].name == FIRST
    assert any(drafts)
    assert drafts == sorted(drafts)
    assert all(each.is_draft == each.title.startswith("DRAFT") for each in listed)
