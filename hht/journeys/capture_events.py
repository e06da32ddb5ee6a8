"""From a kept message to the event that announces it, in plain words."""

from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.events import Event
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.journeys.events import AlertCaptured, OtherCaptured, ResponseCaptured
from hht.spans import Line

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore
    from hht.store import Capture


def event_of(capture: "Capture", keys: "KeyStore | None", command: bytes | None) -> Event:
    """The event for a capture, whatever it is; `command` is what it answers, where known.

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
        return _alert(capture, message, reading)
    return OtherCaptured(capture.id, reading)


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


def _alert(capture: "Capture", message: Message, reading: Line) -> AlertCaptured:
    from hht.gbcs.alerts import alert_name
    from hht.gbcs.use_cases import use_case

    found, case = capture.judgement, use_case(message.message_code).name
    assert found is not None  # as above
    code = capture.alert_code
    return AlertCaptured(
        capture_id=capture.id,
        device=message.originator,
        alert=case if code is None else alert_name(code),
        use_case=case,
        reading=reading,
        mac=found.mac,
        signature=found.signature,
        duplicate=capture.duplicate,
    )


def _reading(message: Message, keys: "KeyStore | None", command: Message | None) -> Line:
    """The message in words; one whose payload cannot be read was captured all the same."""
    from hht.gbcs.explain.describe import reading_of

    try:
        return reading_of(message, keys, command=command)
    except HhtError as error:
        return Line.of(f"Its payload cannot be read: {error.what}")
