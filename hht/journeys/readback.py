"""Read-backs: what a Device's own log proves of a Local Command whose Response nobody saw.

A Device that is in the CHF Device Log was added (CCS01), and one that another names among those
it works with was joined to it (CS03), whatever became of the Response.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from hht.entity_id import EntityId
from hht.gbcs.message import Message
from hht.store import CommandRow, CommandState

_CHF_LOG: Final = frozenset({0x0004, 0x010F, 0x00FE})  # CCS05, CCS06, CCS07
_JOIN_DETAILS: Final = frozenset({0x0013})  # CS07

READ_BY: Final = {
    0x0001: _CHF_LOG,  # CCS01
    0x000D: _JOIN_DETAILS,  # CS03A1
    0x00AB: _JOIN_DETAILS,  # CS03A2
    0x000E: _JOIN_DETAILS,  # CS03B
    0x00AF: _JOIN_DETAILS,  # CS03C
}
"""Message code of a Command -> those of the reads whose positive Response can prove it."""


def read_of(row: CommandRow, rows: Sequence[CommandRow]) -> CommandRow | None:
    """The first waiting read that can show whether `row` was done; None where the job has none."""
    return next(
        (
            read
            for read in rows
            if read.state is CommandState.WAITING
            and read.device == row.device
            and read.message_code in READ_BY.get(row.message_code, ())
        ),
        None,
    )


def proven_by(
    response: Message, rows: Sequence[CommandRow], entities: Iterable[EntityId]
) -> list[CommandRow]:
    """The UNKNOWN Local Commands that a positive Response to a read shows to have been done.

    `entities` are the Devices that may be meant, those of the job and the hub's.
    """
    known = tuple(entities)
    return [
        row
        for row in rows
        if row.state is CommandState.UNKNOWN
        and row.device == response.originator
        and response.message_code in READ_BY.get(row.message_code, ())
        and _names(response, _subjects(row, known))
    ]


def _subjects(row: CommandRow, known: Iterable[EntityId]) -> list[EntityId]:
    """Whom a Command is about, beside its recipient: identifiers are whole octet strings in it."""
    payload = Message.parse(row.raw).payload
    return [entity for entity in known if entity != row.device and payload.find(entity) >= 0]


def _names(response: Message, subjects: list[EntityId]) -> bool:
    return bool(subjects) and all(response.payload.find(subject) >= 0 for subject in subjects)
