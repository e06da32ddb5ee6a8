"""What every screen has: status line, stepper, action bar, keys, digits for rows, labels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from hht.errors import HhtError
from hht.texts import text
from screens.keys.scanner_gate import shown
from screens.once import DismissedOnce
from screens.shell import Place
from screens.visit.radio_work import Work, WorkKind
from screens.widgets.action_bar import ActionBar, Offer
from screens.widgets.key_line import KeyLine
from screens.widgets.numbered_list import DIGITS, NumberedList
from screens.widgets.status_line import StatusLine
from screens.widgets.stepper import Progress, Stage, Stepper

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from screens.service.visit_service import VisitService
    from screens.shell import Shell


MORE = Binding("m", "more", "more", show=False)
"""For a screen of the job: a dongle that broke on site, the gateway or the lock are behind it."""


class HhtScreen(DismissedOnce, Screen[None]):
    """A full screen; `body` is what differs between them, and `offer` what Enter does."""

    HELP: ClassVar[str] = ""
    """The screen's section in the help texts."""

    STAGE: ClassVar[Stage] = Stage.JOB
    """Where in the job the screen belongs."""

    COMES_BACK: ClassVar[Place | None] = None
    """Where work goes on after a way to the hub that began here; None for the plan."""

    AUTO_FOCUS = "NumberedList"
    BINDINGS = [
        Binding("escape", "back", show=False),
        Binding("slash,g,ctrl+o", "search", "search", show=False),
    ]
    sought = ""
    """What was searched for last."""

    _has_begun = False

    def body(self) -> ComposeResult:
        """Return what is between the stepper and the action bar."""
        raise NotImplementedError

    def offer(self) -> Offer:
        """Return the one main action as things are."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Yield status, place, body, main action, keys."""
        self.take_breakpoints()
        yield StatusLine()
        yield Stepper()
        yield from self.body()
        yield ActionBar()
        yield KeyLine()

    @property
    def shell(self) -> Shell:
        """The app, as far as a screen knows it."""
        return cast("Shell", self.app)

    @property
    def service(self) -> VisitService:
        """Where everything behind the screens is asked for."""
        return self.shell.service

    @property
    def is_whole(self) -> bool:
        """Whether it is put together and not closed: news before or after that is not for it."""
        if not self._has_begun or self not in self.app.screen_stack:
            return False
        # Asked at every change of anything that is followed: its own children alone are looked at.
        return any(isinstance(each, ActionBar) for each in self.children)

    def follow_app(self, name: str, call: Callable[[Any], object]) -> None:
        """Call with a value of the app now and at each change, while this screen is there."""

        def changed(value: Any) -> None:
            if self.is_whole:
                call(value)

        self.watch(self.app, name, changed)

    def load_and_follow(self, load: Callable[[VisitView], Coroutine[Any, Any, None]]) -> None:
        """Load what is shown of the visit now, and at each change; what fails is shown."""

        self.await_rows()

        def changed(view: VisitView | None) -> None:
            if view:
                self._load_or_say(partial(load, view), "load")

        self.follow_app("view", changed)

    def await_rows(self) -> None:
        """Have each list say that it is being read: that there is nothing is not known yet."""
        for rows in self.query(NumberedList):
            rows.awaited = text("list.reading")

    def say_not_read(self, error: HhtError, retry: Callable[[], object] | None = None) -> None:
        """Show why rows could not be read, and say so in each list that still waits for them."""
        if self.is_whole:
            for rows in self.query(NumberedList):
                if rows.awaited:
                    rows.awaited = text("list.not_read")
                    rows.refresh()
            self.refresh_offer()
        self.shell.show_failure(error, retry)

    def look(self) -> None:
        """Have the visit's view brought up to date: a clock in it has moved on."""
        self._load_or_say(self.service.look, "look")

    def _load_or_say(self, load: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
        async def loaded() -> None:
            try:
                await load()
            except HhtError as error:
                self.say_not_read(error)

        # Called by its worker: a coroutine whose worker is cancelled before it began is lost.
        work: Callable[[], Awaitable[None]] = loaded
        self.run_worker(work, group=group, exclusive=True)

    def opened(self) -> None:
        """Begin: everything of `body` is there. A screen closed at once is never begun."""

    def refresh_offer(self) -> None:
        """Offer what can be done now; called whenever that may have changed."""
        if self.is_whole:
            self.query_one(ActionBar).offer(self.offer())
            self.refresh_bindings()

    def on_mount(self) -> None:
        """Begin, show the stage, and follow the visit."""
        self._has_begun = True  # what is in a container is mounted after the action bar
        if not self.is_whole:
            return
        for rows in self.query(NumberedList):
            rows.hint = text("list.search")
        self.opened()
        self.follow_app("view", self._show_progress)
        self.refresh_offer()

    def on_screen_resume(self) -> None:
        """Offer what can be done now: the screen before this one may have changed that."""
        self.refresh_offer()

    def _show_progress(self, view: Any) -> None:
        here = Progress(self.stage) if view is None else self.progress(view)
        self.query_one(Stepper).progress = here

    @property
    def stage(self) -> Stage:
        """Where in the job this one belongs."""
        return self.STAGE

    def progress(self, view: VisitView) -> Progress:
        """Return the place in the job that this screen is at."""
        from screens.visit.status import progress_of

        return progress_of(self.stage, view)

    @property
    def work_in_hand(self) -> Work | None:
        """What the radio is at, but for a survey: that is stopped for what Enter does here."""
        work = self.shell.work
        return None if work is None or work.kind is WorkKind.SURVEY else work

    def unless_surveying(self, offer: Offer) -> Offer:
        """Return an offer; to stop a survey first while one goes on behind this screen."""
        if self.shell.work is None or self.work_in_hand:
            return offer
        words = text("action.end_survey", then=offer.words)
        return Offer(words, f"end_survey('{offer.action}')")

    def action_end_survey(self, then: str) -> None:
        """Stop the survey that goes on behind this screen, then do what it kept from being done."""
        self.shell.visit.stop(then=partial(self._go_on_with, then))

    async def _go_on_with(self, action: str) -> None:
        if action and self.is_active:
            await self.run_action(action)

    async def action_main(self) -> None:
        """Do what the action bar offers."""
        if action := self.query_one(ActionBar).offered.action:
            await self.run_action(action)

    def action_back(self) -> None:
        """Go one step back; work that is under way goes on."""
        if self.is_active:
            self.dismiss()

    async def on_key(self, event: events.Key) -> None:
        """Enter does the main action, a digit opens the row with that number.

        Neither does what was not yet on offer when it was pressed: a key may come twice.
        """
        if event.time < self.query_one(ActionBar).offered_at:
            return
        if event.key == "enter":
            event.stop()  # else it goes on to the field of a form that it opens, and submits that
            await self.action_main()
        elif event.character and event.character in DIGITS:
            for rows in self.query(NumberedList):
                if rows.display and rows.pick(int(event.character)):
                    event.stop()
                    return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to read where there are rows, to search where there may be some in a moment."""
        lists = self.query(NumberedList)
        if action == "read":
            return any(rows.total for rows in lists)
        return bool(lists) if action == "search" else True

    def action_more(self) -> None:
        """See what is wanted now and then."""
        self.shell.go(Place.MORE)

    def action_search(self) -> None:
        """Go to the next row with some words, or to the row with a number."""
        from screens.forms.typed import TypedScreen

        if self.query(NumberedList):  # rows that are still read come while the words are typed
            form = TypedScreen(text("search.which"), self.sought, text("search.placeholder"))
            self.shell.ask(form, self._seek)

    def _seek(self, words: str | None) -> None:
        if not words or not self.is_whole:
            return
        self.sought = words
        if not self.query(NumberedList).first().find(words):
            self.notify(text("search.none", words=words), severity="warning")

    def scanned(self, label: str) -> None:
        """Take a scanned label; screens that want one know better."""
        self.notify(text("scan.not_asked_for", label=shown(label)), severity="warning")

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text that no field wanted as scanned."""
        take = self.scanned if self.is_whole else self.shell.scan
        take(event.text.strip())
