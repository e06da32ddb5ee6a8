"""Answers on file: how a handheld that exported its outbox learns what was received.

A file is believed as little as a page on the way: an item's fate is changed by the DUIS answer to
its own request alone. So receipts carry those answers, and the answers themselves do as well.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hht.duis.envelope import ResponseHeader, decode_base64
from hht.duis.job_json import json_object
from hht.duis.pack_files import EXPORT_LIMITS, read_bounded, read_pack_files
from hht.duis.request_id import RequestId
from hht.errors import HhtError, InputError
from hht.files import check_own, write_whole
from hht.outbox.errors import ImportRefused
from hht.outbox.gateway.answers import Disposition, Judgement, answers, duis_answer, judge_code
from hht.store import Mode, ReturnState, Store

FORMAT = "hht-receipts/1"
_NAMED = re.compile(rb"RequestID\s*>\s*([0-9A-Fa-f-]{23}:[0-9A-Fa-f-]{23}:[0-9]{1,20})\s*</")


@dataclass
class ReceiptsRead:
    """What the receipts of a file did.

    `known` are for what was received before, `unknown` are for no item here, `unproven`
    hold no DUIS answer to their item's request: none of these changes anything.
    """

    received: int = 0
    refused: int = 0
    held: int = 0
    known: int = 0
    unknown: int = 0
    unproven: int = 0


@dataclass(frozen=True, slots=True)
class _Receipt:
    """A document with its DUIS header, and the number of its item; None where there is none."""

    number: int | None
    document: bytes
    header: ResponseHeader | None


def write_receipts(store: Store, path: Path) -> int:
    """Write the receipts this store has, by idempotency key (JSON); how many."""
    receipts = [
        {
            "idempotency_key": row["idempotency_key"],
            "code": row["code"],
            "document": base64.b64encode(row["document"]).decode(),
        }
        for row in store.outbox.receipt_rows()
    ]
    content = {"format": FORMAT, "mode": store.mode.value, "receipts": receipts}
    try:
        check_own(path, FORMAT.encode())
        write_whole(path, json.dumps(content, indent=1).encode())
    except OSError as error:
        raise ImportRefused(
            f"The receipts cannot be written ({error.strerror})",
            where=str(path),
            remedy="Check the folder and its room.",
        ) from None
    return len(receipts)


def read_receipts(store: Store, path: Path, *, renumbers: bool = False) -> ReceiptsRead:
    """Record what a file of receipts proves, or a DUIS answer, or a folder or ZIP of answers.

    ImportRefused for a damaged file or another mode's. `renumbers` says that the gateway gave each
    request a RequestID of its own: then a receipt's word is taken for the item it answers.
    """
    read = ReceiptsRead()
    taken = spoken_for(store) if renumbers else set()
    judged = [
        (each, _judge(store, each, taken, path, renumbers)) for each in _receipts(store, path)
    ]
    for receipt, judgement in judged:
        if judgement is not None:
            _settle(store, receipt, judgement, read)
        elif receipt.number is None and receipt.header is not None:
            read.unknown += 1
        else:
            read.unproven += 1
    return read


def spoken_for(store: Store) -> set[str]:
    """Return the RequestIDs (`key`) that belong to an item, or to the answer that one has received.

    A gateway that renumbers gives none of them to another item's request.
    """
    own = {text.upper() for text in store.returns.request_ids()}
    return own | {_named_in(row["document"]) for row in store.outbox.receipt_rows()}


def _named_in(document: bytes) -> str:
    """Return the RequestID of an answer; XML is read only where its text does not say it at once.

    There may be 100,000 of them, and an upload waits.
    """
    found = _NAMED.findall(document)
    if len(found) == 1:
        return str(found[0].decode().upper())
    header = duis_answer(document)
    return header.request_id.key if header and header.request_id else ""


def _judge(
    store: Store, receipt: _Receipt, taken: set[str], path: Path, renumbers: bool
) -> Judgement | None:
    """Return what a document makes of its item; None where it is not the answer to that."""
    header = receipt.header
    if header is None or receipt.number is None:
        return None
    if header.is_training and store.mode is not Mode.TRAINING:
        raise ImportRefused(
            f"It holds answers of gateway-sim, and the data is {store.mode}",
            where=str(path),
            remedy="Training, live and facility data never mix.",
        )
    row = store.returns.get(receipt.number)
    asked, named = RequestId.parse(row.request_id), header.request_id
    if row.state is ReturnState.DRAFT or not answers(header, asked, renumbers=renumbers):
        return None
    if named is not None and named != asked and row.state is not ReturnState.RECEIVED:
        if named.key in taken:
            return None
        taken.add(named.key)
    return judge_code(header.response_code)


def _settle(store: Store, receipt: _Receipt, judgement: Judgement, read: ReceiptsRead) -> None:
    number, outbox, note = receipt.number, store.outbox, judgement.note
    assert number is not None
    match judgement.disposition:
        case Disposition.RECEIVED:
            is_known = store.returns.get(number).state is ReturnState.RECEIVED
            outbox.record_receipt(
                number, judgement.code, receipt.document, note=note, at=store.clock.now()
            )
            read.known += is_known
            read.received += not is_known
        case Disposition.HELD if outbox.hold(number, note):
            read.held += 1
        case Disposition.REFUSED if outbox.record_refusal(number, note):
            read.refused += 1
        case _:
            read.known += 1


def _receipts(store: Store, path: Path) -> Iterator[_Receipt]:
    """Yield what a path holds: one file of receipts, or answers by themselves."""
    if path.is_dir() or path.suffix.lower() == ".zip":
        documents = list(read_pack_files(path, EXPORT_LIMITS).values())
        if not documents:
            raise ImportRefused("There is no answer in it", where=str(path), remedy=_REMEDY)
        yield from _answers(store, documents)
        return
    content = read_bounded(path, EXPORT_LIMITS.file_bytes)
    if duis_answer(content):
        yield from _answers(store, [content])
    else:
        yield from _by_key(store, _listed(store, content, path))


def _listed(store: Store, content: bytes, path: Path) -> list[dict[str, Any]]:
    try:
        whole = json_object(content, str(path))
        if whole["format"] == FORMAT and whole["mode"] == store.mode.value:
            return [dict(row) for row in whole["receipts"]]
        what = "The file holds no receipts for this kind of data"
    except (KeyError, TypeError, ValueError, InputError):
        what = "The receipts are damaged"
    raise ImportRefused(what, where=str(path), remedy=_REMEDY)


def _by_key(store: Store, rows: list[dict[str, Any]]) -> Iterator[_Receipt]:
    """List receipts that name their items by key; those of an older hht have no document."""
    for row in rows:
        number = store.returns.by_key(str(row.get("idempotency_key")))
        try:
            document = decode_base64(str(row.get("document", "")), "receipts", "document")
        except HhtError:
            document = b""
        yield _Receipt(number, document, duis_answer(document))


def _answers(store: Store, documents: list[bytes]) -> Iterator[_Receipt]:
    """Yield answers by themselves: each is for the one item whose RequestID it names."""
    numbers: dict[RequestId, int] = {}
    for row in store.returns.all():
        if numbers.setdefault(RequestId.parse(row.request_id), row.id) != row.id:
            numbers[RequestId.parse(row.request_id)] = 0  # two handhelds', so it proves neither
    for document in documents:
        header = duis_answer(document)
        named = header.request_id if header else None
        yield _Receipt(numbers.get(named) or None if named else None, document, header)


_REMEDY = "Get the file again."
