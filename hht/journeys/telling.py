"""From a capture to the event that tells of it, in plain words."""

from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.gbcs.message import Cra, Message
from hht.journeys.events import AlertCaptured, Event, OtherCaptured, ResponseCaptured

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore
    from hht.store import Capture


def tell_of(capture: "Capture", keys: "KeyStore | None", command: bytes | None = None) -> Event:
    """The event for a capture, whatever it is; checks what the keys allow to be checked.

    `command` is the Local Command that a Response answers: it knows more.
    """
    from hht.gbcs.describe import describe
    from hht.gbcs.outcome import outcome_of

    try:
        message = Message.parse(capture.raw)
        told = describe(message, keys, command=Message.parse(command) if command else None)
    except HhtError as error:
        return OtherCaptured(capture.id, f"This cannot be read: {error.what}")
    if message.cra is Cra.COMMAND:
        return OtherCaptured(capture.id, told.reading)
    if message.cra is Cra.ALERT:
        return AlertCaptured(
            capture.id, told.use_case, told.reading, told.mac, told.signature, capture.duplicate
        )
    return ResponseCaptured(
        capture_id=capture.id,
        command_id=capture.command_id,
        use_case=told.use_case,
        reading=told.reading,
        positive=outcome_of(message, keys).positive,
        mac=told.mac,
        signature=told.signature,
        duplicate=capture.duplicate,
    )
