"""A running app for tests: keys pressed as a person or a scanner does, the screen read as text."""

from dataclasses import dataclass

from textual.events import Key
from textual.pilot import Pilot

from screens.app import HhtApp

SMALLEST, NORMAL, WIDE = (53, 20), (80, 24), (120, 40)
BOTH = (SMALLEST, NORMAL)
SETTLE = 0.05  # longer than the scanner gate holds a key


@dataclass
class Bench:
    """The app, and what tests need to press keys and read the screen."""

    app: HhtApp
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys at a person's pace."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause(SETTLE)

    async def scan(self, label: str) -> None:
        """Type as a scanner does: everything at once, then Enter."""
        for key in [*(Key(character, character) for character in label), Key("enter", "\r")]:
            self.app.post_message(key)
        await self.pilot.pause(SETTLE)

    @property
    def text(self) -> str:
        """What stands on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def lines(self) -> list[str]:
        """The same as lines."""
        return self.text.split("\n")

    def line_with(self, words: str) -> str:
        """The first line that holds these words."""
        return next(line for line in self.lines if words in line)

    async def until(self, words: str, seconds: float = 5.0) -> None:
        """Wait until the words stand on the screen."""
        for _ in range(int(seconds / 0.02)):
            if words in self.text:
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"{words!r} did not come; the screen says:\n{self.text}")
