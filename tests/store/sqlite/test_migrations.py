"""A database of any released hht is brought up to date with everything that is in it."""

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, hear, open_store

from hht.clock import ManualClock
from hht.gbcs.judgement import Judgement
from hht.gbcs.protection import Verdict
from hht.outbox.capture import judge_kept
from hht.outbox.compose813 import return_item
from hht.store import CommandState, Mode, ReturnState, Store, StoreError
from hht.store.doctor import check_store
from hht.store.secrets.vault import PinState
from hht.store.sqlite.migrations import STEPS, migrate

VERSIONS = Path(__file__).parents[1] / "versions"


def number_of(dump: Path) -> int:
    return int(dump.stem.removeprefix("step-"))


RELEASED = sorted(VERSIONS.glob("step-*.sql"), key=number_of)


def made_from(dump: Path, folder: Path, mode: Mode = Mode.TRAINING) -> Path:
    path = folder / mode.file_name
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text())
    path.chmod(0o600)
    folder.chmod(0o700)
    return path


def schema(path: Path) -> dict[str, str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: re.sub(r"\s+", " ", sql).replace('"', "") for name, sql in rows}


def test_every_step_has_its_dump():
    assert [number_of(path) for path in RELEASED] == list(range(1, len(STEPS) + 1))


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.stem)
def test_nothing_is_lost_on_the_way_up(dump, tmp_path):
    with Store.open(made_from(dump, tmp_path), Mode.TRAINING) as store:
        (job,) = store.jobs.all()
        assert (job.premises, job.devices[0].type) == ("1 High Street", "ESME")
        (command,) = store.commands.of_job(job.id)
        assert (command.raw, command.state) == (CCS01_COMMAND, CommandState.ANSWERED)
        assert command.captured
        (capture,) = store.captures.of_job(job.id)
        assert (capture.raw, capture.copies, capture.return_id) == (CCS01_RESPONSE, 2, 1)
        assert return_item(store, 1).row.state is ReturnState.WRITTEN
        assert store.journeys.load(job.id, "connect") == {"state": "joined"}
        assert store.jobs.certificates(job.id) == {"00db1234567890a0-ds.pem": b"PEM"}
        kept = [record.name for record in store.events.of_job(job.id)]
        assert kept == ["hub_chosen"] * (number_of(dump) >= 6)
        hear(store, CS14_ALERT, job.id)
        assert [item for item in check_store(store) if not item.holds] == []


def test_the_states_of_an_older_outbox_mean_what_they_meant(tmp_path):
    path = made_from(VERSIONS / "step-4.sql", tmp_path)
    rows = [
        ("sent", 2, "HTTP 502", ReturnState.SENT),
        ("refused", 1, "E5: The Device's status does not allow it", ReturnState.REFUSED),
        ("refused", 1, "The gateway refuses it with HTTP 402", ReturnState.SENT),
        ("refused", 1, "A protected field was changed since it was written", ReturnState.HELD),
        ("ready", 0, "", ReturnState.READY),
        ("draft", 0, "", ReturnState.DRAFT),
    ]
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO returns (id, service, state, tries, note, request_id, created_at)"
            " VALUES (?, '8.13', ?, ?, ?, 'x', '2026-11-20T09:00:00.000Z')",
            [(number, *row[:3]) for number, row in enumerate(rows, 10)],
        )
    with Store.open(path, Mode.TRAINING) as store:
        states = [row.state for row in store.returns.all() if row.id >= 10]
        assert states == [row[3] for row in rows]


def test_what_an_older_hht_left_in_clear_beside_a_pin_is_sealed_when_the_pin_is_entered(tmp_path):
    path, clock = made_from(VERSIONS / "locked-7.sql", tmp_path, Mode.LIVE), ManualClock()
    with Store.open(path, Mode.LIVE, clock=clock) as store:
        assert store.vault.pin_state() == PinState(1, 6), "what was counted is still counted"
        clock.advance(1)
        store.vault.unlock("271828")
        (job,), (command,) = store.jobs.all(), store.commands.of_job(1)
        assert (job.reference, command.title) == ("Mrs Smith's job", "Command 0")
        assert store.returns.get(1).note == "I0"
        assert store.outbox.receipt_rows()[0]["document"] == b"<Mrs Smith's receipt/>"
        assert any("Mrs Smith's stick" in str(entry["subject"]) for entry in store.audit.entries())
        assert store.verify_trail().holds
    assert b"Mrs Smith" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.stem)
def test_an_old_file_ends_up_with_the_schema_of_a_new_one(dump, tmp_path):
    (tmp_path / "old").mkdir()
    path = made_from(dump, tmp_path / "old")
    Store.open(path, Mode.TRAINING).close()
    open_store(tmp_path / "new").close()
    assert schema(path) == schema(tmp_path / "new" / "training.db")


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.stem)
def test_what_was_kept_without_a_judgement_is_judged_later(dump, tmp_path):
    with Store.open(made_from(dump, tmp_path), Mode.TRAINING) as store:
        judge_kept(store, 1, None)
        (capture,) = store.captures.of_job(1)
        assert capture.judgement == Judgement(Verdict.UNCHECKED, Verdict.ABSENT, True, "Success.")
        assert store.captures.unjudged(1) == ()


def test_a_step_that_fails_leaves_the_file_at_the_step_before(tmp_path):
    path = made_from(RELEASED[0], tmp_path)
    half = "CREATE TABLE half (id INTEGER); CREATE TABLE jobs (id INTEGER);"
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection,
        pytest.raises(sqlite3.OperationalError, match="already exists"),
    ):
        migrate(connection, Mode.TRAINING.application_id, (*STEPS[:1], half))
    assert "half" not in schema(path)
    with Store.open(path, Mode.TRAINING) as store:
        assert store.captures.all()


def test_an_onlooker_does_not_bring_a_file_up_to_date(tmp_path):
    path = made_from(RELEASED[0], tmp_path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="Start hht once"):
        Store.open(path, Mode.TRAINING, read_only=True)
    assert path.read_bytes() == before
