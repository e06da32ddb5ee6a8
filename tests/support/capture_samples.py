"""A capture as a unit has it: the Response to one of its package's Local Commands."""

from package_samples import NOW, content

from hht.facility.package.content import UnitCommand
from hht.facility.wire.capture import UnitCapture
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import seal


def response_to(command: UnitCommand) -> bytes:
    """Join done, as CS03 answers it; its Device's MAC is one of zeros."""
    asked = Message.parse(command.gbcs)
    parties = asked.recipient, asked.originator
    answer = Message(Cra.RESPONSE, asked.counter, *parties, asked.message_code, b"\x02\x01\x00")
    return seal(answer, bytes(32)).encode()


def captured(position: int = 1, number: int = 1) -> UnitCapture:
    """The Response to the Local Command at that position of that unit's package."""
    whole = content(number)
    command = whole.commands[position]
    return UnitCapture(whole.unit, whole.gpf, NOW.isoformat(), response_to(command), command)
