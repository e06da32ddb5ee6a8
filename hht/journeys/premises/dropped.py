"""A Command that the hub dropped for want of sub-GHz air time, by its Alert DBCH10 (8F2C)."""

from collections.abc import Iterable, Sequence

from hht.gbcs.dlms import Notification
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload
from hht.store import Capture, CommandRow

DROPPED = 0x8F2C
_USED_UP, _FREE_AGAIN = 0x8F24, (0x8F25, 0x8F23, 0x8F21)
_PARTY, _DEVICE, _KIND, _COUNTER = slice(0, 8), slice(8, 16), 16, slice(17, 25)
"""Of the dropped message: originator, recipient, Command or not, originator counter."""


def dropped_command(capture: Capture, rows: Sequence[CommandRow]) -> CommandRow | None:
    """Return the Local Command that a hub says to have dropped; None for anything else."""
    if capture.alert_code != DROPPED or capture.duplicate:
        return None
    try:
        payload = decode_payload(Message.parse(capture.raw))
        named = payload.body.members[2].octets if isinstance(payload, Notification) else b""
    except (MalformedMessage, IndexError):
        return None
    if len(named) != _COUNTER.stop or named[_KIND] != Cra.COMMAND:
        return None
    counter = int.from_bytes(named[_COUNTER], "big")
    wanted = (named[_PARTY], named[_DEVICE], counter)
    return next((row for row in rows if (row.party, row.device, row.counter) == wanted), None)


def is_air_used_up(captures: Iterable[Capture]) -> bool:
    """Return whether the hub's last word on its duty cycle is that nothing goes.

    Oldest capture first.
    """
    words = [each.alert_code for each in captures if each.alert_code in (_USED_UP, *_FREE_AGAIN)]
    return bool(words) and words[-1] == _USED_UP
