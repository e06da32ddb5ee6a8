"""The panel that comes up when something failed: what, what it means, what to do, and the code."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.base import css_beside
from screens.failure.codes import Failure


class FailureScreen(ModalScreen[bool]):
    """Stays until it is read. Answers True when the engineer wants to try again."""

    CSS_PATH = css_beside(__file__)
    BINDINGS = [
        Binding("enter,escape", "dismiss(False)", "Close"),
        Binding("r", "retry", "Try again"),
    ]

    def __init__(self, failure: Failure, *, can_retry: bool = False) -> None:
        super().__init__()
        self.failure = failure
        self.can_retry = can_retry

    def compose(self) -> ComposeResult:
        """The text, which scrolls where it does not fit, over the keys."""
        with Vertical(id="panel"):
            with VerticalScroll(id="text"):
                yield Static(self._text())
            keys = "Enter  Close" + ("     R  Try again" if self.can_retry else "")
            yield Static(keys, id="keys")

    def _text(self) -> Content:
        """Everything there is to say, in the order it is wanted."""
        failure = self.failure
        parts = [
            Content.assemble(("✗ ", "bold $error"), (failure.what, "bold"), "  ")
            + Content.styled(failure.code, "$text-muted"),
            Content.styled(failure.where, "$text-muted"),
            _part("What it means", failure.meaning),
            _part("What to do", failure.remedy),
        ]
        return Content("\n").join(part for part in parts if part.plain)

    def action_retry(self) -> None:
        """Close, and do it again."""
        if self.can_retry:
            self.dismiss(True)


def _part(title: str, text: str) -> Content:
    """A titled paragraph; nothing when there is nothing to say."""
    return Content.assemble((f"{title}: ", "bold $primary"), text) if text else Content("")
