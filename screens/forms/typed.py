"""A question for typed words; Enter accepts what is there, typing replaces it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from hht.texts import text
from screens.forms.field import Field
from screens.once import DismissedOnce
from screens.stylesheets import css_beside
from screens.widgets.key_line import NoticeLine

Check = Callable[[str], str]
"""Says what is wrong with what was typed; empty where nothing is."""


class TypedScreen(DismissedOnce, ModalScreen[Any]):
    """A form that gives back what was typed, once; None when the engineer left with Esc."""

    CSS_PATH = css_beside(__file__)
    HELP = "typed"
    BINDINGS = [
        Binding("escape", "leave", "back"),
        Binding("f1", "app.help", "help", show=False),
        Binding("f2", "app.other_theme", "theme", show=False),
    ]

    def __init__(
        self,
        question: str,
        proposed: str = "",
        placeholder: str = "",
        check: Check = lambda typed: "",
    ) -> None:
        super().__init__()
        self.question = question
        self.proposed = proposed
        self.placeholder = placeholder
        self._check = check
        self._is_answered = False

    def compose(self) -> ComposeResult:
        """Yield the field, filled in; what is typed first replaces it."""
        with Vertical(id="panel") as panel:
            panel.border_title = self.question
            panel.border_subtitle = text("form.path_keys")
            yield self.field()
            fault = Static(id="fault", markup=False)
            fault.display = False
            yield fault
            yield NoticeLine()

    def field(self) -> Field:
        """Make the field, filled in."""
        return Field(self.proposed, placeholder=self.placeholder)

    def cleaned(self, typed: str) -> str:
        """Return what was typed without spaces at its ends."""
        return typed.strip()

    def value_of(self, typed: str) -> Any:
        """Return what is given back for what was typed; None for nothing."""
        return typed or None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give it back, unless something is wrong with it; an empty field is no answer."""
        typed = self.cleaned(event.value)
        fault = self._check(typed) if typed else ""
        shown = self.query_one("#fault", Static)
        shown.update(f"✗ {fault}")
        shown.display = bool(fault)
        if fault:
            self.refused()
        else:
            self._answer(self.value_of(typed))

    def refused(self) -> None:
        """Leave what was typed, so that it can be put right."""

    def action_leave(self) -> None:
        """Go away without an answer."""
        self._answer(None)

    def _answer(self, value: Any) -> None:
        if not self._is_answered and self.is_active:
            self._is_answered = True
            self.dismiss(value)

    def scanned(self, label: str) -> None:
        """Take what a scanner types as typed, and its Enter as one."""
        field = self.query_one(Field)
        field.take(label)
        field.post_message(Input.Submitted(field, field.value))
