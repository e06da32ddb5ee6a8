"""Each Device of a job: on the HAN or not and how that is known, last heard, partners, clock.

Everything follows from captures: Alert 8183 and the CHF Device Log in Alert 8F12, reads of that log
(CCS05, CCS06, CCS07), reads of join details (CS07), and whatever a Device says itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hht.duis.job.device import device_name
from hht.entity_id import EntityId
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.timing import own_moment
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload
from hht.journeys.plan.kinds import TypeSeconds, kind_of, sleeper_of, sleepers
from hht.journeys.premises.device_logs import CHF_LOG, chf_log
from hht.journeys.premises.links import HanLink, links_in
from hht.store import Capture, JobRow

JOINED = 0x8183
_HUB_TYPES = ("CHF", "GPF")


class HanState(StrEnum):
    """What is known of a Device's place on the HAN."""

    UNKNOWN = "unknown"
    NOT_IN_LOG = "not-in-log"
    IN_LOG = "in-log"  # added; nothing shows that it has joined
    ON_HAN = "on-han"


class Proof(StrEnum):
    """How its state is known."""

    NOTHING = ""
    ALERT = "alert"  # its own 8183
    LOG_ALERT = "log-alert"  # the CHF's 8F12
    LOG_READ = "log-read"
    HEARD = "heard"  # it sent something


@dataclass(frozen=True, slots=True)
class DeviceState:
    """One Device; `asleep_until` is when it is expected to wake, None where it does not sleep.

    `link` is how the hub heard it when its log was read last. A `late` one has answered after a
    silence.
    """

    type: str
    entity_id: EntityId
    label: str
    band: str = ""
    state: HanState = HanState.UNKNOWN
    proof: Proof = Proof.NOTHING
    since: datetime | None = None
    last_heard: datetime | None = None
    asleep_until: datetime | None = None
    partners: tuple[EntityId, ...] = ()
    link: HanLink | None = None
    late: bool = False

    @property
    def sleeper(self) -> TypeSeconds | None:
        """How it sleeps, None where it seems not to."""
        return sleeper_of(self.type, late=self.late)

    @property
    def name(self) -> str:
        """The type, and what the label adds to it."""
        return device_name(self.type, self.label)


