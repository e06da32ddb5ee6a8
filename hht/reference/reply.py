"""The reference Devices' answers to Commands, and how they differ from reference Responses."""

from dataclasses import dataclass, replace

from hht.errors import HhtError
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.reference.devices import clock_of, reference_fleet
from hht.simulator.devices.core.device import UnsignedMessage
from hht.spans import with_article


@dataclass(frozen=True, slots=True)
class ReplyResult:
    """The Response to one Command, or why there is none.

    Without the Device's signing key, `response` has a signature of length 0, and `signed` is
    False.
    """

    source: str
    response: bytes = b""
    error: str = ""
    signed: bool = True


def reply_to(raw: bytes, keys: PemFolder, source: str = "") -> ReplyResult:
    """Answer as the Device the Command is for, each time in its reference state."""
    try:
        command = Message.parse(raw)
    except HhtError as error:
        return ReplyResult(source, error=str(error))
    if command.cra is not Cra.COMMAND:
        kind = with_article(command.cra.name.capitalize())
        return ReplyResult(source, error=f"this is {kind}, not a Command")
    fleet = reference_fleet(keys, command)
    if command.recipient not in fleet:
        unknown = f"{command.recipient} is none of the reference Devices"
        return ReplyResult(source, error=unknown)
    device = fleet.device(command.recipient)
    try:
        answers = device.handle(raw, clock_of(command.recipient, command.message_code))
    except UnsignedMessage as unsigned:
        message = unsigned.message
        if message.cra is Cra.RESPONSE:
            return ReplyResult(source, replace(message, signature=b"").encode(), signed=False)
        answers = []
    if answers and Message.parse(answers[0]).cra is Cra.RESPONSE:
        return ReplyResult(source, answers[0])
    reason = device.log[-1].text if device.log else "no answer"
    return ReplyResult(source, error=f"The Device does not respond: {reason}")


def difference(result: ReplyResult, reference: bytes) -> str:
    """Say why the reply is not the reference Response, signatures excepted; empty if it is."""
    if result.error:
        return result.error
    ours, expected = Message.parse(result.response), Message.parse(reference)
    to_be_signed = bool(expected.signature) and (bool(ours.signature) or not result.signed)
    same_up_to_it = to_be_signed and ours.signed_part() == expected.signed_part()
    if same_up_to_it or result.response == reference:
        return ""
    return _first_difference(ours, expected)


def _first_difference(ours: Message, expected: Message) -> str:
    wanted = outcome_of(expected)
    if outcome_of(ours).positive and not wanted.positive:
        return f"the reference Device was in a state of its own: {wanted.summary}"
    for name in ("message_code", "counter", "recipient", "other_info", "date_time", "payload"):
        mine, theirs = getattr(ours, name), getattr(expected, name)
        if mine != theirs:
            shown = [v.hex() if isinstance(v, bytes) else str(v) for v in (mine, theirs)]
            return f"{name.replace('_', ' ')} is {shown[0]}, the reference has {shown[1]}"
    return "the protection differs"
