"""F1: what is on show is for, and what can be done here; the whole screen where it is narrow."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.catalogue import has_text, text
from screens.help.commands import Command, commands_of
from screens.stylesheets import css_beside
from screens.widgets.panel import Panel

KEYS_WIDTH = 11


class HelpScreen(ModalScreen[None]):
    """The texts are the catalogue's; the keys are read from the screen that help was asked on."""

    CSS_PATH = css_beside(__file__)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal")]
    AUTO_FOCUS = "Panel"
    BINDINGS = [
        Binding("escape,f1,enter,question_mark", "close", "back"),
        Binding("f2", "app.other_theme", "theme", show=False),
    ]

    def __init__(self, section: str, keys: Mapping[str, ActiveBinding]) -> None:
        super().__init__()
        self.section = section
        self.keys = list(keys.values())

    def compose(self) -> ComposeResult:
        """The screen's text, what can be done, then what holds everywhere."""
        with Panel(title=self._title(self.section), id="panel"):
            yield Static(self._text())

    def on_mount(self) -> None:
        """Say how to go away; a page that is closed at once has no panel any more."""
        if self not in self.app.screen_stack:
            return
        self.query_one(Panel).border_subtitle = text("help.keys")

    def _title(self, section: str) -> str:
        name = f"help_title.{section}"
        return text(name) if has_text(name) else text("help_title.general")

    def _text(self) -> Content:
        parts = [self._section(self.section), self._commands(), self._section("general")]
        return Content("\n\n").join([part for part in parts if part])

    def _section(self, section: str) -> Content:
        """A text of the catalogue, under its title where it is not the panel's."""
        if not has_text(f"help_text.{section}"):
            return Content("")
        words = Content(text(f"help_text.{section}").strip())
        if section == self.section:
            return words
        return Content.assemble((self._title(section), "bold $primary"), "\n", words)

    def _commands(self) -> Content:
        """Everything that can be done here: keys, verb, and the sentence below."""
        commands = commands_of(self.keys, self.app.get_key_display)
        lines = [line for command in commands for line in _command_lines(command)]
        title = Content.styled(text("help.commands"), "bold $primary")
        return Content("\n").join([title, *lines]) if lines else Content("")

    def action_close(self) -> None:
        """Go back; a second key of the same press does nothing more."""
        if self.is_current:
            self.dismiss()


def _command_lines(command: Command) -> tuple[Content, Content]:
    keys = ", ".join(command.keys).ljust(KEYS_WIDTH)
    head = Content.assemble((keys, "bold $accent"), (command.title, "bold"))
    return head, Content.styled(f"  {command.words}", "$text-muted")
