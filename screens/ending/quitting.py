"""Ctrl+Q ends the app; while a Local Command is under way it asks for a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hht.texts import text
from screens.visit.radio_work import CAN_BE_CANCELLED, Work

if TYPE_CHECKING:
    from screens.widgets.status_line import Status


class Surroundings(Protocol):
    """The app, as far as this needs it."""

    work: Work | None
    status: Status | None

    def notify(self, message: str, *, severity: str, everywhere: bool) -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""

    def exit(self, *, message: str | None) -> None:
        """End the app; the message is its last line."""


class Quitting:
    """Warns once of each piece of work that would be left in doubt."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app
        self._warned_of: Work | None = None

    def quit(self) -> None:
        """End the app, and say what is not returned yet; or warn first."""
        work, status = self._app.work, self._app.status
        if work and work.kind not in CAN_BE_CANCELLED and work != self._warned_of:
            self._warned_of = work
            words = text("quit.work_under_way")
            self._app.notify(words, severity="warning", everywhere=True)
            return
        waiting = status.to_return if status else 0
        self._app.exit(message=text("quit.to_return", count=waiting) if waiting else None)
