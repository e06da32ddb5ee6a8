"""What a screen may ask of the app around it; a screen knows nothing else of the app."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.signal import Signal

    from hht.errors import HhtError
    from hht.events import Event
    from hht.journeys.events import ConnectionLost
    from hht.journeys.view import VisitView
    from screens.context import HhtContext
    from screens.service import VisitService
    from screens.widgets.timeline import TimelineEntry


class Place(StrEnum):
    """A screen that can be opened by name, from anywhere."""

    CONNECT = "connect"
    PLAN = "plan"
    QUEUE = "queue"
    INSPECTOR = "inspector"


class Shell(Protocol):
    """The app as its screens see it."""

    context: HhtContext
    service: VisitService
    lost: ConnectionLost | None
    log_of_visit: deque[TimelineEntry]
    happened: Signal[Event]

    @property
    def view(self) -> VisitView | None:
        """How the visit stands; None before a job was opened."""

    def go(self, place: Place) -> None:
        """Open a screen by its name."""

    def show(self, screen: Screen[Any]) -> None:
        """Open a screen that needs more than its name."""

    def open_job(self, job_id: int) -> object:
        """Open a job: its hub first, or its plan if the HHT is on the HAN already."""

    def open_debrief(self) -> object:
        """After an exercise, show what it was worth; after live work there is nothing to show."""

    def show_failure(self, error: HhtError, retry: Callable[[], object] | None = None) -> None:
        """Say what failed, what it means and what to do; try again if the engineer wants to."""

    async def count_returns(self) -> None:
        """Bring the count of what is not yet returned up to date."""

    def run_worker(self, work: Coroutine[Any, Any, None], *, group: str) -> object:
        """Run a coroutine beside the screens."""

    def notify(self, message: str, *, title: str = "", severity: Any = "information") -> None:
        """Show a line for a few seconds."""
