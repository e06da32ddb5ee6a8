"""Export: one valid SR 8.13 a file, a manifest with hashes, and no harm in doing it again."""

import base64
import errno
import hashlib
import itertools
import json
import os
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from lxml import etree
from store_samples import (
    CCS01_COMMAND,
    CCS01_REFUSAL,
    CCS01_REFUSED_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    NOW,
    hear,
    open_store,
    pack,
)

from hht import disk
from hht.outbox.errors import AnotherExport, ExportFailed
from hht.outbox.export import export_outbox
from hht.store import Mode, ReturnState

SR = "{http://www.dccinterface.co.uk/ServiceUserGateway}"


@pytest.fixture
def store(tmp_path):
    """Three items: two Responses and an Alert."""
    with open_store(tmp_path / "data") as opened:
        job = opened.jobs.add(pack(CCS01_COMMAND, CCS01_REFUSED_COMMAND))
        for raw in (CCS01_RESPONSE, CCS01_REFUSAL, CS14_ALERT):
            hear(opened, raw, job.id)
        yield opened


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text())


def test_every_item_is_one_file_with_the_devices_bytes_and_the_imported_request_id(store, tmp_path):
    files = [path for path in export_outbox(store, tmp_path / "out") if path.suffix == ".xml"]
    requests = {row.request_id for row in store.commands.of_job(1)}
    returned = {}
    for path in files:
        root = etree.parse(str(path)).getroot()
        raw = base64.b64decode(root.findtext(f".//{SR}DeviceGBCSResponse", ""))
        returned[raw] = root.findtext(f".//{SR}OriginalRequestID")
    assert set(returned) == {CCS01_RESPONSE, CCS01_REFUSAL, CS14_ALERT}
    assert {returned[CCS01_RESPONSE], returned[CCS01_REFUSAL]} == requests
    assert returned[CS14_ALERT] is None


@pytest.mark.shared
def test_every_file_is_valid_against_the_duis_schema(store, tmp_path, shared):
    schema = etree.XMLSchema(etree.parse(str(shared / "duis" / "xsd" / "duis.xsd")))
    files = [path for path in export_outbox(store, tmp_path / "out") if path.suffix == ".xml"]
    assert len(files) == 3
    for path in files:
        schema.assertValid(etree.parse(str(path)))


