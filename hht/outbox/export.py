"""Export: every item not yet received as one SR 8.13 XML file, with a manifest of their hashes."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from hht.disk import disk_of
from hht.files import MOST_READ, check_own, open_plain, replacing, write_new, write_whole
from hht.outbox.compose813 import ReturnItem, return_item, unfit_items
from hht.outbox.errors import AnotherExport, ExportFailed, OutboxError
from hht.outbox.manifest import FORMAT, MANIFEST, is_of_another, own_name, with_mac
from hht.outbox.signing import RequestSigner
from hht.store import Mode, Store, StoreDamaged
from hht.store.rows import TO_SEND


class _Target(Protocol):
    def write(self, name: str, content: bytes) -> Path: ...

    def write_manifest(self, content: bytes) -> Path: ...


def export_outbox(
    store: Store,
    out: Path,
    *,
    signer: RequestSigner | None = None,
    on_held: Callable[[int, str], None] = lambda return_id, why: None,
) -> list[Path]:
    """Write what is to be sent to a folder, or to a ZIP when `out` ends in `.zip`.

    Safe to repeat: an item keeps its file name and its bytes, and counts as written, or as sent
    where it was, until a receipt says that it was received. The manifest is written last, so an
    export that has one is whole. The files that were written are given back. An item that was
    changed is held; `on_held` is called with its number and the reason. AnotherExport, and
    nothing written, where another database has its export: nothing would name those items any more.
    """
    with _refusing(out):
        _refuse_another(store, out)
    with _refusing(out), _zip_or_folder(out) as target:
        entries, written, exported = [], [], []
        for item in _items(store, on_held):
            name = _file_name(item, store.mode)
            xml = signer.sign(item.xml) if signer else item.xml
            written.append(target.write(name, xml))
            entries.append(_entry(name, item, xml))
            exported.append(item.row.id)
        written.append(target.write_manifest(_manifest(store, entries)))
    store.outbox.mark_written(exported, f"exported to {out.absolute()}")
    return list(dict.fromkeys(written))


def _refuse_another(store: Store, out: Path) -> None:
    if is_of_another(store, _manifest_at(out)):
        name = f"hht-{own_name(store)[:9]}"  # two of the six groups
        raise AnotherExport(out, out.with_name(f"{name}.zip") if _is_zip(out) else out / name)


def _manifest_at(out: Path) -> bytes:
    """Return the manifest that is there already; empty where none can be read."""
    try:
        with open_plain(out if _is_zip(out) else out / MANIFEST) as file:
            if not _is_zip(out):
                return file.read(MOST_READ)
            with zipfile.ZipFile(file) as archive, archive.open(MANIFEST) as member:
                return member.read(MOST_READ)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError):
        return b""


def _is_zip(out: Path) -> bool:
    return out.suffix.lower() == ".zip"


def _manifest(store: Store, entries: list[dict[str, str | None]]) -> bytes:
    head = store.audit.head()
    content = {
        "format": FORMAT,
        "mode": store.mode.value,
        "audit": {"entries": head.entries, "head": head.mac},
        "items": entries,
    }
    return json.dumps(with_mac(store, content)).encode()


def _items(store: Store, on_held: Callable[[int, str], None]) -> Iterator[ReturnItem]:
    """Yield what is to be exported.

    An item that was changed is held and delays no other.
    """
    for return_id, why in list(unfit_items(store)):
        store.outbox.hold(return_id, why)
        on_held(return_id, why)
    for return_id in store.returns.ids(*TO_SEND):
        try:
            yield return_item(store, return_id)
        except (OutboxError, StoreDamaged) as error:
            store.outbox.hold(return_id, error.what)
            on_held(return_id, error.what)


def _file_name(item: ReturnItem, mode: Mode) -> str:
    """Return the item's number and the start of its key; a training item says so in its name."""
    prefix = "" if mode is Mode.LIVE else f"{mode.value.upper()}-"
    key = item.row.idempotency_key or ""
    return f"{prefix}{item.row.id:06}-sr{item.row.service}-{key[:12]}.xml"


def _entry(name: str, item: ReturnItem, xml: bytes) -> dict[str, str | None]:
    return {
        "file": name,
        "sha256": hashlib.sha256(xml).hexdigest(),
        "idempotency_key": item.row.idempotency_key,
        "service": item.row.service,
        "request_id": item.row.request_id,
        "original_request_id": item.row.original_request_id,
    }


class _Folder:
    """Files of a folder: what an older manifest may name is only ever replaced as a whole.

    A new file is written in its place, since no manifest names it yet: that is twice as fast.
    """

    def __init__(self, folder: Path, sync: Callable[[], None]) -> None:
        """Take `sync`, which flushes everything: a flush for each file would take longer."""
        self._folder = folder
        self._sync = sync
        check_own(folder / MANIFEST, FORMAT.encode())

    def write(self, name: str, content: bytes) -> Path:
        target = f"{self._folder}/{name}"  # pathlib would halve the thousands of files a second
        try:
            write_new(target, content, synced=False)
        except FileExistsError:
            write_whole(self._folder / name, content, synced=False)
        return Path(target)

    def write_manifest(self, content: bytes) -> Path:
        """Write it when everything else is on the disk."""
        self._sync()
        write_whole(self._folder / MANIFEST, content)
        return self._folder / MANIFEST


class _Zip:
    """One archive; its members carry no time, so the same outbox gives the same bytes."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path

    def write(self, name: str, content: bytes) -> Path:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(info, content)
        return self._path

    def write_manifest(self, content: bytes) -> Path:
        """Write it like the rest: the archive itself gets its name when it is whole."""
        return self.write(MANIFEST, content)


@contextmanager
def _zip_or_folder(out: Path) -> Iterator[_Target]:
    if not _is_zip(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        with disk_of(out) as sync:
            yield _Folder(out, sync)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    check_own(out, b"-sr8.", MANIFEST.encode())  # how the first member is named
    with (
        replacing(out) as descriptor,
        os.fdopen(descriptor, "wb") as file,
        zipfile.ZipFile(file, "w") as archive,
    ):
        yield _Zip(archive, out)


@contextmanager
def _refusing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportFailed(
            f"The export could not be written ({error.strerror})",
            where=str(error.filename or out),
            remedy="Check the folder and its room, and export again: nothing is lost by that.",
        ) from None
