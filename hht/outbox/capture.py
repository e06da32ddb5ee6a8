"""Captures a message: its row, what it settles and the item it becomes, in one transaction."""

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.alerts import read_alert_code
from hht.gbcs.message import Cra, Headers, MalformedMessage, Message, read_headers
from hht.outbox.compose813 import add_return
from hht.outbox.rules import wants_alert, wants_response
from hht.store import Arrival, Capture, CommandEvent, Store, StoreError, StoreFull
from hht.store.core import Transaction
from hht.store.repositories.commands import AnsweredCommand


@dataclass(frozen=True, slots=True)
class _Read:
    """What can be read of a message: all of it, or its headers alone with the fault."""

    message: Message | None
    headers: Headers | None
    fault: str = ""


def capture_message(
    store: Store, raw: bytes, *, hub: EntityId, job_id: int | None, received_at: datetime
) -> Capture:
    """Keep a message; it is on the disk when this returns.

    In the same transaction its Local Command takes the state the Response tells, and the item
    the DCC wants back is made ready. The same bytes again for the same job are counted only.
    What is no GBCS message is kept too. StoreFull when even the reserve is used up.
    """
    read = _read(raw)
    digest, code = hashlib.sha256(raw).digest(), _alert_code(read.message)
    arrival = Arrival(raw, digest, hub, job_id, received_at, read.headers, code)
    try:
        return _capture(store, arrival, read)
    except StoreFull:
        store.space.release_reserve()
        with contextlib.suppress(StoreError):
            store.database.keep_wal_short()
        return _capture(store, arrival, read)


def return_anyway(store: Store, capture_id: int) -> int:
    """Make the item for a capture that is held because the DCC does not ask for it; its number."""
    with store.transaction() as change:
        found = store.captures.get(capture_id)
        if found.return_id is not None:
            return found.return_id
        command = None if found.command_id is None else store.commands.get(found.command_id)
        original = command.request_id if command else None
        return_id = add_return(store, change, found.raw, original, found.job_id)
        store.captures.set_return(change, capture_id, return_id)
        change.note("return asked for", f"capture {capture_id}, return {return_id}")
    return return_id


def _capture(store: Store, arrival: Arrival, read: _Read) -> Capture:
    with store.transaction() as change:
        known = store.captures.add_copy(change, arrival)
        return known or _keep(store, change, arrival, read)


def _keep(store: Store, change: Transaction, arrival: Arrival, read: _Read) -> Capture:
    command = store.commands.answered_by(change, arrival.headers, arrival.job_id)
    if command is not None:
        store.commands.settle(change, command, *_told_by(read))
    return_id = None
    if _is_wanted(arrival, command):
        original = command.request_id if command else None
        return_id = add_return(store, change, arrival.raw, original, arrival.job_id)
    command_id = command.id if command else None
    return store.captures.add(change, arrival, command_id=command_id, return_id=return_id)


def _told_by(read: _Read) -> tuple[CommandEvent, str]:
    """What a Response says of its Command; one nobody can read leaves it unknown."""
    from hht.gbcs.outcome import outcome_of

    if read.message is None:
        return CommandEvent.UNREADABLE, f"Its Response cannot be read: {read.fault}"
    outcome = outcome_of(read.message)
    return (CommandEvent.POSITIVE if outcome.positive else CommandEvent.NEGATIVE), outcome.summary


def _read(raw: bytes) -> _Read:
    try:
        message = Message.parse(raw)
    except MalformedMessage as error:
        return _Read(None, _headers_in(raw), error.what)
    parties = (message.originator, message.recipient)
    return _Read(message, Headers(message.cra, message.counter, *parties, message.message_code))


def _headers_in(raw: bytes) -> Headers | None:
    try:
        return read_headers(raw)
    except MalformedMessage:
        return None


def _alert_code(message: Message | None) -> int | None:
    if message is None or message.cra is not Cra.ALERT:
        return None
    return read_alert_code(message.payload)


def _is_wanted(arrival: Arrival, command: AnsweredCommand | None) -> bool:
    if command is not None and arrival.headers is not None:
        return wants_response(command.service, arrival.headers.message_code)
    return wants_alert(arrival.alert_code)
