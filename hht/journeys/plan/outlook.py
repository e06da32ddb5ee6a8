"""What is to be known of one step of a plan: how long, why, what proves it, what can be done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.journeys.plan.kinds import Remedy, StepKind, sleeper_of
from hht.journeys.plan.plan import Plan
from hht.store import CommandRow, CommandState
from hht.store.command_states import is_in_doubt

_S = CommandState


@dataclass(frozen=True, slots=True)
class Outlook:
    """One Local Command in its plan; `seconds` is how long it usually lasts, `why` the reason.

    `blocked_by` says why it cannot go now, None where it can. `remedies` are what can be done about
    it as it is, empty where nothing is wrong.
    """

    row: CommandRow
    kind: StepKind
    devices: frozenset[EntityId]
    seconds: float
    why: str
    needs: tuple[CommandRow, ...]
    proofs: tuple[CommandRow, ...]
    blocked_by: str | None
    remedies: tuple[Remedy, ...]


def outlook(
    plan: Plan,
    row: CommandRow,
    types: Mapping[EntityId, str],
    silent: Collection[int] = (),
    late: Collection[EntityId] = (),
) -> Outlook:
    """Look at one Local Command of a plan; `types` are the Devices' as on their labels.

    Those of `late` have answered after a silence.
    """
    kind, type_ = plan.kind(row), types.get(row.device, "")
    sleeper = sleeper_of(type_, late=row.device in late)
    return Outlook(
        row=row,
        kind=kind,
        devices=plan.subjects(row),
        seconds=sleeper.seconds if sleeper else kind.seconds,
        why=sleeper.why if sleeper else kind.why,
        needs=plan.needed_by(row),
        proofs=plan.proofs_of(row),
        blocked_by=plan.blocked_by(row, silent),
        remedies=_remedies(plan, row, kind),
    )


def _remedies(plan: Plan, row: CommandRow, kind: StepKind) -> tuple[Remedy, ...]:
    """Return what the kind allows here: a log can be asked only where the plan has that read."""
    if row.state is _S.REFUSED:
        return kind.refused
    if not is_in_doubt(row.state):
        return ()
    has_read = any(read.state is _S.WAITING for read in plan.proofs_of(row))
    return tuple(each for each in kind.silent if each is not Remedy.READ_BACK or has_read)
