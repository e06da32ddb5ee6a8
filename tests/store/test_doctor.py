"""The doctor finds what is wrong with a store and says what to do about it."""

import pytest
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, hear, open_store, pack

from hht.cli.commands.doctor import line_of
from hht.store import Mode, Store
from hht.store.doctor import Finding, check_database, check_store


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data") as opened:
        job = opened.jobs.add(pack(CCS01_COMMAND))
        hear(opened, CCS01_RESPONSE, job.id)
        yield opened


def wrong(store: Store) -> dict[str, str]:
    """What does not hold; each of it with a remedy."""
    findings = [item for item in check_store(store) if item.holds is False]
    assert all(item.remedy for item in findings)
    return {item.check: item.found for item in findings}


def test_a_healthy_store_has_nothing_wrong(store):
    assert wrong(store) == {}
    assert {item.check for item in check_store(store)} == {
        "integrity",
        "references",
        "captures",
        "audit trail",
        "room",
        "permissions",
        "protection",
        "clock",
    }


@pytest.mark.parametrize(
    ("holds", "remedy", "line"),
    [
        (None, "", "--  radio     frames       3 could not be read"),
        (None, "Look.", "--  radio     frames       3 could not be read. Look."),
        (False, "Look.", "BAD radio     frames       3 could not be read. Look."),
        (True, "Look.", "ok  radio     frames       3 could not be read"),
    ],
)
def test_a_line_ends_with_its_remedy_where_there_is_one(holds, remedy, line):
    assert line_of("radio", Finding("frames", holds, "3 could not be read", remedy)) == line


def test_a_changed_capture_is_named(store):
    store.database.connection.execute("UPDATE captures SET raw = ?", (CS14_ALERT,))
    assert wrong(store) == {
        "captures": "capture 1 was changed",
        "audit trail": "capture 1 was changed",
    }


def test_a_broken_reference_is_counted(store):
    store.database.connection.execute("PRAGMA foreign_keys = OFF")
    store.database.connection.execute("UPDATE captures SET command_id = 99")
    assert wrong(store)["references"] == "1 broken reference"


def test_a_broken_trail_says_where(store):
    store.database.connection.execute("DROP TRIGGER the_audit_trail_is_not_changed")
    store.database.connection.execute("UPDATE audit SET action = 'x' WHERE id = 1")
    assert wrong(store) == {"audit trail": "broken at entry 1"}


def test_a_page_that_cannot_be_read_is_a_finding_and_stops_no_check(store):
    database = store.database
    number = database.value("SELECT rootpage FROM sqlite_master WHERE name = 'receipts'")
    size = database.value("PRAGMA page_size")
    database.empty_wal()
    database.connection.execute("PRAGMA shrink_memory")
    with database.path.open("r+b") as file:
        file.seek((number - 1) * size)
        file.write(b"\xff" * size)
    found = wrong(store)
    assert found["audit trail"] == "The database is damaged"
    assert "\n" not in found["integrity"]
    assert "clock" in {item.check for item in check_store(store)}


def test_little_room_is_reported_before_it_is_gone(store, monkeypatch):
    monkeypatch.setattr(store.space, "free", lambda: 100 * 1024 * 1024)
    assert wrong(store) == {"room": "100 MiB free: low"}


def test_a_file_that_others_may_read_is_named(store):
    store.database.path.chmod(0o644)
    assert wrong(store) == {"permissions": "others may read training.db"}


def test_a_file_that_goes_while_it_is_looked_at_stops_no_check(store):
    gone = store.database.path.with_name(store.database.path.name + ".part")
    gone.symlink_to(gone.with_name("nowhere"))
    assert wrong(store) == {}


def test_a_clock_that_went_back_is_noticed(store, time_machine):
    time_machine.move_to("2020-01-01")
    assert list(wrong(store)) == ["clock"]


@pytest.mark.parametrize("time", ["noon", "2099-01-01 09:00"])
def test_a_time_that_was_changed_in_the_file_is_a_finding(store, time):
    store.database.connection.execute("DROP TRIGGER the_audit_trail_is_not_changed")
    store.database.connection.execute("UPDATE audit SET at = ?", (time,))
    assert wrong(store)["clock"] == "what was written last has no time"


def test_live_data_without_a_pin_is_a_finding_and_training_data_is_not(tmp_path, store):
    with open_store(tmp_path / "live", Mode.LIVE) as live:
        assert wrong(live) == {"protection": "no PIN is set"}
        live.vault.protect("271828")
        assert wrong(live) == {}


def test_of_training_data_with_a_pin_the_pin_is_said(store):
    def said():
        return {item.check: item.found for item in check_store(store)}["protection"]

    assert said() == "training data needs no PIN"
    store.vault.protect("271828")
    assert said().startswith("a PIN is set")


def test_a_locked_store_is_checked_as_far_as_it_goes(tmp_path):
    with open_store(tmp_path / "live", Mode.LIVE) as live:
        hear(live, CS14_ALERT)
        live.vault.protect("271828")
        live.vault.lock()
        assert wrong(live) == {}
        (captures,) = [item for item in check_store(live) if item.check == "captures"]
        assert captures.found.startswith("not checked")
        assert captures.holds is None


def test_a_file_that_nobody_has_unlocked_is_not_called_broken(tmp_path):
    with open_store(tmp_path / "live", Mode.LIVE) as live:
        live.vault.protect("271828")
    findings = {item.check: item for item in check_database(live.database.path, Mode.LIVE)}
    assert findings["audit trail"].holds is None
    assert all(item.holds is not False for item in findings.values()), findings


def test_a_file_that_is_no_database_is_a_finding_and_not_a_failure(tmp_path):
    (tmp_path / "training.db").write_text("Dear diary")
    (finding,) = check_database(tmp_path / "training.db", Mode.TRAINING)
    assert (finding.check, finding.holds) == ("open", False)
    assert "not a database" in finding.found
