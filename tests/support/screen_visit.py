"""A visit by script, on a real store: hubs, steps and Responses as a test wants them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from duis_samples import CHF, GPF
from survey_samples import survey_of

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.events import Event
from hht.facility.unit.display import Display
from hht.journeys.connect import ConnectState, Step, WindowCertainty
from hht.journeys.doubts import SETTLEMENTS
from hht.journeys.equipment import RadioKit
from hht.journeys.events import (
    ClockWarning,
    CommandChanged,
    CommandSent,
    ConnectionLost,
    HubChosen,
    HubFound,
    HubPower,
    Left,
    ResponseCaptured,
    ScanStarted,
    StepDone,
    StepStarted,
    TimeOfDaySet,
)
from hht.journeys.firmware.firmware_journey import FirmwareJourney
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.install.power import PowerCertainty
from hht.journeys.link.power_cycle import PowerCycleCost, power_cycle_cost
from hht.journeys.move.standing import MoveView
from hht.journeys.move.surveying import Surveying
from hht.journeys.pairing.pairing_journey import PairingJourney
from hht.journeys.plan.not_ready import NotReady
from hht.journeys.plan.plan import Plan
from hht.journeys.premises.devices import Premises
from hht.journeys.view import HubView, VisitView
from hht.journeys.visit import Visit
from hht.spans import Line
from hht.store import CommandEvent, CommandRow, CommandState, Store
from hht.survey.growing import joined
from hht.survey.picture import picture_of
from hht.training.checks import Check
from hht.training.debrief import Debrief
from hht.training.exercise.hints import Hints
from hht.training.exercise.other_runs import OtherExercise
from hht.training.exercise.starting import CONNECTED, FROM_THE_BEGINNING
from hht.training.happenings import Happening
from hht.training.scoring import Finding

HHT = EntityId.parse("00-DB-12-34-56-78-90-FF")
SILENCE = 20.0  # seconds
HINTS = ("Look at the label.", "Wait until it wakes.")
NEIGHBOUR = EntityId.parse("00-DB-99-99-99-99-99-01")
THIRD = EntityId.parse("00-DB-99-99-99-99-99-02")
HUBS = (
    HubView(NEIGHBOUR, 15, 0x1A2B, 240, -48),
    HubView(GPF, 20, 0x2B3C, 212, -61),
    HubView(THIRD, 25, 0x3C4D, 90, -84),
)
ANSWERS = {
    CommandState.ANSWERED: CommandEvent.POSITIVE,
    CommandState.REFUSED: CommandEvent.NEGATIVE,
    CommandState.UNKNOWN: CommandEvent.LOST_SIGHT,
}
READING = "The CHF added the Device to its log"


def plain_view(*, connected: bool) -> VisitView:
    """As much of a visit's view as shows whether the HHT is on the HAN."""
    return VisitView(
        job_id=1,
        job_hub=GPF,
        hub=GPF,
        state=ConnectState.CONNECTED if connected else ConnectState.AWAY,
        connected=connected,
        done=dict.fromkeys(Step, connected),
        hubs=(),
        lqi=None,
        rssi=None,
        window_seconds_left=None,
        residency_seconds_left=None,
        commands=(),
        next_command=None,
        counts=Plan(()).counts(),
        returns_waiting=0,
    )


@dataclass
class Script:
    """What is to happen: failures by the method's name, each once; answers by position."""

    failures: dict[str, HhtError] = field(default_factory=dict)
    answers: dict[int, CommandState] = field(default_factory=dict)
    hold: Callable[[str], Awaitable[None]] | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    window: int | None = 3000
    certainty: WindowCertainty = WindowCertainty.ABOUT
    window_set: datetime | None = None
    residency: int | None = None
    known_hub: EntityId | None = None
    hubs: tuple[HubView, ...] = HUBS
    can_read_back: bool = False
    warning: ClockWarning | TimeOfDaySet | None = None
    put_back: bool = False
    """Whether a delivery that fails has certainly not left."""
    lose_with_failure: bool = False
    """Whether a delivery that fails loses the connection, too."""
    visit: "ScriptedVisit | None" = None
    move: MoveView | None = None
    may_repeat: bool = False
    """Whether the hub may send again what was not kept."""

    published: list[Event] = field(default_factory=list)

    def lose(self, error: HhtError) -> None:
        """Have the connection end by itself, as when the dongle is pulled out."""
        assert self.visit
        self.visit.connected = False
        self.visit.say(ConnectionLost(error.what, error.remedy))


