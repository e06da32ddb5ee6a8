"""The journey of a change of channel, kept at each step: a kill or a flat battery costs nothing.

The Visit calls it: before a Command goes, for each message that was kept, when the HHT steps out of
the HAN, does not hear the hub, is back, and leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra
from hht.hub_profile import HubProfile
from hht.journeys.die_at import Publish
from hht.journeys.move import asked, events
from hht.journeys.move.evidence import taken_in
from hht.journeys.move.expected import SETTLING_SECONDS, expected
from hht.journeys.move.states import TABLE, Move, MoveEvent, MoveKind, MoveState
from hht.journeys.move.ways_back import DeviceWay, WayBack, ways_back
from hht.journeys.plan.kinds import hub_not_back, kind_of
from hht.state_machine import allows
from hht.store import Capture, CommandRow, JobRow, Store

JOURNEY = "move"
_CHANGED, _OUTCOME = 0x8F26, 0x8F28
_READ_CHANNEL, _READ_CHANNEL_LOG = 0x010A, 0x010B
GLANCE_SECONDS = 0.5
"""Between two looks at the clock of the premises, which may run faster than the machine's."""
_LOOKED = (WayBack.BACK, WayBack.SILENT)


class MoveRefused(HhtError):
    """Something about a move that cannot be done now."""

    code = "HHT-10"


@dataclass(frozen=True, slots=True)
class MoveView:
    """How a move stands, frozen; `steps` are what to do, in order, where the hub is not back."""

    move: Move
    devices: tuple[DeviceWay, ...]
    steps: tuple[str, ...]

    def count(self, state: WayBack) -> int:
        """How many Devices are in this state."""
        return sum(each.state is state for each in self.devices)

    @property
    def not_back(self) -> tuple[DeviceWay, ...]:
        """Those that nobody has heard or seen since."""
        return tuple(each for each in self.devices if each.state is not WayBack.BACK)


def move_view(store: Store, job: JobRow) -> MoveView | None:
    """How a job's move stands, without a visit; None where the job never had one."""
    row = store.journeys.load(job.id, JOURNEY)
    move = Move.restore(row) if row else Move()
    return None if move.state is MoveState.NONE else _view(job, move)


def is_outside_plan(job: JobRow, move: Move) -> bool:
    """Whether the hub is on a channel that its building's infrastructure does not use."""
    plan = job.brief.channels
    return bool(plan) and move.channel is not None and move.channel not in plan


def open_items(store: Store, job: JobRow) -> list[str]:
    """What is owed for a job beside its Local Commands: a second look, a hub outside the plan."""
    row = store.journeys.load(job.id, JOURNEY)
    move = Move.restore(row) if row else Move()
    owed = []
    if move.is_open:
        waiting = _view(job, move).not_back
        who = ", ".join(f"{way.label} {way.state.value}" for way in waiting) or move.state.value
        owed.append(f"second look after the change of channel: {who}")
    if is_outside_plan(job, move):
        plan = ", ".join(map(str, job.brief.channels))
        owed.append(f"the hub is on channel {move.channel}, outside the building's plan {plan}")
    return owed


