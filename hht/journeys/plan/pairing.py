"""How the pairing of a Device with its partners stands: one line a partner, and what proves it.

A positive CCS01 says that the Device is in the CHF Device Log. It does not prove the Install Code
that it carried: a Device that was in the log keeps the key it had, and one that was not shows only
by joining that the code is its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hht.entity_id import EntityId
from hht.gbcs.device_commands import AddDevice, JoinDevice, device_command
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.journeys.plan.kinds import sleepers
from hht.store.command_states import CommandState, is_done, is_in_doubt
from hht.store.rows import Capture, CommandRow

_READ_JOINS = 0x0013
_PAIRED = frozenset({"PPMID", "HCALCS", "IHD", "CAD"})


class Pairing(StrEnum):
    """How far two Devices have come."""

    WAITING = "waiting"
    ASLEEP = "asleep"  # delivered, and a partner that sleeps has not answered yet
    HALF = "half"  # one side has the other, the other side not yet
    JOINED = "joined"
    PROVEN = "proven"  # one has named the other among those it works with
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PairingLine:
    """One Device and one partner; `device` alone, with `partner` None, is its way onto the HAN."""

    device: EntityId
    partner: EntityId | None
    state: Pairing
    said: str


def pairing_lines(
    rows: Sequence[CommandRow],
    captures: Sequence[Capture],
    types: Mapping[EntityId, str],
    labels: Mapping[EntityId, str],
) -> list[PairingLine]:
    """Say for each display or switch of a job how it stands, and then with each partner."""
    said = [(row, _command(row)) for row in rows]
    lines = []
    for device in _paired(said, types):
        lines.append(_on_han(device, said, captures))
        halves = [(r, c) for r, c in said if isinstance(c, JoinDevice) and device in _pair(c)]
        partners = dict.fromkeys(c.other if c.device == device else c.device for _, c in halves)
        for partner in partners:
            of_both = [r for r, c in halves if partner in _pair(c)]
            lines.append(_line(device, partner, of_both, captures, types, labels))
    return lines


def _paired(
    said: Iterable[tuple[CommandRow, object]], types: Mapping[EntityId, str]
) -> list[EntityId]:
    named: dict[EntityId, None] = {}
    for _, command in said:
        if isinstance(command, AddDevice):
            named[command.device] = None
        elif isinstance(command, JoinDevice):
            named |= dict.fromkeys(_pair(command))
    return [each for each in named if types.get(each) in _PAIRED]


def _on_han(
    device: EntityId, said: Iterable[tuple[CommandRow, object]], captures: Iterable[Capture]
) -> PairingLine:
    if any(capture.originator == device for capture in captures):
        return PairingLine(device, None, Pairing.PROVEN, "on the HAN: it was heard")
    adds = [row for row, c in said if isinstance(c, AddDevice) and c.device == device]
    state = _together(adds)
    words = {
        Pairing.WAITING: "not added yet",
        Pairing.JOINED: "in the hub's log; that its Install Code is right shows when it joins",
        Pairing.DOUBTFUL: "nobody knows whether it was added",
        Pairing.REFUSED: "the hub did not add it",
    }
    if not adds:
        return PairingLine(device, None, Pairing.DOUBTFUL, "not heard, and nothing here adds it")
    half = Pairing.HALF if state is Pairing.JOINED else state
    return PairingLine(device, None, half, words.get(state, "not heard yet"))


def _line(
    device: EntityId,
    partner: EntityId,
    rows: Sequence[CommandRow],
    captures: Iterable[Capture],
    types: Mapping[EntityId, str],
    labels: Mapping[EntityId, str],
) -> PairingLine:
    name = labels.get(partner, str(partner))
    refused = next((row for row in rows if row.state is CommandState.REFUSED), None)
    if refused:
        where = labels.get(refused.device, str(refused.device))
        said = f"{name}: the {where} says {refused.reason}"
        return PairingLine(device, partner, Pairing.REFUSED, said)
    state = _together(rows)
    if state is Pairing.JOINED and _names_each_other(device, partner, captures):
        return PairingLine(device, partner, Pairing.PROVEN, f"{name}: joined, and it shows")
    asleep = [
        row
        for row in rows
        if row.state is CommandState.DELIVERED and types.get(row.device, "") in sleepers()
    ]
    if asleep:
        why = sleepers()[types[asleep[0].device]].why
        return PairingLine(device, partner, Pairing.ASLEEP, f"{name}: not answered yet. {why}")
    words = {
        Pairing.WAITING: "nothing delivered yet",
        Pairing.HALF: "one side is done, the other is still to come",
        Pairing.JOINED: "joined; reading whom it works with would prove it",
        Pairing.DOUBTFUL: "nobody knows what became of it: read back",
    }
    return PairingLine(device, partner, state, f"{name}: {words[state]}")


def _together(rows: Sequence[CommandRow]) -> Pairing:
    """Return how Local Commands stand that belong together."""
    states = [row.state for row in rows]
    if CommandState.REFUSED in states:
        return Pairing.REFUSED
    if any(map(is_in_doubt, states)):
        return Pairing.DOUBTFUL
    done = [state is CommandState.ANSWERED for state in states]
    if rows and all(done):
        return Pairing.JOINED
    some = any(is_done(state) or state is CommandState.DELIVERED for state in states)
    return Pairing.HALF if some else Pairing.WAITING


def _names_each_other(one: EntityId, other: EntityId, captures: Iterable[Capture]) -> bool:
    """Return whether one of them has named the other in a Response to CS07."""
    for capture in captures:
        if capture.message_code == _READ_JOINS and capture.cra is Cra.RESPONSE:
            pair = {one: other, other: one}
            asked = pair.get(capture.originator) if capture.originator else None
            if asked and Message.parse(capture.raw).payload.find(asked) >= 0:
                return True
    return False


def _pair(command: JoinDevice) -> tuple[EntityId, EntityId]:
    return command.device, command.other


def _command(row: CommandRow) -> object:
    try:
        return device_command(Message.parse(row.raw))
    except MalformedMessage:
        return None
