"""A question for a folder to write to; Enter takes the one proposed."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from screens.base import css_beside


class FolderScreen(ModalScreen[Path | None]):
    """Gives back the folder; None when the engineer went away with Esc."""

    CSS_PATH = css_beside(__file__)
    BINDINGS = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, proposed: Path) -> None:
        super().__init__()
        self.proposed = proposed

    def compose(self) -> ComposeResult:
        """The field, filled in."""
        with Vertical(id="panel"):
            yield Static(Content.styled("Write the files to this folder", "bold"))
            yield Static("a name that ends in .zip makes one archive", id="note")
            yield Input(str(self.proposed), select_on_focus=False)
            yield Static("Enter  Write     Esc  Back", id="keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the folder back; an empty field is no folder."""
        text = event.value.strip()
        self.dismiss(Path(text).expanduser() if text else None)
