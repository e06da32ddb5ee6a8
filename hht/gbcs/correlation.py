"""Which Response or Alert belongs to which Command: equal keys belong together."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message


@dataclass(frozen=True, slots=True)
class CorrelationKey:
    """A Response repeats its Command's counter and code, with the two parties changed over."""

    device: EntityId
    party: EntityId
    counter: int
    message_code: int


def key_of_command(message: Message) -> CorrelationKey:
    """Return the key of a Command: its recipient is the Device."""
    return CorrelationKey(
        message.recipient, message.originator, message.counter, message.message_code
    )


def key_of_response(message: Message) -> CorrelationKey:
    """Return the key of a Response or an Alert: its originator is the Device."""
    return CorrelationKey(
        message.originator, message.recipient, message.counter, message.message_code
    )


def key_of(message: Message) -> CorrelationKey:
    """Return the key of any message, by what it is."""
    return key_of_command(message) if message.cra is Cra.COMMAND else key_of_response(message)
