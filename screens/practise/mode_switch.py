"""Changes between live jobs and exercises in the same window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from hht.errors import HhtError
from hht.texts import text

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from screens.context import HhtContext
    from screens.service.visit_service import VisitService
    from screens.visit.radio_work import Work


class Surroundings(Protocol):
    """The app, as far as this needs it."""

    context: HhtContext
    service: VisitService
    view: VisitView | None
    work: Work | None
    is_opening: bool

    def notify(self, message: str, *, severity: str = "information") -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""

    def run_worker(self, work: Any, *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def show_failure(self, error: HhtError) -> None:
        """Say what failed."""


class ModeSwitch:
    """Closes everything of one mode, then opens the other one's with `take_up`."""

    def __init__(self, app: Surroundings, take_up: Callable[[HhtContext], object]) -> None:
        self._app = app
        self._take_up = take_up

    def begin_exercise(self, name: str, *, again: bool = False) -> None:
        """Begin an exercise, or go on with it; with `again` always begin."""
        if beginnings := self._app.context.beginnings:
            make = partial(beginnings.exercise, name, again=again)
            self._app.run_worker(self._change(make), group="begin")

    def begin_earlier(self, step: str) -> None:
        """Begin the open exercise again at an earlier step, to which it is played first."""
        context = self._app.context
        if beginnings := context.beginnings:
            self._app.notify(text("aid.playing"))
            make = partial(beginnings.earlier, context.title, step)
            self._app.run_worker(self._change(make), group="begin")

    def back_to_live(self) -> None:
        """End training and go back to the live jobs."""
        beginnings = self._app.context.beginnings
        if beginnings and not self._app.context.fence:  # a trainee does not own the live jobs
            self._app.run_worker(self._change(beginnings.live), group="begin")

    async def _change(self, make: Callable[[], HhtContext]) -> None:
        if self._app.is_opening:
            return
        if hindered := self._hindered():
            self._app.notify(hindered, severity="warning")
            return
        self._app.is_opening = True
        try:
            await self._go_over_to(await asyncio.to_thread(make))
        except HhtError as error:
            self._app.show_failure(error)
        finally:
            self._app.is_opening = False

    def _hindered(self) -> str:
        """Say why the open mode cannot be closed now: it would let go of a hub, or break off."""
        view, is_live = self._app.view, self._app.context.mode == "live"
        if self._app.work:
            return text("aid.busy")
        return text("aid.on_han") if is_live and view and view.connected else ""

    async def _go_over_to(self, context: HhtContext) -> None:
        """Close the open mode; a failure of that is raised when the other one is on show."""
        try:
            await self._app.service.close()
        finally:
            self._take_up(context)
