"""The install journey of one job: its answers, kept at every step, and the SR 8.14 made of them."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.job.device import JobDevice
from hht.duis.status_update import StatusUpdate
from hht.duis.visit_questions import INFORMATION, Answer, information_of
from hht.entity_id import EntityId
from hht.journeys.die_at import Publish
from hht.journeys.install.answers import Answers, Source, answers_of_job
from hht.journeys.install.coverage import Coverage, coverage_of
from hht.journeys.install.doubts import Doubt, DoubtCode, doubts_of, still_accepted
from hht.journeys.install.events import InstallAnswered, PowerOn, ReportReady
from hht.journeys.install.install_view import InstallView
from hht.journeys.install.power import PowerCertainty, as_answer, minutes_before
from hht.journeys.install.refusals import (
    InstallRefused,
    is_device,
    is_queued,
    need_supplier,
    refuse_reported,
    refuse_second_gpf,
    refuse_unready,
    refuse_wrong,
)
from hht.journeys.install.report import draft_of_visit, supplier_of
from hht.journeys.install.scanning import (
    Scan,
    Scanned,
    kind_in_words,
    place_label,
    with_code,
)
from hht.journeys.install.status_fields import status_update_of
from hht.journeys.install.steps import VisitStep, visit_steps
from hht.label import Label, read_label
from hht.outbox.reports import finalise_report
from hht.store import JobRow, ReturnRow, ReturnState, Store

JOURNEY = "install"
COVERAGE = "coverage"


class InstallJourney:
    """What is asked, seen and done about one job's hub; goes on where a killed program left off.

    Everything is committed before `publish` is called with an event. `on_power` hears when the hub
    got its power, None where that is taken back; `clock_off` says how far the handheld's clock is
    ahead of the Devices'.
    """

    def __init__(
        self,
        store: Store,
        job: JobRow,
        publish: Publish = lambda event: None,
        clock: Clock = SYSTEM_CLOCK,
        on_power: Callable[[datetime | None, PowerCertainty], None] = lambda at, certainty: None,
        clock_off: Callable[[], timedelta | None] = lambda: None,
    ) -> None:
        self._store = store
        self.job = job
        self._publish = publish
        self._clock = clock
        self._on_power = on_power
        self._clock_off = clock_off
        snapshot = store.journeys.load(job.id, JOURNEY) or {}
        self.answers = Answers.restore(snapshot.get("answers", {}))
        self._done: list[str] = list(snapshot.get("done", ()))
        self._accepted: dict[str, str] = dict(snapshot.get("accepted", {}))
        self._set_by = timedelta(seconds=snapshot.get("set_by", 0))

    @property
    def from_job(self) -> Mapping[str, Answer]:
        """What the job pack answers."""
        return answers_of_job(self.job)

    def steps(
        self, done: Collection[str] = (), amber: Collection[str] = ()
    ) -> tuple[VisitStep, ...]:
        """Return every step of the visit as it is.

        `done` and `amber` name acts that others did.
        """
        left_out = () if self.job.brief.coverage else (COVERAGE,)
        reported = ("report",) if is_queued(self.report) else ()
        acts = (*self._done, *done, *reported)
        return visit_steps(self.answers, acts, amber, left_out)

    @property
    def view(self) -> InstallView:
        """Its state now."""
        has_coverage = bool(self.job.brief.coverage)
        return InstallView(self.answers, self.from_job, self.report, self.doubts, has_coverage)

    def look_at_coverage(self) -> Coverage | None:
        """Return what the answer to SR 12.1 says, region by region; None where the job has none.

        Looking at it is a step done.
        """
        found = coverage_of(self.job.brief, self.job.premises, self._clock.now().date())
        if found:
            self.note_done(COVERAGE)
        return found

    def answer(self, name: str, value: object, source: Source = Source.SEEN) -> None:
        """Keep an answer; InstallRefused where it cannot be one, or the report is queued."""
        refuse_reported(self.report)
        power = self._power
        self._keep(self._answered(self.answers, name, value, source))
        if name == "DeviceID" and self.job.hub_chf is None:
            self.job = self._store.jobs.amend(self.job.id, hub_chf=EntityId.parse(str(value)))
        self._publish(InstallAnswered(name, source.value))
        self._publish_power(power)

    @property
    def _power(self) -> tuple[datetime, PowerCertainty] | None:
        """Return when the hub got its power, once it is also known how sure that is."""
        values = self.answers.values
        at, certainty = values.get("InstallDateTime"), values.get("power_certainty")
        if at is None or certainty is None:
            return None
        return datetime.fromisoformat(str(at)), PowerCertainty(str(certainty))

    def _leave_open(self, answers: Answers) -> None:
        """Keep answers of which one is taken back."""
        power = self._power
        self._keep(answers)
        self._publish_power(power)

    def _publish_power(self, before: tuple[datetime, PowerCertainty] | None) -> None:
        """Begin the window's clock at the answered time, or set it back where that is no more."""
        power = self._power
        if power and power != before:
            self._on_power(*power)
        elif before and not power:
            self._on_power(None, PowerCertainty.UNKNOWN)

    def take_from_job(self, name: str) -> None:
        """Keep the job's own answer, marked as not seen; KeyError where the job has none."""
        self.answer(name, self.from_job[name], Source.JOB)

    def answer_from_job(self) -> None:
        """Take every answer that the job gives to a question still open, as not seen."""
        while (asked := self.answers.next) is not None:
            if asked.id in self.from_job:
                self.take_from_job(asked.id)
            else:
                self.put_off(asked.id)

    def skip(self, name: str, reason: str) -> None:
        """Leave a question out for a reason; it stays amber."""
        refuse_reported(self.report)
        try:
            skipped = self.answers.skipped(name, reason, self._clock.now())
        except ValueError as error:
            raise InstallRefused(str(error), where=name, remedy="Say why it is skipped.") from None
        self._leave_open(skipped)
        self._publish(InstallAnswered(name, Source.SKIPPED.value))

    def put_off(self, name: str) -> None:
        """Pass over a question for now; it stays amber."""
        refuse_reported(self.report)
        self._leave_open(self.answers.put_off(name, self._clock.now()))
        self._publish(InstallAnswered(name, Source.NOT_LOOKED.value))

    def power_on(self, certainty: PowerCertainty, *, minutes_ago: float = 0) -> None:
        """Keep when the hub got its power; the clock of its inter-PAN window begins there."""
        refuse_reported(self.report)
        at = minutes_before(self._clock.now(), minutes_ago)
        answers = self._answered(self.answers, "power_certainty", certainty.value, Source.SEEN)
        if certainty is PowerCertainty.UNKNOWN:
            answers = answers.put_off("InstallDateTime", self._clock.now())
        else:
            answers = self._answered(answers, "InstallDateTime", as_answer(at), Source.SEEN)
        self._keep(answers)
        self._publish(PowerOn(as_answer(at), certainty.value))
        self._on_power(at, certainty)

    def scan(self, text: str) -> Scanned:
        """Read a label, scanned or typed, and keep what it answers.

        InstallRefused for another hub's label, a GPF's in place of the CHF's, another order's, and
        for what is no label; nothing changes then.
        """
        scanned = self._placed(read_label(text))
        kind = kind_in_words(text) if scanned.scan is Scan.STRANGER else ""
        is_empty = not self._store.commands.of_job(self.job.id)
        is_filled = is_empty and is_device(kind, self.answers.given.get("DeviceID"))
        refuse_wrong(scanned, self.job, is_filled=is_filled, kind=kind)
        if kind:
            return self.name_label(scanned, kind)
        if scanned.question:
            self.answer(scanned.question, scanned.value)
        if filled := with_code(scanned):
            self.job = self._store.jobs.amend(self.job.id, device=filled)
        return scanned

    def name_label(self, scanned: Scanned, kind: str) -> Scanned:
        """Say whose label a stranger's is, CHF, GPF or a type of Device: the job knows it then.

        InstallRefused for a CHF or GPF where the job knows another.
        """
        entity = scanned.label.entity_id
        assert entity is not None
        if kind == "GPF":
            refuse_second_gpf(self.job, entity)
            self.job = self._store.jobs.amend(self.job.id, hub_gpf=entity)
        elif kind != "CHF":
            device = JobDevice(kind, entity, kind, scanned.label.install_code)
            self.job = self._store.jobs.amend(self.job.id, device=device)
        placed = self._placed(scanned.label)
        if kind == "CHF" or placed.question:
            self.answer(placed.question or "DeviceID", str(entity))
        return self._placed(scanned.label)

    def _placed(self, label: Label) -> Scanned:
        return place_label(label, self.job, str(self.answers.values.get("visit")))

    def time_of_day_set(self, by: timedelta) -> None:
        """Keep that the handheld's clock was set: a time given before is of the old one."""
        if "InstallDateTime" in self.answers.values and not is_queued(self.report):
            self._set_by += by
            self._accepted.pop(DoubtCode.CLOCK, None)
            self._keep(self.answers)

    def note_done(self, act: str) -> None:
        """Keep that something was done on the visit, such as the look at the coverage."""
        if act not in self._done:
            self._done.append(act)
            self._keep(self.answers)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What must be settled before the status update is queued: correct it, or say why not."""
        found = doubts_of(self.answers, self.job.brief, self._clock_off(), self._set_by)
        return tuple(each for each in found if each.code not in self._accepted)

    @property
    def accepted(self) -> Mapping[str, str]:
        """The doubts that the engineer accepted, by code, each with its reason."""
        return dict(self._accepted)

    def accept(self, code: DoubtCode, reason: str) -> None:
        """Accept a doubt, for a reason that goes into the summary."""
        if not reason.strip():
            raise InstallRefused("A doubt stays without a reason", where=code, remedy="Give one.")
        self._accepted[code] = reason.strip()
        self._keep(self.answers)

    def queue_report(self) -> int:
        """Queue the status update as SR 8.14, once; its number in the outbox.

        InstallRefused names the question that is still to be answered, or the doubt to settle.
        """
        row = self.report
        if row is None or row.state is ReturnState.DRAFT:
            row = draft_of_visit(self._store, self.job.id, self._status_update(), row)
            finalise_report(self._store, row.id)
            self._publish(ReportReady(row.service, row.id))
        return row.id

    @property
    def report(self) -> ReturnRow | None:
        """The job's SR 8.14 in the outbox, which alone says whether it was made."""
        return next(iter(self._store.returns.reports_of(self.job.id)), None)

    def _status_update(self) -> StatusUpdate:
        refuse_unready(self.answers.lacking, self.doubts)
        supplier = need_supplier(supplier_of(self._store, self.job), self.job)
        return status_update_of(self.answers, supplier, self._clock.now(), self.job)

    def _answered(self, answers: Answers, name: str, value: object, source: Source) -> Answers:
        try:
            answered = answers.answered(name, value, source, self._clock.now())
            if name in INFORMATION:
                information_of(answered.values)
        except ValueError as error:
            raise InstallRefused(str(error), where=name, remedy="Look again.") from None
        if name == "DeviceID":
            label = read_label(str(answered.given[name].value))
            refuse_wrong(place_label(label, self.job, ""), self.job, wants_hub=True)
        return answered

    def _keep(self, answers: Answers) -> None:
        if answers.given.get("InstallDateTime") != self.answers.given.get("InstallDateTime"):
            self._set_by = timedelta()
        self._accepted = still_accepted(self._accepted, self.answers, answers)
        kept = {
            "answers": answers.snapshot(),
            "done": self._done,
            "accepted": self._accepted,
            "set_by": self._set_by.total_seconds(),
        }
        self._store.journeys.save(self.job.id, JOURNEY, kept)
        self.answers = answers
