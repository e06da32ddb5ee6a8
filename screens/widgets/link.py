"""How well the hub is heard: bars with an age, because a link that was good says nothing now."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from hht.clock import Clock
from hht.texts import text

BARS = "▂▄▆█"
OLD_SECONDS = 10.0  # a connected hub is heard more often than this while anything is under way

IN_MINUTES = 120  # seconds: from here an age in seconds has to be worked out

# dBm at which each further bar is earned; a 2.4 GHz ZigBee radio stops hearing near -100.
STEPS_DBM = (-90, -80, -70, -60)
NAMES = ("very_weak", "weak", "fair", "good", "strong")
STYLES = ("$error", "$warning", "$warning", "$success", "$success")


@dataclass(frozen=True, slots=True)
class Link:
    """The last that was heard of a hub; `heard_at` is by `clock`'s elapsed seconds.

    `speed` seconds of the premises go by in one of them, which in an exercise may be many.
    """

    rssi: int
    lqi: int
    clock: Clock
    heard_at: float
    send_failed: bool = False
    speed: float = 1.0

    @property
    def age(self) -> int:
        """Whole seconds since it was heard, by the clock of the person who waits."""
        return int(self.clock.elapsed() - self.heard_at)

    @property
    def is_old(self) -> bool:
        """Whether the bars say nothing about now any more."""
        return self.send_failed or self.age > OLD_SECONDS


def strength(rssi: int) -> int:
    """Return how many of the four bars a signal of `rssi` dBm fills, 0 to 4."""
    return sum(rssi >= step for step in STEPS_DBM)


def signal_bars(rssi: int) -> Content:
    """Return four bars: filled ones in the colour of their meaning, the rest as a track."""
    filled = strength(rssi)
    return Content.assemble((BARS[:filled], STYLES[filled]), ("▁" * (4 - filled), "$text-muted"))


def signal_text(rssi: int) -> Content:
    """Return bars and a word: `▂▄▆█ strong`."""
    level = strength(rssi)
    return Content.assemble(signal_bars(rssi), " ", (text(f"link.{NAMES[level]}"), STYLES[level]))


def link_bars(link: Link) -> Content:
    """Return the bars; grey and with a question mark once they are old or a send has failed."""
    if not link.is_old:
        return signal_bars(link.rssi)
    filled = strength(link.rssi)
    bars = BARS[:filled] + "▁" * (len(BARS) - filled)
    return Content.assemble((bars, "$text-muted"), (" ?", "bold $warning"))


def link_text(link: Link) -> Content:
    """Return bars and a word, and with bars that are old how old: `▂▄▆█ ? heard 40 s ago`."""
    if not link.is_old:
        return signal_text(link.rssi)
    return Content(" ").join((link_bars(link), Content.styled(link_age(link), "$text-muted")))


def link_age(link: Link) -> str:
    """Say how old it is, once that matters: `heard 40 s ago`, `heard 35 min ago`.

    By the clock of the premises, as of each Device and of the window.
    """
    if not link.is_old:
        return ""
    seconds = int((link.clock.elapsed() - link.heard_at) * link.speed)
    if seconds < IN_MINUTES:
        return text("link.heard_ago", seconds=seconds)
    return text("link.heard_minutes_ago", minutes=seconds // 60)