class ScriptedVisit:
    """Stands in for hht.journeys.visit.Visit, with its methods and events."""

    script = Script()

    def __init__(
        self, store: Store, job_id: int, kit: RadioKit, publish: Callable[[Event], object]
    ) -> None:
        clock = kit.clock
        self.store, self.job, self.publish = store, store.jobs.get(job_id), publish
        self.surveying = Surveying((), clock)
        self.keys = None
        self.script.visit = self
        self.hub: EntityId | None = self.script.known_hub
        self.hubs: tuple[HubView, ...] = ()
        self.connected = False
        self.clock = clock
        self.premises = Premises.of(self.job, store.captures.of_job(job_id))
        self.power = self.doubts = self  # the double does all of it itself
        self.plan = Plan(store.commands.of_job(job_id))
        captures = store.captures.of_job(job_id)
        self.firmware = FirmwareJourney(
            *(store, self.job, self.plan, clock, self.say), captures=captures
        )
        self.pairing = PairingJourney(store, job_id, self.plan, self.premises, clock, self.say)
        self.install = (
            InstallJourney(store, self.job, self.say, clock, on_power=self._power_on)
            if self.job.visit
            else None
        )

    def tick(self) -> None:
        """Have the clock that the test wants run short, once."""
        if self.script.warning:
            warning, self.script.warning = self.script.warning, None
            self.say(warning)

    def say(self, event: Event) -> None:
        self.script.published.append(event)
        self.publish(event)

    async def scan(self) -> None:
        self.say(StepStarted("scan"))
        self.say(ScanStarted(11, 26))
        await self._happen("scan")
        self.hubs = self.script.hubs
        for hub in self.hubs:
            mine = hub.gpf == self.job.hub_gpf
            self.say(HubFound(hub.gpf, hub.channel, hub.pan_id, hub.lqi, hub.rssi, mine))
        self.say(StepDone("scan", 2.2))

    async def await_joining(self, is_stopping: Callable[[], bool]) -> bool:
        """Note that it was waited; no Device joins while a test looks."""
        await self._happen("await_joining")
        return False

    async def connect(self, gpf: EntityId, at: tuple[int, int] | None = None) -> None:
        self.hub = gpf
        self.say(HubChosen(gpf))
        for step in list(Step)[1:]:
            self.say(StepStarted(step, SILENCE))
            await self._happen(step)
            self.say(StepDone(step, 0.4))
        await self._happen("connect", gpf, at)
        self.connected = True
        self.script.residency = 64_800

    async def deliver_next(self) -> CommandRow | None:
        row = self.view.next_command
        if row:
            await self.deliver(row.id)
        return row

    async def deliver_all(self) -> None:
        await self._happen("deliver_all")
        while await self.deliver_next():
            pass

    async def deliver(self, command_id: int) -> None:
        row = self.store.commands.get(command_id)
        self._move(row, CommandEvent.SEND)
        self.say(CommandSent(row.id, row.position, row.title, 30))
        try:
            await self._happen("deliver", command_id)
        except HhtError as error:
            event = CommandEvent.NOT_SENT if self.script.put_back else CommandEvent.LOST_SIGHT
            self._move(row, event, error.what)
            if self.script.lose_with_failure:
                self.script.lose(error)
            raise
        self._move(row, CommandEvent.DELIVERED)
        outcome = self.script.answers.get(row.position, CommandState.ANSWERED)
        if outcome in (CommandState.ANSWERED, CommandState.REFUSED):
            good = outcome is CommandState.ANSWERED
            reading = Line.of(READING)
            self.say(ResponseCaptured(1, row.id, "CCS01", reading, good, "valid", "absent", False))
        why = "No Response came within 30 s" if outcome == "unknown" else ""
        self._move(row, ANSWERS[outcome], why)

    async def settle(self, command_id: int, how: str, why: str = "") -> None:
        await self._happen("settle", command_id, how, *filter(None, [why]))
        self._move(self.store.commands.get(command_id), SETTLEMENTS[how][0], why)

    def skip(self, command_ids: Iterable[int], why: str) -> None:
        for command_id in command_ids:
            self.script.calls.append(("skip", command_id, why))
            self._move(self.store.commands.get(command_id), CommandEvent.SKIP, f"Skipped: {why}")

    def take_back(self, command_id: int) -> None:
        self.script.calls.append(("take_back", command_id))
        row = self.store.commands.take_back(command_id, "")
        self.say(CommandChanged(row.id, row.position, row.state, row.reason))

    def read_back_of(self, command_id: int) -> CommandRow | None:
        return self.store.commands.of_job(self.job.id)[-1] if self.script.can_read_back else None

    async def read_back(self, command_id: int) -> None:
        await self._happen("read_back", command_id)

    async def survey(self) -> None:
        """One pass, which stays on show, and goes on while it is held; NotReady on the HAN."""
        if self.connected:
            raise NotReady("A survey would interrupt what is being delivered")
        levels = {channel: [-90 + channel] for channel in range(11, 27)}
        heard = survey_of(levels, ours=15, spot=self.surveying.spot)
        self.surveying.survey = joined(self.surveying.survey, heard, "here")
        self.surveying.picture = picture_of(self.surveying.survey, (15, 20, 25))
        await self._happen("survey")

    async def leave(self) -> None:
        await self._happen("leave")
        self.connected = False
        self.say(Left(self.hub or GPF))

    async def step_out(self) -> None:
        await self._happen("step_out")
        self.connected = False

    async def close(self) -> None:
        self.connected = False

    def _power_on(self, at: datetime | None, certainty: PowerCertainty) -> None:
        if at is None:
            self.take_window_clock_back()
            return
        minutes = (self.clock.now() - at).total_seconds() / 60
        self.restart_window_clock(minutes_ago=minutes, seen=certainty is PowerCertainty.SEEN)

    @property
    def power_cycle_cost(self) -> PowerCycleCost:
        return power_cycle_cost((), (), None, 60)

    async def watch_power_cycle(self) -> None:
        for power in ("on", "off", "back"):
            self.say(HubPower(GPF, power))
        self.restart_window_clock(seen=True)

    def take_window_clock_back(self) -> None:
        self.script.window, self.script.window_set = None, None
        self.script.certainty = WindowCertainty.UNKNOWN

    def restart_window_clock(self, *, minutes_ago: float = 0, seen: bool = False) -> None:
        self.script.window = 3600 - round(60 * minutes_ago)
        self.script.certainty = WindowCertainty.KNOWN if seen else WindowCertainty.ABOUT
        said = self.clock.now() - timedelta(minutes=minutes_ago)
        self.script.window_set = None if seen else said

    def equip(self, radio_url: str) -> None:
        self.script.calls.append(("equip", radio_url))

    @property
    def _next_ready(self) -> CommandRow | None:
        aside, left = self.firmware.put_aside | self.pairing.apart, self.pairing.left
        return self.plan.next_ready((), self.pairing.held, aside, left)

    @property
    def view(self) -> VisitView:
        plan = self.plan
        for row in self.store.commands.of_job(self.job.id):
            plan.update(row)
        return VisitView(
            job_id=self.job.id,
            job_hub=self.job.hub_gpf,
            hub=self.hub,
            state=ConnectState.CONNECTED if self.connected else ConnectState.AWAY,
            connected=self.connected,
            done={step: self.connected or (step == Step.SCAN and bool(self.hubs)) for step in Step},
            hubs=self.hubs,
            lqi=212 if self.connected else None,
            rssi=-61 if self.connected else None,
            window_seconds_left=self.script.window,
            residency_seconds_left=self.script.residency,
            commands=plan.rows,
            next_command=self._next_ready,
            absent=self.pairing.absent_for(self._next_ready),
            counts=plan.counts(),
            returns_waiting=self.store.returns.waiting_count(),
            window_certainty=self.script.certainty,
            window_set=self.script.window_set,
            heard_seconds_ago=0.0 if self.connected else None,
            install=self.install.view if self.install else None,
            pairing=self.pairing.view,
            firmware=self.firmware.view(self._next_ready),
            move=self.script.move,
            lost=plan.lost(hub_may_repeat=self.script.may_repeat and not self.connected),
        )

    def _move(self, row: CommandRow, event: CommandEvent, reason: str = "") -> None:
        state = self.store.commands.move(row.id, event, reason).state
        self.say(CommandChanged(row.id, row.position, state, reason))

    async def _happen(self, name: str, *details: Any) -> None:
        """Note the call, wait if the script says so, fail if it says so."""
        self.script.calls.append((name, *details))
        if self.script.hold:
            await self.script.hold(name)
        await asyncio.sleep(0)
        if name in self.script.failures:
            raise self.script.failures.pop(name)


