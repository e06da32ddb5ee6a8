"""What a visit asks before or after a Local Command: its hash, or what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from screens.forms.reason import Asking

if TYPE_CHECKING:
    from hht.journeys.firmware.firmware_journey import ActivationAsk
    from hht.store import CommandRow
    from screens.service.visit_service import VisitService


class Surroundings(Asking, Protocol):
    """The app, as far as this needs it."""

    service: VisitService


class VisitQuestions:
    """Each is a form, imported when it is first asked."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def ask_verdict(
        self,
        row: CommandRow,
        read: CommandRow | None,
        answered: Callable[[str | None, str], None],
        *,
        connected: bool,
        others: bool,
    ) -> None:
        """Ask what became of a Local Command; `read` is the one that can show it.

        `others` is whether another one can go before it is settled; `answered` has the verdict,
        and why where it is skipped.
        """
        from screens.forms.doubt import ask_verdict

        ask_verdict(self._app, row, read, answered, connected=connected, others=others)

    def ask_following(
        self, skipped: CommandRow, rest: Sequence[CommandRow], skip: Callable[[], object]
    ) -> None:
        """Ask whether `rest`, which cannot be done without the skipped one, is skipped, too."""
        from screens.forms.doubt import SKIP_TOO, following_form

        def answered(chosen: str | None) -> None:
            if chosen == SKIP_TOO:
                skip()

        self._app.ask(following_form(skipped, rest), answered)

    def ask_hash(self, ask: ActivationAsk, answered: Callable[[bool], None]) -> None:
        """Show the hash of an Activate Firmware; `answered` has whether it is to be delivered."""
        from screens.firmware.text import DELIVER, confirm_form

        form = confirm_form(ask, self._app.service.names.short(ask.device))
        self._app.ask(form, lambda chosen: answered(chosen == DELIVER))
