"""The pairing journey of one job: what was seen of each label, who has joined, what waits for it.

The plan engine says which Local Command goes next; this says which of them had better wait until a
Device is on the HAN, and gives every Device its steps and its result.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import JoinResult
from hht.gbcs.message import Cra
from hht.journeys.die_at import Publish
from hht.journeys.pairing.events import JoiningAwaited, LabelCompared
from hht.journeys.pairing.joining import Joining, JoiningTime, joining_time
from hht.journeys.pairing.label_state import (
    TABLE,
    LabelEvent,
    LabelState,
    PairingRefused,
    compare,
)
from hht.journeys.pairing.lines import PairingLine, Site, pairing_lines
from hht.journeys.pairing.steps import PairingStep, pairing_steps
from hht.journeys.pairing.tasks import PairingTask, pairing_tasks
from hht.journeys.pairing.why_refused import join_result
from hht.journeys.plan.plan import Plan
from hht.journeys.premises.devices import HanState, Premises
from hht.label import read_label
from hht.state_machine import follow
from hht.store import Capture, CommandRow, Store

JOURNEY = "pairing"


@dataclass(frozen=True, slots=True)
class DevicePairing:
    """One Device's pairing as it is; `joining` is there once its CCS01 was answered."""

    task: PairingTask
    label: str
    steps: tuple[PairingStep, ...]
    joining: JoiningTime | None


@dataclass(frozen=True, slots=True)
class PairingView:
    """Every pairing of a job; `awaited` is the Device that has to join before the next step."""

    devices: tuple[DevicePairing, ...]
    lines: tuple[PairingLine, ...]
    awaited: JoiningTime | None


