"""The two lines at the top of every screen: mode, hub, link, clocks, what is not returned yet."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from screens.context import ModeName
from screens.widgets.clock import Deadline, clock_text
from screens.widgets.row import fitted
from screens.widgets.signal import BARS, strength

GLYPHS: dict[ModeName, str] = {"live": "● LIVE", "training": "▲ TRAINING", "facility": "■ FACILITY"}


@dataclass(frozen=True, slots=True)
class Status:
    """What the strip shows. A clock that is None does not run; a count of None is not known yet."""

    mode: ModeName
    hub: str = ""
    connected: bool = False
    rssi: int | None = None
    lqi: int | None = None
    window: Deadline | None = None
    stay: Deadline | None = None
    to_return: int | None = None


class StatusStrip(Widget):
    """Always visible. The whole first line is in the mode's colour, with its word and its sign."""

    DEFAULT_CSS = """
    StatusStrip {
        dock: top; height: 2; background: $panel;
    }
    """

    status: reactive[Status | None] = reactive(None)

    def on_mount(self) -> None:
        """Follow the app's status, and let the clocks tick."""
        self.watch(self.app, "status", self._follow)
        self.set_interval(1, self.tick)

    def _follow(self, status: Status) -> None:
        """Take over what the app knows now."""
        self.status = status

    def tick(self) -> None:
        """Draw again if there is a clock that runs."""
        if self.status and (self.status.window or self.status.stay):
            self.refresh()

    def render(self) -> Content:
        """Draw both lines across the whole width."""
        if self.status is None:
            return Content("")
        width = self.size.width
        mode = self.status.mode
        first = fitted(Content(_first_line(self.status, width)), width)
        second = fitted(_second_line(self.status), width)
        painted = Content.styled(first.plain, f"bold $mode-{mode}-text on $mode-{mode}")
        return Content("\n").join((painted, second))


def _first_line(status: Status, width: int) -> str:
    """Mode at the left, hub and link at the right, in plain characters."""
    left = f" {GLYPHS[status.mode]} "
    right = f"{_hub_words(status, short=width < 60)} "
    return left + right.rjust(width - len(left))


def _hub_words(status: Status, *, short: bool) -> str:
    """The hub by its GPF Entity Identifier (its end, where there is little room), and the link."""
    if not status.hub:
        return "no hub"
    name = f"…{status.hub[-11:]}" if short else status.hub
    link = "connected" if status.connected else "not connected"
    if status.connected and status.rssi is not None:
        bars = BARS[: strength(status.rssi)].ljust(len(BARS), "▁")
        link = f"{bars} LQI {status.lqi}"
    return f"hub {name} {link}"


def _second_line(status: Status) -> Content:
    """Clocks, then the count of what is not yet returned."""
    count = "…" if status.to_return is None else str(status.to_return)
    style = "bold $warning" if status.to_return else "$text-muted"
    return Content.assemble(
        " ",
        clock_text("window", status.window, ended="closed"),
        "  ",
        clock_text("stay", status.stay, ended="over"),
        "  ",
        (f"↑ {count} to return", style),
    )
