"""The state of the install journey, frozen, for the screens and commands that show it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hht.duis.visit_questions import Answer, Question
from hht.journeys.install.answers import Answers
from hht.journeys.install.doubts import Doubt
from hht.store import ReturnRow, ReturnState

AFTER_COMMISSIONING = "Report"
"""The section of questions that wait until the hub's Local Commands are dealt with."""


@dataclass(frozen=True, slots=True)
class InstallView:
    """The answers so far, what the job pack answers, and the SR 8.14 in the outbox.

    `doubts` are to be settled before that is queued. `has_coverage` says that the job pack brings
    the answer to SR 12.1.
    """

    answers: Answers
    from_job: Mapping[str, Answer]
    report: ReturnRow | None = None
    doubts: tuple[Doubt, ...] = ()
    has_coverage: bool = False

    @property
    def known(self) -> Mapping[str, Answer]:
        """What was answered on the visit, and beside it what only the job answers."""
        given = {name: each.value for name, each in self.answers.given.items()}
        return {**self.from_job, **{name: each for name, each in given.items() if each is not None}}

    @property
    def next_before(self) -> Question | None:
        """The next question that is asked before the hub is commissioned."""
        asked = self.answers.next
        return asked if asked and asked.section != AFTER_COMMISSIONING else None

    @property
    def is_reported(self) -> bool:
        """Whether the status update is queued."""
        return self.report is not None and self.report.state is not ReturnState.DRAFT
