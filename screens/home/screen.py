"""The home screen: the jobs on this handheld, or what to begin with where there is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from hht.texts import text
from screens.base import HhtScreen
from screens.keys.scanner_gate import shown
from screens.shell import Place
from screens.widgets.action_bar import Offer
from screens.widgets.hung_lines import HungLines
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row, entry_rows
from screens.widgets.titled import TitledText

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.store.doctor import Readiness
    from screens.service.lookups import JobLine

WAYS = (
    ("▌", "home.here"),
    ("T", "key.to_return"),
    ("I", "key.inspect"),
    ("P", "key.practise"),
    ("M", "home.set_up"),
    ("?", "key.help"),
)
"""Where one is, and where one goes from here, each with its key."""
BOTH_ROWS = 30  # from here a job's card with seven Devices and what is ready fit over each other
LAUNCH_PAD = (Place.IMPORT, Place.PRACTISE, Place.DONGLE)


class HomeScreen(HhtScreen):
    """Everything starts here; the first paint needs nothing but this module and Textual."""

    HELP = "home"
    BINDINGS = [
        Binding("t", "go('queue')", "to_return"),
        Binding("i", "go('inspector')", "inspect"),
        Binding("m", "more", "more"),
        Binding("p", "go('practise')", "practise", show=False),
        Binding("u", "reload", "reload", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[JobLine] = []
        self.briefing = ""
        self.goes_on = False
        self.trouble = ""
        self._is_loading = False
        self._is_failed = False
        self._was_read = False

    def body(self) -> ComposeResult:
        """Yield the jobs; beside them, where there is room, the ways on and the one under the
        cursor."""
        with Horizontal():
            yield HungLines(title=text("home.ways"), id="ways")
            yield NumberedList(title=text("home.jobs"), empty=text("home.opening"), id="jobs")
            with Vertical(classes="side"):
                yield HungLines(indent=0, id="side")
                yield TitledText(title=text("ready.title"), id="ready")
        yield Static(id="notes", classes="note")

    def opened(self) -> None:
        """Open the store once the screen has been painted."""
        self.query_one("#ways", HungLines).set_lines(
            Content.assemble((f"{key} ", "bold $accent"), text(name)) for key, name in WAYS
        )
        self.follow_app("view", self._follow_work)
        self.call_after_refresh(self.load)

    def _follow_work(self, view: VisitView | None) -> None:
        """Show how far the open job is while its delivery goes on behind this screen."""
        if view is None or not self.jobs:
            return
        states = tuple(row.state for row in view.commands)
        jobs = [replace(j, states=states) if j.id == view.job_id else j for j in self.jobs]
        if self._with_visit(jobs) != self.jobs:
            self._show(jobs, None)

    def _with_visit(self, jobs: list[JobLine]) -> list[JobLine]:
        """Add to the open job what is left to do when its Local Commands are done."""
        from screens.home.text import left_to_do

        if (view := self.shell.view) is None:
            return jobs
        left = left_to_do(view)
        return [replace(j, left_to_do=left) if j.id == view.job_id else j for j in jobs]

    def on_screen_resume(self) -> None:
        """Read the jobs again after another screen: things have moved on."""
        if self._was_read:
            self.load()

    def forget(self) -> None:
        """Show no job any more, until they are read again."""
        self.jobs, self.briefing, self.trouble, self._was_read = [], "", "", False
        self.query_one(NumberedList).set_rows(())
        self.query_one("#side", HungLines).set_lines(())
        self.query_one("#ready", TitledText).update("")
        self.query_one("#notes", Static).update("")

    def start_over(self) -> None:
        """Begin as when the app was started: it has another data folder or mode now."""
        self.workers.cancel_group(self, "load")
        self.forget()
        self.query_one(NumberedList).empty = text("home.opening")
        self._is_loading = False
        self.refresh_offer()
        self.load()

    def load(self) -> None:
        """Read the jobs and the count of what is not yet returned, unless that is under way."""
        if not self._is_loading:
            self._is_loading, self._is_failed = True, False
            self.refresh_offer()
            self.run_worker(self._load(), group="load")

    async def _load(self) -> None:
        try:
            jobs = await self.service.queries.jobs()
            self.trouble = await self.service.queries.trail_trouble()
            own = await self.service.exercise.own_job()
            if own and own not in [each.id for each in jobs]:  # added now: the PIN came before it
                jobs = await self.service.queries.jobs()
            ready = await self.service.queries.readiness()
            lacks_identity = await self.service.identity.is_lacking()
            await self.shell.count_returns()
            _, self.briefing = await self.service.exercise.briefing()
            self.goes_on = await self.service.exercise.goes_on()
        except HhtError as error:
            if self.is_whole:
                self.query_one(NumberedList).empty = text("home.not_opened")
                self.query_one(NumberedList).set_rows(())
            self._is_failed, self._was_read = True, bool(self.jobs)
            self.refresh_offer()
            self.shell.show_failure(error, retry=self.load)
        else:
            self._show(jobs, own)
            self._show_ready(ready, lacks_identity=lacks_identity)
        finally:
            self._is_loading = False

    def _show(self, jobs: list[JobLine], own: int | None) -> None:
        """Show the jobs; the cursor begins on the exercise's own."""
        if not self.is_whole:  # the app is being closed
            return
        from screens.home.text import job_row  # needs the store: only after the first paint

        self._was_read = True
        first, jobs = not self.jobs, self._with_visit(jobs)
        self.jobs = jobs
        now = self.shell.context.clock.now()
        rows = self.query_one(NumberedList)
        job_rows = [job_row(n, line, now) for n, line in enumerate(jobs, 1)]
        rows.set_rows(job_rows or entry_rows("launch", LAUNCH_PAD))
        rows.set_title(
            text("home.jobs") if jobs else text("home.begin"),
            text("home.job_count", count=len(jobs)) if jobs else "",
        )
        if first:
            rows.highlight(own)
        self._show_notes()
        self.refresh_offer()

    def _show_ready(self, ready: Readiness, *, lacks_identity: bool) -> None:
        """Say, where there is room, what is in order before one leaves for the job."""
        if not self.is_whole:
            return
        from screens.home.text import ready_text

        words = ready_text(ready, self.shell.context, lacks_identity=lacks_identity)
        self.query_one("#ready", TitledText).update(words)

    def _show_notes(self) -> None:
        """Say what is wrong with the data, what the exercise is about, and where the dongle is."""
        from screens.home.text import dongle_words, trouble_words

        dongle = dongle_words(self.shell.context)
        if self.shell.context.exercise:
            dongle = "" if self.goes_on else text("home.simulated_dongle")
        goes_on = text("home.goes_on") if self.goes_on else ""
        notes = [
            trouble_words(self.trouble),
            Content.styled(goes_on, "bold"),
            Content(" ".join(self.briefing.split())),
            Content.styled(dongle, "$text-muted"),
        ]
        self.query_one("#notes", Static).update(Content("\n").join(filter(None, notes)))

    def offer(self) -> Offer:
        """Open what is under the cursor."""
        row = self.query_one(NumberedList).current
        line = self._line(row.key) if row else None
        if self.shell.is_opening and line:
            return Offer(text("action.opening_job", job=line.reference))
        if row is None and self._is_failed:
            return Offer(text("action.read_again"), "reload")
        if row is None:
            return Offer(text("action.opening"))
        if line is None:
            return Offer(text(f"action.{row.key}"), "open")
        from screens.home.text import job_action

        return Offer(job_action(line), "open")

    def _line(self, key: object) -> JobLine | None:
        return next((line for line in self.jobs if line.id == key), None)

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Open a job, or begin with something."""
        self._open(event.row)

    def action_open(self) -> None:
        """Open what is under the cursor."""
        row = self.query_one(NumberedList).current
        if row:
            self._open(row)

    def _open(self, row: Row) -> None:
        if isinstance(row.key, Place):
            self.shell.go(row.key)
        elif line := self._line(row.key):
            self.shell.job.open(line.id)

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Show the job under the cursor, where there is room."""
        self._show_side()
        self._make_room()
        self.refresh_offer()

    def _show_side(self) -> None:
        row = self.query_one(NumberedList).current
        line = self._line(row.key) if row else None
        if line and self.query_one(".side").display:
            work: Callable[[], Awaitable[None]] = partial(self._describe, line)
            self.run_worker(work, group="side", exclusive=True)

    async def _describe(self, line: JobLine) -> None:
        """Read how a job's Local Commands have turned out, and show the job in the side."""
        from screens.forms.remedies import in_a_line
        from screens.home.text import side_text

        side = self.query_one("#side", HungLines)
        try:
            turned_out = await self.service.queries.turned_out(line.id)
        except HhtError as error:
            side.set_lines([Content(in_a_line(error))])
            return
        # It may be forgotten meanwhile, as when the handheld was locked.
        if self.is_whole and self._line(line.id):
            side.set_title(line.reference)
            words = side_text(line, self.shell.context.clock.now(), turned_out)
            side.set_lines(words.split(allow_blank=True))

    def on_resize(self) -> None:
        """Share out the height that there is now."""
        self._make_room()

    def _make_room(self) -> None:
        """Leave the card of a job with Devices all the lines of a low terminal."""
        row = self.query_one(NumberedList).current
        line = self._line(row.key) if row else None
        is_long = line is not None and bool(line.devices)
        self.query_one("#ready").display = self.size.height >= BOTH_ROWS or not is_long

    def scanned(self, label: str) -> None:
        """Find the job of a scanned label: of several the newest with something left to do."""
        from hht.label import read_label

        read = read_label(label)
        meant = [line for line in self.jobs if line.is_meant_by(read)]
        if not meant:
            self.notify(text("home.no_job_for", label=shown(label)), severity="warning")
            return
        line = next((line for line in meant if line.is_open), meant[0])
        self.query_one(NumberedList).highlight(line.id)
        name = "home.jobs_for" if len(meant) > 1 else "home.job_for"
        self.notify(text(name, count=len(meant), job=line.reference))

    def action_reload(self) -> None:
        """Read the jobs again."""
        self.load()

    def action_go(self, place: str) -> None:
        """Open another screen."""
        self.shell.go(Place(place))

    def action_back(self) -> None:
        """Do nothing: there is nothing behind the jobs."""
