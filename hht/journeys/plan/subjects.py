"""Which Devices a Local Command is about: its recipient, or those that it names to it."""

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.device_commands import (
    CCS01,
    CCS02,
    JOINS,
    UNJOINS,
    AddDevice,
    JoinDevice,
    RemoveDevice,
    device_command,
)
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.store import CommandRow

_JOIN_ORDER = (0x000D, 0x00AB, 0x000E, 0x00AF)
"""Method A on the meter, then on the other Device; B, with the GPF; C, with the GSME."""
_METERS_AND_GPF = frozenset({DeviceType.ESME, DeviceType.GSME, DeviceType.GPF})
_NAMING = {CCS01, CCS02, *JOINS, *UNJOINS}


def subjects_of(row: CommandRow) -> frozenset[EntityId]:
    """Return the Devices that have to be there for it, or are put there by it.

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


def join_order(row: CommandRow) -> int:
    """Return the place of a join among all joins: by method, the meter's or GPF's half first.

    Else 0.
    """
    if row.message_code not in JOINS:
        return 0
    try:
        named = device_command(Message.parse(row.raw))
    except MalformedMessage:
        return 0
    is_second = isinstance(named, JoinDevice) and named.other_type in _METERS_AND_GPF
    return 2 * _JOIN_ORDER.index(row.message_code) + is_second
