"""Proofs: what a Device's own log shows of a Local Command whose Response was not seen.

A Device that is in the CHF Device Log was added (CCS01), and one that another names among those
it works with was joined to it (CS03), whatever became of the Response. Which kind of read proves
which kind of step is data: hht.journeys.plan.kinds.
"""

from collections.abc import Iterable, Sequence

from hht.entity_id import EntityId
from hht.gbcs.message import Message
from hht.journeys.plan.kinds import kind_of
from hht.store import CommandRow, CommandState
from hht.store.command_states import is_in_doubt


def can_prove(read_code: int, code: int) -> bool:
    """Return whether a read with this message code can show that a Command with that one was
    done."""
    return kind_of(read_code).id in kind_of(code).proof


def read_of(row: CommandRow, rows: Sequence[CommandRow]) -> CommandRow | None:
    """Return the first waiting read that can show whether `row` was done.

    None where the job has none.
    """
    return next(
        (
            read
            for read in rows
            if read.state is CommandState.WAITING
            and read.device == row.device
            and can_prove(read.message_code, row.message_code)
        ),
        None,
    )


def proven_by(
    response: Message, rows: Sequence[CommandRow], entities: Iterable[EntityId]
) -> list[CommandRow]:
    """Return the Local Commands in doubt that a positive Response to a read shows to have been
    done.

    `entities` are the Devices that may be meant, those of the job and the hub's.
    """
    known = tuple(entities)
    return [
        row
        for row in rows
        if is_in_doubt(row.state)
        and row.device == response.originator
        and can_prove(response.message_code, row.message_code)
        and _names(response, _subjects(row, known))
    ]


def _subjects(row: CommandRow, known: Iterable[EntityId]) -> list[EntityId]:
    """Return whom a Command is about, beside its recipient: identifiers are whole octet strings
    in it."""
    payload = Message.parse(row.raw).payload
    return [entity for entity in known if entity != row.device and payload.find(entity) >= 0]


def _names(response: Message, subjects: list[EntityId]) -> bool:
    return bool(subjects) and all(response.payload.find(subject) >= 0 for subject in subjects)
