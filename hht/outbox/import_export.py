"""Taking in an export: from a handheld's folder or ZIP into another store, each item once."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hht.duis.envelope import decode_base64, parse_xml, tag, value_in
from hht.duis.pack_files import read_pack_files
from hht.duis.request_id import RequestId
from hht.duis.return_request import SERVICE_REFERENCE, service_request
from hht.errors import HhtError
from hht.outbox.compose813 import idempotency_key
from hht.outbox.errors import ImportRefused
from hht.outbox.export import FORMAT, MANIFEST
from hht.store import Store, TakenItem
from hht.text_files import decode_text

_REMEDY = "Export it again and take in all of it."


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many items were new to this store, and how many it had already."""

    new: int
    known: int


def take_in_export(store: Store, path: Path) -> TakenIn:
    """Put the items of an export into the queue as they are: keys, RequestIDs and bytes.

    ImportRefused, and nothing taken, when a file is missing or changed or the mode is another.
    """
    files = read_pack_files(path)
    where = str(path)
    manifest = _manifest(files, where)
    if manifest.get("mode") != store.mode.value:
        raise ImportRefused(
            f"The export is {manifest.get('mode')} data and this store is {store.mode}",
            where=where,
            remedy="Training, live and facility data never mix.",
        )
    items = [_item(entry, files, where) for entry in manifest["items"]]
    new = store.outbox.take_in(items)
    return TakenIn(new, len(items) - new)


def _manifest(files: dict[str, bytes], where: str) -> dict[str, Any]:
    try:
        manifest = json.loads(decode_text(files[MANIFEST]))
        if manifest["format"] == FORMAT and isinstance(manifest["items"], list):
            return dict(manifest)
    except (KeyError, TypeError, ValueError, RecursionError):
        pass
    raise ImportRefused(f"There is no whole {MANIFEST} in it", where=where, remedy=_REMEDY)


def _item(entry: dict[str, Any], files: dict[str, bytes], where: str) -> TakenItem:
    """One item, if its bytes are those of the manifest and say the same of themselves."""
    try:
        name, xml = entry["file"], files[entry["file"]]
        item = TakenItem(
            service=entry["service"],
            idempotency_key=entry["idempotency_key"],
            request_id=str(RequestId.parse(entry["request_id"])),
            original_request_id=entry["original_request_id"],
            body=xml.partition(b"<sr:Body>")[2].rpartition(b"</sr:Body>")[0],
        )
        whole = service_request(
            RequestId.parse(item.request_id), item.service, item.body.decode("utf-8")
        )
        if hashlib.sha256(xml).hexdigest() == entry["sha256"] and whole == xml:
            _check_key(item, xml, name)
            return item
    except (KeyError, TypeError, ValueError, AttributeError, HhtError):
        pass
    raise ImportRefused(
        f"The file {str(entry)[:100]} is missing or was changed", where=where, remedy=_REMEDY
    )


def _check_key(item: TakenItem, xml: bytes, name: str) -> None:
    """A returned message's key is made of the message: one that does not fit is another's."""
    if item.service != SERVICE_REFERENCE:
        return
    body = parse_xml(xml, name).find(f"{tag('Body')}/{tag('ReturnLocalCommandResponse')}")
    assert body is not None
    response = value_in(body, tag("DeviceGBCSResponse"), name)
    raw = decode_base64(response, name, "DeviceGBCSResponse")
    original = value_in(body, tag("OriginalRequestID"), name) or None
    if (item.original_request_id, item.idempotency_key) != (
        original,
        idempotency_key(original, raw),
    ):
        raise ValueError(name)
