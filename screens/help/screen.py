"""F1: what this screen is for and what its keys do; the whole screen where it is narrow."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.base import css_beside


class HelpScreen(ModalScreen[None]):
    """The text is data, the keys are read from the screen that help was asked on."""

    CSS_PATH = css_beside(__file__)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal")]
    BINDINGS = [
        Binding("escape,f1,enter,q", "dismiss", "Close"),
        Binding("pageup", "page(-1)", "Page back", show=False),
        Binding("pagedown", "page(1)", "Page on", show=False),
    ]

    def __init__(self, section: str, keys: Mapping[str, ActiveBinding]) -> None:
        super().__init__()
        self.section = section
        self.keys = [active for active in keys.values() if active.binding.description]

    def compose(self) -> ComposeResult:
        """The screen's text, its keys, then what holds everywhere."""
        table = help_table()
        with VerticalScroll(id="panel"):
            for name in (self.section, "general"):
                if name in table:
                    yield Static(Content.styled(table[name]["title"], "bold $primary"))
                    yield Static(Content(table[name]["text"].strip()), classes="text")
            yield Static(Content.styled("Keys", "bold $primary"))
            yield Static(self._keys(), classes="text")
        yield Static("Esc  Close     PgUp PgDn  More", id="keys")

    def _keys(self) -> Content:
        """Each action once, with every key that does it."""
        named: dict[str, list[str]] = {}
        for active in self.keys:
            names = named.setdefault(active.binding.description, [])
            names.append(self.app.get_key_display(active.binding))
        return Content("\n").join(
            Content.assemble((", ".join(names).ljust(10), "bold $accent"), " ", description)
            for description, names in named.items()
        )

    def action_page(self, pages: int) -> None:
        """Turn a page."""
        panel = self.query_one("#panel", VerticalScroll)
        panel.scroll_relative(y=pages * (panel.size.height - 2), animate=False)


@cache
def help_table() -> dict[str, dict[str, str]]:
    """Read assets/tables/help.toml: screen -> title, text."""
    return tomllib.loads((files("assets") / "tables" / "help.toml").read_text(encoding="utf-8"))
