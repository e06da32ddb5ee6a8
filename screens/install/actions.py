"""What an engineer notes on a visit: one answer at a time, kept before the next is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.duis.visit_questions import Answer
    from hht.journeys.install.answers import Source
    from hht.journeys.install.doubts import Doubt
    from hht.journeys.install.install_journey import InstallJourney
    from hht.journeys.install.scanning import Scanned
    from screens.service.visit_service import VisitService

Step = Callable[["InstallJourney"], object]
REPORT = "report"
"""What is noted beside the questions."""


class Surroundings(Protocol):
    """The app, as far as these actions need it."""

    service: VisitService

    def run_worker(self, work: Any, *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def show_failure(self, error: HhtError) -> None:
        """Say what failed."""


class InstallActions:
    """Each notes something; while it is being noted the same is not begun again."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app
        self._under_way: set[str] = set()

    def answer(self, name: str, value: Answer, source: Source) -> None:
        self._note(name, lambda journey: journey.answer(name, value, source))

    def scan_simulated(self, name: str) -> None:
        """Read the simulated label, in training."""
        self._begin(name, lambda: self._app.service.exercise.answer_from_label(name))

    def scan(self, label: str, told: Callable[[Scanned], object]) -> None:
        """Take a label; `told` has what it is."""

        async def scan() -> None:
            told(await self._app.service.hub.scan_label(label))

        self._begin(label, scan)

    def had_power(self, name: str, minutes_ago: float) -> None:
        """Note when the hub got its power; its inter-PAN window began there."""
        from hht.journeys.install.power import PowerCertainty

        how = PowerCertainty.TOLD if minutes_ago else PowerCertainty.SEEN
        self._note(name, lambda journey: journey.power_on(how, minutes_ago=minutes_ago))

    def accept(self, doubt: Doubt, reason: str) -> None:
        """Let a doubt stand for a reason."""
        self._note(doubt.code, lambda journey: journey.accept(doubt.code, reason))

    def skip(self, name: str, reason: str) -> None:
        """Leave a question out for a reason."""
        self._note(name, lambda journey: journey.skip(name, reason))

    def put_off(self, name: str) -> None:
        """Pass over a question for now."""
        self._note(name, lambda journey: journey.put_off(name))

    def queue_report(self) -> None:
        """Queue the status update of the visit."""
        self._note(REPORT, lambda journey: journey.queue_report())

    def _note(self, name: str, step: Step) -> None:
        self._begin(name, lambda: self._app.service.hub.note(step))

    def _begin(self, name: str, make: Callable[[], Any]) -> None:
        if name not in self._under_way:
            self._under_way.add(name)
            self._app.run_worker(self._run(name, make), group="note")

    async def _run(self, name: str, make: Callable[[], Any]) -> None:
        try:
            await make()
        except HhtError as error:
            self._app.show_failure(error)
        finally:
            self._under_way.discard(name)
