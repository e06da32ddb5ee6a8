"""The answers of a visit: what was seen, what the job says, what was skipped and why.

A frozen record with a literal table of what an event does to it; every change is a new record that
its owner keeps before it is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from hht.duis.visit_questions import Answer, Question, question, questions
from hht.store import JobRow


class Source(StrEnum):
    """Where an answer comes from."""

    SEEN = "seen"
    JOB = "from the job, not seen"
    SKIPPED = "skipped"
    NOT_LOOKED = "not yet looked at"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer; `value` is None where it was skipped or put off, `reason` says why."""

    value: Answer | None
    source: Source
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of a visit so far."""

    given: Mapping[str, Given] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Answer]:
        """The answers there are, of questions that are still asked."""
        found: dict[str, Answer] = {}
        for each in questions():
            known = self.given.get(each.id)
            if known and known.value is not None and each.applies(found):
                found[each.id] = known.value
        return found

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that are asked under these answers, in their order."""
        values = self.values
        return tuple(each for each in questions() if each.applies(values) and self._has(each))

    def before(self, asked: Question) -> Question | None:
        """Return the question before this one; the last where this one is not asked any more."""
        every = self.asked
        at = every.index(asked) if asked in every else len(every)
        return every[at - 1] if at else None

    def _has(self, asked: Question) -> bool:
        """Return whether there is what a question is about; one that was answered stays."""
        return not asked.needs or asked.needs in self.values or asked.id in self.given

    @property
    def next(self) -> Question | None:
        """The first question that was not answered, skipped or put off."""
        return next((each for each in self.asked if each.id not in self.given), None)

    @property
    def amber(self) -> tuple[Question, ...]:
        """The questions that were skipped or put off: they stay open in the summary."""
        return tuple(
            each
            for each in self.asked
            if each.id in self.given and self.given[each.id].value is None
        )

    @property
    def lacking(self) -> tuple[Question, ...]:
        """The questions without which no status update can be made."""
        values = self.values
        return tuple(
            each for each in self.asked if each.is_needed(values) and each.id not in values
        )

    def answered(self, name: str, value: object, source: Source, at: datetime) -> "Answers":
        """Note an answer; ValueError says why it cannot be one."""
        checked = question(name).check(value)
        return self._with(name, Given(checked, source, at))

    def skipped(self, name: str, reason: str, at: datetime) -> "Answers":
        """Note that a question is left out for a reason; ValueError without one."""
        if not reason.strip():
            raise ValueError("skipping takes a reason")
        return self._with(name, Given(None, Source.SKIPPED, at, reason))

    def put_off(self, name: str, at: datetime) -> "Answers":
        """Note that a question was passed over for now."""
        return self._with(name, Given(None, Source.NOT_LOOKED, at))

    def reopened(self, name: str) -> "Answers":
        """Take an answer back."""
        return Answers({key: value for key, value in self.given.items() if key != name})

    def undone_by_reopening(self, name: str) -> tuple[Question, ...]:
        """Return the answered questions that would no longer be asked without this answer."""
        still = {each.id for each in self.reopened(name).asked}
        return tuple(each for each in self.asked if each.id in self.given and each.id not in still)

    def undone_by(self, name: str, value: object) -> tuple[Question, ...]:
        """Return the answered questions that would no longer be asked if this answer changed."""
        checked = question(name).check(value)
        known = self.given.get(name)
        at = known.at if known else datetime.min
        changed = self._with(name, Given(checked, Source.SEEN, at))
        still = {each.id for each in changed.asked}
        return tuple(each for each in self.asked if each.id in self.given and each.id not in still)

    def _with(self, name: str, given: Given) -> "Answers":
        return replace(self, given={**self.given, name: given})

    def snapshot(self) -> dict[str, Any]:
        """Give all of it as JSON."""
        return {
            name: [each.value, each.source.value, each.at.isoformat(), each.reason]
            for name, each in self.given.items()
        }

    @classmethod
    def restore(cls, snapshot: Mapping[str, Any]) -> "Answers":
        """Read back a snapshot; questions that are asked no more are left out."""
        known = {each.id for each in questions()}
        return cls(
            {
                name: Given(value, Source(source), datetime.fromisoformat(at), reason)
                for name, (value, source, at, reason) in snapshot.items()
                if name in known
            }
        )


def answers_of_job(job: JobRow) -> dict[str, Answer]:
    """Return what the job pack answers, by question; its visit comes before its brief."""
    brief = job.brief
    known: dict[str, Answer] = {"DeviceID": str(job.hub_chf)} if job.hub_chf else {}
    known |= {"MPxN": brief.mpxns[0]} if brief.mpxns else {}
    known |= {"variant": brief.wan_variant} if brief.wan_variant.strip() else {}
    return {**known, **job.visit.answers} if job.visit else known
