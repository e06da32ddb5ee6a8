"""The line at the top of every screen: mode, hub and link, clocks, what is not returned yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from hht.texts import text
from screens.context import ModeName
from screens.widgets.clock import Certainty, Countdown, countdown_text
from screens.widgets.link import Link, link_age, link_bars
from screens.widgets.row import fitted, spread

GLYPHS: dict[ModeName, str] = {"live": "●", "training": "▲", "facility": "■"}


SMALLEST = (53, 20)
"""Columns and rows of the smallest terminal on which everything fits."""
ALARM_INDENT = 3  # cells of the sign before what is wrong
NO_CLOCK = Countdown()
GAP = 2  # cells between the hub and the clocks
HUB_LOSS = (0, 1, 2, 3, 6, 8, 9, 16)  # by form, as CLOCK_LOSS
CLOCK_LOSS = (0, 2, 7)
"""What each shorter form leaves out, weighed: the form that loses least and fits is drawn."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the line shows. A count of None is not known yet.

    `hub` is its GPF Entity Identifier; `work` is a sign and a short word on work that goes on
    elsewhere; where nothing `needs_hub` any more its window may close; `alarm` is the second line,
    which is there only while something is wrong; `doubt` is in its place where nothing else is.
    """

    mode: ModeName
    hub: str = ""
    connected: bool = False
    link: Link | None = None
    window: Countdown = NO_CLOCK
    has_window: bool = True
    needs_hub: bool = True
    stay: Countdown = NO_CLOCK
    to_return: int | None = None
    work: str = ""
    alarm: str = ""
    doubt: str = ""


class StatusLine(Widget):
    """Always visible. The mode is at the left on a ground of its own colour."""

    DEFAULT_CSS = """
    StatusLine {
        dock: top; height: auto; background: $panel;
    }
    """

    status: reactive[Status | None] = reactive(None, layout=True)

    _drawn = Content("")

    def on_mount(self) -> None:
        """Follow the app's status, and let the clocks tick."""
        self.watch(self.app, "status", self._follow)
        self.set_interval(1, self.tick)

    def _follow(self, status: Status) -> None:
        self.status = status

    def tick(self) -> None:
        """Draw what has changed, with the line below where a clock has become short meanwhile."""
        if self.get_content_height() != self.size.height:
            self.refresh(layout=True)
        elif not self._drawn.is_same(self._lines()):
            self.refresh()

    def get_content_height(self, *_: object) -> int:
        """Return one line; more while something is wrong or a clock is short."""
        return 1 + len(self._alarm_lines(self.app.size.width))

    def _alarm_lines(self, width: int) -> list[Content]:
        """Wrap what is wrong, on as few lines as will do: it is the reason that one acts on."""
        alarm = self._alarm() if self.status else Content("")
        if not alarm or width < 1:
            return []
        if alarm.cell_length <= width:
            return [alarm]
        first, *others = alarm.wrap(width)
        rest = Content(" " * ALARM_INDENT) + Content(" ").join(others)
        return [first, fitted(rest, width)]

    def _alarm(self) -> Content:
        """Return the second line: that the terminal is too small, before all else that is wrong."""
        size = self.app.size
        if size.width < SMALLEST[0] or size.height < SMALLEST[1]:
            words = text("status.too_small", columns=SMALLEST[0], rows=SMALLEST[1])
            return Content.styled(f" ! {words}", "bold $warning")
        return alarm_of(self.status) if self.status else Content("")

    def render(self) -> Content:
        """Draw the line in the longest form that fits, and the alarm below it."""
        self._drawn = self._lines()
        return self._drawn

    def _lines(self) -> Content:
        if self.status is None:
            return Content("")
        width = self.size.width
        lines = [first_line(self.status, width), *self._alarm_lines(width)]
        return Content("\n").join(lines)


def first_line(status: Status, width: int) -> Content:
    """Return the longest of the forms that fits into `width` cells."""
    block = f" {GLYPHS[status.mode]} {text(f'status.{status.mode}')} "
    mode = Content.styled(block, f"bold $mode-{status.mode}-text on $mode-{status.mode}")
    room = width - mode.cell_length - 1
    hubs, clocks = list(_hubs(status)), list(_clocks(status))
    by_loss = sorted(
        product(range(len(hubs)), range(len(clocks))),
        key=lambda form: HUB_LOSS[form[0]] + CLOCK_LOSS[form[1]],
    )
    for hub, clock in by_loss:
        if hubs[hub].cell_length + GAP + clocks[clock].cell_length <= room:
            break
    return mode + Content(" ") + spread(hubs[hub], clocks[clock], room)


def _hubs(status: Status) -> Iterator[Content]:
    """List the forms of hub and link, the longest first."""
    if not status.hub:
        yield Content(status.work or text("status.no_hub"))
        return
    where = text("status.on_han" if status.connected else "status.not_on_han")
    bars = link_bars(status.link) if status.link and status.connected else Content("")
    age = link_age(status.link) if status.link and status.connected else ""
    full, short = f"{text('status.hub')} {status.hub}", f"…{status.hub[-5:]}"
    forms: tuple[list[Content | str], ...] = (
        [full, where, bars, age, status.work],
        [full, where, bars, status.work],
        [short, where, bars, age, status.work],
        [short, where, bars, status.work],
        [short, bars, status.work] if status.connected else [short, where, status.work],
        [short, bars, status.work],
        [short, bars, status.work[:1]],
        [short, bars],
    )
    for words in forms:
        yield Content(" ").join([word for word in words if word])


def _clocks(status: Status) -> Iterator[Content]:
    """List the forms of clocks and count, the longest first."""
    count = "…" if status.to_return is None else str(status.to_return)
    arrow = Content.styled(f"↑{count}", "bold $warning" if status.to_return else "$text-muted")
    window = countdown_text(status.window) if status.has_window else Content("")
    stay = countdown_text(status.stay) if status.stay.deadline else Content("")
    named = Content.assemble((text("status.window") + " ", "$text-muted"), window)
    stays = Content.assemble((text("status.stay") + " ", "$text-muted"), stay)
    named, stays = named if window else window, stays if stay else stay
    for parts in ([named, stays, arrow], [named, stay, arrow], [window, stay, arrow]):
        yield Content("  " if parts[1] is stays and stay else " ").join(
            [part for part in parts if part]
        )


def alarm_of(status: Status) -> Content:
    """Return the second line: what is wrong, or the clock that is short."""
    if status.alarm:
        return Content.styled(f" ✗ {status.alarm}", "bold $error")
    is_window_needed = status.needs_hub and status.has_window and not status.connected
    if is_window_needed and _runs_out(status.window):
        left = countdown_text(status.window)
        return Content.assemble((" ! ", "bold $warning"), text("status.window_short"), " ", left)
    if status.connected and _runs_out(status.stay):
        left = countdown_text(status.stay)
        return Content.assemble((" ! ", "bold $warning"), text("status.stay_short"), " ", left)
    if status.doubt:
        return Content.assemble((" ! ", "bold $warning"), (status.doubt, "$warning"))
    return Content("")


def _runs_out(countdown: Countdown) -> bool:
    """Return whether a clock is short, and not over yet."""
    is_over = countdown.certainty is Certainty.CLOSED or not countdown.seconds_left
    return countdown.is_short and not is_over
