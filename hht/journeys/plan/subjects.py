"""Which Devices a Local Command is about: its recipient, or those that it names to it."""

from hht.entity_id import EntityId
from hht.gbcs.device_commands import (
    CCS01,
    CCS02,
    JOINS,
    UNJOINS,
    AddDevice,
    RemoveDevice,
    device_command,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.store import CommandRow

_NAMING = {CCS01, CCS02, *JOINS, *UNJOINS}


def subjects_of(row: CommandRow) -> frozenset[EntityId]:
    """The Devices that have to be there for it, or are put there by it.

    A Command to the hub's log is about the Device it names alone; one that cannot be read is
    about its recipient.
    """
    if row.message_code not in _NAMING:
        return frozenset({row.device})
    try:
        named = device_command(Message.parse(row.raw))
    except MalformedMessage:
        return frozenset({row.device})
    if named is None or isinstance(named, AddDevice | RemoveDevice):
        return frozenset({named.device if named else row.device})
    return frozenset({named.device, named.other})
