"""The install journey of one job: its answers, kept at every step, and the SR 8.14 made of them."""

from collections.abc import Mapping

from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.request_id import RequestId
from hht.duis.status_update import Faults, StatusUpdate, check_status_update
from hht.duis.visit_questions import Answer
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.die_at import Publish
from hht.journeys.events import InstallAnswered, ReportReady
from hht.journeys.install.answers import Answers, Source
from hht.journeys.install.status_fields import status_fields
from hht.outbox.compose813 import dcc
from hht.outbox.reports import draft_report, finalise_report
from hht.store import JobRow, ReturnRow, ReturnState, Store

JOURNEY = "install"


class InstallRefused(HhtError):
    """An answer or a report that cannot be made now."""

    code = "HHT-07"


class InstallJourney:
    """What is asked and answered about one job's hub; goes on where a killed program left off.

    Everything is committed before `publish` is called with an event.
    """

    def __init__(
        self,
        store: Store,
        job: JobRow,
        publish: Publish = lambda event: None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._store = store
        self._job = job
        self._publish = publish
        self._clock = clock
        snapshot = store.journeys.load(job.id, JOURNEY) or {}
        self.answers = Answers.restore(snapshot.get("answers", {}))

    @property
    def from_job(self) -> Mapping[str, Answer]:
        """What the job pack answers."""
        hub = {"DeviceID": str(self._job.hub_chf)} if self._job.hub_chf else {}
        return {**hub, **self._job.visit.answers} if self._job.visit else {}

    def answer(self, name: str, value: object, source: Source = Source.SEEN) -> None:
        """Keep an answer; InstallRefused where it cannot be one, or the report is queued."""
        self._refuse_reported()
        try:
            answers = self.answers.answered(name, value, source, self._clock.now())
        except ValueError as error:
            raise InstallRefused(str(error), where=name, remedy="Look again.") from None
        self._refuse_other_hub(name, answers.given[name].value)
        self._keep(answers)
        self._publish(InstallAnswered(name, source.value))

    def answer_from_job(self) -> None:
        """Take every answer that the job gives to a question still open, as not seen."""
        while (asked := self.answers.next) is not None:
            if asked.id in self.from_job:
                self.answer(asked.id, self.from_job[asked.id], Source.JOB)
            else:
                self.put_off(asked.id)

    def skip(self, name: str, reason: str) -> None:
        """Leave a question out for a reason; it stays amber."""
        self._refuse_reported()
        self._keep(self.answers.skipped(name, reason, self._clock.now()))
        self._publish(InstallAnswered(name, Source.SKIPPED.value))

    def put_off(self, name: str) -> None:
        """Pass over a question for now; it stays amber."""
        self._refuse_reported()
        self._keep(self.answers.put_off(name, self._clock.now()))
        self._publish(InstallAnswered(name, Source.NOT_LOOKED.value))

    def reopen(self, name: str) -> None:
        """Take an answer back."""
        self._refuse_reported()
        self._keep(self.answers.reopened(name))

    def status_update(self) -> StatusUpdate:
        """Make the status update of these answers; InstallRefused names what it lacks."""
        lacking = self.answers.lacking
        if lacking:
            raise InstallRefused(
                "The status update cannot be made yet",
                where=lacking[0].text,
                remedy="Answer this first.",
            )
        fields = status_fields(self.answers, self._originator(), dcc())
        try:
            return check_status_update(fields, self._clock.now(), self._devices())
        except Faults as faults:
            raise InstallRefused(faults.lines[0], remedy="Correct the answer.") from None

    def queue_report(self) -> int:
        """Queue the status update as SR 8.14, once; its number in the outbox."""
        row = self.report
        if row is None:
            update = self.status_update()
            number = draft_report(
                self._store,
                update.variant,
                update.body.encode(),
                originator=update.originator,
                job_id=self._job.id,
            )
            row = self._store.returns.content(number).row
        if row.state is ReturnState.DRAFT:
            finalise_report(self._store, row.id)
            self._publish(ReportReady(row.service, row.id))
        return row.id

    @property
    def report(self) -> ReturnRow | None:
        """The job's SR 8.14 in the outbox, which alone says whether it was made."""
        return next(iter(self._store.returns.reports_of(self._job.id)), None)

    def _refuse_reported(self) -> None:
        row = self.report
        if row is not None and row.state is not ReturnState.DRAFT:
            raise InstallRefused(
                "The status update of this visit is queued already",
                where=f"item {row.id}",
                remedy="See it under To return.",
            )

    def _refuse_other_hub(self, name: str, value: Answer | None) -> None:
        """Refuse the label of another hub than the job's, and a GPF's in place of the CHF's."""
        chf, gpf = self._job.hub_chf, self._job.hub_gpf
        if name != "DeviceID" or chf is None or value == str(chf):
            return
        if value == str(gpf):
            raise InstallRefused(
                "This is the hub's GPF", where=str(value), remedy="Scan the CHF beside it."
            )
        raise InstallRefused(
            f"This is not the job's hub {chf}", where=str(value), remedy="Check job and hub."
        )

    def _originator(self) -> EntityId:
        """The supplier: who sent the job's first request, else who the job says."""
        commands = self._store.commands.of_job(self._job.id)
        if commands:
            return RequestId.parse(commands[0].request_id).originator
        if self._job.visit and self._job.visit.originator:
            return self._job.visit.originator
        raise InstallRefused(
            "Nobody says which supplier sends the status update",
            where=self._job.reference,
            remedy="Ask for the job with its 'originator'.",
        )

    def _devices(self) -> frozenset[EntityId]:
        others = {each.entity_id for each in self._job.devices if each.type != "CHF"}
        return frozenset(others | ({self._job.hub_gpf} if self._job.hub_gpf else set()))

    def _keep(self, answers: Answers) -> None:
        self._store.journeys.save(self._job.id, JOURNEY, {"answers": answers.snapshot()})
        self.answers = answers
