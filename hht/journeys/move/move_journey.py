"""The journey of a change of channel, kept at each step: a kill or a flat battery costs nothing.

The Visit calls it: before a Command goes, for each message that was kept, when the HHT steps out of
the HAN, does not hear the hub, is back, and leaves.
"""

from dataclasses import replace
from datetime import timedelta

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.errors import MalformedMessage
from hht.hub_profile import HubProfile
from hht.journeys.die_at import Publish
from hht.journeys.move import events
from hht.journeys.move.asked import leaves_hub
from hht.journeys.move.evidence import taken_in
from hht.journeys.move.expected import SETTLING_SECONDS, Expected, expected
from hht.journeys.move.hub_messages import HubMessages
from hht.journeys.move.record import MoveRecord
from hht.journeys.move.standing import MoveView, outside_plan
from hht.journeys.move.states import TABLE, Move, MoveEvent, MoveKind, MoveState
from hht.journeys.move.ways_back import DeviceWay, WayBack, ways_back
from hht.journeys.plan.kinds import hub_not_back, kind_of
from hht.journeys.premises.devices import Premises
from hht.state_machine import allows
from hht.store import Capture, CommandRow, CommandState, JobRow, Store
from hht.store.command_states import is_under_way
from hht.texts import text

GLANCE_SECONDS = 0.5
"""Between two looks at the clock of the premises, which may run faster than the machine's."""


class MoveRefused(HhtError):
    """Something about a move that cannot be done now."""

    code = "HHT-10"


