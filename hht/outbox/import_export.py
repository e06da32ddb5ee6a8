"""Taking in an export: from a handheld's folder or ZIP into another store, each item once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hht.duis.envelope import decode_base64, parse_xml, tag, value_in
from hht.duis.pack_files import EXPORT_LIMITS, read_pack_files
from hht.duis.request_id import RequestId
from hht.duis.return_request import SERVICE_REFERENCE, has_instruction, service_request
from hht.errors import HhtError, InputError
from hht.outbox.compose813 import idempotency_key
from hht.outbox.errors import ImportRefused
from hht.outbox.manifest import MANIFEST, is_trusted, read_manifest, writer_of
from hht.store import Mode, Store, TakenItem

_REMEDY = "Export it again and take in all of it."


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many items were new to this store, and how many it had already.

    `others` are folders inside with an export of their own, of which nothing was taken.
    """

    new: int
    known: int
    others: tuple[str, ...] = ()


def take_in_export(store: Store, path: Path) -> TakenIn:
    """Put the items of an export into the outbox as they are: keys, RequestIDs and bytes.

    ImportRefused, and nothing taken, when a file is missing or changed, the mode is another, or
    what would be new here cannot be proven to be live. What is here already is never refused.
    """
    files = read_pack_files(path, EXPORT_LIMITS)
    where = str(path)
    manifest = _manifest(files, where)
    mode = manifest.get("mode")
    if mode != store.mode.value:
        raise ImportRefused(
            f"The export is {mode} data and this store is {store.mode}",
            where=where,
            remedy="Training, live and facility data never mix.",
        )
    items = [_item(entry, files, where, store.mode) for entry in manifest["items"]]
    if any(store.returns.by_key(item.idempotency_key) is None for item in items):
        _check_writer(store, manifest, where)
    new = store.outbox.take_in(items)
    inside = (name.rpartition("/") for name in sorted(files))
    others = tuple(folder for folder, _, name in inside if folder and name == MANIFEST)
    return TakenIn(new, len(items) - new, others)


def _manifest(files: dict[str, bytes], where: str) -> dict[str, Any]:
    try:
        return read_manifest(files[MANIFEST], where)
    except (KeyError, InputError):
        pass
    raise ImportRefused(f"There is no whole {MANIFEST} in it", where=where, remedy=_REMEDY)


def _check_writer(store: Store, manifest: dict[str, Any], where: str) -> None:
    """Refuse what was changed and, but for training data, what no known key has signed."""
    try:
        writer = writer_of(manifest)
    except InputError as error:
        raise ImportRefused(error.what, where=where, remedy=_REMEDY) from None
    if store.mode is Mode.TRAINING:
        return
    if writer is None:
        raise ImportRefused(
            f"Nothing proves that this is {store.mode} data, for its manifest has no MAC",
            where=where,
            remedy="Export it again on its handheld with this version of hht: it is kept there.",
        )
    if not is_trusted(store, writer):
        raise ImportRefused(
            f"The handheld that wrote it is not known here (its key is {writer})",
            where=where,
            remedy=f"If 'hht queue key' prints that there, 'hht queue trust {writer}' here.",
        )


def _item(entry: dict[str, Any], files: dict[str, bytes], where: str, mode: Mode) -> TakenItem:
    """Return one item, if its bytes are those of the manifest and say the same of themselves."""
    try:
        name, xml = entry["file"], files[entry["file"]]
        item = TakenItem(
            service=entry["service"],
            idempotency_key=entry["idempotency_key"],
            request_id=str(RequestId.parse(entry["request_id"])),
            original_request_id=entry["original_request_id"],
            body=xml.partition(b"<sr:Body>")[2].rpartition(b"</sr:Body>")[0],
        )
        is_whole = hashlib.sha256(xml).hexdigest() == entry["sha256"]
        is_foreign = mode is not Mode.TRAINING and has_instruction(xml)
        if is_whole and not is_foreign and xml in _writings(item, mode):
            _check_key(item, xml, name)
            return item
    except (KeyError, TypeError, ValueError, AttributeError, HhtError):
        pass
    raise ImportRefused(
        f"The file {_named(entry)} is missing or was changed", where=where, remedy=_REMEDY
    )


def _named(entry: object) -> str:
    """Return the file's name for a message, of a manifest that may say anything."""
    name = entry.get("file") if isinstance(entry, dict) else entry
    return ascii(name)[:100]


def _writings(item: TakenItem, mode: Mode) -> list[bytes]:
    """Return the bytes that an item may have: in training with its mark, or as an older hht
    wrote it."""
    request_id, body = RequestId.parse(item.request_id), item.body.decode("utf-8")
    marks = (True, False) if mode is Mode.TRAINING else (False,)
    return [service_request(request_id, item.service, body, training=mark) for mark in marks]


def _check_key(item: TakenItem, xml: bytes, name: str) -> None:
    """Refuse a key that does not fit its message: a returned message's key is made of it."""
    if item.service != SERVICE_REFERENCE:
        return
    body = parse_xml(xml, name).find(f"{tag('Body')}/{tag('ReturnLocalCommandResponse')}")
    if body is None:
        raise ValueError(name)
    response = value_in(body, tag("DeviceGBCSResponse"), name)
    raw = decode_base64(response, name, "DeviceGBCSResponse")
    original = value_in(body, tag("OriginalRequestID"), name) or None
    if (item.original_request_id, item.idempotency_key) != (
        original,
        idempotency_key(original, raw),
    ):
        raise ValueError(name)