DEBRIEF = Debrief(
    scenario="radio-noise",
    title="Radio noise",
    outcome="incomplete",
    as_expected=False,
    points=80,
    findings=(Finding("wrong_pick", 2, 20), Finding("undelivered", 0, 0)),
    checks=(Check("Alert 8F3E heard", True), Check("1 Local Command in doubt", False)),
    advice=("Compare the label.",),
    happened=(Happening("hubs", 3), Happening("failed", 1, words="The hub does not answer")),
)


class Judged:
    """An exercise that notes what it is asked, and a debrief that is always the same."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.cycles = 0
        self.display: Display | None = None
        self.hints_given = 0
        self.words = "Be patient."
        self.was_left = False
        self.refusal: HhtError | None = None
        self.others: dict[int, OtherExercise] = {}
        """The jobs of other exercises."""

    def hints(self) -> Hints:
        self._may_be_refused()
        return Hints(HINTS[: self.hints_given], len(HINTS) - self.hints_given, price=5)

    def take_hint(self) -> str:
        self.hints_given += 1
        return HINTS[self.hints_given - 1]

    def ways_back(self, store: Store, job_id: int) -> tuple[str, ...]:
        self._may_be_refused()
        return ("3", CONNECTED, FROM_THE_BEGINNING)

    def _may_be_refused(self) -> None:
        if self.refusal:
            raise self.refusal

    def is_units(self, raw: bytes) -> bool:
        return self.display is not None

    def unit_display(self) -> Display | None:
        return self.display

    def of_another(self, store: Store, job_id: int) -> OtherExercise | None:
        return self.others.get(job_id)

    def debrief_of_another(self, store: Store, job_id: int) -> Debrief | None:
        return DEBRIEF

    async def collect(self, visit: Visit) -> None:
        self.script.calls.append(("collect",))

    def briefing(self) -> tuple[str, str]:
        return "Radio noise", self.words

    def goes_on(self) -> bool:
        return self.was_left

    def job_id(self) -> int:
        return 1

    def label(self, question: str) -> str:
        return str(CHF) if question == "DeviceID" else "00-DB-12-34-56-78-90-A0"

    def power_cycle(self) -> None:
        self.cycles += 1
        self.script.calls.append(("power_cycle",))

    def points(self, store: Store, job_id: int) -> int:
        return self.debrief(store, job_id).points

    def debrief(self, store: Store, job_id: int, *, looking: bool = False) -> Debrief:
        assert store.commands.of_job(job_id)
        return replace(DEBRIEF, is_over=not looking)
