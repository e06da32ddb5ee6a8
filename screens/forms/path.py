"""A question for a path; Enter takes what stands there, typing replaces it."""

from __future__ import annotations

from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.base import css_beside
from screens.catalogue import text


class PathScreen(ModalScreen[Path | None]):
    """Gives back the path, once; None when the engineer went away with Esc."""

    CSS_PATH = css_beside(__file__)
    HELP = "path"
    BINDINGS = [
        Binding("escape", "leave", "back"),
        Binding("f2", "app.other_theme", "theme", show=False),
    ]

    def __init__(self, question: str, proposed: Path | None = None) -> None:
        super().__init__()
        self.question = question
        self.proposed = proposed
        self._is_answered = False

    def compose(self) -> ComposeResult:
        """The field, filled in; what is typed first replaces it."""
        with Vertical(id="panel") as panel:
            panel.border_title = self.question
            panel.border_subtitle = text("form.path_keys")
            yield Input(str(self.proposed or ""), placeholder=text("form.path_placeholder"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the path back; an empty field is none."""
        typed = event.value.strip()
        self._answer(Path(typed).expanduser() if typed else None)

    def action_leave(self) -> None:
        """Go away without a path."""
        self._answer(None)

    def _answer(self, path: Path | None) -> None:
        if not self._is_answered and self.is_current:
            self._is_answered = True
            self.dismiss(path)

    def scanned(self, label: str) -> None:
        """What a scanner types is as good as typed."""
        self.query_one(Input).value = label
