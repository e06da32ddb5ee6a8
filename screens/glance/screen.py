"""The glance view: how far it is, what is waited for, link and window, large; one action."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from hht.store.command_states import is_in_doubt, is_settled
from hht.texts import text
from screens.base import HhtScreen
from screens.glance.big_text import BigText
from screens.stylesheets import css_beside
from screens.visit.radio_work import WorkKind, work_words
from screens.widgets.action_bar import Offer
from screens.widgets.link import link_text
from screens.widgets.stepper import Progress

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from screens.widgets.status_line import Status

STAYS = ("deliver_next", "scan", "again", "connect_this", "reconnect", "begin")
"""Actions that show nothing of their own: the glance view stays over them."""


class GlanceScreen(HhtScreen):
    """A screen over another one, where Enter does what it does there."""

    CSS_PATH = css_beside(__file__)
    HELP = "glance"
    AUTO_FOCUS = ""
    BINDINGS = [Binding("f3", "back", "glance", show=False), Binding("c", "stop", "stop")]

    def __init__(self, below: HhtScreen) -> None:
        super().__init__()
        self.below = below
        self._status: Status | None = None

    def body(self) -> ComposeResult:
        """Yield the count, what goes on, and how the hub is heard."""
        with Vertical():
            yield BigText(id="count")
            yield Static(id="now")
            yield Static(id="link")

    def opened(self) -> None:
        """Follow the visit, and count the seconds."""
        self.follow_app("view", self._draw)
        self.follow_app("status", self._draw_link)
        self.follow_app("work", lambda _: self._draw(self.shell.view))
        self.set_interval(1, self._tick)

    def progress(self, view: VisitView) -> Progress:
        """Return the place of the screen below."""
        return self.below.progress(view)

    def _draw(self, view: VisitView | None) -> None:
        """Bring everything up to date."""
        if not self.is_whole:
            return
        states = [row.state for row in view.commands] if view else []
        settled = sum(map(is_settled, states))
        self.query_one(BigText).show(f"{settled}/{len(states)}" if states else "")
        self.query_one("#now", Static).update(self._now(view))
        self.refresh_offer()

    def _draw_link(self, status: Status | None) -> None:
        """Show how the hub is heard, as sure as the status line does."""
        self._status = status
        link = status.link if status and status.connected else None
        self.query_one("#link", Static).update(link_text(link) if link else Content(""))

    def _tick(self) -> None:
        """Count the seconds of what is under way, and since the hub was heard."""
        self._draw(self.shell.view)
        if self.is_whole:
            self._draw_link(self._status)

    def _now(self, view: VisitView | None) -> Content:
        """Return what is waited for and for how long, else what needs the engineer."""
        work = self.shell.work
        if work:
            now = self.shell.context.clock.elapsed()
            delivers = work.kind is WorkKind.DELIVER
            words = self.below.offer().words if delivers else ""
            return Content(words or work_words(work, now))
        if view is None:
            return Content.styled(text("glance.no_job"), "$text-muted")
        doubts = sum(is_in_doubt(row.state) for row in view.commands)
        if doubts:
            return Content.styled("? " + text("home.doubts", count=doubts), "bold $warning")
        return Content("")

    def offer(self) -> Offer:
        """Offer what the screen below offers, beside it only what is said of a stop."""
        below = self.below.offer()
        return below if self.shell.work or self._may_stop else replace(below, aside="")

    @property
    def _may_stop(self) -> bool:
        return hasattr(self.below, "action_stop") and bool(self.below.check_action("stop", ()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stop what is under way where the screen below can."""
        return self._may_stop if action == "stop" else True

    async def action_stop(self) -> None:
        """Stop it there, and stay."""
        await self.below.run_action("stop")
        self.refresh_offer()

    async def action_main(self) -> None:
        """Do it there; what opens something of its own is looked at there, too."""
        action = self.offer().action
        if action and action.partition("(")[0] not in STAYS:
            self.action_back()
        if action:
            await self.below.run_action(action)
