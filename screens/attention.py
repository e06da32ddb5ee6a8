"""Calls the engineer when something needs them: by the bell, by a flash, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App

from hht.clock import Clock
from screens.remembered import Remembered

MODES = ("bell", "flash", "off")
REMEMBERED = "attention"
FLASH_SECONDS = 0.3  # long enough to be seen from the corner of an eye
FLASH = "-flash"
ONE_CALL_SECONDS = 1.0
"""Within which a second reason is no second call: a lost connection ends the delivery, too."""


class Attention:
    """One call for the whole app; its way is remembered in the data folder."""

    def __init__(self, app: App[Any], clock: Clock, data_dir: Path) -> None:
        self._app = app
        self._clock = clock
        self._kept = Remembered(data_dir, REMEMBERED, MODES)
        self._quiet_until = 0.0

    @property
    def mode(self) -> str:
        """The way this handheld was last set to; the bell at first."""
        return self._kept.value

    def change(self) -> str:
        """Set the next way, and remember it."""
        self._quiet_until = 0.0
        return self._kept.change()

    def call(self) -> None:
        """Ring or flash, once for what comes together."""
        now, mode = self._clock.elapsed(), self.mode
        if now < self._quiet_until:
            return
        self._quiet_until = now + ONE_CALL_SECONDS
        if mode == "bell":
            self._app.bell()
        elif mode == "flash":
            self._app.run_worker(self._flash(), group="clock")

    async def _flash(self) -> None:
        """Colour the screen, then the form that has come over it meanwhile and says why."""
        coloured = None
        while (screen := self._app.screen) is not coloured:
            screen.add_class(FLASH)
            await self._clock.sleep(FLASH_SECONDS)
            screen.remove_class(FLASH)
            coloured = screen
