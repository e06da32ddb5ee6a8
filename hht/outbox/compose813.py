"""SR 8.13 items: which messages the DCC wants back, and what is sent for each of them."""

import functools
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources

from hht.duis.request_id import RequestId
from hht.duis.return_request import (
    SERVICE_REFERENCE,
    has_instruction,
    return_local_command_response,
    service_request,
)
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.gbcs.message import MalformedMessage, read_headers
from hht.outbox.errors import OutboxError
from hht.store import Mode, NewReturn, ReturnRow, Store
from hht.store.core import Transaction
from hht.store.errors import damaged_record
from hht.store.repositories.returns import ReturnContent


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """An item of the outbox with the Service Request that is to be sent, as compact XML.

    `message` is the GBCS message it returns, empty for a report and for what was taken in.
    """

    row: ReturnRow
    xml: bytes = field(repr=False)
    message: bytes = field(default=b"", repr=False)


_EDITED = (
    "It was changed in the database, and not by hht: 'hht audit verify' says what. Once you know"
    " why, 'hht audit accept', and try it again"
)
_NO_STATE = "Its state in the database, {state}, is none that hht knows: see 'hht audit verify'"


def unfit_items(store: Store) -> Iterator[tuple[int, str]]:
    """Yield the items to hold, each with the reason: edited ones, and those without a state.

    Ask before a row is changed: what is changed is as hht has left it.
    """
    for number in sorted(store.returns.edited()):
        yield number, _EDITED
    for number, state in store.returns.without_state():
        yield number, _NO_STATE.format(state=ascii(state[:20]))


def return_item(store: Store, return_id: int) -> ReturnItem:
    """Return one item with its XML, which has the mark where it is training data.

    StoreError where there is none of that number, StoreDamaged when it was changed, OutboxError
    for live data with the mark.
    """
    content = store.returns.content(return_id)
    try:
        return _composed(content, store.mode)
    except (InputError, UnicodeDecodeError):  # a RequestID that is none, a body that is no text
        raise damaged_record(f"queued item {return_id}", store.database.path) from None


def _composed(content: ReturnContent, mode: Mode) -> ReturnItem:
    row, training = content.row, mode is Mode.TRAINING
    request_id = RequestId.parse(row.request_id)
    if content.body is not None:
        xml = service_request(request_id, row.service, content.body.decode(), training=training)
        if not training and has_instruction(xml):
            raise OutboxError(
                "The item is marked as training data, and this is not",
                where=f"item {row.id}",
                remedy="It is kept and not sent; look where it comes from.",
            )
        return ReturnItem(row, xml)
    original = row.original_request_id
    about = RequestId.parse(original) if original else None
    xml = return_local_command_response(request_id, about, content.message, training=training)
    return ReturnItem(row, xml, content.message)


def add_return(
    store: Store, change: Transaction, raw: bytes, original: str | None, job_id: int | None
) -> int:
    """Make or find the item for these bytes, inside the transaction that keeps them; its number.

    `original` is the RequestID of the Local Command they answer. The idempotency key is made of
    what is returned and nothing else, so it is the same from whichever handheld and however
    often; it and the RequestID are fixed here.
    """
    counter = store.returns.next_counter(change)
    asked_first = original or store.commands.first_request(change, job_id)
    request_id = f"{_originator(raw, asked_first)}:{dcc()}:{counter}"
    item = NewReturn(
        job_id=job_id,
        service=SERVICE_REFERENCE,
        idempotency_key=idempotency_key(original, raw),
        request_id=request_id,
        request_counter=counter,
        original_request_id=original,
        message_sha256=hashlib.sha256(raw).digest(),
    )
    return store.returns.add(change, item)


def idempotency_key(original: str | None, raw: bytes) -> str:
    """Return what a receiver knows an item by: SHA-256 over the original RequestID and the
    message."""
    name = (original or "").upper().encode()
    return hashlib.sha256(b"hht-return/1\0" + name + b"\0" + raw).hexdigest()


@functools.cache
def dcc() -> EntityId:
    """Return the DCC, the target of a Service Request that is for no Device."""
    text = resources.files("assets").joinpath("tables", "duis_dcc.toml").read_text("utf-8")
    return EntityId.parse(tomllib.loads(text)["entity_id"])


def _originator(raw: bytes, asked_first: str | None) -> str:
    """Return who asks: the sender of the original request.

    For an Alert, the sender of the job's first.
    """
    if asked_first is not None:
        return asked_first.partition(":")[0]
    try:
        return str(read_headers(raw).recipient)
    except MalformedMessage:
        return str(dcc())