@dataclass
class Premises:
    """The Devices of one job, brought up to date capture by capture in the order they came."""

    job: JobRow
    late: Collection[EntityId] = frozenset()
    """The Devices that have answered after a silence, as they are known now."""
    _clocks: dict[EntityId, timedelta] = field(default_factory=dict)
    """How far the handheld's clock is ahead of each Device's, by the promptest of its Alerts."""
    _states: dict[EntityId, DeviceState] = field(default_factory=dict)

    def __post_init__(self) -> None:
        job = self.job
        hub = zip(_HUB_TYPES, (job.hub_chf, job.hub_gpf), strict=True)
        for kind, entity in hub:
            if entity is not None:
                self._states[entity] = DeviceState(kind, entity, kind, state=HanState.ON_HAN)
        for each in job.devices:
            first = HanState.ON_HAN if each.joined else HanState.UNKNOWN
            self._states[each.entity_id] = DeviceState(
                each.type, each.entity_id, each.label, each.band, first
            )

    @classmethod
    def of(
        cls,
        job: JobRow,
        captures: Iterable[Capture],
        clock_set_at: int = 0,
        late: Collection[EntityId] = frozenset(),
    ) -> "Premises":
        """Take in what was captured so far.

        `clock_set_at` is the last capture before the handheld's clock was set, see Connect.
        """
        premises = cls(job, late)
        for capture in captures:
            premises.note(capture)
            if capture.id == clock_set_at:
                premises.forget_clocks()
        return premises

    def device(self, entity: EntityId) -> DeviceState | None:
        """Return one Device as it is; None for one that the job does not name."""
        return self._states.get(entity)

    def in_state(self, state: HanState) -> frozenset[EntityId]:
        """Return the Devices of which this is known."""
        return frozenset(each.entity_id for each in self._states.values() if each.state is state)

    @property
    def not_joined(self) -> frozenset[EntityId]:
        """The Devices of which the hub has shown that they are not on the HAN."""
        return self.in_state(HanState.NOT_IN_LOG) | self.in_state(HanState.IN_LOG)

    def devices(self, now: datetime) -> tuple[DeviceState, ...]:
        """Return every Device as it is, the hub's two first."""
        states = self._states.values()
        return tuple(_with_sleep(each, now, each.entity_id in self.late) for each in states)

    def note(self, capture: Capture) -> None:
        """Take in one capture; one that is no GBCS message, or a copy, changes nothing."""
        if capture.duplicate or capture.originator is None:
            return
        self._heard(capture)
        if capture.cra is Cra.ALERT:
            self._alert(capture)
        elif capture.cra is Cra.RESPONSE and capture.judgement and capture.judgement.positive:
            self._response(capture)

    def _heard(self, capture: Capture) -> None:
        known = self._states.get(capture.originator or EntityId(bytes(8)))
        if known is None:
            return
        at = capture.received_at
        self._states[known.entity_id] = replace(known, last_heard=at)
        if known.state is not HanState.ON_HAN and known.type not in _HUB_TYPES:
            self.place(known.entity_id, HanState.ON_HAN, Proof.HEARD, at)

    def _alert(self, capture: Capture) -> None:
        """Take in what an Alert shows; one that cannot be read shows that its Device spoke."""
        try:
            message = Message.parse(capture.raw)
            payload = decode_payload(message)
            self._compare_clocks(message.originator, own_moment(message, payload), capture)
            if capture.alert_code == CHF_LOG and message.originator == self.job.hub_chf:
                self._log_alert(chf_log(payload), capture.received_at)
        except MalformedMessage:
            return
        if capture.alert_code == JOINED:
            self.place(message.originator, HanState.ON_HAN, Proof.ALERT, capture.received_at)

    def _log_alert(self, listed: dict[EntityId, bool], at: datetime) -> None:
        """Take in who is in the log: one with a key has joined, one without is still awaited."""
        for entity, known in tuple(self._states.items()):
            if known.type in _HUB_TYPES:
                continue
            if entity not in listed:
                self.place(entity, HanState.NOT_IN_LOG, Proof.LOG_ALERT, at)
            elif listed[entity]:
                self.place(entity, HanState.ON_HAN, Proof.LOG_ALERT, at)
            elif known.state is not HanState.ON_HAN:
                self.place(entity, HanState.IN_LOG, Proof.LOG_ALERT, at)

    def _response(self, capture: Capture) -> None:
        """Look for whole identifiers, as the proof of a Command in doubt does."""
        code = capture.message_code or 0
        if kind_of(code).id == "read-joins":
            self._partners(capture)
        elif kind_of(code).id == "read-log" and capture.originator == self.job.hub_chf:
            self._log_read(capture)

    def _log_read(self, capture: Capture) -> None:
        for entity, link in links_in(capture.raw, capture.received_at).items():
            if entity in self._states:
                self._states[entity] = replace(self._states[entity], link=link)
        for entity, known in tuple(self._states.items()):
            if known.type in _HUB_TYPES:
                continue
            if capture.raw.find(entity) < 0:
                self.place(entity, HanState.NOT_IN_LOG, Proof.LOG_READ, capture.received_at)
            elif known.state is not HanState.ON_HAN:
                self.place(entity, HanState.IN_LOG, Proof.LOG_READ, capture.received_at)

    def _partners(self, capture: Capture) -> None:
        known = self._states.get(capture.originator or EntityId(bytes(8)))
        if known is not None:
            payload = Message.parse(capture.raw).payload
            named = tuple(each for each in self._states if payload.find(each) >= 0)
            own = known.entity_id
            self._states[own] = replace(known, partners=tuple(e for e in named if e != own))

    def place(self, entity: EntityId, state: HanState, proof: Proof, at: datetime) -> None:
        """Note where a Device is now, and how that is known."""
        known = self._states.get(entity)
        if known is not None and known.type not in _HUB_TYPES:
            since = known.since if known.state is state else at
            self._states[entity] = replace(known, state=state, proof=proof, since=since)

    @property
    def clock_off(self) -> timedelta | None:
        """How far the handheld's clock is ahead of that of the Device which agrees with it most."""
        return min(self._clocks.values(), key=abs, default=None)

    def forget_clocks(self) -> None:
        """Compare again from now on: the handheld's clock was set."""
        self._clocks.clear()

    def _compare_clocks(self, device: EntityId, moment: datetime | None, capture: Capture) -> None:
        """Note the least difference: an Alert that waited somewhere looks like a slow Device."""
        if moment is not None:
            off = capture.received_at - moment
            self._clocks[device] = min(off, self._clocks.get(device, off))


def asleep_until(devices: Iterable[DeviceState]) -> dict[EntityId, datetime]:
    """Return until when each of them sleeps that is known to."""
    return {each.entity_id: each.asleep_until for each in devices if each.asleep_until}


def _with_sleep(device: DeviceState, now: datetime, late: bool) -> DeviceState:
    """Say how a Device sleeps; until when only where its type is known to."""
    sleeper, wakes = sleepers().get(device.type), None
    if sleeper and device.last_heard:
        wakes = device.last_heard + timedelta(seconds=sleeper.seconds)
    return replace(device, late=late, asleep_until=wakes if wakes and wakes > now else None)
