"""Captures a message: its row, what it settles and the item it becomes, in one transaction."""

import contextlib
import hashlib
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.alerts import read_alert_code
from hht.gbcs.judgement import Judgement, judge
from hht.gbcs.message import Cra, Headers, MalformedMessage, Message, read_headers
from hht.gbcs.protection import KeyStore, Verdict
from hht.outbox.compose813 import add_return
from hht.outbox.rules import wants_alert, wants_response
from hht.store import Arrival, Capture, CommandEvent, Store, StoreDamaged, StoreError, StoreFull
from hht.store.core import Transaction
from hht.store.repositories.commands import AnsweredCommand


def capture_message(
    store: Store,
    raw: bytes,
    *,
    hub: EntityId,
    job_id: int | None,
    received_at: datetime,
    keys: KeyStore | None = None,
) -> Capture:
    """Keep a message; it is on the disk when this returns.

    It is judged once, with the keys there are, and the judgement is kept with it. In the same
    transaction its Local Command gets the state that the Response reports, and the item the DCC
    wants back is made ready. The same bytes again for the same job are counted only. What is no
    GBCS message is kept too. StoreFull when even the reserve is used up.
    """
    message, judgement = _judge(store, raw, job_id, keys)
    arrival = Arrival(
        raw=raw,
        sha256=hashlib.sha256(raw).digest(),
        hub=hub,
        job_id=job_id,
        received_at=received_at,
        headers=_headers(raw),
        alert_code=_alert_code(message),
        judgement=judgement,
    )
    try:
        return _capture(store, arrival)
    except StoreFull:
        store.space.release_reserve()
        with contextlib.suppress(StoreError):
            store.database.keep_wal_short()
        return _capture(store, arrival)


def judge_kept(store: Store, job_id: int, keys: KeyStore | None) -> None:
    """Judge what an older hht has kept of a job; what it made of Local Commands stays."""
    for capture in store.captures.unjudged(job_id):
        _, judgement = _judge(store, capture.raw, job_id, keys)
        with store.transaction() as change:
            store.captures.set_judgement(change, capture.id, judgement)


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


def _capture(store: Store, arrival: Arrival) -> Capture:
    with store.transaction() as change:
        command = store.commands.answered_by(change, arrival.headers, arrival.job_id)
        known = store.captures.add_copy(change, arrival)
        if known is None:
            return _keep(store, change, arrival, command)
        if command is not None and _answers_now(command, arrival.judgement):
            _settle(store, change, command, arrival.judgement)
        return known


def _keep(
    store: Store, change: Transaction, arrival: Arrival, command: AnsweredCommand | None
) -> Capture:
    if command is not None:
        _settle(store, change, command, arrival.judgement)
    return_id = None
    if _is_wanted(arrival, command):
        original = command.request_id if command else None
        return_id = add_return(store, change, arrival.raw, original, arrival.job_id)
    command_id = command.id if command else None
    return store.captures.add(change, arrival, command_id=command_id, return_id=return_id)


def _settle(
    store: Store, change: Transaction, command: AnsweredCommand, judgement: Judgement
) -> None:
    event, reason = _event_of(judgement, command), judgement.summary
    if event is CommandEvent.UNPROVEN:
        lack = "its Device did not make" if judgement.is_forged else "nothing proves"
        reason = f"Never sent from here; a Response was heard that {lack}"
    is_genuine = not judgement.is_forged
    store.commands.settle(change, command, event, reason, is_genuine=is_genuine)


def _answers_now(command: AnsweredCommand, judgement: Judgement) -> bool:
    """Return whether bytes that were kept before answer a Command that has been sent since then."""
    return command.tries > 0 and judgement.positive is not None


def _event_of(judgement: Judgement, command: AnsweredCommand) -> CommandEvent:
    """Return what a Response says of its Command; one that cannot be read leaves it unknown.

    Anyone in reach of the hub can make up a Response to what this HHT never sent: that counts
    only where MAC or signature proves its Device. One to what was sent counts unless they
    disprove it, for the handheld seldom has the keys to check it.
    """
    is_proven = judgement.proves_its_maker
    if judgement.is_forged or (command.tries == 0 and not is_proven):
        return CommandEvent.UNPROVEN
    if judgement.positive is None:
        return CommandEvent.UNREADABLE
    return CommandEvent.POSITIVE if judgement.positive else CommandEvent.NEGATIVE


def _judge(
    store: Store, raw: bytes, job_id: int | None, keys: KeyStore | None
) -> tuple[Message | None, Judgement]:
    """Return the message and what is found of it; bytes that are none are kept unchecked."""
    try:
        message = Message.parse(raw)
    except MalformedMessage as error:
        said = f"The message cannot be read: {error.what}"
        return None, Judgement(Verdict.UNCHECKED, Verdict.UNCHECKED, summary=said)
    return message, judge(message, keys, _command_of(store, message, job_id))


def _command_of(store: Store, message: Message, job_id: int | None) -> Message | None:
    """Return the Local Command that a Response answers; None where it is damaged.

    Any other StoreError is raised: judged later, the Response is judged by its Command.
    """
    if message.cra is not Cra.RESPONSE:
        return None
    try:
        raw = store.commands.answered_raw(message, job_id)
        return Message.parse(raw) if raw else None
    except (StoreDamaged, MalformedMessage):
        return None


def _headers(raw: bytes) -> Headers | None:
    """Return its headers, which can be there where the rest is damaged."""
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
    return arrival.headers is not None and wants_alert(
        arrival.alert_code, arrival.headers.message_code
    )