class MoveJourney:
    """The moves of one job's hub.

    `ahead` says how far the handheld's clock is ahead of the Devices'.
    """

    def __init__(
        self,
        store: Store,
        job: JobRow,
        publish: Publish,
        clock: Clock,
        profile: HubProfile,
        ahead: Callable[[], timedelta | None] = lambda: None,
    ) -> None:
        self._store = store
        self._job = job
        self._publish = publish
        self._clock = clock
        self._profile = profile
        self._ahead = ahead
        self._out_at = clock.elapsed()
        row = store.journeys.load(job.id, JOURNEY)
        if row is None:  # what came before there was this journey sets none going
            last = max((each.id for each in store.captures.of_job(job.id)), default=0)
            self._keep(Move(noted=last))
        else:
            self.move = Move.restore(row)
            self._catch_up()

    def _catch_up(self) -> None:
        """Note what was kept just before the program was killed."""
        for capture in self._store.captures.of_job(self._job.id):
            if capture.id > self.move.noted:
                self.note(capture)

    @property
    def view(self) -> MoveView:
        """How it stands now."""
        return _view(self._job, self.move)

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

    @property
    def is_settled(self) -> bool:
        """Whether waiting longer shows nothing more: all are back, or their time is over."""
        if self.move.state is MoveState.WATCHING:
            return all(way.state in _LOOKED for way in self.view.devices)
        return not self.is_awaited

    def before(self, row: CommandRow) -> None:
        """Say what to expect of a Command that may set a move going; nothing of any other."""
        if moves := kind_of(row.message_code).moves:
            told = expected(MoveKind(moves), self._job.devices, self._profile)
            self._publish(events.MoveExpected(row.id, moves, told.seconds, told.why, told.devices))

    def note(self, capture: Capture) -> None:
        """Take in a message that was kept; one that cannot be read sets nothing going."""
        self.move = replace(self.move, noted=max(self.move.noted, capture.id))
        if capture.duplicate:
            return
        number = capture.command_id
        command = None if number is None else self._store.commands.get(number)
        try:
            if capture.cra is Cra.ALERT and capture.originator == self._job.hub_chf:
                self._alert(capture)
            elif capture.cra is Cra.RESPONSE and command is not None:
                self._response(command, capture)
        except (MalformedMessage, ValueError, IndexError):
            return
        taken = taken_in(self.move, capture, command, self._ahead() or timedelta())
        if taken != self.move:
            self._keep(taken)
        self.look()

    def stepped_out(self) -> None:
        """The HHT is about to step out of the HAN for the move."""
        self._out_at, wait = self._clock.elapsed(), SETTLING_SECONDS
        due = self.move.due
        if self.move.kind is MoveKind.SUB_GHZ:
            wait = expected(MoveKind.SUB_GHZ, self._job.devices, self._profile).seconds
            due = self._clock.now() + timedelta(seconds=wait)
        self._keep(replace(self.move, due=due).after(MoveEvent.STEPPED_OUT))
        self._publish(events.MoveAway(self.move.kind.value, self.move.said, wait))

    def not_heard(self) -> bool:
        """The hub did not answer a scan: whether its time is over, so that it counts as lost."""
        move, now = self.move, self._clock.now()
        may_be_lost = allows(TABLE, move.state, MoveEvent.NOT_HEARD)
        if not may_be_lost or move.kind is not MoveKind.HUB or move.since is None:
            return False
        gone = (now - move.since).total_seconds()
        if gone < self._profile.hub_back_seconds:
            return False
        self._keep(move.after(MoveEvent.NOT_HEARD))
        if move.state is not MoveState.NOT_BACK:
            self._publish(events.HubNotBack(round(gone, 1), hub_not_back()))
        return True

    def came_back(self, channel: int) -> None:
        """The HHT has a tunnel to the hub, which is on this channel."""
        before, now = self.move, self._clock.now()
        has_moved = before.channel not in (None, channel)
        move = replace(before, channel=channel, was=before.channel if has_moved else before.was)
        if not before.is_open and has_moved:
            said = f"found on channel {channel}, where it was not before"
            begun = self._begun(move, MoveKind.HUB, said, now)
            move = replace(begun, hub_at=now, looked_at=now).after(MoveEvent.CHANGED)
        elif before.kind is MoveKind.SUB_GHZ and before.state is MoveState.AWAY:
            move = replace(move, said=_BACK_FROM_REFUSAL).after(MoveEvent.STAYED)
        elif allows(TABLE, before.state, MoveEvent.CAME_BACK):
            moved_now = before.hub_at is None or has_moved
            hub_at = now if moved_now else before.hub_at
            move = replace(move, hub_at=hub_at, looked_at=now).after(MoveEvent.CAME_BACK)
        if move != before:
            self._keep(move)
        if move.state is not before.state:
            self._tell_hub_back(now)
        self._tell_outside_plan()
        self.look()

    def look(self) -> None:
        """Publish what is new of each Device; the move is done when all of them are back."""
        if self.move.state is not MoveState.WATCHING:
            return
        watched = replace(self.move, looked_at=self._clock.now())
        ways = ways_back(watched, self._job.devices)
        new = [way for way in ways if self.move.told.get(way.device) != way.state.value]
        if new:
            told = {**self.move.told, **{way.device: way.state.value for way in new}}
            self._keep(replace(watched, told=told))
        for way in new:
            self._publish(_told(way))
        if ways and all(way.state is WayBack.BACK for way in ways):
            self._end(MoveEvent.ALL_BACK)

    def leaving(self) -> None:
        """The HHT leaves the hub: what is not back stays an open item of the job."""
        self.look()
        self._tell_outside_plan()
        if not allows(TABLE, self.move.state, MoveEvent.LEFT_OPEN):
            return
        if self.move.state is MoveState.WATCHING:
            self.move = replace(self.move, looked_at=self._clock.now())
        self._end(MoveEvent.LEFT_OPEN)
        owed = tuple(f"{way.label}: {way.state.value}" for way in self.view.not_back)
        self._publish(events.SecondLook(owed))

    def see(self, device: EntityId, what: str) -> None:
        """Keep that somebody saw a Device to be back, by its display or otherwise."""
        if device not in {each.entity_id for each in self._job.devices}:
            remedy = "Look at the job's Devices."
            raise MoveRefused("This Device is not of the job", where=str(device), remedy=remedy)
        self._need_open()
        self._keep(replace(self.move, seen={**self.move.seen, device: _need_words(what)}))
        if not self.view.not_back:
            self._end(MoveEvent.ALL_BACK)

    def close(self, reason: str) -> None:
        """Give the second look up, for a reason that stays with the job."""
        self._need_open()
        self._keep(replace(self.move, closed=_need_words(reason)))
        self._end(MoveEvent.CLOSED)

    def _need_open(self) -> None:
        if not self.move.is_open:
            remedy = "See 'hht jobs list': nothing is owed here."
            raise MoveRefused("No second look is open for this job", remedy=remedy)

    def _alert(self, capture: Capture) -> None:
        if capture.alert_code == _CHANGED:
            channel, said = asked.new_channel(capture.raw)
            self._changed(channel, f"now on {said}", capture.received_at)
        elif capture.alert_code == _OUTCOME:
            answer = asked.scan_answer(capture.raw)
            self._scan_answered(answer, capture.received_at)

    def _scan_answered(self, answer: asked.ScanAnswer, at: datetime) -> None:
        said = f"scan {answer.said}"
        if answer.hht_connected:
            said = f"{said}; leave, wait and come back: whether leaving is enough is unknown"
        move = self._begun(self.move, MoveKind.SUB_GHZ, said, at)
        told = expected(MoveKind.SUB_GHZ, self._job.devices, self._profile)
        due = at + timedelta(seconds=told.seconds)
        move = replace(move, expects_leave=answer.hht_connected, due=due)
        if not answer.accepted and not answer.hht_connected:
            move = move.after(MoveEvent.STAYED)
        self._keep(move)
        self._publish(events.MoveAsked(MoveKind.SUB_GHZ.value, said))

    def _response(self, row: CommandRow, capture: Capture) -> None:
        """Take in a Response of the hub's that is about channels."""
        if capture.judgement is None or not capture.judgement.positive:
            return
        if kind_of(row.message_code).moves == MoveKind.HUB.value:
            self._mask_taken(row, capture.received_at)
        elif row.message_code == _READ_CHANNEL:
            self._channel_read(asked.channel_in_use(capture.raw), capture.received_at)
        elif row.message_code == _READ_CHANNEL_LOG and self.move.since:
            waits = self.move.kind is MoveKind.SUB_GHZ and self.move.state is MoveState.ASKED
            if waits and asked.was_kept(capture.raw, self.move.since):
                self._stay("the hub scanned and kept its channel: none was better")

    def _mask_taken(self, row: CommandRow, at: datetime) -> None:
        allowed, channel = asked.mask_channels(row.raw), self.move.channel
        if allowed is None or channel in allowed:
            why = f"channel {channel} is allowed" if allowed else "the mask is taken away"
            self._begin(MoveKind.HUB, f"DRAFT: {why}; the hub stays", at, row.id)
            self._stay(self.move.said)
            return
        listed = " or ".join(map(str, sorted(allowed)))
        said = f"DRAFT: the hub goes from channel {channel} to {listed}"
        self._begin(MoveKind.HUB, said, at, row.id, expects_leave=True)

    def _channel_read(self, channel: bytes, at: datetime) -> None:
        """Compare the sub-GHz channel with the one that was read before."""
        before = self.move.sub_ghz
        if before in ("", channel.hex()):
            self._keep(replace(self.move, sub_ghz=channel.hex()))
        elif before != channel.hex():
            self._changed(channel, "read to be on another sub-GHz channel than before", at)

    def _changed(self, channel: bytes, said: str, at: datetime) -> None:
        if self.move.sub_ghz == channel.hex() and self.move.is_open:
            return
        begun = self._begun(self.move, MoveKind.SUB_GHZ, said, at)
        moved = replace(begun, sub_ghz=channel.hex(), hub_at=at, looked_at=at)
        self._keep(moved.after(MoveEvent.CHANGED))
        self._tell_hub_back(at)

    def _begin(
        self, kind: MoveKind, said: str, at: datetime, command: int, *, expects_leave: bool = False
    ) -> None:
        begun = self._begun(self.move, kind, said, at)
        self._keep(replace(begun, command=command, expects_leave=expects_leave))
        self._publish(events.MoveAsked(kind.value, said))

    def _begun(self, move: Move, kind: MoveKind, said: str, at: datetime) -> Move:
        """A move from its beginning; what is known of the hub's channels stays."""
        rows = self._store.commands.of_job(self._job.id)
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
        )
        return fresh.after(MoveEvent.ASKED)

    def _stay(self, said: str) -> None:
        self._keep(replace(self.move, said=said).after(MoveEvent.STAYED))
        self._tell_end()

    def _end(self, event: MoveEvent) -> None:
        self._keep(self.move.after(event))
        self._tell_end()

    def _tell_outside_plan(self) -> None:
        if is_outside_plan(self._job, self.move):
            brief, channel = self._job.brief, self.move.channel or 0
            self._publish(events.OutsidePlan(channel, brief.channels, brief.channel_note))

    def _tell_hub_back(self, now: datetime) -> None:
        move = self.move
        seconds = (now - (move.since or now)).total_seconds()
        self._publish(
            events.HubBack(move.kind.value, move.channel, move.was, move.said, round(seconds, 1))
        )

    def _tell_end(self) -> None:
        view = self.view
        self._publish(
            events.MoveEnded(
                kind=self.move.kind.value,
                channel=self.move.channel,
                moved=view.count(WayBack.MOVED),
                back=view.count(WayBack.BACK),
                silent=view.count(WayBack.SILENT),
                unknown=view.count(WayBack.UNKNOWN),
                second_look=self.move.is_open,
                said=self.move.said,
            )
        )

    def _keep(self, move: Move) -> None:
        self._store.journeys.save(self._job.id, JOURNEY, move.snapshot())
        self.move = move


_BACK_FROM_REFUSAL = (
    "back after the hub refused to scan; read its channel and its log, and have the supplier ask"
    " again: whether leaving was enough is unknown"
)


def _view(job: JobRow, move: Move) -> MoveView:
    steps = hub_not_back() if move.state is MoveState.NOT_BACK else ()
    return MoveView(move, ways_back(move, job.devices), steps)


def _told(way: DeviceWay) -> events.DeviceWayBack:
    return events.DeviceWayBack(
        way.device, way.label, way.state.value, way.said, way.seconds, way.rssi
    )


def _need_words(text: str) -> str:
    if not text.strip():
        raise MoveRefused("Nothing is said of why", remedy="Say what was seen, or why not.")
    return text.strip()
