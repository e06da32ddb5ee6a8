"""Export: every item not yet received as one SR 8.13 XML file, with a manifest of their hashes."""

import errno
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from hht.errors import HhtError
from hht.outbox.compose813 import ReturnItem, return_item
from hht.outbox.signing import RequestSigner
from hht.store import Mode, ReturnState, Store, StoreDamaged

FORMAT = "hht-returns/1"
MANIFEST = "manifest.json"
_WRITE = os.O_CREAT | os.O_WRONLY | getattr(os, "O_BINARY", 0)
_EXPORTED = (ReturnState.READY, ReturnState.SENT)


class ExportFailed(HhtError):
    """The export could not be written."""

    code = "OUT-01"


class _Target(Protocol):
    def write(self, name: str, content: bytes) -> Path: ...

    def write_manifest(self, content: bytes) -> Path: ...


def export_queue(store: Store, out: Path, *, signer: RequestSigner | None = None) -> list[Path]:
    """Write what is ready or sent to a folder, or to a ZIP when `out` ends in `.zip`.

    Safe to repeat: an item keeps its file name and its bytes, and counts as sent until a receipt
    says that it was received. The manifest is written last, so an export that has one is whole.
    The files that were written are given back.
    """
    with _refusing(out), _zip_or_folder(out) as target:
        entries, written, exported = [], [], []
        for item in _items(store):
            name = _file_name(item, store.mode)
            xml = signer.sign(item.xml) if signer else item.xml
            written.append(target.write(name, xml))
            entries.append(_entry(name, item, xml))
            exported.append(item.row.id)
        head = store.audit.head()
        manifest = {
            "format": FORMAT,
            "mode": store.mode.value,
            "audit": {"entries": head.entries, "head": head.mac},
            "items": entries,
        }
        written.append(target.write_manifest(json.dumps(manifest).encode()))
    store.outbox.mark_sent(exported, f"exported to {out.name}")
    return list(dict.fromkeys(written))


def _items(store: Store) -> Iterator[ReturnItem]:
    """What is to be exported; an item whose bytes were changed is refused and holds up no other."""
    for return_id in store.returns.ids(*_EXPORTED):
        try:
            yield return_item(store, return_id)
        except StoreDamaged as error:
            store.outbox.record_refusal(return_id, error.what)


def _file_name(item: ReturnItem, mode: Mode) -> str:
    """The item's number and the start of its key; a training item says so in its name."""
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

    A new file is written in its place, since no manifest names it yet. By descriptors, because
    thousands of files a second are asked for and pathlib halves that.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, content: bytes) -> Path:
        target = f"{self._folder}/{name}"
        try:
            _fill(target, os.O_EXCL, content)
        except FileExistsError:
            self._replace(name, content)
        return Path(target)

    def _replace(self, name: str, content: bytes) -> None:
        part = f"{self._folder}/.{name}.part"
        _fill(part, os.O_TRUNC, content)
        os.replace(part, f"{self._folder}/{name}")

    def write_manifest(self, content: bytes) -> Path:
        """Only when everything else is on the disk; it takes its name when it is whole."""
        _sync()
        self._replace(MANIFEST, content)
        _sync()
        return self._folder / MANIFEST


def _fill(path: str, how: int, content: bytes) -> None:
    file = os.open(path, _WRITE | how, 0o644)
    try:
        if os.write(file, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
    finally:
        os.close(file)


def _sync() -> None:
    """Everything at once: a flush for each file would take longer than writing it."""
    if hasattr(os, "sync"):  # Windows has none, and writes back by itself
        os.sync()


class _Zip:
    """One archive; its members carry no time, so the same queue gives the same bytes."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path

    def write(self, name: str, content: bytes) -> Path:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(info, content)
        return self._path

    def write_manifest(self, content: bytes) -> Path:
        """Like the rest: the archive itself takes its name when it is whole."""
        return self.write(MANIFEST, content)


@contextmanager
def _zip_or_folder(out: Path) -> Iterator[_Target]:
    if out.suffix.lower() != ".zip":
        yield _Folder(out)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    with part.open("wb") as file:
        with zipfile.ZipFile(file, "w") as archive:
            yield _Zip(archive, out)
        file.flush()
        os.fsync(file.fileno())
    part.replace(out)


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
