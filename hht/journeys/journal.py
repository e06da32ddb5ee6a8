"""A visit's journal: its state, on the disk before it is published."""

import contextlib
import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.events import Event
from hht.hub_profile import HubProfile
from hht.journeys.connect import (
    TABLE,
    Connect,
    ConnectEvent,
    PowerBefore,
    Step,
    WindowCertainty,
    seconds_left,
)
from hht.journeys.die_at import Publish, with_kill_point
from hht.journeys.events import StepDone, StepStarted, TimeOfDaySet, WindowClock
from hht.journeys.link.silence import seconds_of_silence
from hht.journeys.link.time_of_day import NOT_SET, WORTH_SAYING, TimeOfDay
from hht.state_machine import allows
from hht.store import Store
from hht.store.errors import MAY_PASS, StoreError

JOURNEY, CLOCK = "connect", "clock"
RETRY_SECONDS = 2.0  # a store that another program holds keeps each try waiting for as long
# Some minutes of a busy visit; the next visit publishes what was captured since.
_MOST_UNWRITTEN = 1000
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """An event that is to be in the journal, and when it happened."""

    event: Event
    at: datetime
    seconds: float


class Journal:
    """The connect journey of one job, persisted at every step; and the visit's voice."""

    def __init__(
        self, store: Store, job_id: int, profile: HubProfile, publish: Publish, clock: Clock
    ) -> None:
        self.job_id = job_id
        self.clock = clock
        self._publish = with_kill_point(publish)
        self._store = store
        self._sitting = store.events.next_sitting(job_id)
        self._began = clock.elapsed()
        self._unwritten: deque[_Unwritten] = deque(maxlen=_MOST_UNWRITTEN)
        self._not_before = self._began
        self._profile = profile
        self.connect = store.journeys.restore(job_id, JOURNEY, Connect.restore) or Connect()
        self.note_no_link()
        kept = store.journeys.load(job_id, CLOCK) or {}
        self._time_of_day = TimeOfDay.restore(kept["time_of_day"]) if kept else None
        self.clock_set_at = max(self.connect.clock_set_at, kept.get("set_at", 0))
        """As Connect.clock_set_at, which is gone once the HAN is left."""

    def say(self, event: Event) -> None:
        """Keep an event in the journal, then publish it.

        A store that is full, locked or held by another program holds nothing up: what it does not
        take now goes into the journal with a later event, and the engineer hears of it otherwise.
        """
        seconds = round(self.clock.elapsed() - self._began, 3)
        self._unwritten.append(_Unwritten(event, self.clock.now(), seconds))
        if self.clock.elapsed() >= self._not_before:
            self._write_all()
        self._publish(event)

    def _write_all(self) -> None:
        try:
            while self._unwritten:
                each = self._unwritten[0]
                self._store.events.add(
                    each.event,
                    at=each.at,
                    job_id=self.job_id,
                    sitting=self._sitting,
                    seconds=each.seconds,
                )
                self._unwritten.popleft()
        except MAY_PASS as error:
            self._not_before = self.clock.elapsed() + RETRY_SECONDS
            _LOG.warning("An event is not in the journal yet: %s", error.what)

    def note(self, event: ConnectEvent) -> None:
        """Move the journey on, and keep it; OutOfStep if the event cannot happen now."""
        self._keep(self.connect.after(event))

    def note_loss(self) -> None:
        """Move the journey back to the confirmed hub, where there was a link to be lost."""
        if allows(TABLE, self.connect.state, ConnectEvent.LINK_LOST):
            self.note(ConnectEvent.LINK_LOST)

    def note_no_link(self) -> None:
        """Move the journey to where a program finds it that begins, or leaves it that ends.

        It is kept for who looks on; where it cannot be, the next program does it.
        """
        known, self.connect = self.connect, self.connect.resumed()
        if self.connect != known:
            with contextlib.suppress(StoreError):
                self._keep(self.connect)

    def confirm(self, gpf: EntityId) -> None:
        """Keep which hub was confirmed; another hub than before has clocks of its own."""
        journey = self.connect
        if journey.hub is None:
            journey = replace(journey, hub=gpf)  # its power may have been seen before its name
        elif journey.hub != gpf:
            journey = Connect(journey.state, gpf)
        self._keep(journey.after(ConnectEvent.HUB_CONFIRMED))

    def start_window_clock(self, started: datetime, certainty: WindowCertainty) -> None:
        """Keep when the hub's inter-PAN window opened, and publish how long it has left.

        A power-on that was seen after the hub had admitted the HHT ended its membership.
        """
        admitted = self.connect.admitted_at
        if certainty is WindowCertainty.KNOWN and admitted is not None and started > admitted:
            admitted = None
        begun = replace(self.connect, window_started=started, window_certainty=certainty)
        self._keep(replace(begun, admitted_at=admitted, window_before=None, power_before=None))
        left = self.window_seconds_left()
        if left is not None:
            self.say(WindowClock(left))

    def set_window_clock(self, started: datetime) -> None:
        """Keep when the hub's window opened by the engineer's word, which can be taken back."""
        before = self.connect.window_started, self.connect.window_certainty
        self.start_window_clock(started, WindowCertainty.ABOUT)
        self._keep(replace(self.connect, window_before=before))

    def take_window_clock_back(self) -> bool:
        """Set the clock as it was before the engineer set it; False where nothing was set."""
        before = self.connect.window_before
        if before is None:
            return False
        started, certainty = before
        earlier = replace(self.connect, window_started=started, window_certainty=certainty)
        self._keep(replace(earlier, window_before=None))
        self.say(WindowClock(self.window_seconds_left()))
        return True

    def power_answered(self, started: datetime, certainty: WindowCertainty) -> None:
        """Keep when the hub's window opened by an answer of the visit, which can be taken back."""
        now = self.connect
        before = PowerBefore(now.window_started, now.window_certainty, now.admitted_at)
        self.start_window_clock(started, certainty)
        self._keep(replace(self.connect, power_before=now.power_before or before))

    def take_power_answer_back(self) -> None:
        """Set the clocks as they were before that answer, unless they have been set since."""
        before = self.connect.power_before
        if before is None:
            return
        earlier = replace(
            self.connect,
            window_started=before.window_started,
            window_certainty=before.window_certainty,
            admitted_at=self.connect.admitted_at or before.admitted_at,
            power_before=None,
        )
        self._keep(earlier)
        self.say(WindowClock(self.window_seconds_left()))

    def follow_time_of_day(self) -> timedelta:
        """Let the clocks that run go on as they were where somebody has set the time of day.

        By how much it was set: also where none runs, for the status update has a time.
        """
        before, now = self.connect.time_of_day or self._time_of_day, TimeOfDay.of(self.clock)
        self._time_of_day = now
        by = before.set_by(now) if before else NOT_SET
        if by:
            self.clock_set_at = self._last_capture()
            self._keep_time_of_day(now)
        if self.connect.window_started is not None or self.connect.admitted_at is not None:
            known = self.connect.time_of_day
            if known is None or by or known.boot != now.boot:
                moved = self.connect.moved(by if known else NOT_SET)  # else they began later
                self._keep(replace(moved, time_of_day=now, clock_set_at=self.clock_set_at))
        if abs(by) >= WORTH_SAYING:
            self.say(TimeOfDaySet(round(by.total_seconds())))
        return by

    def _keep_time_of_day(self, now: TimeOfDay) -> None:
        kept = {"set_at": self.clock_set_at, "time_of_day": now.snapshot()}
        self._store.journeys.save(self.job_id, CLOCK, kept)

    def _last_capture(self) -> int:
        return max((each.id for each in self._store.captures.of_job(self.job_id)), default=0)

    def note_link_key(self) -> None:
        """Note that the hub has agreed a link key over inter-PAN: its window is open.

        A clock that does not run, or has run out, begins then: nothing better is known.
        """
        self.note(ConnectEvent.LINK_KEY_AGREED)
        is_over = self.connect.window_certainty is WindowCertainty.CLOSED
        is_over = is_over or self.window_seconds_left() == 0
        if is_over or self.connect.window_started is None:
            self.start_window_clock(self.clock.now(), WindowCertainty.ABOUT)

    def note_window_closed(self) -> None:
        """Note that the hub answered nothing over inter-PAN."""
        closed = replace(self.connect, window_certainty=WindowCertainty.CLOSED)
        self._keep(replace(closed, window_before=None, power_before=None))

    def note_admitted(self) -> None:
        """Note that the hub has the HHT in its Device Log: the 18 hours begin."""
        admitted = replace(self.connect, admitted_at=self.clock.now())
        self._keep(admitted.after(ConnectEvent.HHT_ADMITTED))

    def note_tunnel(self, number: int) -> None:
        opened = replace(self.connect, tunnel=number)
        self._keep(opened.after(ConnectEvent.TUNNEL_OPENED))

    def close(self) -> None:
        """End the journey: the HHT has left; its clock is compared with the Devices' further on."""
        if self._time_of_day is not None:
            self._keep_time_of_day(self._time_of_day)
        self.connect = Connect()
        self._store.journeys.clear(self.job_id, JOURNEY)

    @property
    def powered_at(self) -> datetime | None:
        """When the hub got its power, seen or said by the engineer; None where it is reckoned."""
        connect = self.connect
        is_known = connect.window_certainty is WindowCertainty.KNOWN
        return connect.window_started if is_known or connect.window_before else None

    @property
    def window_minutes(self) -> int | None:
        """How long inter-PAN is open after power-on; None without a limit."""
        return self._profile.window_minutes

    @property
    def has_window(self) -> bool:
        """Whether the hub profile limits how long inter-PAN is open."""
        return self.window_minutes is not None

    @property
    def hub_may_repeat(self) -> bool:
        """Whether connecting again may bring what the hub has sent before, by the hub profile."""
        return self.connect.hub is not None and self._profile.repeats_in_new_tunnel

    def window_seconds_left(self) -> int | None:
        """Return those of the inter-PAN window.

        None when no clock runs or the profile has no limit.
        """
        minutes = self.window_minutes
        limit = timedelta(minutes=minutes) if minutes is not None else None
        return seconds_left(self.connect.window_started, limit, self.clock.now())

    def residency_seconds_left(self) -> int | None:
        """Return those of the HHT's membership; None before the hub has admitted it."""
        limit = timedelta(hours=self._profile.residency_hours)
        return seconds_left(self.connect.admitted_at, limit, self.clock.now())

    @contextlib.contextmanager
    def step(self, step: Step) -> Iterator[None]:
        """Publish a step's beginning, and its end when it was done; the caller notes it."""
        self.say(StepStarted(step, seconds_of_silence(step, self._profile)))
        started = self.clock.elapsed()
        yield
        self.say(StepDone(step, round(self.clock.elapsed() - started, 3)))

    def _keep(self, journey: Connect) -> None:
        self._store.journeys.save(self.job_id, JOURNEY, dict(journey.snapshot()))
        self.connect = journey
