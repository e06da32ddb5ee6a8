"""An export can be taken in elsewhere, once, and the receipts find their way back."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from duis_samples import SUPPLIER
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, hear, open_store, pack

from hht.errors import InputError
from hht.gbcs.message import Message
from hht.outbox.compose813 import return_item
from hht.outbox.errors import ImportRefused, OutboxError
from hht.outbox.export import export_outbox
from hht.outbox.import_export import TakenIn, take_in_export
from hht.outbox.manifest import name_to_give, own_name, trust
from hht.outbox.reports import draft_report, finalise_report
from hht.store import Mode, ReturnState, Store, StoreReadOnly
from hht.store.sqlite.backup import back_up


@pytest.fixture
def handheld(tmp_path):
    """A store with a Response, an Alert and a report."""
    with open_store(tmp_path / "handheld") as opened:
        job = opened.jobs.add(pack(CCS01_COMMAND))
        hear(opened, CCS01_RESPONSE, job.id)
        hear(opened, CS14_ALERT, job.id)
        number = draft_report(opened, "8.14.4", b"<sr:X>&lt;5</sr:X>", originator=SUPPLIER)
        finalise_report(opened, number)
        yield opened


@pytest.fixture
def office(tmp_path):
    with open_store(tmp_path / "office") as opened:
        yield opened


def sent(store) -> set[tuple[str | None, bytes]]:
    items = [return_item(store, number) for number in store.returns.ids(*ReturnState)]
    return {(item.row.idempotency_key, item.xml) for item in items}


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_is_taken_in_is_what_was_exported_byte_for_byte(handheld, office, tmp_path, name):
    export_outbox(handheld, tmp_path / name)
    assert take_in_export(office, tmp_path / name) == TakenIn(new=3, known=0)
    assert sent(office) == sent(handheld)


def test_an_export_below_the_one_that_is_taken_in_is_named(handheld, office, tmp_path):
    with open_store(tmp_path / "other") as other:
        hear(other, CS14_ALERT)
        export_outbox(other, tmp_path / "out")
    export_outbox(handheld, tmp_path / "out" / "hht-2")
    assert take_in_export(office, tmp_path / "out") == TakenIn(1, 0, others=("hht-2",))


def test_taking_in_again_adds_nothing(handheld, office, tmp_path):
    export_outbox(handheld, tmp_path / "out")
    take_in_export(office, tmp_path / "out")
    assert take_in_export(office, tmp_path / "out") == TakenIn(new=0, known=3)
    assert take_in_export(handheld, tmp_path / "out") == TakenIn(new=0, known=3)


def test_what_was_taken_in_can_be_exported_and_taken_in_again(handheld, office, tmp_path):
    export_outbox(handheld, tmp_path / "out")
    take_in_export(office, tmp_path / "out")
    export_outbox(office, tmp_path / "further")
    with open_store(tmp_path / "third") as third:
        take_in_export(third, tmp_path / "further")
        assert sent(third) == sent(handheld)


def test_a_training_export_is_refused_by_a_live_store(handheld, tmp_path):
    export_outbox(handheld, tmp_path / "out")
    with open_store(tmp_path, Mode.LIVE) as live:
        with pytest.raises(ImportRefused, match="training"):
            take_in_export(live, tmp_path / "out")
        assert live.returns.all() == ()


def change(folder: Path, edit) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    edit(manifest)
    path.write_text(json.dumps(manifest))


def first_xml(folder: Path) -> Path:
    return sorted(folder.glob("*.xml"))[0]


def put_another_body(folder: Path) -> None:
    """Return something else as SR 8.13, with the hash that fits."""
    path = first_xml(folder)
    before, _, rest = path.read_bytes().partition(b"<sr:Body>")
    xml = before + b"<sr:Body><sr:Nothing/></sr:Body>" + rest.partition(b"</sr:Body>")[2]
    path.write_bytes(xml)
    change(folder, lambda m: m["items"][0].update(sha256=hashlib.sha256(xml).hexdigest()))


DAMAGES = {
    "no manifest": lambda out: (out / "manifest.json").unlink(),
    "half a manifest": lambda out: (out / "manifest.json").write_text('{"format"'),
    "another format": lambda out: change(out, lambda m: m.update(format="x")),
    "a missing file": lambda out: first_xml(out).unlink(),
    "a changed byte": lambda out: first_xml(out).write_bytes(
        first_xml(out).read_bytes().replace(b"8.13<", b"8.14<")
    ),
    "a changed key": lambda out: change(out, lambda m: m["items"][0].update(idempotency_key="0")),
    "a changed RequestID": lambda out: change(
        out, lambda m: m["items"][0].update(original_request_id=None)
    ),
    "another body": put_another_body,
    "an entry that is none": lambda out: change(out, lambda m: m["items"].append(7)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_export_is_refused_whole(handheld, office, tmp_path, damage):
    export_outbox(handheld, tmp_path / "out")
    damage(tmp_path / "out")
    with pytest.raises(ImportRefused) as caught:
        take_in_export(office, tmp_path / "out")
    assert caught.value.remedy
    assert "{" not in caught.value.what
    assert office.returns.all() == ()


ALERT_COUNTER = Message.parse(CS14_ALERT).counter.to_bytes(8, "big")
OLD = Path(__file__).parent / "exports"


def test_an_older_training_export_is_taken_in(tmp_path):
    with open_store(tmp_path) as office:
        assert take_in_export(office, OLD / "training") == TakenIn(new=3, known=0)


def test_an_older_live_export_is_taken_in_where_it_was_written_and_nowhere_else(tmp_path):
    with open_store(tmp_path / "a", Mode.LIVE) as handheld:
        job = handheld.jobs.add(pack(CCS01_COMMAND, mode="live"))
        hear(handheld, CCS01_RESPONSE, job.id)
        hear(handheld, CS14_ALERT, job.id)
        body = b"<sr:CHFNoFaultReturn><sr:DeviceID>00-DB-12-34-56-78-90-A2</sr:DeviceID>"
        body += b"</sr:CHFNoFaultReturn>"
        finalise_report(handheld, draft_report(handheld, "8.14.4", body, originator=SUPPLIER))
        assert take_in_export(handheld, OLD / "live") == TakenIn(new=0, known=3)
    with open_store(tmp_path / "b", Mode.LIVE) as other:
        with pytest.raises(ImportRefused, match="has no MAC"):
            take_in_export(other, OLD / "live")
        assert other.returns.all() == ()


@pytest.fixture
def live(tmp_path):
    """A live store with a Response, exported to `live` beside it."""
    with open_store(tmp_path / "handheld", Mode.LIVE) as opened:
        hear(opened, CCS01_RESPONSE, opened.jobs.add(pack(CCS01_COMMAND, mode="live")).id)
        export_outbox(opened, tmp_path / "live")
        yield opened


def test_a_live_export_is_taken_in_where_the_key_of_its_handheld_is_known(live, tmp_path):
    with open_store(tmp_path / "office", Mode.LIVE) as office:
        with pytest.raises(ImportRefused, match=own_name(live)):
            take_in_export(office, tmp_path / "live")
        assert office.returns.all() == ()
        trust(office, own_name(live).lower().replace("-", " "))
        assert take_in_export(office, tmp_path / "live") == TakenIn(new=1, known=0)


def test_where_nothing_can_be_written_a_key_is_named_and_none_is_made(live, tmp_path):
    path, name = live.database.path, own_name(live)
    live.close()
    with Store.open_copy(path, Mode.LIVE) as copy:
        assert name_to_give(copy) == name
    open_store(tmp_path / "new", Mode.LIVE).close()
    with Store.open_copy(tmp_path / "new" / path.name, Mode.LIVE) as copy:
        for _ in range(2):
            with pytest.raises(StoreReadOnly, match="no export key yet"):
                name_to_give(copy)


def test_a_copy_of_a_database_has_its_key(live, tmp_path):
    back_up(live.database, tmp_path / "copy.db")
    with Store.open(tmp_path / "copy.db", Mode.LIVE) as copy:
        assert own_name(copy) == own_name(live)
        copy.outbox.record_receipt(1, "I0", b"<xml/>", at=copy.clock.now())
        copy.outbox.forget_received(copy.clock.now() + timedelta(days=1))
        assert take_in_export(copy, tmp_path / "live") == TakenIn(new=1, known=0)


@pytest.mark.parametrize("name", ["", "3F2A", "XXXX-0000-0000-0000-0000-0000", "0" * 25])
def test_what_is_no_name_of_a_key_is_not_trusted(live, name):
    with pytest.raises(InputError, match="not the name of an export key"):
        trust(live, name)


def without_mac(manifest: dict[str, Any]) -> None:
    del manifest["mac"]


def with_no_word_of_training(out: Path) -> None:
    """Make an export look live in everything but its MAC, and its hashes right again."""

    def edit(manifest: dict[str, Any]) -> None:
        manifest["mode"] = "live"
        for item in manifest["items"]:
            path = out / item["file"]
            xml = path.read_bytes().replace(b"<?hht training?>", b"")
            path.write_bytes(xml)
            item["sha256"] = hashlib.sha256(xml).hexdigest()

    change(out, edit)


WAYS_TO_LIVE = {
    "the word changed": lambda out: change(out, lambda m: m.update(mode="live")),
    "no MAC": lambda out: change(out, lambda m: (without_mac(m), m.update(mode="live"))),
    "no mark": with_no_word_of_training,
    "no mark and no MAC": lambda out: (with_no_word_of_training(out), change(out, without_mac)),
    "a MAC that is none": lambda out: (
        with_no_word_of_training(out),
        change(out, lambda m: m.update(mac={"key": "", "value": 7})),
    ),
    "a MAC that is text": lambda out: (
        with_no_word_of_training(out),
        change(out, lambda m: m.update(mac="00")),
    ),
}


@pytest.mark.parametrize("way", WAYS_TO_LIVE.values(), ids=WAYS_TO_LIVE)
def test_no_way_leads_a_training_export_into_live_data(handheld, tmp_path, way):
    export_outbox(handheld, tmp_path / "out")
    way(tmp_path / "out")
    with open_store(tmp_path / "live", Mode.LIVE) as live:
        trust(live, own_name(live))
        with pytest.raises(ImportRefused):
            take_in_export(live, tmp_path / "out")
        assert live.returns.all() == ()


def test_the_key_of_a_handhelds_training_data_is_not_that_of_its_live_data(handheld, tmp_path):
    with open_store(tmp_path / "handheld", Mode.LIVE) as live:
        assert own_name(live) != own_name(handheld)


def test_a_mark_inside_the_body_is_refused_in_live_data(live, tmp_path):
    number = draft_report(live, "8.14.4", b"<sr:X><?hht training?></sr:X>", originator=SUPPLIER)
    with pytest.raises(OutboxError, match="training"):
        return_item(live, number)


def test_an_export_of_very_many_items_is_taken_in(office, tmp_path):
    with open_store(tmp_path / "handheld") as handheld:
        job = handheld.jobs.add(pack(CCS01_COMMAND))
        for number in range(2001):
            counter = number.to_bytes(8, "big")
            hear(handheld, CS14_ALERT.replace(ALERT_COUNTER, counter, 1), job.id)
        export_outbox(handheld, tmp_path / "out.zip")
    assert take_in_export(office, tmp_path / "out.zip").new == 2001


def test_every_export_carries_the_head_of_the_audit_trail(handheld, tmp_path):
    head = handheld.audit.head()
    export_outbox(handheld, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["audit"] == {"entries": head.entries, "head": head.mac}
    assert handheld.verify_trail(manifest["audit"]["head"]).holds
