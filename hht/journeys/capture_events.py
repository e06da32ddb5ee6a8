"""From a capture to the event that tells of it, in plain words."""

from typing import TYPE_CHECKING, NamedTuple

from hht.errors import HhtError
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.journeys.events import AlertCaptured, Event, OtherCaptured, ResponseCaptured

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore
    from hht.store import Capture


class _Words(NamedTuple):
    """What is told of every message; the verdicts are those of the keys."""

    use_case: str
    reading: str
    mac: str
    signature: str


def tell_of(capture: "Capture", keys: "KeyStore | None", command: bytes | None) -> Event:
    """The event for a capture, whatever it is; `command` is what it answers, where known."""
    try:
        message = Message.parse(capture.raw)
    except MalformedMessage as error:
        return OtherCaptured(capture.id, f"This is no GBCS message: {error.what}")
    words = _words(message, keys, Message.parse(command) if command else None)
    if message.cra is Cra.RESPONSE:
        return _response(capture, words, message, keys)
    if message.cra is Cra.ALERT:
        name = _alert(capture.alert_code, words.use_case)
        return AlertCaptured(capture.id, message.originator, name, *words, capture.duplicate)
    return OtherCaptured(capture.id, words.reading)


def _response(
    capture: "Capture", words: _Words, message: Message, keys: "KeyStore | None"
) -> ResponseCaptured:
    from hht.gbcs.outcome import outcome_of

    return ResponseCaptured(
        capture_id=capture.id,
        command_id=capture.command_id,
        use_case=words.use_case,
        reading=words.reading,
        positive=outcome_of(message, keys).positive,
        mac=words.mac,
        signature=words.signature,
        duplicate=capture.duplicate,
    )


def _alert(code: int | None, use_case: str) -> str:
    from hht.gbcs.alerts import alert_name

    return use_case if code is None else alert_name(code)


def _words(message: Message, keys: "KeyStore | None", command: Message | None) -> _Words:
    """The message in words; one whose payload cannot be read was captured all the same."""
    from hht.gbcs.explain.describe import describe
    from hht.gbcs.protection import check_mac, check_signature
    from hht.gbcs.use_cases import use_case

    try:
        told = describe(message, keys, command=command)
        return _Words(told.use_case, told.reading, told.mac, told.signature)
    except HhtError as error:
        reading = f"Its payload cannot be read: {error.what}"
        verdicts = check_mac(message, keys), check_signature(message, keys)
        return _Words(use_case(message.message_code).name, reading, *verdicts)
