"""The state of a job's move: each Device, what to do, and what is owed."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.journeys.move.events import OutsidePlan
from hht.journeys.move.states import Move, MoveState
from hht.journeys.move.ways_back import DeviceWay, WayBack, to_follow, ways_back
from hht.journeys.plan.kinds import hub_not_back
from hht.store import JobRow, Store

JOURNEY = "move"


@dataclass(frozen=True, slots=True)
class MoveView:
    """The state of a move, frozen; `steps` are what to do, in order, where the hub is not back.

    `to_follow` are the Devices that should not answer before the hub has gone, or said that it
    stays.
    """

    move: Move
    devices: tuple[DeviceWay, ...]
    steps: tuple[str, ...]
    to_follow: frozenset[EntityId] = frozenset()

    def count(self, state: WayBack) -> int:
        """Return how many Devices are in this state."""
        return sum(each.state is state for each in self.devices)

    @property
    def not_back(self) -> tuple[DeviceWay, ...]:
        """Those that were not heard or seen since."""
        return tuple(each for each in self.devices if each.state is not WayBack.BACK)

    @property
    def missed(self) -> dict[EntityId, str]:
        """What is said of each Device that is not back, as long as the move is not over."""
        return {way.device: way.said for way in self.not_back} if self.move.is_open else {}

    def missing(self, device: EntityId | None) -> DeviceWay | None:
        """Return the way of a Device that was neither heard nor seen since; None of any other."""
        return next((way for way in self.not_back if way.device == device), None)


def kept_move(store: Store, job: JobRow) -> Move:
    """Return the move as it was kept; one that was never begun where there is none."""
    return store.journeys.restore(job.id, JOURNEY, Move.restore) or Move()


def view_of_move(job: JobRow, move: Move) -> MoveView:
    steps = hub_not_back() if move.state is MoveState.NOT_BACK else ()
    return MoveView(move, ways_back(move, job.devices), steps, to_follow(move, job.devices))


def move_view(store: Store, job: JobRow) -> MoveView | None:
    """Return the state of a job's move, without a visit; None where the job never had one."""
    move = kept_move(store, job)
    return None if move.state is MoveState.NONE else view_of_move(job, move)


def outside_plan(job: JobRow, move: Move) -> OutsidePlan | None:
    """Return the channel of a hub that its building's infrastructure does not use; else None."""
    plan = job.brief.channels
    if not plan or move.channel is None or move.channel in plan:
        return None
    return OutsidePlan(move.channel, plan, job.brief.channel_note)


def owes_second_look(store: Store, job: JobRow) -> bool:
    """Return whether a Device, or the hub itself, was not back when the HHT left."""
    return kept_move(store, job).is_open


def open_items(store: Store, job: JobRow) -> list[str]:
    """Return what is owed for a job beside its Local Commands: a second look, a hub outside the
    plan."""
    move = kept_move(store, job)
    owed = []
    if move.is_open:
        waiting = view_of_move(job, move).not_back
        who = ", ".join(f"{way.label} {way.state.value}" for way in waiting) or move.state.value
        owed.append(f"second look after the change of channel: {who}")
    if outside := outside_plan(job, move):
        plan = ", ".join(map(str, outside.plan))
        owed.append(f"the hub is on channel {outside.channel}, outside the building's plan {plan}")
    return owed
