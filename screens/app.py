"""The Textual app: themes, scanner gate, the status strip's facts, and what every screen can do."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.widgets import Input

from screens import themes
from screens.auto_upload import Sender
from screens.base import HhtScreen
from screens.context import HhtContext
from screens.home.screen import HomeScreen
from screens.navigation import Navigation
from screens.scanner_gate import GAP_SECONDS, ScannerGate
from screens.service import Desk, Moved
from screens.widgets.clock import Deadline
from screens.widgets.status_strip import Status
from screens.widgets.timeline import MOST_LINES, Moment

if TYPE_CHECKING:
    from hht.journeys.events import ConnectionLost, Event
    from hht.journeys.view import VisitView

TELL_LOSS = ("commission", "connect")  # screens that say themselves what became of it
KEY_NAMES = {"pageup": "PgUp", "pagedown": "PgDn", "escape": "Esc", "up": "↑", "down": "↓"}


class HhtApp(Navigation):
    """hht on the screen. Everything heavy happens behind `desk`, in a thread of its own."""

    CSS_PATH = "app.tcss"
    TITLE = "hht"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (110, "-wide")]
    BINDINGS = [
        Binding("f1", "help", "Help"),
        Binding("f2", "other_theme", "Sun or night", show=False),
        Binding("ctrl+l", "lock", "Lock", show=False),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),  # from a dialog too
    ]

    status: reactive[Status | None] = reactive(None)
    view: reactive[VisitView | None] = reactive(None)

    def __init__(self, context: HhtContext) -> None:
        super().__init__()
        self.context = context
        self.desk = Desk(context, self.post_message)
        self.gate = ScannerGate()
        self.sender = Sender(self)
        self.lost: ConnectionLost | None = None
        self.log_of_visit: deque[Moment] = deque(maxlen=MOST_LINES)
        self.happened: Signal[Event] = Signal(self, "happened")
        self.status = Status(context.mode)
        for theme in themes.load_themes():
            self.register_theme(theme)
        self.theme = themes.remembered(context.data_dir)

    def get_default_screen(self) -> Screen[Any]:
        """Start with the jobs."""
        return HomeScreen()

    def on_mount(self) -> None:
        """Open the working thread; it imports nothing before it is asked something."""
        self.desk.start()
        self.sender.start()

    async def on_event(self, event: events.Event) -> None:
        """Let every key through the scanner gate; everything else goes its way."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._gated(event)
        else:
            await super().on_event(event)

    async def _gated(self, key: events.Key) -> None:
        """Deliver the keys that are fingers', and a label when one is complete."""
        passing, label = self.gate.take(key)
        for each in passing:
            await super().on_event(each)
        if label:
            self._scanned(label)
        elif self.gate.is_last(key):
            # Not set_timer: a busy loop makes it skip its one tick. And by way of the queue, so
            # that keys which came while the loop was busy are looked at first.
            loop = asyncio.get_running_loop()
            loop.call_later(GAP_SECONDS, self.call_later, self._release, key)

    async def _release(self, key: events.Key) -> None:
        """Nothing followed in time: what was held is fingers' after all."""
        if self.gate.is_last(key):
            for each in self.gate.release():
                await super().on_event(each)

    def _scanned(self, label: str) -> None:
        """Give the label to the screen on show."""
        if isinstance(self.screen, HhtScreen):
            self.screen.scanned(label)
        elif isinstance(self.focused, Input):
            self.focused.value = label

    def on_moved(self, moved: Moved) -> None:
        """Take in how the visit stands, then tell what happened to those who follow it."""
        self._note_loss(moved)
        self.view = moved.view
        if moved.event:
            self.keep_moment(moved.event)
            self.happened.publish(moved.event)
            if moved.event.name == "left":
                self.sender.send()

    def keep_moment(self, event: Event) -> None:
        """Add to the log of the visit what is worth a line there."""
        from screens.timeline_lines import moment_of

        moment = moment_of(event, datetime.now(), self.desk.names)
        if moment:
            self.log_of_visit.append(moment)

    def _note_loss(self, moved: Moved) -> None:
        """Keep in mind that the connection was lost, until there is one again."""
        if moved.view.connected:
            self.lost = None
        elif moved.event and moved.event.name == "connection_lost":
            self.lost = cast("ConnectionLost", moved.event)
            if isinstance(self.screen, HhtScreen) and self.screen.HELP not in TELL_LOSS:
                words = f"✗ {self.lost.what}. Open the job to connect again."
                self.notify(words, severity="error")

    async def count_returns(self) -> None:
        """Bring the count of what is not yet returned up to date."""
        if self.status:
            self.status = replace(self.status, to_return=await self.desk.records.returns_waiting())

    def watch_view(self, view: VisitView | None) -> None:
        """Bring the strip up to date with the visit."""
        if view is None or self.status is None:
            return
        self.status = replace(
            self.status,
            hub=str(view.hub or ""),
            connected=view.connected,
            rssi=view.rssi,
            lqi=view.lqi,
            window=Deadline.after(view.window_seconds_left, self.desk.speed),
            stay=Deadline.after(view.residency_seconds_left, self.desk.speed),
            to_return=view.returns_waiting,
        )

    def get_key_display(self, binding: Binding) -> str:
        """Write keys as they are printed on the keyboard."""
        key = binding.key
        if key.startswith("ctrl+"):
            return f"Ctrl+{key[5:].upper()}"
        return key.upper() if len(key) == 1 else KEY_NAMES.get(key, key.capitalize())

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Fill the palette from the same keys that the bar and F1 are made from."""
        seen: set[str] = set()
        for active in screen.active_bindings.values():
            words, action = active.binding.description, active.binding.action
            if words and active.enabled and action not in seen:
                seen.add(action)
                key = self.get_key_display(active.binding)
                yield SystemCommand(words, f"key {key}", self._runner(action, active.node))

    def _runner(self, action: str, node: Any) -> Any:
        """Make the palette's callback for an action of some widget."""

        async def run() -> None:
            await self.run_action(action, node)

        return run

    def action_help(self) -> None:
        """Say what this screen is for and what its keys do."""
        from screens.help.screen import HelpScreen

        section = self.screen.HELP if isinstance(self.screen, HhtScreen) else ""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(section, self.screen.active_bindings))

    def action_other_theme(self) -> None:
        """Change between sun and night, and remember it."""
        names = themes.NAMES
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        themes.remember(self.context.data_dir, self.theme)

    async def on_unmount(self) -> None:
        """End what was begun: the visit, the store, the simulated hub."""
        await self.desk.close()
