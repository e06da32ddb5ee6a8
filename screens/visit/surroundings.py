"""What the actions of a visit need: the app around them, and the forms that they ask in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from hht.errors import HhtError
from screens.forms.remedies import Remedy
from screens.service.visit_service import VisitService

if TYPE_CHECKING:
    from hht.journeys.firmware.firmware_journey import ActivationAsk
    from hht.journeys.view import VisitView
    from hht.store import CommandRow


class Surroundings(Protocol):
    """The app, as far as these actions need it."""

    service: VisitService

    @property
    def view(self) -> VisitView | None:
        """The state of the visit."""

    def run_worker(self, work: Any, *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def refresh_offer(self) -> None:
        """Have the screen on show offer what can be done now."""

    def show_failure(
        self,
        error: HhtError,
        retry: Callable[[], object] | None = None,
        retry_as: Remedy = Remedy.RETRY,
    ) -> None:
        """Say what failed, with what can be done about it."""


class Questions(Protocol):
    """The forms that a visit asks in."""

    def ask_verdict(
        self,
        row: CommandRow,
        read: CommandRow | None,
        answered: Callable[[str | None, str], None],
        *,
        connected: bool,
        others: bool,
    ) -> None:
        """Ask what became of a Local Command."""

    def ask_following(
        self, skipped: CommandRow, rest: Sequence[CommandRow], skip: Callable[[], object]
    ) -> None:
        """Ask whether what cannot be done without one that was skipped is skipped, too."""

    def ask_hash(self, ask: ActivationAsk, answered: Callable[[bool], None]) -> None:
        """Ask whether an Activate Firmware with this hash is to be delivered."""