class PairingJourney:
    """A journey that survives a kill: what was seen is committed before it is published.

    `plan` and `premises` are the visit's own, brought up to date by it; `missed` gives what is said
    of the Devices that are not back since the hub changed its channel.
    """

    def __init__(
        self,
        store: Store,
        job_id: int,
        plan: Plan,
        premises: Premises,
        clock: Clock,
        publish: Publish,
        captures: Iterable[Capture] = (),
        missed: Callable[[], Mapping[EntityId, str]] = dict,
    ) -> None:
        self._store = store
        self._job_id = job_id
        self._plan = plan
        self._premises = premises
        self._clock = clock
        self._publish = publish
        self._missed = missed
        types = {each.entity_id: each.type for each in premises.job.devices}
        self.tasks = pairing_tasks(plan.rows, types)
        snapshot = store.journeys.load(job_id, JOURNEY) or {}
        labels = snapshot.get("labels", {})
        self._labels = {EntityId.parse(each): LabelState(seen) for each, seen in labels.items()}
        self._gone_on = set(map(EntityId.parse, snapshot.get("gone_on", ())))
        self._known_before = set(map(EntityId.parse, snapshot.get("known_before", ())))
        powered = snapshot.get("hub_powered")
        self._hub_powered = datetime.fromisoformat(powered) if powered else None
        closed = snapshot.get("heard_closed")
        self._heard_closed = datetime.fromisoformat(closed) if closed else None
        self._opened: dict[EntityId, datetime] = {}
        self._results: dict[int, JoinResult] = {}
        for capture in captures:
            self.note(capture)

    @cached_property
    def _added_by(self) -> dict[int, PairingTask]:
        return {number: task for task in self.tasks for number in task.adds}

    def note(self, capture: Capture) -> None:
        """Take in that a CCS01 was answered: the HAN is open to its Device from then on.

        Also what a join came to.
        """
        if (result := join_result(capture)) is not None and capture.command_id:
            self._results[capture.command_id] = result
        task = self._added_by.get(capture.command_id or 0)
        judged = capture.judgement
        if task and capture.cra is Cra.RESPONSE and judged and judged.positive:
            self.opened(task.device, capture.received_at)

    def opened(self, device: EntityId, at: datetime) -> None:
        """Note since when the HAN is open to a Device; what was noted first stays.

        After a power cut of the hub a CCS01 that is answered again opens it again.
        """
        earlier, closed = self._opened.get(device), self._closed_at
        if earlier is None or (closed is not None and earlier < closed < at):
            self._opened[device] = at

    @property
    def _closed_at(self) -> datetime | None:
        """Return when joining is known to have been closed last: by a power cut, or as heard."""
        known = filter(None, (self._hub_powered, self._heard_closed))
        return max(known, default=None)

    def hub_heard(self, at: datetime, *, allows_joining: bool) -> None:
        """Note what the hub's beacon says: if it lets no Device join, its power was cut unseen."""
        is_open = any(time.state is Joining.OPEN for time in self._joining().values())
        if is_open and not allows_joining:
            self._heard_closed = at
            self._keep()

    def hub_powered(self, at: datetime | None) -> None:
        """Note when the hub got its power last, seen or said: joining is closed from then on."""
        if at != self._hub_powered:
            self._hub_powered = at
            self._keep()

    def note_sending(self, row: CommandRow) -> None:
        """Note before a CCS01 leaves whether its Device is in the hub's log already."""
        task = self._added_by.get(row.id)
        known = self._premises.device(task.device) if task else None
        if known and known.state in (HanState.IN_LOG, HanState.ON_HAN):
            self._known_before.add(known.entity_id)
            self._keep()

    def scan(self, text: str, device: EntityId | None = None) -> EntityId:
        """Compare a label, scanned or typed, with the Local Commands; the Device that it is of.

        `device` is the one whose label is asked for, for a label without an Entity Identifier.
        PairingRefused for another unit's label, and for what is no label; nothing changes then.
        """
        label = read_label(text).read_for({each.device for each in self.tasks})
        task = self._task(label.entity_id or device, device)
        event = compare(label, task.device, task.install_code)
        self._follow(task.device, event)
        return task.device

    def skip_label(self, device: EntityId) -> None:
        """Go on without a look at the label; OutOfStep once it was seen."""
        self._follow(self._task(device, None).device, LabelEvent.SKIP)

    def go_on(self, device: EntityId) -> None:
        """Wait no longer for a Device that has not joined."""
        self._gone_on.add(self._task(device, None).device)
        self._keep()

    @property
    def held(self) -> frozenset[int]:
        """The ids of the Local Commands that wait until a Device is on the HAN."""
        absent = {time.device for time in self._joining().values() if time.holds_up}
        return self._plan.waits_for(absent - self._gone_on) if absent else frozenset()

    @property
    def left(self) -> frozenset[int]:
        """The ids of the CCS01s that carry another Install Code than the label of their Device.

        None of them goes in its turn: each uses up its counter, and its Device cannot join by it.
        """
        return frozenset(
            number
            for task in self.tasks
            if self._label(task.device) is LabelState.DIFFERS
            for number in task.adds
        )

    @property
    def apart(self) -> frozenset[int]:
        """The ids of those that need a Device of another kind, which the hub lists and which has
        not joined: others go before them."""
        absent = self._premises.in_state(HanState.IN_LOG) - {task.device for task in self.tasks}
        return self._plan.waits_for(absent) - self.held if absent else frozenset()

    def absent_for(self, row: CommandRow | None) -> EntityId | None:
        """Return the Device that `row` needs and that has not joined; None where none is known."""
        if row is None or row.id not in self.apart:
            return None
        listed = self._premises.in_state(HanState.IN_LOG)
        return min(self._plan.subjects(row) & listed, default=None)

    @property
    def awaited(self) -> JoiningTime | None:
        """The first Device that has to join before what waits for it may go."""
        held = self.held
        if not held:
            return None
        times = (t for t in self._joining().values() if t.holds_up)
        return next((t for t in times if t.device not in self._gone_on), None)

    def may_join(self, awaited: JoiningTime) -> bool:
        """Return whether waiting for it may help: its time runs, and the CCS01 has its code."""
        is_known_to_differ = self._label(awaited.device) is LabelState.DIFFERS
        return awaited.state is Joining.OPEN and not is_known_to_differ

    def say_awaited(self, time: JoiningTime) -> None:
        """Publish whom the delivery waits for."""
        self._publish(JoiningAwaited(time.device, time.seconds_left))

    @property
    def view(self) -> PairingView | None:
        """The state of everything now; None for a job that pairs nothing."""
        if not self.tasks:
            return None
        site, times = self._site, self._joining()
        devices = tuple(
            DevicePairing(
                task,
                site.name(task.device),
                pairing_steps(task, site, self._label(task.device), times.get(task.device)),
                times.get(task.device),
            )
            for task in self.tasks
        )
        return PairingView(devices, tuple(pairing_lines(self.tasks, site)), self.awaited)

    @property
    def _site(self) -> Site:
        numbers = (each for task in self.tasks for each in task.numbers)
        rows = {each: self._plan.row(each) for each in numbers}
        now = self._clock.now()
        devices = {each.entity_id: each for each in self._premises.devices(now)}
        return Site(rows, devices, frozenset(self._known_before), self._results, self._missed())

    def _joining(self) -> dict[EntityId, JoiningTime]:
        """Reckon the joining time of each Device whose CCS01 was answered."""
        now, found = self._clock.now(), {}
        for task in self.tasks:
            opened, known = self._opened.get(task.device), self._premises.device(task.device)
            if opened and known:
                found[task.device] = joining_time(
                    known, opened, task.join_seconds, now, self._closed_at
                )
        return found

    def _label(self, device: EntityId) -> LabelState:
        return self._labels.get(device, LabelState.UNSEEN)

    def _follow(self, device: EntityId, event: LabelEvent) -> None:
        self._labels[device] = follow(TABLE, self._label(device), event)
        self._keep()
        self._publish(LabelCompared(device, self._labels[device].value))

    def _task(self, device: EntityId | None, asked: EntityId | None) -> PairingTask:
        found = next((each for each in self.tasks if each.device == device), None)
        if found is None and asked is not None:
            found = next((each for each in self.tasks if each.device == asked), None)
        if found is None:
            raise PairingRefused(
                "Nothing of this job is about that Device",
                where=str(device or "label"),
                remedy="Scan the label of a Device that the job pairs.",
            )
        return found

    def _keep(self) -> None:
        self._store.journeys.save(
            self._job_id,
            JOURNEY,
            {
                "labels": {str(each): seen.value for each, seen in self._labels.items()},
                "gone_on": sorted(map(str, self._gone_on)),
                "known_before": sorted(map(str, self._known_before)),
                "hub_powered": _text(self._hub_powered),
                "heard_closed": _text(self._heard_closed),
            },
        )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
