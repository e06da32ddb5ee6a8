"""The PIN: asked for when what is kept here is locked, at the start or after a while alone."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from screens.base import css_beside


class PinScreen(ModalScreen[str | None]):
    """Answers with what was typed; None when the engineer turned away."""

    CSS_PATH = css_beside(__file__)
    BINDINGS = [Binding("escape", "dismiss(None)", "Close")]

    def compose(self) -> ComposeResult:
        """One field, which shows nothing of what is typed."""
        with Vertical(id="panel"):
            yield Static("▣ Locked: enter your PIN", id="title")
            yield Input(password=True, id="pin")
            yield Static("Enter  Unlock     Esc  Close", id="keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the PIN over, and keep none of it."""
        pin, event.input.value = event.value, ""
        self.dismiss(pin or None)
