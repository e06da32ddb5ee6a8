"""Receipts on file: how a handheld that exported its queue learns what was received."""

import json
from dataclasses import dataclass
from pathlib import Path

from hht.files import write_whole
from hht.outbox.errors import ImportRefused
from hht.outbox.gateway.answers import Meaning, judge_code
from hht.store import Store
from hht.text_files import decode_text

FORMAT = "hht-receipts/1"


@dataclass(frozen=True, slots=True)
class ReceiptsRead:
    """How many items the file settled, and how many of its receipts are for other handhelds."""

    received: int
    refused: int
    unknown: int


def write_receipts(store: Store, path: Path) -> int:
    """Write the receipts this store has, by idempotency key (JSON); how many."""
    receipts = [
        {"idempotency_key": row["idempotency_key"], "code": row["code"]}
        for row in store.outbox.receipt_rows()
    ]
    content = {"format": FORMAT, "mode": store.mode.value, "receipts": receipts}
    try:
        write_whole(path, json.dumps(content, indent=1).encode())
    except OSError as error:
        raise ImportRefused(
            f"The receipts cannot be written ({error.strerror})",
            where=str(path),
            remedy="Check the folder and its room.",
        ) from None
    return len(receipts)


def read_receipts(store: Store, path: Path) -> ReceiptsRead:
    """Record each receipt of a file; ImportRefused for a damaged one or another mode's."""
    codes = _codes(store, path)
    known = {key: number for key in codes if (number := store.returns.by_key(key)) is not None}
    received = refused = 0
    for key, return_id in known.items():
        judgement = judge_code(codes[key])
        if judgement.meaning is Meaning.RECEIVED:
            document = json.dumps({"idempotency_key": key, "code": codes[key]}).encode()
            store.outbox.record_receipt(
                return_id, judgement.code, document, note=judgement.note, at=store.clock.now()
            )
            received += 1
        else:
            store.outbox.record_refusal(return_id, judgement.note)
            refused += 1
    return ReceiptsRead(received, refused, len(codes) - len(known))


def _codes(store: Store, path: Path) -> dict[str, str]:
    try:
        content = json.loads(decode_text(path.read_bytes()))
        if content["format"] == FORMAT and content["mode"] == store.mode.value:
            return {str(row["idempotency_key"]): str(row["code"]) for row in content["receipts"]}
        what = "The file holds no receipts for this kind of data"
    except OSError as error:
        what = f"The receipts cannot be read ({error.strerror})"
    except (KeyError, TypeError, ValueError, RecursionError):
        what = "The receipts are damaged"
    raise ImportRefused(what, where=str(path), remedy="Get the file again.")
