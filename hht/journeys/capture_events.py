"""From what was kept to the event that announces it, in plain words: now, or after a kill."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.events import Event
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.journeys.events import (
    AlertCaptured,
    CommandChanged,
    OtherCaptured,
    ResponseCaptured,
)
from hht.journeys.install.events import ReportReady
from hht.spans import Line
from hht.store import JobRow, ReturnState, Store

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore
    from hht.store import Capture


def event_of(
    store: Store, capture: "Capture", keys: "KeyStore | None", command: bytes | None
) -> Event:
    """Return the event for a capture, whatever it is; `command` is what it answers, where known.

    What was judged when the message was kept is not judged again here.
    """
    try:
        message = Message.parse(capture.raw)
    except MalformedMessage as error:
        return OtherCaptured(capture.id, Line.of(f"This is no GBCS message: {error.what}"))
    reading = _reading(message, keys, Message.parse(command) if command else None)
    if message.cra is Cra.RESPONSE:
        return _response(capture, message, reading)
    if message.cra is Cra.ALERT:
        return _alert(store, capture, message, reading)
    return OtherCaptured(capture.id, reading)


def publish_unpublished(
    store: Store, job: JobRow, say: Callable[[Event], None], keys: "KeyStore | None"
) -> None:
    """Say of a job what is on the disk without its event, oldest first.

    A message, a state and a status update are committed before their event is published: a program
    that dies between the two has kept them and published nothing. An older hht kept no events at
    all; a job of its is left as it is.
    """
    if not store.events.is_begun(job.id):
        return
    for number in store.events.captures_unpublished(job.id):
        capture = store.captures.get(number)
        row = store.commands.get(capture.command_id) if capture.command_id else None
        say(event_of(store, capture, keys, row.raw if row else None))
        if row is not None:
            say(CommandChanged(row.id, row.position, row.state, row.reason))
    if not store.events.is_kept(job.id, ReportReady.name):
        for report in store.returns.reports_of(job.id):
            if report.state is not ReturnState.DRAFT:
                say(ReportReady(report.service, report.id))


def _response(capture: "Capture", message: Message, reading: Line) -> ResponseCaptured:
    from hht.gbcs.use_cases import use_case

    found = capture.judgement
    assert found is not None  # a message that arrives now is judged as it is kept
    return ResponseCaptured(
        capture_id=capture.id,
        command_id=capture.command_id,
        use_case=use_case(message.message_code).name,
        reading=reading,
        positive=found.positive,
        mac=found.mac,
        signature=found.signature,
        duplicate=capture.duplicate,
    )


def _alert(store: Store, capture: "Capture", message: Message, reading: Line) -> AlertCaptured:
    from hht.gbcs.alerts import alert_name
    from hht.gbcs.use_cases import use_case
    from hht.journeys.premises.alerts import change_of

    found, case = capture.judgement, use_case(message.message_code).name
    assert found is not None  # as above
    code, about = capture.alert_code, change_of(store, capture)
    return AlertCaptured(
        capture_id=capture.id,
        device=message.originator,
        alert=case if code is None else alert_name(code),
        use_case=case,
        reading=reading,
        mac=found.mac,
        signature=found.signature,
        duplicate=capture.duplicate,
        about=about.device if about else None,
        change=about.change if about else "",
    )


def _reading(message: Message, keys: "KeyStore | None", command: Message | None) -> Line:
    """Return the message in words; one whose payload cannot be read was captured all the same."""
    from hht.gbcs.explain.describe import reading_of

    try:
        return reading_of(message, keys, command=command)
    except HhtError as error:
        return Line.of(f"Its payload cannot be read: {error.what}")
