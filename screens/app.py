"""The Textual app: its parts put together, and what is on show."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.events import Event as TerminalEvent
from textual.events import InputEvent, Key
from textual.reactive import reactive
from textual.screen import Screen
from textual.signal import Signal

from hht.errors import HhtError
from hht.texts import text
from screens.auto_upload import EVERY_SECONDS, AutoUpload
from screens.base import HhtScreen
from screens.context import HhtContext
from screens.ending.orderly import OrderlyApp
from screens.ending.quitting import Quitting
from screens.forms.failures import Failures
from screens.forms.remedies import Remedy
from screens.home.screen import HomeScreen
from screens.install.actions import InstallActions
from screens.keys.key_gate import KeyGate
from screens.lock.locking import LOOK_SECONDS, Locking
from screens.navigation import Navigation
from screens.paused import watch_pause
from screens.practise.aids import PracticeAids
from screens.practise.mode_switch import ModeSwitch
from screens.preferences import Preferences
from screens.queue.changes import QueueChanges
from screens.service.rounds import Rounds
from screens.service.visit_changed import VisitChanged
from screens.service.visit_service import VisitService
from screens.set_up.places import set_up_places
from screens.shell import Place
from screens.visit.actions import VisitActions
from screens.visit.news import VisitNews
from screens.visit.open_job import OpenJob
from screens.visit.questions import VisitQuestions
from screens.visit.radio_work import RadioWork, Work
from screens.widgets.status_line import Status

if TYPE_CHECKING:
    from textual.command import Provider

    from hht.events import Event
    from hht.journeys.view import VisitView


def _commands() -> type[Provider]:
    """Return what the palette offers; imported when it is first opened."""
    from screens.help.provider import CommandsProvider

    return CommandsProvider


class HhtApp(OrderlyApp):
    """hht on the screen. Everything heavy happens behind `service`, in a thread of its own."""

    CSS_PATH = ["app.tcss", "home/screen.tcss"]  # a default screen's own is not read
    TITLE = "hht"
    COMMANDS = {_commands}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]
    BINDINGS = [
        Binding("question_mark,f1", "help", "help"),
        Binding("f2", "other_theme", "theme", show=False),
        Binding("f3", "glance", "glance", show=False),
        Binding("f7", "hint", "hint", show=False),
        Binding("f8", "earlier", "earlier", show=False),
        Binding("ctrl+l", "lock", "lock", show=False, priority=True),  # from a form too
        Binding("ctrl+q", "quit", "quit", show=False, priority=True),
    ]

    status: reactive[Status | None] = reactive(None)
    view: reactive[VisitView | None] = reactive(None)
    work: reactive[Work | None] = reactive(None)
    is_opening: reactive[bool] = reactive(False)
    """Whether a job or an exercise is being opened, which may take seconds."""

    def __init__(self, context: HhtContext) -> None:
        super().__init__()
        self.context = context
        self.service = VisitService(context, self.post_message)
        self.keys = KeyGate(self, super().on_event, self.scan, context.pace.gap_seconds)
        self.auto_upload = AutoUpload(self)
        self.queue_changes = QueueChanges(self)
        self.navigation = Navigation(self, self._behind_lock)
        self.rounds = Rounds(self)
        self.preferences = Preferences(self, context.data_dir)
        attention = self.preferences.attention
        self.radio_work = RadioWork(self, context.clock, attention.call)
        self.locking = Locking(self, self.service, self.radio_work.is_on_the_han, self.navigation)
        asks, reconnect = VisitQuestions(self), partial(self.go, Place.RECONNECT)
        self.visit = VisitActions(self, asks, self.radio_work, reconnect)
        self.notes = InstallActions(self)
        self.news = VisitNews(self, attention, self.auto_upload.send)
        self.failures = Failures(
            self, self.locking, self.visit, lambda: self.view, lambda: self.news.step, self.go
        )
        self.job = OpenJob(self, self.navigation)
        self.mode_switch = ModeSwitch(self, self._take_up)
        self.aids = PracticeAids(self)
        self._without_screen: Mapping[Place, Callable[[], object]] = {
            **set_up_places(self),
            **self.preferences.places(),
            **self.aids.places(),
            Place.LIVE: self.mode_switch.back_to_live,
            Place.LOCK: self.locking.lock_now,
        }
        self.happened: Signal[Event] = Signal(self, "happened")
        self.status = Status(context.mode)
        self._quitting = Quitting(self)

    def get_default_screen(self) -> Screen[Any]:
        return HomeScreen()

    def on_mount(self) -> None:
        """Open the working thread; it imports nothing before it is asked something."""
        self.preferences.glove.put_on(self.screen)
        self.service.start()
        self.rounds.every(LOOK_SECONDS, self.locking.look)
        self.rounds.watch_clocks()
        self.run_worker(watch_pause(self, lambda: self.context), group="pause clock")
        self.rounds.every(EVERY_SECONDS, self.auto_upload.send)
        self.auto_upload.send()

    async def on_event(self, event: TerminalEvent) -> None:
        """Let every key through the key gate; everything else goes its way."""
        if isinstance(event, InputEvent):
            if not self.screen_stack:  # a key that was on its way when the app was closed
                return
            self.locking.touch()
        if isinstance(event, Key) and not event.is_forwarded:
            await self.keys.take(event)
        else:
            await super().on_event(event)

    def refuse_scan(self, label: str) -> None:
        """Say that the screen on show takes no label, and nothing of it: it may be a PIN."""
        self.notify(text("scan.answer_first"), severity="warning", everywhere=True)

    def on_visit_changed(self, changed: VisitChanged) -> None:
        """Show the state of the visit, then pass its event on to those who follow it."""
        if changed.source is not self.service:
            return
        self.news.note_loss(changed)
        self.news.note_dongle(changed)
        self.view = changed.view
        if changed.event:
            self.news.keep_entry(changed.event)
            self.happened.publish(changed.event)
            self.news.act_on(changed.event)

    async def count_returns(self) -> None:
        """Bring the count of what is not yet returned up to date."""
        if self.status:
            waiting = await self.service.queries.returns_waiting()
            self.status = replace(self.status, to_return=waiting)

    def watch_view(self, view: VisitView | None) -> None:
        """Bring the status line up to date with the visit."""
        if view is None:
            return
        from screens.visit.status import status_of

        speed, lost = self.service.speed, self.news.lost_on(view)
        self.status = status_of(self.context, view, speed, self.work, lost)

    def watch_work(self) -> None:
        """Work began or ended: the status line says so, and the screen offers other things."""
        self.watch_view(self.view)
        self.refresh_offer()

    def watch_is_opening(self) -> None:
        """Say what is waited for, and take no second Enter."""
        self.refresh_offer()

    def refresh_offer(self) -> None:
        """Have the screen on show offer what can be done now."""
        if self.screen_stack and isinstance(self.screen, HhtScreen):  # none while it is closing
            self.screen.refresh_offer()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Fill the palette with what an engineer does here, each with a sentence."""
        from screens.help.commands import system_commands

        return system_commands(self, screen)

    def action_command_palette(self) -> None:
        """Open the palette, but never over the lock screen."""
        if not self.locking.covered:
            self.navigation.show_palette()

    def _behind_lock(self, step: Callable[[], object]) -> None:
        self.locking.behind(step)

    def push_screen(self, *args: Any, **named: Any) -> Any:
        """Put a screen on show, or behind the lock screen until the PIN was right.

        Keys that were pressed before are not for it.
        """
        if self.locking.covered and args and not getattr(args[0], "OVER_LOCK", False):
            self.locking.behind(lambda: self.push_screen(*args, **named))
            return AwaitComplete()
        unasked = bool(args) and getattr(args[0], "COMES_UNASKED", False)
        self.keys.another_screen(self.context.pace.read_seconds if unasked else 0.0)
        if args and isinstance(args[0], Screen):
            self.preferences.glove.put_on(args[0])
        return super().push_screen(*args, **named)

    def pop_screen(self) -> Any:
        """Take a screen away; keys that were pressed before are not for the one below."""
        self.keys.another_screen()
        return super().pop_screen()

    def go(self, place: Place) -> None:
        """Open a screen by its name, or begin what has no screen of its own."""
        begin = self._without_screen.get(place)
        if begin:
            begin()
        else:
            self.navigation.go(place)

    def show(self, screen: Screen[Any]) -> None:
        """Open a screen that needs more than its name."""
        self.push_screen(screen)

    def ask(self, form: Screen[Any], answered: Callable[[Any], None]) -> None:
        """Put up a form; `answered` has what was chosen."""
        self.push_screen(form, answered)

    def show_help(self) -> None:
        """Explain what is on show and what its keys do."""
        self.navigation.show_help()

    def show_failure(
        self,
        error: HhtError,
        retry: Callable[[], object] | None = None,
        retry_as: Remedy = Remedy.RETRY,
        elsewhere: Callable[[], object] | None = None,
    ) -> None:
        """Say what failed and what it means, with what can be done about it."""
        training, fenced = self.context.exercise is not None, self.context.fence is not None
        self.failures.show(error, retry, retry_as, elsewhere, training=training, fenced=fenced)

    def _take_up(self, context: HhtContext) -> None:
        """Go on with this context as an app that has just been started."""
        self.context = context
        self.service = VisitService(context, self.post_message)
        self.locking.serve(self.service)
        self.visit.put_off.clear()
        self.news.forget()
        self.view = None
        self.status = Status(context.mode)
        self.service.start()
        self.rounds.watch_clocks()
        self.navigation.start_over()

    def action_help(self) -> None:
        """Explain what is on show and what its keys do."""
        self.show_help()

    def action_glance(self) -> None:
        """Show the state in large figures, over the screen on show."""
        self.navigation.glance()

    def action_hint(self) -> None:
        """Offer a hint of the exercise, with its price."""
        self.aids.hint()

    def action_earlier(self) -> None:
        """Offer the earlier steps of the exercise."""
        self.aids.go_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a hint and a way back in training alone; after its end a hint would only cost."""
        judged = getattr(self.screen, "debrief", None) if self.screen_stack else None
        is_over = action == "hint" and judged is not None and judged.is_over
        in_training = self.context.exercise is not None and not is_over
        return in_training if action in ("hint", "earlier") else True

    def action_lock(self) -> None:
        self.locking.lock_now()

    def action_other_theme(self) -> None:
        """Change between sun and night, and remember it."""
        self.preferences.change_theme()

    async def action_quit(self) -> None:
        """End the app; at the second time while a Local Command is under way."""
        self._quitting.quit()

    async def on_unmount(self) -> None:
        """End what was begun: the visit, the store, the simulated hub."""
        try:
            await self.service.close()
        except HhtError as error:  # no screen is left to say it on
            logging.getLogger("hht").warning("Not closed in order: %s", error)