class MoveJourney:
    """The moves of one job's hub; `premises` are the Devices as they are now."""

    def __init__(
        self,
        store: Store,
        job: JobRow,
        publish: Publish,
        clock: Clock,
        profile: HubProfile,
        premises: Premises,
    ) -> None:
        self._record = MoveRecord(store, job, publish, premises)
        self._hub = HubMessages(self._record, profile, premises.late)
        self._premises = premises
        self._store = store
        self._job = job
        self._publish = publish
        self._clock = clock
        self._profile = profile
        self._out_at = clock.elapsed()
        if self._record.is_new:  # what came before there was this journey sets none going
            last = max((each.id for each in store.captures.of_job(job.id)), default=0)
            self._record.keep(Move(noted=last))
        else:
            self._catch_up()

    def _catch_up(self) -> None:
        """Note what was kept just before the program was killed."""
        for capture in self._store.captures.of_job(self._job.id):
            if capture.id > self.move.noted:
                self.note(capture)

    @property
    def move(self) -> Move:
        """The move as it was kept last."""
        return self._record.move

    @property
    def view(self) -> MoveView:
        """Its state now."""
        return self._record.view

    @property
    def outside_plan(self) -> events.OutsidePlan | None:
        """The channel of a hub that its building's infrastructure does not use; else None."""
        return outside_plan(self._job, self.move)

    @property
    def wants_out(self) -> bool:
        """Whether the HHT has to step out of the HAN now."""
        return self.move.state is MoveState.ASKED and self.move.expects_leave

    async def wait_away(self) -> None:
        """Stay away until the hub has left its old channel; it takes seconds."""
        while self.move.state is MoveState.AWAY:
            if self._clock.elapsed() - self._out_at >= SETTLING_SECONDS:
                return
            await self._clock.sleep(GLANCE_SECONDS)

    @property
    def seconds_away(self) -> float:
        """How long the hub may still need the HHT to be out of its HAN, for a sub-GHz scan."""
        if self.move.state is not MoveState.AWAY or self.move.due is None:
            return 0.0
        return max(0.0, (self.move.due - self._clock.now()).total_seconds())

    @property
    def is_awaited(self) -> bool:
        """Whether the hub may still change its sub-GHz channel, as it was asked to."""
        move = self.move
        return move.state is MoveState.ASKED and (move.due is None or move.due > self._clock.now())

    def is_missing(self, device: EntityId | None) -> bool:
        """Return whether a Device has not come back yet, and still may."""
        ways = self.view.devices if self.move.state is MoveState.WATCHING else ()
        return any(way.device == device and not way.is_settled for way in ways)

    @property
    def is_settled(self) -> bool:
        """Whether waiting longer shows nothing more: all are back, or their time is over."""
        if self.move.state is MoveState.WATCHING:
            return all(way.is_settled for way in self.view.devices)
        return not self.is_awaited

    def before(self, row: CommandRow) -> None:
        """Say what to expect of a Command: a move that it may set going, a Device that is away."""
        way = self.view.missing(row.device) if self.move.is_open else None
        if way:
            to = way.device, way.label, way.state.value, way.said
            self._publish(events.DeviceNotBack(row.id, *to))
        if wait := self.expected_of(row):
            moves = wait.kind.value
            self._publish(events.MoveExpected(row.id, moves, wait.seconds, wait.why, wait.devices))

    def expected_of(self, row: CommandRow) -> Expected | None:
        """Return how long the move lasts that this Command may set going.

        None where it sets none going, as far as is known of the hub's channel.
        """
        moves = kind_of(row.message_code).moves
        if not moves or (moves == MoveKind.HUB and leaves_hub(row.raw, self.move.channel)):
            return None
        return self._expected(MoveKind(moves))

    def _expected(self, kind: MoveKind) -> Expected:
        return expected(kind, self._job.devices, self._profile, self._premises.late)

    def ahead_of(self, row: CommandRow) -> Expected | None:
        """Return `expected_of` a Command that is still to go; None of any other."""
        return self.expected_of(row) if row.state is CommandState.WAITING else None

    def note(self, capture: Capture) -> None:
        """Take in a message that was kept; one that cannot be read sets nothing going."""
        self._record.move = replace(self.move, noted=max(self.move.noted, capture.id))
        if capture.duplicate:
            return
        number = capture.command_id
        command = None if number is None else self._store.commands.get(number)
        try:
            self._hub.take(capture, command)
        except (MalformedMessage, ValueError, IndexError):
            return
        taken = taken_in(self.move, capture, command, self._premises.clock_off or timedelta())
        if taken != self.move:
            self._record.keep(taken)
        self.look()

    @property
    def can_step_out(self) -> bool:
        """Whether the hub was asked for a move that the HHT has not stepped out for yet."""
        return allows(TABLE, self.move.state, MoveEvent.STEPPED_OUT)

    def stepped_out(self) -> None:
        """Note that the HHT is about to step out of the HAN for the move."""
        self._out_at, wait = self._clock.elapsed(), SETTLING_SECONDS
        due = self.move.due
        if self.move.kind is MoveKind.SUB_GHZ:
            wait = self._expected(MoveKind.SUB_GHZ).seconds
            due = self._clock.now() + timedelta(seconds=wait)
        self._record.keep(replace(self.move, due=due).after(MoveEvent.STEPPED_OUT))
        rows = self._store.commands.of_job(self._job.id)
        doubts = tuple(f"{row.position + 1} {row.title}" for row in rows if is_under_way(row.state))
        self._publish(events.MoveAway(self.move.kind.value, self.move.said, wait, doubts))

    def not_heard(self) -> bool:
        """Note a scan that the hub did not answer; return whether it counts as lost by now."""
        move, gone = self.move, self.move.hub_gone(self._clock.now())
        if gone is None or gone < self._profile.hub_back_seconds:
            return False
        self._record.keep(move.after(MoveEvent.NOT_HEARD))
        if move.state is not MoveState.NOT_BACK:
            self._publish(events.HubNotBack(round(gone, 1), hub_not_back()))
        return True

    @property
    def is_hub_due(self) -> bool:
        """Whether the hub is away to change its channel, and may be for some time yet."""
        gone = self.move.hub_gone(self._clock.now())
        return gone is not None and gone < self._profile.hub_back_seconds

    def came_back(self, channel: int) -> None:
        """Note that the HHT has a tunnel to the hub, which is on this channel.

        A hub that is to move and has not yet, because the HHT did not step out before it was
        killed, is not back: the HHT still has to step out.
        """
        before, now = self.move, self._clock.now()
        has_moved = before.channel not in (None, channel)
        if self.wants_out and before.awaits_hub and not has_moved:
            self._record.keep(replace(before, channel=channel))
            self._record.publish_outside_plan()
            return
        move = replace(before, channel=channel, was=before.channel if has_moved else before.was)
        if has_moved and not before.awaits_hub:
            said = text("move_asked.found_elsewhere", channel=channel)
            begun = self._record.begun(move, MoveKind.HUB, said, now)
            move = replace(begun, hub_at=now, looked_at=now).after(MoveEvent.CHANGED)
        elif before.kind is MoveKind.SUB_GHZ and before.state is MoveState.AWAY:
            move = move.stayed(text("move_asked.refused"))
        elif allows(TABLE, before.state, MoveEvent.CAME_BACK):
            said = before.said if before.hub_at else self._record.found_on(channel)
            hub_at = before.hub_at or now
            move = replace(move, said=said, hub_at=hub_at, looked_at=now)
            move = move.after(MoveEvent.CAME_BACK)
        if move != before:
            self._record.keep(move)
        if move.state is not before.state:
            self._record.publish_hub_back(now)
        self._record.publish_outside_plan()
        self.look()

    def look(self) -> None:
        """Publish what is new of each Device; the move is done when all of them are back."""
        if self.move.state is not MoveState.WATCHING:
            return
        watched = replace(self.move, looked_at=self._clock.now())
        ways = ways_back(watched, self._job.devices)
        new = [way for way in ways if self.move.published.get(way.device) != way.state.value]
        if new:
            published = {**self.move.published} | {way.device: way.state.value for way in new}
            self._record.keep(replace(watched, published=published))
        for way in new:
            self._publish(_device_way_back(way))
        if ways and all(way.state is WayBack.BACK for way in ways):
            self._record.end(MoveEvent.ALL_BACK)

    def leaving(self) -> None:
        """Note that the HHT leaves the hub: what is not back stays an open item of the job."""
        self.look()
        self._record.publish_outside_plan()
        if not allows(TABLE, self.move.state, MoveEvent.LEFT_OPEN):
            return
        if self.move.state is MoveState.WATCHING:
            self._record.move = replace(self.move, looked_at=self._clock.now())
        self._record.end(MoveEvent.LEFT_OPEN)
        owed = tuple(f"{way.label}: {way.state.value}" for way in self.view.not_back)
        self._publish(events.SecondLook(owed))

    def see(self, device: EntityId, what: str) -> None:
        """Keep that somebody saw a Device to be back, by its display or otherwise."""
        if device not in {each.entity_id for each in self._job.devices}:
            remedy = "Look at the job's Devices."
            raise MoveRefused("This Device is not of the job", where=str(device), remedy=remedy)
        self._need_open()
        self._record.keep(self.move.saw(device, _need_words(what)))
        if not self.view.not_back:
            self._record.end(MoveEvent.ALL_BACK)

    def close(self, reason: str) -> None:
        """Give the second look up, for a reason that stays with the job."""
        self._need_open()
        self._record.keep(replace(self.move, closed=_need_words(reason)))
        self._record.end(MoveEvent.CLOSED)

    def _need_open(self) -> None:
        if not self.move.is_open:
            remedy = "Nothing is left to do for it here."
            raise MoveRefused("No second look is open for this job", remedy=remedy)


def _device_way_back(way: DeviceWay) -> events.DeviceWayBack:
    return events.DeviceWayBack(
        way.device, way.label, way.state.value, way.said, way.seconds, way.rssi
    )


def _need_words(words: str) -> str:
    if not words.strip():
        raise MoveRefused("Nothing is said of why", remedy="Say what was seen, or why not.")
    return words.strip()
