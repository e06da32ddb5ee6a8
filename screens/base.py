"""What every screen has: status strip above, keys below, digits for rows, scanned labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from screens.widgets.key_bar import KeyBar
from screens.widgets.numbered_list import NumberedList
from screens.widgets.status_strip import StatusStrip

if TYPE_CHECKING:
    from screens.service import VisitService
    from screens.shell import Shell


def css_beside(module_file: str) -> str:
    """The .tcss of the same name beside a screen's module."""
    return str(Path(module_file).with_suffix(".tcss"))


class HhtScreen(Screen[None]):
    """A full screen; `body` is what differs between them."""

    HELP: ClassVar[str] = ""
    """The screen's section in assets/tables/help.toml."""

    SAYS_LOSS: ClassVar[bool] = False
    """Whether the screen itself says that the connection was lost, and what to do."""

    AUTO_FOCUS = "NumberedList"

    def body(self) -> ComposeResult:
        """What stands between the strip and the keys."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Strip, body, keys."""
        yield StatusStrip()
        yield from self.body()
        yield KeyBar()

    @property
    def shell(self) -> Shell:
        """The app, as far as a screen knows it."""
        return cast("Shell", self.app)

    @property
    def service(self) -> VisitService:
        """Where everything behind the screens is asked for."""
        return self.shell.service

    def on_key(self, event: events.Key) -> None:
        """A digit opens the row with that number, wherever the focus is."""
        if event.character and event.character in "123456789":
            for rows in self.query(NumberedList):
                if rows.display:
                    rows.pick(int(event.character))
                    event.stop()
                    return

    def scanned(self, text: str) -> None:
        """Take a scanned label: here into the field that has the focus; screens know better."""
        if isinstance(self.focused, Input):
            self.focused.value = text
        else:
            self.notify(f"Scanned {text[:40]}: nothing here asks for it.", severity="warning")

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text that no field wanted is as good as scanned."""
        self.scanned(event.text.strip())
