"""`hht jobs profile`: a job is switched to another hub profile."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def job(hht) -> None:
    assert hht("jobs", "begin", "JOB-4711").code == 0


def test_a_job_begins_with_the_stand_in_and_is_switched_to_a_profile_by_name(hht) -> None:
    assert hht("jobs", "profile", "1", "--json").rows[0]["profile"] == "stand-in"
    switched = {"job": 1, "reference": "JOB-4711", "profile": "no-limit"}
    assert hht("jobs", "profile", "1", "no-limit", "--json").rows == [switched]
    assert hht("jobs", "profile", "1", "--json").rows == [switched]


def test_a_job_is_switched_to_a_file_of_ones_own(hht, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('extends = "stand-in"\nname = "own"\nnote = "x"\nlate_seconds = 2\n')
    assert hht("jobs", "profile", "1", str(path), "--json").rows[0]["profile"] == str(path)


@pytest.mark.parametrize("given", [["1", "unheard-of"], ["1", "missing.toml"], ["7", "no-limit"]])
def test_what_is_no_profile_or_no_job_changes_nothing_and_has_one_line(hht, given) -> None:
    ran = hht("jobs", "profile", *given)
    assert ran.code in (1, 2)
    assert (ran.out, len(ran.err.splitlines())) == ("", 1)
    assert hht("jobs", "profile", "1", "--json").rows[0]["profile"] == "stand-in"


def test_an_exercise_keeps_the_profile_of_its_scenario(hht) -> None:
    ran = hht("jobs", "profile", "1", "no-limit", "--mode", "training")
    assert ran.code == 2
    assert "of the exercise" in ran.err
