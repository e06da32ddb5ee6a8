"""The app, as far as the forms need it in which a handheld is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from screens.forms.remedies import Remedy

if TYPE_CHECKING:
    from hht.errors import HhtError
    from hht.journeys.view import VisitView
    from screens.context import HhtContext
    from screens.lock.locking import Locking
    from screens.navigation import Navigation
    from screens.service.visit_service import VisitService
    from screens.shell import Job


class Surroundings(Protocol):
    """Context and service are those of the mode that is open now."""

    context: HhtContext
    service: VisitService
    locking: Locking
    navigation: Navigation

    @property
    def view(self) -> VisitView | None:
        """The state of the visit."""

    @property
    def job(self) -> Job:
        """The job that is open."""

    def ask(self, form: Any, answered: Callable[[Any], None]) -> None:
        """Put up a form."""

    def call_next(self, callback: Callable[..., Any], *args: Any) -> None:
        """Call in the app's own turn."""

    def run_worker(self, work: Any, *, group: str, exclusive: bool = False) -> Any:
        """Run a coroutine beside the screens; `exclusive` ends one before it of the group."""

    def show_failure(
        self,
        error: HhtError,
        retry: Callable[[], object] | None = None,
        retry_as: Remedy = Remedy.RETRY,
        elsewhere: Callable[[], object] | None = None,
    ) -> None:
        """Say what failed; `elsewhere` asks for another place for what could not be written."""

    def notify(self, message: str, *, severity: str = "information") -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""
