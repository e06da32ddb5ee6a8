"""The monkey: random keys, pastes, labels, resizes and killed hubs in a real terminal.

`HHT_MONKEY_SECONDS` says for how long at each size; the seed is printed and can be given again.
"""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from screen_bench import NORMAL, SMALLEST, WIDE
from terminal import Terminal, hht, needs_tmux

ROOT = Path(__file__).parents[2]
SECONDS = float(os.environ.get("HHT_MONKEY_SECONDS", "0"))
SEED = int(os.environ.get("HHT_MONKEY_SEED", "1"))
PROBE_EVERY = 25  # acts: often enough to find which of them froze it
LOOKS_AT_REST = 20
"""An app with keys left to answer is at work, or would be, at one of so many looks."""
BUSY_SECONDS = 20.0
"""Processor time of the app for what was pressed before a probe: a hundred keys that open pages
and change themes at 120x40. By the clock a machine that runs other tests gives it that in a minute:
such an app is slow, and not frozen."""
KEYS = (
    *("Enter", "Enter", "Enter", "Escape", "Up", "Down", "Left", "Right", "Tab", "BTab", "Space"),
    *("PageUp", "PageDown", "Home", "End", "F1", "F2", "F5", "BSpace", "C-p", "C-l", "DC"),
    *"123456789abcdefghijklmnopqrstuvwxyz/?",
)
LABELS = (
    "00-DB-00-00-00-00-10-A2",
    "00DB0000000010A3",
    "2000000000015",
    "JOB-0001",
    "Z:00DB00000000F00D$I:83FED3407A939723A5C639B26916D505",
    "£ € ✓ \u202e upside down",
)

pytestmark = [
    needs_tmux,
    pytest.mark.whole_program,
    pytest.mark.skipif(not SECONDS, reason="HHT_MONKEY_SECONDS is not set: .ci/long sets it"),
]


@pytest.fixture
def terminal(tmp_path: Path, size: tuple[int, int]) -> Iterator[Terminal]:
    """The app with the main exercise."""
    command = [hht(ROOT), "--data-dir", str(tmp_path), "train", "no-wan-install"]
    opened = Terminal.start(command, size, {"TERM": "xterm-256color"})
    opened.until(lambda screen: "Enter  Open" in screen)
    yield opened
    opened.close()


class Monkey:
    """Does one random thing after the other."""

    def __init__(self, terminal: Terminal, size: tuple[int, int]) -> None:
        self.terminal = terminal
        self.size = size
        self.chance = random.Random(SEED)
        self.done: list[str] = []

    def act(self) -> None:
        """Do one thing; keys mostly."""
        acts = (self._keys, self._scan, self._paste, self._resize, self._kill_hub)
        self.chance.choices(acts, weights=(60, 8, 4, 3, 1))[0]()

    def _keys(self) -> None:
        keys = self.chance.choices(KEYS, k=self.chance.randint(1, 4))
        self.done.append(" ".join(keys))
        self.terminal.press(*keys)

    def _scan(self) -> None:
        label = self.chance.choice(LABELS)
        self.done.append(f"scan {label}")
        self.terminal.tmux("send-keys", "-l", label)
        self.terminal.press("Enter")

    def _paste(self) -> None:
        text = self.chance.choice(LABELS) * self.chance.randint(1, 200)
        self.done.append(f"paste {len(text)}")
        self.terminal.tmux("set-buffer", text)
        self.terminal.tmux("paste-buffer", "-p")

    def _resize(self) -> None:
        columns, rows = self.chance.randint(20, 160), self.chance.randint(5, 50)
        self.done.append(f"resize {columns} {rows}")
        self.terminal.resize((columns, rows))

    def _kill_hub(self) -> None:
        self.done.append("kill the hub")
        found = subprocess.run(
            ["pgrep", "-P", str(self.terminal.process), "-f", "hht.simulator"],
            capture_output=True,
            text=True,
            check=False,
        )
        for number in found.stdout.split():
            os.kill(int(number), signal.SIGKILL)

    def probe(self) -> None:
        """All keys are answered, a new size is, and there is no traceback."""
        self._until_at_rest()
        before = self.terminal.text
        self.terminal.resize((self.size[0] + 7, self.size[1] + 3))
        self._until_at_rest()
        if not self._has_ended:
            assert self.terminal.text != before, ("no answer", self.done, before)
            self.terminal.resize(self.size)
            self._until_at_rest()
        if self._has_ended:
            self._begin_again()
        assert "Traceback" not in self.terminal.text, self.done

    def _until_at_rest(self) -> None:
        """Wait, but no longer than the app has had the processor's time for what was pressed."""
        process = self.terminal.process
        most = _worked(process) + BUSY_SECONDS
        looks = 0

        def rests(screen: str) -> bool:
            nonlocal looks
            looks = 0 if _is_at_work(process) else looks + 1
            assert _worked(process) < most, ("frozen", self.done, screen)
            return looks >= LOOKS_AT_REST or self._has_ended

        self.terminal.until(rests, SECONDS)

    @property
    def _has_ended(self) -> bool:
        return not self.terminal.is_running

    def _begin_again(self) -> None:
        """Restart the app where it was quit, as the palette's Quit does; not where it failed."""
        assert self.terminal.exit_code == 0, (self.done, self.terminal.text)
        assert "nobody foresaw" not in self.terminal.text, (self.done, self.terminal.text)
        self.done.append("quit and begun again")
        self.terminal.tmux("respawn-pane")
        self.terminal.until(_is_painted)


def _worked(process: int) -> float:
    """The seconds of the processor that a process has had; none where it has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_at_work(process: int) -> bool:
    """Whether it computes or would, if the machine let it; not where it waits or has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return fields[0] in "RD"
    return False


def _is_painted(screen: str) -> bool:
    """The status line has its mode, or the palette or the lock is over it."""
    return any(word in screen for word in ("TRAINING", "LIVE", "🔎"))


@pytest.mark.parametrize("size", [SMALLEST, NORMAL, WIDE])
def test_whatever_is_pressed_pasted_scanned_or_killed_the_app_goes_on_and_ends_by_its_key(
    terminal: Terminal, size: tuple[int, int], tmp_path: Path
) -> None:
    monkey = Monkey(terminal, size)
    end = monotonic() + SECONDS
    while monotonic() < end:
        for _ in range(PROBE_EVERY):
            monkey.act()
        monkey.probe()
    monkey.probe()
    for _ in range(3):  # an act may have begun a delivery, which asks once
        if terminal.is_running:
            terminal.press("C-q")
            terminal.settled()
    terminal.until(lambda screen: not terminal.is_running)
    assert "nobody foresaw" not in terminal.text, (monkey.done, terminal.text)
    verified = subprocess.run(
        [hht(ROOT), "--data-dir", str(tmp_path), "audit", "verify"],
        capture_output=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout
    print(f"seed {SEED}: {len(monkey.done)} acts")
