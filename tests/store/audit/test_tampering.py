"""Tampering with a database that has a PIN, by somebody who does not know it: each is noticed."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_samples import (
    CCS01_COMMAND,
    CCS01_REFUSAL,
    CCS01_REFUSED_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    ECS70_COMMAND,
    GNCA_ALERT,
    HUB,
    NOW,
    hear,
    open_store,
    pack,
)

from hht.errors import HhtError
from hht.journeys.events import HubChosen, OtherCaptured
from hht.outbox.export import export_outbox
from hht.spans import Line
from hht.store import CommandEvent, Mode, ReturnState, Store, WrongPin
from hht.store.audit.anchor import Anchor
from hht.store.doctor import check_store
from hht.store.rows import TO_SEND

PIN = "correct horse battery"
OTHER_ID = "90-B3-D5-1F-30-00-00-01:90-B3-D5-1F-30-00-00-02:7"


@dataclass
class Handheld:
    """A closed database in the field, an older copy of it, and its anchor as both were."""

    path: Path
    older: Path
    anchor: Anchor

    def anchor_at(self, entries: int, head: str) -> None:
        """Write this head into the anchor as its last one."""
        self.anchor.read()
        self.anchor.write_head(entries, head)

    def edit(self, *statements: str) -> None:
        """Change the file as sqlite3 lets anybody: its own rules out of the way, then put back."""
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            rules = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            kept = rules.fetchall()
            for name, _ in kept:
                other.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                other.execute(statement)
            for _, sql in kept:
                other.execute(sql)

    def noticed(self) -> list[str]:
        """What the checks say, to somebody with the PIN."""
        try:
            with Store.open(self.path, Mode.LIVE) as store:
                store.vault.unlock(PIN)
                verdict = store.verify_trail()
                said = [] if verdict.holds else [verdict.said]
                bad = [item for item in check_store(store) if item.holds is False]
                return said + [f"{item.check}: {item.found}" for item in bad]
        except HhtError as error:
            return [f"cannot be opened: {error.what}"]


def fill(folder: Path) -> None:
    with open_store(folder, Mode.LIVE) as store:
        store.vault.protect(PIN, wipe_after=9)
        job = store.jobs.add(pack(CCS01_COMMAND, ECS70_COMMAND, mode=None))
        store.commands.move(1, CommandEvent.SEND)
        hear(store, CCS01_RESPONSE, job.id)
        hear(store, CS14_ALERT, job.id)
        store.secrets.put("hht identity", b"private key")
        store.journeys.save(job.id, "install", {"answers": {}})
        tell(store, 3)


def tell(store: Store, count: int) -> None:
    for number in range(count):
        store.events.add(HubChosen(HUB), at=NOW, job_id=1, seconds=float(number))


@pytest.fixture(scope="module")
def first_handheld(tmp_path_factory: pytest.TempPathFactory) -> Handheld:
    """The one that each test has a copy of: a PIN is dear to set."""
    folder = tmp_path_factory.mktemp("first")
    fill(folder / "data")
    path = folder / "data" / "live.db"
    older = Path(shutil.copy(path, folder / "older.db"))
    with Store.open(path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        hear(store, GNCA_ALERT, 1)
        (first, *_) = store.returns.ids(ReturnState.READY)
        store.outbox.record_receipt(first, "I0", b"<r/>", at=datetime(2026, 11, 20, tzinfo=UTC))
        assert store.audit.anchor is not None
        anchor = store.audit.anchor
    # Away from where its anchor says, so that each test's is the same handheld and no copy of it.
    return Handheld(path.rename(folder / "first.db"), older, anchor)


@pytest.fixture
def handheld(first_handheld: Handheld, tmp_path: Path) -> Iterator[Handheld]:
    anchored = first_handheld.anchor.path.read_bytes()
    (tmp_path / "data").mkdir(mode=0o700)
    path = Path(shutil.copy(first_handheld.path, tmp_path / "data" / "live.db"))
    older = Path(shutil.copy(first_handheld.older, tmp_path / "older.db"))
    yield Handheld(path, older, Anchor(first_handheld.anchor.path, path))
    first_handheld.anchor.path.write_bytes(anchored)


def sql(*statements: str) -> Callable[[Handheld], None]:
    return lambda handheld: handheld.edit(*statements)


def put_older_back(handheld: Handheld) -> None:
    shutil.copy(handheld.older, handheld.path)


def remove_anchor(handheld: Handheld) -> None:
    handheld.anchor.path.unlink()


def put_older_anchor_back(handheld: Handheld) -> None:
    """As it was some changes ago."""
    with contextlib.closing(sqlite3.connect(handheld.path)) as other:
        (mac,) = other.execute("SELECT mac FROM audit WHERE id = 3").fetchone()
    handheld.anchor_at(3, mac.hex())


def drop_a_rule(handheld: Handheld) -> None:
    with contextlib.closing(sqlite3.connect(handheld.path)) as other:
        other.execute("DROP TRIGGER an_item_is_deleted_only_when_received")


def roll_back_the_counters(handheld: Handheld) -> None:
    with Store.open(handheld.path, Mode.LIVE) as store:
        for _ in range(2):
            with contextlib.suppress(HhtError):
                store.vault.unlock("a wrong one")
    handheld.edit("UPDATE vault SET failures = 0, wait = 0", "DELETE FROM pin_tries")


def hide_wrong_pins(handheld: Handheld) -> None:
    """Try two, and take out what would tell of them; the counters stay as they are."""
    with Store.open(handheld.path, Mode.LIVE) as store:
        for _ in range(2):
            with pytest.raises(WrongPin):
                store.vault.unlock("another one")
    handheld.edit("DELETE FROM pin_tries")


def try_wrong_pin(handheld: Handheld) -> None:
    with Store.open(handheld.path, Mode.LIVE) as store, pytest.raises(WrongPin):
        store.vault.unlock("a third one")


def move_a_wrong_pin(handheld: Handheld) -> None:
    try_wrong_pin(handheld)
    handheld.edit("UPDATE pin_tries SET at = '2026-01-01T00:00:00.000Z'")


def try_and_add_one(handheld: Handheld) -> None:
    try_wrong_pin(handheld)
    handheld.edit("INSERT INTO pin_tries (at, outcome) SELECT at, outcome FROM pin_tries")


def make_one_up_while_open(handheld: Handheld) -> None:
    with Store.open(handheld.path, Mode.LIVE) as store:
        handheld.edit("INSERT INTO pin_tries (at, outcome) VALUES ('now', 'wrong PIN')")
        store.vault.unlock(PIN)


def loosen_a_table(handheld: Handheld) -> None:
    """Any state may be written to a Local Command from now on."""
    with contextlib.closing(sqlite3.connect(handheld.path, isolation_level=None)) as other:
        (text,) = other.execute("SELECT sql FROM sqlite_master WHERE name = 'commands'").fetchone()
        start = text.index("CHECK (state IN")
        end = text.index("'skipped'))", start) + len("'skipped'))")
        other.execute("PRAGMA writable_schema = ON")
        other.execute(
            "UPDATE sqlite_master SET sql = ? WHERE name = 'commands'",
            (text[:start] + text[end:],),
        )


def cut_the_wal(handheld: Handheld) -> None:
    """The last changes are in the WAL alone, as after a kill; its end is cut off."""
    wal, copy = (handheld.path.with_name(f"live.db{end}") for end in ("-wal", "-copy"))
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        store.secrets.put("another", b"secret")
        store.secrets.put("and another", b"secret")
        copied = wal.read_bytes()
        shutil.copy(handheld.path, copy)
    copy.replace(handheld.path)
    wal.write_bytes(copied[: len(copied) * 2 // 3])


KINDS: dict[str, Callable[[Handheld], None]] = {
    "the trail's end cut off": sql("DELETE FROM audit WHERE id > (SELECT MAX(id) - 2 FROM audit)"),
    "the trail emptied": sql("DELETE FROM audit"),
    "a middle entry deleted": sql("DELETE FROM audit WHERE id = 2"),
    "an entry's action changed": sql("UPDATE audit SET action = 'x' WHERE id = 2"),
    "an entry's subject changed": sql("UPDATE audit SET subject = x'00' WHERE id = 2"),
    "an entry's subject taken out": sql("UPDATE audit SET subject = NULL WHERE id = 2"),
    "an entry's empty subject taken out": sql("UPDATE audit SET subject = NULL WHERE id = 1"),
    "a text written over an entry's subject": sql("UPDATE audit SET subject = 'x' WHERE id = 2"),
    "a number written over an entry's subject": sql("UPDATE audit SET subject = 1 WHERE id = 2"),
    "an entry's action made no UTF-8": sql(
        "UPDATE audit SET action = CAST(x'61ff' AS TEXT) WHERE id = 2"
    ),
    "a job's reference made no UTF-8": sql("UPDATE jobs SET reference = CAST(x'61ff' AS TEXT)"),
    "an item's service made no UTF-8": sql("UPDATE returns SET service = CAST(x'61ff' AS TEXT)"),
    "a text written over a note": sql("UPDATE returns SET note = 'x'"),
    "a Local Command answered, with a reason": sql(
        "UPDATE commands SET state = 'answered', reason = 'success' WHERE state = 'waiting'"
    ),
    "an entry's rows changed": sql("UPDATE audit SET rows = x'08' WHERE id = 2"),
    "two entries swapped": sql(
        "UPDATE audit SET id = -1 WHERE id = 2",
        "UPDATE audit SET id = 2 WHERE id = 3",
        "UPDATE audit SET id = 3 WHERE id = -1",
    ),
    "an entry made up": sql(
        "INSERT INTO audit SELECT MAX(id) + 1, at, 'accepted as it is', subject, rows, mac"
        " FROM audit"
    ),
    "captures and returns deleted, the trail cut to fit": sql(
        "DELETE FROM receipts",
        "DELETE FROM returns",
        "DELETE FROM captures",
        "DELETE FROM audit WHERE id >= (SELECT MIN(id) FROM audit WHERE action = 'captured')",
    ),
    "a capture and its return deleted": sql(
        "DELETE FROM receipts WHERE return_id = 1",
        "DELETE FROM captures WHERE return_id = 1",
        "DELETE FROM returns WHERE id = 1",
    ),
    "a capture copied to stand for another": sql(
        "UPDATE captures SET raw = (SELECT raw FROM captures WHERE id = 1) WHERE id = 2"
    ),
    "a capture's judgement changed": sql("UPDATE captures SET mac = 'valid', positive = 1"),
    "a Local Command set to answered": sql(
        "UPDATE commands SET state = 'answered', captured = 1 WHERE state = 'waiting'"
    ),
    "a Local Command set back to waiting": sql(
        "UPDATE commands SET state = 'waiting' WHERE state = 'answered'"
    ),
    "a Local Command's RequestID changed": sql(f"UPDATE commands SET request_id = '{OTHER_ID}'"),
    "an item's RequestID and original changed": sql(
        f"UPDATE returns SET request_id = '{OTHER_ID}', original_request_id = '{OTHER_ID}'"
    ),
    "an item received by a made-up receipt": sql(
        "INSERT INTO receipts VALUES (2, 'I0', '2026-01-01T00:00:00.000Z', x'00')",
        "UPDATE returns SET state = 'received' WHERE id = 2",
    ),
    "a receipt taken away": sql(
        "DELETE FROM receipts", "UPDATE returns SET state = 'ready' WHERE state = 'received'"
    ),
    "a receipt's code changed": sql("UPDATE receipts SET code = 'I99'"),
    "an item put off": sql("UPDATE returns SET try_after = '2026-11-21T00:00:00.000Z'"),
    "an item put in": sql(
        "INSERT INTO returns (service, state, idempotency_key, request_id, created_at)"
        f" VALUES ('8.14.1', 'ready', 'k', '{OTHER_ID}', '2026-11-20T00:00:00.000Z')"
    ),
    "an event taken away": sql("DELETE FROM events WHERE id = 2"),
    "the last event taken away": sql("DELETE FROM events WHERE id = (SELECT MAX(id) FROM events)"),
    "an event's moment changed": sql("UPDATE events SET at = '2026-01-01T00:00:00.000Z'"),
    "all events taken away": sql("DELETE FROM events"),
    "what was answered on a visit changed": sql("UPDATE journeys SET snapshot = x'00'"),
    "what was answered on a visit taken away": sql("DELETE FROM journeys"),
    "a job and its Local Commands deleted": sql("DELETE FROM commands", "DELETE FROM jobs"),
    "a job's certificate exchanged": sql("UPDATE certificates SET pem = x'41'"),
    "a secret taken away": sql("DELETE FROM keyring"),
    "the wipe policy taken out": sql("UPDATE vault SET wipe_after = NULL"),
    "what a try of the PIN costs changed": sql("UPDATE vault SET passes = 2000000"),
    "the PIN's counters put back": roll_back_the_counters,
    "a try of the PIN made to look broken off": sql("UPDATE vault SET begun = 1"),
    "wrong PINs made up": sql("UPDATE vault SET failures = 2"),
    "tries made up": sql("UPDATE vault SET interrupted = 2"),
    "a wait for the PIN made up": sql("UPDATE vault SET wait = 900"),
    "the start of the machine that a wait runs from changed": sql(
        "UPDATE vault SET wait_boot = 'x'"
    ),
    "the moment that a wait runs from changed": sql("UPDATE vault SET wait_from = -1e9"),
    "a wrong PIN made up for the trail": sql(
        "INSERT INTO pin_tries (at, outcome) VALUES ('2026-11-20T00:00:00.000Z', 'wrong PIN')"
    ),
    "the moment of a wrong PIN changed": move_a_wrong_pin,
    "one wrong PIN more than there were": try_and_add_one,
    "a wrong PIN made up while hht was open": make_one_up_while_open,
    "a capture's hub made no Entity Identifier": sql("UPDATE captures SET hub = x'00'"),
    "a capture's moment made no time": sql("UPDATE captures SET received_at = 'x'"),
    "a capture's verdict made none": sql("UPDATE captures SET signature = 'x'"),
    "an entry's moment made no time": sql("UPDATE audit SET at = 'x' WHERE id = 2"),
    "the PIN's salt made too short": sql("UPDATE vault SET salt = x'00'"),
    "the wrapped key made too short": sql("UPDATE vault SET wrapped = x'00'"),
    "the database's identity taken out": sql("DELETE FROM meta"),
    "an entry of the trail smuggled in among the tries": sql(
        "INSERT INTO pin_tries (at, outcome) VALUES ('now', 'accepted as it is')"
    ),
    "the key of the trail moved": sql(
        "PRAGMA ignore_check_constraints = ON", "UPDATE audit_key SET id = 2"
    ),
    "a second key of the trail put in": sql(
        "PRAGMA ignore_check_constraints = ON", "INSERT INTO audit_key VALUES (2, x'00')"
    ),
    "something put beside the database's identity": sql("INSERT INTO meta VALUES ('x', x'00')"),
    "what tells of wrong PINs taken out": hide_wrong_pins,
    "a check taken out of a table": loosen_a_table,
    "an index put in that lets no second receipt be kept": sql(
        "CREATE UNIQUE INDEX one_only ON receipts (code)"
    ),
    "the database made another's": sql("UPDATE meta SET value = randomblob(16)"),
    "the key of the trail exchanged": sql("UPDATE audit_key SET secret = randomblob(60)"),
    "the record of the PIN taken out": sql("DELETE FROM vault"),
    "a rule of the database taken out": drop_a_rule,
    "a rule of the database made harmless": lambda handheld: (
        drop_a_rule(handheld),
        handheld.edit(
            "CREATE TRIGGER an_item_is_deleted_only_when_received BEFORE DELETE ON returns"
            " BEGIN SELECT 1; END"
        ),
    )[0],
    "an older copy put in its place": put_older_back,
    "the anchor taken away": remove_anchor,
    "an older anchor put in its place": put_older_anchor_back,
    "the WAL cut short": cut_the_wal,
}


def test_nothing_is_noticed_where_nothing_was_done(handheld):
    assert handheld.noticed() == []
    assert handheld.noticed() == []


def test_wrong_pins_are_in_the_trail_and_are_no_tampering(handheld):
    try_wrong_pin(handheld)
    try_wrong_pin(handheld)
    assert handheld.noticed() == []
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        assert [row["action"] for row in store.audit.entries()][-2:] == ["wrong PIN"] * 2
    assert handheld.noticed() == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_noticed(handheld, kind):
    KINDS[kind](handheld)
    said = handheld.noticed()
    print(f"{kind:52} {'; '.join(said)[:160]}")
    assert said


def export(store: Store, out: Path) -> list[tuple[int, str]]:
    """Export what is due; what was held, and why."""
    held: list[tuple[int, str]] = []
    export_outbox(store, out, on_held=lambda *each: held.append(each))
    return held


EDITS = {
    "a capture's message": "UPDATE captures SET raw = randomblob(99) WHERE id = 2",
    "a capture's judgement": "UPDATE captures SET outcome = 'x' WHERE id = 2",
    "an item's original": f"UPDATE returns SET original_request_id = '{OTHER_ID}' WHERE id = 2",
    "an item's state": "UPDATE returns SET state = 'sent' WHERE id = 2",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_item_that_was_edited_is_held_and_stays_noticed_after_an_export(
    handheld, tmp_path, edit
):
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        other = store.jobs.add(pack(CCS01_REFUSED_COMMAND, mode=None, reference="JOB-0002"))
        hear(store, CCS01_REFUSAL, other.id)
    handheld.edit(edit)
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        due = set(store.returns.ids(*TO_SEND))
        ((number, why),) = export(store, tmp_path / "out")
        assert number == 2
        assert "audit verify" in why
        assert len(due) > 1
        assert set(store.returns.ids(ReturnState.WRITTEN)) == due - {2}
        assert store.database.value("SELECT return_id FROM captures WHERE id = 2") == 2
    assert any(
        "before hht changed it" in said or "capture 2" in said for said in handheld.noticed()
    )
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        store.accept_as_it_is()
        store.outbox.try_again(2)
        assert "audit verify" not in " ".join(why for _, why in export(store, tmp_path / "out"))
        assert store.verify_trail().holds


CHANGES: dict[str, tuple[str, Callable[[Store], object]]] = {
    "a Local Command's RequestID": (
        f"UPDATE commands SET request_id = '{OTHER_ID}' WHERE id = 2",
        lambda store: store.commands.move(2, CommandEvent.SEND),
    ),
    "a Local Command's state": (
        "UPDATE commands SET state = 'waiting' WHERE id = 1",
        lambda store: store.commands.move(1, CommandEvent.SEND),
    ),
    "a received item's note": (
        "UPDATE returns SET note = NULL WHERE state = 'received'",
        lambda store: store.outbox.forget_received(datetime(2030, 1, 1, tzinfo=UTC)),
    ),
    "what was answered on a visit": (
        "UPDATE journeys SET snapshot = x'00'",
        lambda store: store.journeys.save(1, "install", {"answers": {}}),
    ),
    "a secret that was put in": (
        "INSERT INTO keyring (name, secret) VALUES ('another', x'00')",
        lambda store: store.secrets.put("another", b"secret"),
    ),
    "any row, before the PIN is another": (
        "UPDATE captures SET outcome = 'x' WHERE id = 2",
        lambda store: store.vault.change_pin(PIN, "another good battery"),
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_was_edited_stays_noticed_when_hht_has_changed_the_row(handheld, kind):
    edit, change = CHANGES[kind]
    handheld.edit(edit)
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        change(store)
        assert not store.verify_trail().holds


def test_events_of_a_killed_program_are_vouched_for_by_the_next_change(handheld):
    copy = handheld.path.with_name("copy")
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        tell(store, 2)
        store.database.empty_wal()
        shutil.copy(handheld.path, copy)
    copy.replace(handheld.path)
    handheld.anchor_at(*last_entry(handheld.path))
    assert handheld.noticed() == [], "nobody vouches for them, and nothing is wrong"
    handheld.edit("DELETE FROM events WHERE id = 4")
    assert handheld.noticed(), "the last check had them recorded when it ended"


def last_entry(path: Path) -> tuple[int, str]:
    with contextlib.closing(sqlite3.connect(path)) as other:
        entries, mac = other.execute("SELECT id, mac FROM audit ORDER BY id DESC").fetchone()
    return entries, mac.hex()


def test_forgetting_what_was_received_leaves_the_trail_whole(handheld):
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        seconds = tell_of_the_received(store)
        assert store.outbox.forget_received(datetime(2026, 12, 1, tzinfo=UTC))
        assert seconds not in [record.seconds for record in store.events.all()]
        tell(store, 1)  # under a number that was there before
    assert handheld.noticed() == []


def tell_of_the_received(store: Store) -> float:
    """Tell of the capture that was received, as the newest event; its seconds."""
    number = store.database.value(
        "SELECT c.id FROM captures c JOIN receipts r ON r.return_id = c.return_id"
    )
    store.events.add(OtherCaptured(number, Line.of("x")), at=NOW, job_id=1, seconds=77.0)
    return 77.0


def test_an_older_copy_stays_noticed_when_the_work_goes_on(handheld):
    put_older_back(handheld)
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        for number in range(3):
            hear(store, CS14_ALERT + bytes([number]), 1)
        verdict = store.verify_trail()
        assert not verdict.holds
        assert "older copy in place" in verdict.said
        store.accept_as_it_is()
        assert store.verify_trail().holds


def test_whoever_puts_back_database_and_anchor_is_found_out_by_an_exported_head(handheld):
    with Store.open(handheld.path, Mode.LIVE) as store:
        head = store.audit.head()
    put_older_back(handheld)
    handheld.anchor_at(*last_entry(handheld.older))
    assert handheld.noticed() == []
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        verdict = store.verify_trail(head.mac)
        assert (verdict.holds, verdict.head_found) == (False, False)


def test_a_trail_that_is_one_change_ahead_of_its_anchor_is_normal_and_two_are_not(handheld):
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        kept = store.audit.anchor.read()
        store.secrets.put("one", b"1")
        store.audit.anchor.write_head(kept.entries, kept.head)
        assert store.verify_trail().holds
        store.secrets.put("two", b"2")
        store.audit.anchor.write_head(kept.entries, kept.head)
        assert "older than the trail" in store.verify_trail().said


def test_a_pipe_in_the_anchors_place_is_not_waited_for(handheld):
    handheld.anchor.path.unlink()
    os.mkfifo(handheld.anchor.path)
    said = handheld.noticed()
    handheld.anchor.path.unlink()
    assert any("the anchor is gone" in each for each in said)


def test_an_anchor_of_which_the_last_writing_was_torn_has_the_one_before(handheld):
    held = handheld.anchor.read()
    content = bytearray(handheld.anchor.path.read_bytes())
    place = held.number % 2 * 512
    content[place : place + 40] = bytes(40)
    handheld.anchor.path.write_bytes(content)
    assert handheld.anchor.read().number == held.number - 1
    assert handheld.noticed() == []


def at_the_office(handheld: Handheld, database: Path) -> Handheld:
    """A copy of a database in another folder of the same user."""
    folder = handheld.path.parents[1] / "office"
    folder.mkdir(mode=0o700)
    path = Path(shutil.copy(database, folder / "live.db"))
    return Handheld(path, handheld.older, Anchor(handheld.anchor.path, path))


def work(handheld: Handheld, name: str) -> None:
    with Store.open(handheld.path, Mode.LIVE) as store:
        store.vault.unlock(PIN)
        for number in range(3):
            store.secrets.put(f"{name} {number}", b"1")


def test_a_copy_that_is_worked_with_elsewhere_says_nothing_against_either(handheld):
    work(handheld, "here")
    office = at_the_office(handheld, handheld.path)
    work(office, "there")
    assert office.noticed() == []
    assert handheld.noticed() == []
    work(handheld, "here again")
    assert handheld.noticed() == []
    assert office.noticed() == []


def test_an_older_copy_elsewhere_is_called_one_and_tampering_with_a_copy_is_noticed(handheld):
    work(handheld, "here")
    office = at_the_office(handheld, handheld.older)
    assert "older copy" in office.noticed()[0]
    shutil.copy(handheld.path, office.path)
    office.edit("UPDATE commands SET state = 'answered'")
    assert "was changed" in " ".join(office.noticed())
    assert handheld.noticed() == []


def test_wrong_pins_tried_on_a_copy_count_where_it_was_made_from(handheld):
    work(handheld, "here")
    office = at_the_office(handheld, handheld.path)
    with Store.open(office.path, Mode.LIVE) as store:
        for _ in range(3):
            with pytest.raises(WrongPin):
                store.vault.unlock("another")
    with Store.open(handheld.path, Mode.LIVE) as store:
        assert store.vault.pin_state().tries_left == 6
        assert store.vault.pin_state().wait_seconds == 1


def test_data_that_is_moved_on_the_same_machine_goes_on_and_may_be_moved_back(handheld):
    work(handheld, "here")
    moved = replace(handheld, path=handheld.path.parents[1] / "moved" / "live.db")
    for there, back in ((handheld, moved), (moved, handheld)):
        there.path.parent.rename(back.path.parent)
        work(back, "moved")
        assert back.noticed() == []


def test_training_data_is_not_anchored(tmp_path):
    with open_store(tmp_path) as store:
        store.jobs.add(pack(CCS01_COMMAND))
        assert store.audit.anchor is None
        assert store.verify_trail().holds
