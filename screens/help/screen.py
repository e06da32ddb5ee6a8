"""F1: what has the focus, what the screen is for, and what can be done; all of it at 53 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from hht.texts import has_text, text
from screens.help.commands import Command, by_group, commands_of
from screens.help.focus import focus_words
from screens.once import DismissedOnce
from screens.shell import Place
from screens.stylesheets import css_beside
from screens.widgets.key_line import NoticeLine
from screens.widgets.panel import Panel

KEYS_WIDTH = 11  # cells: the longest keys, so that verbs begin in one line below each other


class HelpScreen(DismissedOnce, ModalScreen[None]):
    """The texts are the catalogue's; the keys are read from the screen that help was asked on."""

    CSS_PATH = css_beside(__file__)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal")]
    OVER_LOCK = True
    AUTO_FOCUS = "Panel"
    BINDINGS = [
        Binding("escape,f1,enter,question_mark", "close", "back"),
        Binding("m", "manual", "manual"),
        Binding("f2", "app.other_theme", "theme", show=False),
    ]

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self.section = str(getattr(about, "HELP", ""))
        self.focus_words = focus_words(about)
        self.keys = list(about.active_bindings.values())

    def compose(self) -> ComposeResult:
        """Yield what has the focus, the screen's text, what can be done, then what holds
        everywhere."""
        with Panel(title=self._title(self.section), id="panel"):
            for words in self.focus_words:
                yield Static(words, classes="focus")
            yield from self._section(self.section)
            yield from self._commands()
            yield from self._section("general")
        yield NoticeLine()

    def on_mount(self) -> None:
        """Say how to go away; a page that is closed at once has no panel any more."""
        keys = "help.keys" if self._go else "help.keys_of_a_bench"
        for panel in self.query(Panel):
            panel.keys = text(keys)
            panel.say_keys()

    def _title(self, section: str) -> str:
        name = f"help_title.{section}"
        return text(name) if has_text(name) else text("help_title.general")

    def _section(self, section: str) -> ComposeResult:
        """Yield a text of the catalogue, under its title where it is not the panel's."""
        if not has_text(f"help_text.{section}"):
            return
        if section != self.section:
            yield Static(self._title(section), classes="title")
        yield Static(text(f"help_text.{section}").strip())

    def _commands(self) -> ComposeResult:
        """Yield everything that can be done here by groups: keys, verb, and the sentence below."""
        groups = by_group(commands_of(self.keys, self.app.get_key_display))
        for group, commands in groups.items():
            yield Static(group, classes="title")
            for command in commands:
                yield from _drawn(command)

    @property
    def _go(self) -> Callable[[Place], None] | None:
        """How the app around it opens screens; the bench's app has none to open."""
        return getattr(self.app, "go", None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Offer the manual where the app can open it."""
        return action != "manual" or self._go is not None

    def action_manual(self) -> None:
        """Go from what is said here to the manual's pages."""
        if self.is_active and self._go:
            self.dismiss()
            self._go(Place.MANUAL)

    def action_close(self) -> None:
        """Go back; a second key of the same press does nothing more."""
        if self.is_active:
            self.dismiss()


def open_or_close(app: App[Any]) -> None:
    """Explain the screen on show, or close the help that does."""
    if isinstance(app.screen, HelpScreen):
        app.screen.action_close()
    else:
        app.push_screen(HelpScreen(app.screen))


def _drawn(command: Command) -> Iterator[Static]:
    keys = f"{', '.join(command.keys)} ".ljust(KEYS_WIDTH)
    yield Static(Content.assemble((keys, "bold $accent"), (command.verb, "bold")))
    yield Static(command.words, classes="sentence")
