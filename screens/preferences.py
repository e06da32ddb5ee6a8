"""What an engineer sets for the whole app: colours, how it calls, rows for a finger in a glove."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from textual.app import App

from hht.clock import SYSTEM_CLOCK
from hht.texts import text
from screens import themes
from screens.attention import Attention
from screens.glove import Glove
from screens.shell import Place


class Preferences:
    """Each is remembered in the data folder; the colours are put on at once."""

    def __init__(self, app: App[Any], data_dir: Path) -> None:
        self._app = app
        # An exercise's clock may be fast, or stopped: a flash would be too short to see, or stay.
        self.attention = Attention(app, SYSTEM_CLOCK, data_dir)
        self.glove = Glove(app, data_dir)
        self._data_dir = data_dir
        themes.put_on(app, themes.remembered(data_dir))

    def places(self) -> Mapping[Place, Callable[[], object]]:
        """Return what changes each of them, by its name."""
        return {
            Place.THEME: self.change_theme,
            Place.BELL: self._change_attention,
            Place.GLOVE: self._change_glove,
        }

    def change_theme(self) -> None:
        """Change between sun and night."""
        themes.remember(self._data_dir, themes.change(self._app))

    def _change_attention(self) -> None:
        """Ring, flash, or neither."""
        self._app.notify(text(f"attention.{self.attention.change()}"))
        self.attention.call()

    def _change_glove(self) -> None:
        """Set rows for a finger in a glove, or as many as fit."""
        self._app.notify(text(f"glove.{self.glove.change()}"))
