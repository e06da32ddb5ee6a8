"""The glove setting: rows two lines high and a tall action bar on every screen and form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App
from textual.screen import Screen

from screens.remembered import Remembered
from screens.widgets.numbered_list import GLOVE, NumberedList

REMEMBERED = "glove"


class Glove:
    """One setting for the whole app, remembered in the data folder."""

    def __init__(self, app: App[Any], data_dir: Path) -> None:
        self._app = app
        self._kept = Remembered(data_dir, REMEMBERED, ("off", "on"))
        self.is_on = self._kept.value == "on"

    def put_on(self, screen: Screen[Any]) -> None:
        """Make a screen as the setting says, before it is shown or while it is."""
        screen.set_class(self.is_on, GLOVE)
        for rows in screen.query(NumberedList):
            rows.on_resize()

    def change(self) -> str:
        """Put it on, or take it off; which it is now."""
        changed = self._kept.change()
        self.is_on = changed == "on"
        for screen in self._app.screen_stack:
            self.put_on(screen)
        return changed
