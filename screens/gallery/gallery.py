"""The gallery on the screen, with the forms that its digits open.

The arrows scroll, F2 changes the theme.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from hht.entity_id import EntityId
from hht.session.errors import WindowClosed
from hht.texts import text
from screens import themes
from screens.connect.text import wrong_hub_form
from screens.forms.failure import FailureScreen
from screens.forms.form import Choice, FormScreen
from screens.forms.power import power_form
from screens.forms.remedies import remedies_for
from screens.gallery.exhibits import AWAY, EXHIBITS, HUB
from screens.install.asking import whose_label_form
from screens.widgets.status_line import Status


def _failure() -> FormScreen:
    error = WindowClosed(EntityId.parse(HUB), 60)
    return FailureScreen(error, remedies_for(error.code, can_retry=True), place="Hub …90-A3.")


def _doubt() -> FormScreen:
    return FormScreen(
        text("doubt.title", number=8, title="Join the GSME with the GPF"),
        text("doubt.once"),
        [Choice("later", text("doubt.later"), text("doubt.later_aside"))],
        tone="doubt",
    )


FORMS: tuple[Callable[[], FormScreen], ...] = (
    _failure,
    _doubt,
    power_form,
    lambda: wrong_hub_form(EntityId.parse("00-DB-99-99-99-99-99-01"), EntityId.parse(HUB)),
    lambda: whose_label_form("00-DB-12-34-56-78-90-A4"),
)
"""The forms, by the digit that opens them."""


class Gallery(App[None]):
    """All exhibits, one below the other."""

    CSS_PATH = "../app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (110, "-wide")]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("f2", "other_theme", show=False),
        Binding("q,escape", "quit", show=False),
        *(Binding(str(number), f"form({number})", show=False) for number in range(1, 10)),
    ]

    status: reactive[Status] = reactive(AWAY)

    def __init__(self, theme: str = themes.NAMES[0]) -> None:
        super().__init__()
        themes.put_on(self, theme)

    def compose(self) -> ComposeResult:
        """Yield each exhibit under its name."""
        with VerticalScroll():
            for exhibit in EXHIBITS:
                yield Static(Content.styled(f" {exhibit.name}", "$text-muted"), classes="name")
                widget = exhibit.make()
                self.call_after_refresh(exhibit.prepare, widget)
                yield widget

    def action_form(self, number: int) -> None:
        if number <= len(FORMS):
            self.push_screen(FORMS[number - 1]())

    def action_other_theme(self) -> None:
        """Change between sun and night."""
        themes.change(self)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy nothing: there is nothing worth it here."""

    def show_help(self) -> None:
        """Explain nothing: the names are over the exhibits."""
