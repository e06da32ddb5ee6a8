"""What the app does again and again, by its clock, until it ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from hht.errors import HhtError

if TYPE_CHECKING:
    from screens.context import HhtContext
    from screens.service.visit_service import VisitService


class Surroundings(Protocol):
    """The app, as far as this needs it."""

    context: HhtContext
    service: VisitService

    def run_worker(self, work: Any, *, group: str, exclusive: bool = False) -> Any:
        """Run a coroutine beside the screens."""


class Rounds:
    """Each round is a coroutine beside the screens."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call each time so many seconds have passed."""
        self._app.run_worker(self._every(seconds, call), group="clock")

    async def _every(self, seconds: float, call: Callable[[], None]) -> None:
        while True:
            await self._app.context.clock.sleep(seconds)
            call()

    def watch_clocks(self) -> None:
        """Watch the clocks of this service's visits from now on, and of no other's."""
        watching = self._watch_clocks(self._app.service)
        self._app.run_worker(watching, group="watch clocks", exclusive=True)

    async def _watch_clocks(self, service: VisitService) -> None:
        """Look once a second whether a clock of the visit runs short."""
        while True:
            await self._app.context.clock.sleep(1)
            with suppress(HhtError):  # a store that fails now is asked again in a second
                await service.watch_clocks()
