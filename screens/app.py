"""The Textual app: themes, scanner gate, the status strip's facts, and what every screen can do."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.events import Event as TerminalEvent
from textual.events import InputEvent, Key
from textual.reactive import reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.widgets import Input

from hht.errors import HhtError
from hht.logs import log_unforeseen
from screens import themes
from screens.auto_upload import EVERY_SECONDS, AutoUpload
from screens.base import HhtScreen
from screens.context import HhtContext
from screens.home.screen import HomeScreen
from screens.lock.locking import LOOK_SECONDS, Locking
from screens.navigation import Navigation
from screens.scanner_gate import GAP_SECONDS, ScannerGate
from screens.service import VisitChanged, VisitService
from screens.shell import Place
from screens.widgets.clock import Deadline
from screens.widgets.status_strip import Status
from screens.widgets.timeline import MOST_LINES, TimelineEntry

if TYPE_CHECKING:
    from hht.events import Event
    from hht.journeys.events import ConnectionLost
    from hht.journeys.view import VisitView

KEY_NAMES = {"pageup": "PgUp", "pagedown": "PgDn", "escape": "Esc", "up": "↑", "down": "↓"}


class HhtApp(App[None]):
    """hht on the screen. Everything heavy happens behind `service`, in a thread of its own."""

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
        self.service = VisitService(context, self.post_message)
        self.gate = ScannerGate()
        self.auto_upload = AutoUpload(self)
        self.locking = Locking(self, self.service, self._is_on_the_han, self._start_over)
        self.navigation = Navigation(self, self.locking)
        self.lost: ConnectionLost | None = None
        self.log_of_visit: deque[TimelineEntry] = deque(maxlen=MOST_LINES)
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
        self.service.start()
        self.run_worker(self._every(LOOK_SECONDS, self.locking.look), group="clock")
        self.run_worker(self._every(EVERY_SECONDS, self.auto_upload.send), group="clock")
        self.auto_upload.send()

    async def _every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call again and again, by the app's clock, until the app ends."""
        while True:
            await self.context.clock.sleep(seconds)
            call()

    async def on_event(self, event: TerminalEvent) -> None:
        """Let every key through the scanner gate; everything else goes its way."""
        if isinstance(event, InputEvent):
            self.locking.touch()
        if isinstance(event, Key) and not event.is_forwarded:
            await self._gated(event)
        else:
            await super().on_event(event)

    async def _gated(self, key: Key) -> None:
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

    async def _release(self, key: Key) -> None:
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

    def on_visit_changed(self, changed: VisitChanged) -> None:
        """Take in how the visit stands, then tell what happened to those who follow it."""
        from hht.journeys import events

        self._note_loss(changed)
        self.view = changed.view
        if changed.event:
            self.keep_entry(changed.event)
            self.happened.publish(changed.event)
            if isinstance(changed.event, events.Left):
                self.auto_upload.send()

    def keep_entry(self, event: Event) -> None:
        """Add to the log of the visit what is worth a line there."""
        from screens.timeline_lines import entry_of

        moment = entry_of(event, self.context.clock.now().astimezone(), self.service.names)
        if moment:
            self.log_of_visit.append(moment)

    def _note_loss(self, changed: VisitChanged) -> None:
        """Keep in mind that the connection was lost, until there is one again."""
        from hht.journeys import events

        if changed.view.connected:
            self.lost = None
        elif isinstance(changed.event, events.ConnectionLost):
            self.lost = changed.event
            if isinstance(self.screen, HhtScreen) and not self.screen.SAYS_LOSS:
                words = f"✗ {self.lost.what}. Open the job to connect again."
                self.notify(words, severity="error")

    async def count_returns(self) -> None:
        """Bring the count of what is not yet returned up to date."""
        if self.status:
            self.status = replace(
                self.status, to_return=await self.service.queries.returns_waiting()
            )

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
            window=self._deadline(view.window_seconds_left),
            stay=self._deadline(view.residency_seconds_left),
            to_return=view.returns_waiting,
        )

    def _deadline(self, seconds: int | None) -> Deadline | None:
        return Deadline.after(seconds, self.service.speed, self.context.clock)

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

    def go(self, place: Place) -> None:
        """Open a screen by its name."""
        self.navigation.go(place)

    def show(self, screen: Screen[Any]) -> None:
        """Open a screen that needs more than its name."""
        self.push_screen(screen)

    def show_failure(self, error: HhtError, retry: Callable[[], object] | None = None) -> None:
        """Say what failed, what it means and what to do; try again if the engineer wants to."""
        self.navigation.show_failure(error, retry)

    @work(exclusive=True, group="job")
    async def open_job(self, job_id: int) -> None:
        """Open a job: its hub first, or its plan if the HHT is on the HAN already."""
        try:
            self.view = await self.service.visit(job_id)
        except HhtError as error:
            self.show_failure(error, retry=lambda: self.open_job(job_id))
        else:
            self.navigation.enter_job(self.view)

    @work(exclusive=True, group="debrief")
    async def open_debrief(self) -> None:
        """After an exercise, show what it was worth; after live work there is nothing to show."""
        try:
            told = await self.service.debrief()
        except HhtError as error:
            self.show_failure(error)
        else:
            if told:
                self.navigation.show_debrief(told)

    def _is_on_the_han(self) -> bool:
        return bool(self.view and self.view.connected)

    def _start_over(self) -> None:
        """Show nothing but the jobs, read anew."""
        self.navigation.home()
        if isinstance(self.screen, HomeScreen):
            self.screen.load()

    def action_help(self) -> None:
        """Say what this screen is for and what its keys do."""
        self.navigation.show_help()

    def action_lock(self) -> None:
        """Lock now."""
        self.locking.lock_now()

    def action_other_theme(self) -> None:
        """Change between sun and night, and remember it."""
        names = themes.NAMES
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        themes.remember(self.context.data_dir, self.theme)

    def _fatal_error(self) -> None:
        """Leave the traceback in the log; Textual's own shows every local variable."""
        error = sys.exc_info()[1]
        path = log_unforeseen(error) if error else None
        where = f"{path}: " if path else ""
        self.panic(f"hht: {where}hht failed in a way that nobody foresaw ({type(error).__name__}).")

    async def on_unmount(self) -> None:
        """End what was begun: the visit, the store, the simulated hub."""
        await self.service.close()
