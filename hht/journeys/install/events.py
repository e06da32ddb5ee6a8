"""What is answered and reported about a hub, as events of a visit."""

from dataclasses import dataclass
from typing import ClassVar

from hht.journeys.events import VisitEvent


@dataclass(frozen=True, slots=True)
class InstallAnswered(VisitEvent):
    """A question about the hub was answered, skipped or put off; `answered` says which."""

    name: ClassVar[str] = "install_answered"

    question: str
    answered: str


@dataclass(frozen=True, slots=True)
class PowerOn(VisitEvent):
    """The hub got its power `at` that time, by `seen`, `told`, `assumed` or `unknown` certainty."""

    name: ClassVar[str] = "power_on"

    at: str
    certainty: str


@dataclass(frozen=True, slots=True)
class ReportReady(VisitEvent):
    """A status update (SR 8.14) is in the outbox, ready to be sent."""

    name: ClassVar[str] = "report_ready"

    service: str
    return_id: int
