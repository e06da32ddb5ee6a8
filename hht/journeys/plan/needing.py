"""The Local Commands that come to nothing while a Device is not on the HAN, or one is left out."""

from collections.abc import Collection

from hht.entity_id import EntityId
from hht.journeys.plan.plan import Plan
from hht.store import CommandRow, CommandState


def needing(
    plan: Plan, device: EntityId, adds: Collection[int] = frozenset()
) -> tuple[CommandRow, ...]:
    """Return the waiting ones that need a Device on the HAN, in their order.

    With them come `adds`, the ids of CCS01s by which it cannot join, and whatever the job puts
    after one of all these.
    """
    return _with_followers(plan, plan.waits_for({device}) | frozenset(adds))


def following(plan: Plan, skipped: CommandRow) -> tuple[CommandRow, ...]:
    """Return the waiting ones that cannot be done without one that was skipped, in their order.

    They are what the job puts after it, and after a CCS01 what needs its Device.
    """
    is_add = plan.kind(skipped).id == "add"
    needed = plan.waits_for(plan.subjects(skipped)) if is_add else frozenset[int]()
    return _with_followers(plan, needed, skipped)


def _with_followers(
    plan: Plan, wanted: frozenset[int], first: CommandRow | None = None
) -> tuple[CommandRow, ...]:
    found = dict[int, CommandRow]() if first is None else {first.position: first}
    for row in plan.in_order:  # each comes after all that it waits for
        is_waiting = row.state is CommandState.WAITING
        if is_waiting and (row.id in wanted or not found.keys().isdisjoint(row.after)):
            found[row.position] = row
    return tuple(row for row in found.values() if row is not first)
