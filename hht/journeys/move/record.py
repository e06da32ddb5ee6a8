"""The record of one job's move: kept at each step, and each step published."""

from dataclasses import replace
from datetime import datetime

from hht.journeys.die_at import Publish
from hht.journeys.move import events
from hht.journeys.move.asked import mask_channels
from hht.journeys.move.standing import JOURNEY, MoveView, outside_plan, view_of_move
from hht.journeys.move.states import Move, MoveEvent, MoveKind
from hht.journeys.move.ways_back import WayBack
from hht.journeys.premises.devices import Premises
from hht.store import JobRow, Store


class MoveRecord:
    """`move` as it was kept last; whatever changes it goes through `keep`.

    `premises` are the Devices as they are now.
    """

    def __init__(self, store: Store, job: JobRow, publish: Publish, premises: Premises) -> None:
        self.store = store
        self.job = job
        self.publish = publish
        self._premises = premises
        kept = store.journeys.restore(job.id, JOURNEY, Move.restore)
        self.is_new = kept is None
        self.move = kept or Move()

    @property
    def view(self) -> MoveView:
        """Its state now."""
        return view_of_move(self.job, self.move)

    def begin(
        self, kind: MoveKind, said: str, at: datetime, command: int, *, expects_leave: bool = False
    ) -> None:
        """Begin a move that this Local Command set going."""
        begun = self.begun(self.move, kind, said, at)
        self.keep(replace(begun, command=command, expects_leave=expects_leave))
        self.publish(events.MoveAsked(kind.value, said))

    def begun(self, move: Move, kind: MoveKind, said: str, at: datetime) -> Move:
        """Return a move from its beginning; what is known of the hub's channels stays.

        Where only the sub-GHz leg moves, the watch of other Devices goes on.
        """
        rows = self.store.commands.of_job(self.job.id)
        fresh = Move(
            state=move.state,
            kind=kind,
            said=said,
            since=at,
            channel=move.channel,
            was=move.was,
            sub_ghz=move.sub_ghz,
            noted=move.noted,
            under_way={row.id: row.tries for row in rows if row.tries},
            earlier=move.watch if kind is MoveKind.SUB_GHZ else None,
            absent=self._premises.not_joined,
        )
        return fresh.after(MoveEvent.ASKED)

    def stay(self, said: str) -> None:
        """Note that nothing moves, and why."""
        self.keep(self.move.stayed(said))
        self._publish_end(said)

    def end(self, event: MoveEvent) -> None:
        """Let the move end so, and publish how many Devices are where."""
        self.keep(self.move.after(event))
        self._publish_end(self.move.said)

    def found_on(self, channel: int) -> str:
        """Return what was asked, and that the hub is on a channel which that does not allow."""
        move = self.move
        if move.kind is not MoveKind.HUB or move.command is None:
            return move.said
        allowed = mask_channels(self.store.commands.get(move.command).raw)
        if allowed is None or channel in allowed:
            return move.said
        return f"{move.said}, but it came back on {channel}, which is not allowed"

    def publish_outside_plan(self) -> None:
        """Publish that the hub is outside its building's plan, where it is."""
        if found := outside_plan(self.job, self.move):
            self.publish(found)

    def publish_hub_back(self, now: datetime) -> None:
        """Publish where the hub is, and how long it was away."""
        move = self.move
        seconds = (now - (move.since or now)).total_seconds()
        self.publish(
            events.HubBack(move.kind.value, move.channel, move.was, move.said, round(seconds, 1))
        )

    def _publish_end(self, said: str) -> None:
        view = self.view
        self.publish(
            events.MoveEnded(
                kind=self.move.kind.value,
                channel=self.move.channel,
                moved=view.count(WayBack.MOVED),
                back=view.count(WayBack.BACK),
                silent=view.count(WayBack.SILENT),
                unknown=view.count(WayBack.UNKNOWN),
                second_look=self.move.is_open,
                said=said,
            )
        )

    def keep(self, move: Move) -> None:
        """Commit the move as it is now."""
        self.store.journeys.save(self.job.id, JOURNEY, move.snapshot())
        self.move = move
