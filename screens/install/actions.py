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
Key = tuple[object, ...]
"""What is noted, and what about it: two that are equal are one key pressed twice."""


class Surroundings(Protocol):
    """The app, as far as these actions need it."""

    service: VisitService

    def run_worker(self, work: Any, *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def show_failure(self, error: HhtError) -> None:
        """Say what failed."""


class InstallActions:
    """Each notes something; until it is noted the same is not begun again.

    Another answer to the same question is noted after it.
    """

    def __init__(self, app: Surroundings) -> None:
        self._app = app
        self._under_way: set[Key] = set()

    def answer(self, name: str, value: Answer, source: Source) -> None:
        self._note((name, value), lambda journey: journey.answer(name, value, source))

    def scan_simulated(self, name: str) -> None:
        """Read the simulated label, in training."""
        self._begin((name, "label"), lambda: self._app.service.exercise.answer_from_label(name))

    def scan(self, label: str, answered: Callable[[Scanned], object]) -> None:
        """Take a label; `answered` is called with what it is."""

        async def scan() -> None:
            answered(await self._app.service.hub.scan_label(label))

        self._begin(("scan", label), scan)

    def name_label(self, scanned: Scanned, kind: str, then: Callable[[Scanned], object]) -> None:
        """Note whose label it is, of a job that is filled by scanning; say what it is then."""

        async def name() -> None:
            then(await self._app.service.hub.name_label(scanned, kind))

        self._begin(("named", str(scanned.label.entity_id)), name)

    def had_power(self, name: str, minutes_ago: float) -> None:
        """Note when the hub got its power; its inter-PAN window began there."""
        from hht.journeys.install.power import PowerCertainty

        how = PowerCertainty.TOLD if minutes_ago else PowerCertainty.SEEN
        key = (name, minutes_ago)
        self._note(key, lambda journey: journey.power_on(how, minutes_ago=minutes_ago))

    def accept(self, doubt: Doubt, reason: str) -> None:
        """Accept a doubt for a reason."""
        self._note((doubt.code, reason), lambda journey: journey.accept(doubt.code, reason))

    def skip(self, name: str, reason: str) -> None:
        """Leave a question out for a reason."""
        self._note((name, "skip", reason), lambda journey: journey.skip(name, reason))

    def put_off(self, name: str) -> None:
        """Pass over a question for now."""
        self._note((name, "put off"), lambda journey: journey.put_off(name))

    def queue_report(self) -> None:
        """Queue the status update of the visit."""
        self._note(("report",), lambda journey: journey.queue_report())

    def _note(self, key: Key, step: Step) -> None:
        def noted(journey: InstallJourney) -> None:
            # Free before the screen follows: the same answer to a question asked again is a new one
            try:
                step(journey)
            finally:
                self._under_way.discard(key)

        self._begin(key, lambda: self._app.service.hub.note(noted))

    def _begin(self, key: Key, make: Callable[[], Any]) -> None:
        if key not in self._under_way:
            self._under_way.add(key)
            self._app.run_worker(self._run(key, make), group="note")

    async def _run(self, key: Key, make: Callable[[], Any]) -> None:
        try:
            await make()
        except HhtError as error:
            self._app.show_failure(error)
        finally:
            self._under_way.discard(key)
