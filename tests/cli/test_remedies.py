"""What a command advises where it fails is what helps there."""

import pytest


@pytest.fixture
def backup(hht, tmp_path):
    """A backup of training data, and a handheld with live data."""
    assert hht("jobs", "begin", "JOB-1", "--mode", "training").code == 0
    assert hht("backup", tmp_path / "copy.db").code == 0
    assert hht("jobs", "begin", "JOB-1", "--mode", "live").code == 0
    return tmp_path / "copy.db"


def test_a_backup_of_another_mode_is_restored_by_naming_that(hht, backup) -> None:
    refused = hht("restore", backup)
    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert "Say --mode training." in refused.err
    assert hht("restore", backup, "--mode", "training").code == 0


def test_a_backup_that_is_not_there_is_unreadable_input(hht, tmp_path, data_dir) -> None:
    refused = hht("restore", tmp_path / "none.db")
    assert refused.code == 2
    assert "Check its name." in refused.err
    assert not data_dir.exists()


def test_settings_of_a_gateway_that_are_not_there_are_to_be_written(hht) -> None:
    assert "docs/gateway.md" in hht("jobs", "fetch").err


def test_evidence_without_a_key_of_ones_own_needs_the_writers(hht, tmp_path) -> None:
    (tmp_path / "evidence.jsonl").touch()
    assert "--key FILE" in hht("facility", "verify", tmp_path / "evidence.jsonl").err


@pytest.mark.parametrize(
    "words",
    [
        "jobs show 99",
        "jobs check 99",
        "queue show 99",
        "replay 99",
        "scenario new none.toml --from 99",
        "facility status none",
    ],
)
def test_what_is_not_in_the_data_is_no_wrong_usage(words, hht) -> None:
    assert hht("jobs", "begin", "JOB-1").code == 0
    missed = hht(*words.split())
    assert (missed.code, missed.out, len(missed.err.splitlines())) == (1, "", 1)