def test_the_manifest_lists_every_file_with_its_hash_and_its_key(store, tmp_path):
    export_outbox(store, tmp_path / "out")
    content = manifest(tmp_path / "out")
    assert content["mode"] == "training"
    assert len(content["items"]) == 3
    for entry, row in zip(content["items"], store.returns.all(), strict=True):
        xml = (tmp_path / "out" / entry["file"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(xml).hexdigest()
        assert entry["idempotency_key"] == row.idempotency_key
        assert entry["file"].startswith("TRAINING-")


def test_the_mac_of_a_manifest_is_checked_as_the_back_offices_page_says(store, tmp_path):
    export_outbox(store, tmp_path / "out")
    content = manifest(tmp_path / "out")
    mac = content.pop("mac")
    signed = json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(mac["key"]))
    key.verify(bytes.fromhex(mac["value"]), b"hht export manifest\0" + signed)


def test_exporting_again_gives_the_same_files_and_keys(store, tmp_path):
    first = {path.name: path.read_bytes() for path in export_outbox(store, tmp_path / "out")}
    again = {path.name: path.read_bytes() for path in export_outbox(store, tmp_path / "out")}
    xml = {name for name in first if name.endswith(".xml")}
    assert {name: first[name] for name in xml} == {name: again[name] for name in xml}
    assert first.keys() == again.keys()


def test_what_was_exported_waits_for_its_receipt_and_what_was_received_is_left_out(store, tmp_path):
    export_outbox(store, tmp_path / "out")
    assert {row.state for row in store.returns.all()} == {ReturnState.WRITTEN}
    assert store.returns.waiting_count() == 3
    store.outbox.record_receipt(1, "I0", b"<xml/>", at=NOW)
    assert len(export_outbox(store, tmp_path / "later")) == 3  # two items and the manifest


def test_training_data_carries_its_mark_before_the_root_element(store, tmp_path):
    for path in export_outbox(store, tmp_path / "out"):
        if path.suffix == ".xml":
            declaration, mark, _ = path.read_bytes().split(b"?>", 2)
            assert (declaration[:6], mark) == (b"<?xml ", b"<?hht training")


def test_exported_files_are_for_their_owner_alone(store, tmp_path):
    for _ in range(2):
        files = export_outbox(store, tmp_path / "out")
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    (archive,) = export_outbox(store, tmp_path / "out.zip")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_no_export_follows_a_link_that_somebody_left(store, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    out = tmp_path / "out"
    names = [path.name for path in export_outbox(store, out)]
    for name in names:
        (out / name).unlink()
        (out / name).symlink_to(victim)
        (out / f".{name}.part").symlink_to(victim)
    (tmp_path / "out.zip").symlink_to(victim)
    (tmp_path / ".out.zip.part").symlink_to(victim)
    export_outbox(store, out)
    export_outbox(store, tmp_path / "out.zip")
    assert victim.read_text() == "precious"
    assert not any((out / name).is_symlink() for name in names)
    assert not (tmp_path / "out.zip").is_symlink()


def test_an_export_that_breaks_off_leaves_no_part_of_a_file(store, tmp_path, monkeypatch):
    export_outbox(store, tmp_path / "out")
    whole = sorted(path.name for path in (tmp_path / "out").iterdir())
    break_off_at(monkeypatch, 2)
    with pytest.raises(ExportFailed):
        export_outbox(store, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == whole


def test_a_repeated_export_waits_for_the_disk_as_a_whole_and_not_at_each_item(
    store, tmp_path, monkeypatch
):
    export_outbox(store, tmp_path / "out")
    waits: list[None] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: waits.append(fsync(file)))
    export_outbox(store, tmp_path / "out")
    assert len(waits) == 2  # the manifest, and its name


@pytest.mark.skipif(sys.platform != "linux", reason="no other system has syncfs")
def test_where_the_disk_did_not_take_all_nothing_counts_as_written(store, tmp_path, monkeypatch):
    flush = disk.syncfs_of_system()
    assert flush is not None

    def fail(descriptor: int) -> None:
        os.close(descriptor)  # the system itself refuses then, as it does for a bad block
        try:
            flush(descriptor)
        finally:
            assert os.open(tmp_path, os.O_RDONLY) == descriptor

    monkeypatch.setattr(disk, "syncfs_of_system", lambda: fail)
    with pytest.raises(ExportFailed, match="could not be written"):
        export_outbox(store, tmp_path / "out")
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert {row.state for row in store.returns.all()} == {ReturnState.READY}


def is_whole(folder: Path) -> bool:
    return all(
        hashlib.sha256((folder / item["file"]).read_bytes()).hexdigest() == item["sha256"]
        for item in manifest(folder)["items"]
    )


def break_off_at(monkeypatch, number: int) -> None:
    """Let a disk fill up in the middle of the file of that number."""
    written, write = itertools.count(1), os.write

    def half(file: int, content: bytes) -> int:
        if (at := next(written)) > number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, content[:50] if at == number else content)

    monkeypatch.setattr(os, "write", half)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_an_export_that_breaks_off_leaves_no_manifest_and_the_next_one_is_whole(
    store, tmp_path, monkeypatch, number
):
    break_off_at(monkeypatch, number)
    with pytest.raises(ExportFailed):
        export_outbox(store, tmp_path / "out")
    monkeypatch.undo()
    assert not (tmp_path / "out" / "manifest.json").exists()
    export_outbox(store, tmp_path / "out")
    assert is_whole(tmp_path / "out")


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_repeated_export_that_breaks_off_leaves_the_one_before_whole(
    store, tmp_path, monkeypatch, number
):
    export_outbox(store, tmp_path / "out")
    hear(store, CS14_ALERT.replace(b"\x0f\xa0", b"\x0f\xa1"))
    break_off_at(monkeypatch, number)
    with pytest.raises(ExportFailed):
        export_outbox(store, tmp_path / "out")
    assert is_whole(tmp_path / "out")


def test_a_zip_holds_the_same_files(store, tmp_path):
    export_outbox(store, tmp_path / "out")
    assert export_outbox(store, tmp_path / "out.zip") == [tmp_path / "out.zip"]
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                assert archive.read(name) == (tmp_path / "out" / name).read_bytes()
        assert "manifest.json" in archive.namelist()


def test_live_items_are_not_marked_as_training(tmp_path):
    with open_store(tmp_path, Mode.LIVE) as live:
        hear(live, CS14_ALERT)
        files = export_outbox(live, tmp_path / "out")
    assert not any(path.name.startswith("TRAINING") for path in files)
    assert manifest(tmp_path / "out")["mode"] == "live"


def test_a_folder_that_cannot_be_written_leaves_the_queue_as_it_is(store, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ExportFailed, match="nothing is lost"):
        export_outbox(store, tmp_path / "file" / "out")
    assert {row.state for row in store.returns.all()} == {ReturnState.READY}


def test_an_empty_queue_gives_an_empty_manifest(tmp_path):
    with open_store(tmp_path) as store:
        export_outbox(store, tmp_path / "out")
    assert manifest(tmp_path / "out")["items"] == []


@pytest.mark.parametrize("name", ["out", "out.zip"])
@pytest.mark.parametrize("mode", [Mode.TRAINING, Mode.LIVE], ids=["another handheld", "other data"])
def test_no_export_takes_the_place_of_one_by_another_database(store, tmp_path, name, mode):
    with open_store(tmp_path / "other", mode) as other:
        hear(other, CS14_ALERT)
        export_outbox(other, tmp_path / name)
        before = {path: path.read_bytes() for path in tmp_path.glob(f"{name}*/*")}
        with pytest.raises(AnotherExport, match=r"such as .*hht-") as refused:
            export_outbox(store, tmp_path / name)
        assert {row.state for row in store.returns.all()} == {ReturnState.READY}
        assert {path: path.read_bytes() for path in tmp_path.glob(f"{name}*/*")} == before
        export_outbox(store, refused.value.instead)
        export_outbox(other, tmp_path / name)
    assert {row.state for row in store.returns.all()} == {ReturnState.WRITTEN}


@pytest.mark.parametrize(
    "left",
    [
        b"",
        b'{"format": "hht-returns/1", "it',
        b'{"format": "hht-returns/1", "items": [], "mac": 5}',
    ],
    ids=len,
)
def test_what_is_no_whole_manifest_is_replaced(store, tmp_path, left):
    export_outbox(store, tmp_path / "out.zip")
    (tmp_path / "out.zip").write_bytes((tmp_path / "out.zip").read_bytes()[: len(left) * 3])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_bytes(left)
    export_outbox(store, tmp_path / "out")
    export_outbox(store, tmp_path / "out.zip")
    assert is_whole(tmp_path / "out")
