"""What the parts of the service need of it: the working thread, and the visit that is open."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from hht.journeys.visit import Visit
    from screens.context import HhtContext
    from screens.service.store_queries import StoreQueries
    from screens.service.worker_loop import WorkerLoop
    from screens.visit.device_names import Names


class AtWork(Protocol):
    """The service, as far as its parts need it."""

    context: HhtContext
    worker_loop: WorkerLoop
    queries: StoreQueries
    names: Names

    @property
    def visit_if_open(self) -> Visit | None:
        """The open job's visit; None while no job is open."""

    def open_visit(self) -> Visit:
        """Return the open job's visit; HhtError where no job is open."""

    async def note(self, step: Callable[[Visit], object]) -> None:
        """Note something on the visit; nothing is sent."""

    async def at_work(self, step: Callable[[Visit], Coroutine[Any, Any, object]]) -> None:
        """Do one thing on the visit; its view is passed on however it ends."""
