"""The journal of events: in full, sealed like the messages it quotes, there after a kill -9."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, NOW, hear, open_store, pack

from hht.events import Event, Record, Source, facts_of
from hht.gbcs.message import Message
from hht.journeys.events import HubChosen, OtherCaptured, StepDone
from hht.spans import Line
from hht.store import Mode, Store, StoreLocked

SECRET = "The tariff of 1 High Street is 12.34 pence"
HUB = Message.parse(CCS01_RESPONSE).originator
PIN = "271828"


def keep(store: Store, event: Event, job_id: int | None = 1, sitting: int = 1) -> None:
    store.events.add(event, at=NOW, job_id=job_id, sitting=sitting, seconds=0.5)


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path, Mode.LIVE) as store:
        store.jobs.add(pack(CCS01_COMMAND, mode=None))
        yield store


def test_an_event_is_kept_with_all_of_its_fields_and_its_time(store: Store) -> None:
    keep(store, HubChosen(HUB))
    facts = {"gpf": str(HUB)}
    assert store.events.of_job(1) == (
        Record(Source.VISIT, NOW, "hub_chosen", facts, 1, job_id=1, sitting=1, seconds=0.5),
    )
    assert store.events.of_job(1)[0].event() == HubChosen(HUB)


def test_events_come_back_in_their_order_and_only_those_of_the_job(store: Store) -> None:
    events = [StepDone(str(number), number) for number in range(12)]
    for event in events:
        keep(store, event)
    keep(store, HubChosen(HUB), job_id=None)
    assert [record.event() for record in store.events.of_job(1)] == events
    assert len(store.events.all()) == 13


def test_sittings_are_numbered_job_by_job(store: Store) -> None:
    assert store.events.next_sitting(1) == 1
    keep(store, HubChosen(HUB), sitting=1)
    assert store.events.next_sitting(1) == 2
    assert store.events.next_sitting(2) == 1


def test_with_a_pin_the_fields_of_an_event_are_not_in_the_file(store: Store) -> None:
    keep(store, OtherCaptured(1, Line.of(SECRET)))
    assert SECRET.encode() in written(store)
    store.vault.protect(PIN)
    keep(store, OtherCaptured(2, Line.of(SECRET)))
    store.database.empty_wal()
    assert SECRET.encode() not in written(store)
    store.vault.change_keys(PIN)
    assert [record.facts["reading"] for record in store.events.of_job(1)] == [SECRET, SECRET]
    store.vault.lock()
    with pytest.raises(StoreLocked):
        store.events.of_job(1)


def written(store: Store) -> bytes:
    folder = store.database.path.parent
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def test_an_event_outlives_a_kill_right_after_it(tmp_path: Path) -> None:
    code = f"""
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from hht.journeys.events import StepDone
from hht.store import Mode, Store
store = Store.open(Path({str(tmp_path)!r}) / "training.db", Mode.TRAINING)
for number in range(20):
    store.events.add(StepDone("scan", number), at=datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    assert killed.returncode == -signal.SIGKILL
    with open_store(tmp_path) as store:
        seconds = [record.facts["seconds"] for record in store.events.all()]
    assert seconds == list(range(20))


def test_whatever_is_changed_after_an_event_is_on_the_disk_at_once_again(store: Store) -> None:
    keep(store, HubChosen(HUB))
    full = 2
    with store.database.transaction() as change:
        assert change.execute("PRAGMA synchronous").fetchone()[0] == full


def test_captures_that_are_forgotten_take_with_them_the_events_that_quote_them(
    store: Store,
) -> None:
    capture = hear(store, CCS01_RESPONSE, 1)
    keep(store, HubChosen(HUB))
    keep(store, OtherCaptured(capture.id, Line.of(SECRET)))
    keep(store, OtherCaptured(capture.id + 1, Line.of("of another")))
    assert capture.return_id is not None
    store.outbox.record_receipt(capture.return_id, "I0", b"<xml/>", at=NOW)
    store.outbox.forget_received(NOW + timedelta(days=1))
    found = [record.facts.get("reading", record.name) for record in store.events.of_job(1)]
    assert found == ["hub_chosen", "of another"]


def test_fields_of_an_event_are_what_json_has() -> None:
    assert facts_of(HubChosen(HUB)) == {"gpf": str(HUB)}
