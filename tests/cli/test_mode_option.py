"""Whose data a command without --mode takes: the live, or what there is where that is empty."""

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.cli.mode_option import settle_mode
from hht.store import Mode


@pytest.fixture
def practised(data_dir):
    """A data folder with a job of practice, and live data without any."""
    with open_store(data_dir, Mode.TRAINING) as store:
        store.jobs.add(pack(CCS01_COMMAND, mode="training"))
    open_store(data_dir, Mode.LIVE).close()
    return data_dir


def test_live_data_without_any_work_hides_no_practice(practised) -> None:
    assert settle_mode(practised, "") == "training"
    assert settle_mode(practised, "live") == "live"


def test_where_both_have_work_it_is_the_live_data(practised) -> None:
    with open_store(practised, Mode.LIVE) as store:
        store.jobs.add(pack(CCS01_COMMAND, mode="live"))
        assert settle_mode(practised, "") == "live"  # while another hht has it open, too
    assert settle_mode(practised, "") == "live"


def test_live_data_behind_a_pin_or_damaged_may_have_work(practised) -> None:
    with open_store(practised, Mode.LIVE) as store:
        store.vault.protect("a long enough one")
    assert settle_mode(practised, "") == "live"
    (practised / "live.db").write_bytes(b"SQLite format 3\0" + bytes(4000))
    assert settle_mode(practised, "") == "live"


def test_where_no_data_has_work_it_is_the_first_there_is(data_dir) -> None:
    assert settle_mode(data_dir, "") == "live"
    for mode in (Mode.FACILITY, Mode.TRAINING):
        open_store(data_dir, mode).close()
        assert settle_mode(data_dir, "") == mode


def test_a_first_job_is_for_the_live_data_empty_as_it_is(practised, hht) -> None:
    assert hht("jobs", "begin", "JOB-1", "--json").rows[0]["mode"] == "live"


def test_a_first_pin_is_for_the_live_data_where_only_training_is_there(
    data_dir, tmp_path, hht, monkeypatch
) -> None:
    open_store(data_dir, Mode.TRAINING).close()
    (tmp_path / "pin").write_text("a long enough one")
    monkeypatch.setenv("HHT_NEW_PIN_FILE", str(tmp_path / "pin"))
    assert "The PIN of the live data is set." in hht("pin", "set").out
    with open_store(data_dir, Mode.LIVE) as live, open_store(data_dir, Mode.TRAINING) as training:
        assert (live.vault.is_locked, training.vault.is_locked) == (True, False)


@pytest.mark.parametrize("command", ["pin set", "restore", "jobs begin"])
def test_the_help_of_what_begins_there_says_so(hht, command) -> None:
    assert "live, training or facility; else live." in hht(*command.split(), "--help").out


def test_what_was_practised_is_listed_after_a_look_at_the_live_data(hht, data_dir) -> None:
    assert hht("queue", "list", "--mode", "live").code == 0
    with open_store(data_dir, Mode.TRAINING) as store:
        store.jobs.add(pack(CCS01_COMMAND, mode="training"))
    assert len(hht("jobs", "list", "--json").rows) == 1
