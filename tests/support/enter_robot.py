"""A robot in a real terminal that finishes an exercise with Enter, and digits on forms."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from screen_bench import SMALLEST
from terminal import Terminal, hht

ROOT = Path(__file__).parents[2]
DEBRIEF = "╭─ Debrief"


class EnterRobot:
    """Presses a key whenever nothing but digits, bars and turning signs has changed for a while.

    It presses Enter, or the number of the first of these answers that is on show.
    """

    def __init__(self, folder: Path, scenario: str, answers: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.answers = answers
        self.presses = 0
        self.seen: list[str] = []
        command = [hht(ROOT), "--data-dir", str(folder), "train", scenario]
        self.terminal = Terminal.start(command, SMALLEST, {"TERM": "xterm-256color"})

    def play(self, most: int) -> str:
        """Go on until the debrief, for at most so many keys; the last screen."""
        text = self.terminal.until(lambda screen: "Enter  Open" in screen)
        while DEBRIEF not in text and self.presses < most:
            self.seen.append(text)
            self.terminal.press(self._key(text))
            self.presses += 1
            text = self.terminal.settled()
        return text

    def _key(self, text: str) -> str:
        for answer in self.answers:
            found = re.search(rf"[│▌ ](\d) {re.escape(answer)}", text)
            if found:
                return found[1]
        return "Enter"

    def end(self) -> None:
        """End the app by its key, twice where work is under way."""
        self.terminal.press("C-q")
        self.terminal.settled()
        if self.terminal.is_running:
            self.terminal.press("C-q")
        self.terminal.until(lambda screen: not self.terminal.is_running)

    def ask(self, *command: str) -> list[Mapping[str, object]]:
        """The rows of a command of hht on the data folder."""
        done = subprocess.run(
            [hht(ROOT), "--data-dir", str(self.folder), *command, "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]
