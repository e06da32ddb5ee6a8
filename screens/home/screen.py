"""The home screen: the jobs on this handheld, the dongle, and what is waiting to be returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from screens.base import HhtScreen, css_beside
from screens.scanner_gate import entity_id_in
from screens.shell import Place
from screens.widgets.action_button import ActionButton
from screens.widgets.numbered_list import NumberedList

if TYPE_CHECKING:
    from screens.lookups import JobLine


class HomeScreen(HhtScreen):
    """Everything starts here; the first paint needs nothing but this module and Textual."""

    CSS_PATH = css_beside(__file__)
    HELP = "home"
    BINDINGS = [
        Binding("enter", "open", "Open"),
        Binding("q", "queue", "To return"),
        Binding("i", "inspect", "Inspector"),
        Binding("u", "reload", "Look again", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[JobLine] = []

    def body(self) -> ComposeResult:
        """Jobs at the left; at the right, where there is room, the one under the cursor."""
        context = self.shell.context
        yield Static(context.title or "Jobs", classes="title", id="title")
        with Horizontal():
            with Vertical():
                yield NumberedList(empty=" Opening the job list …", id="jobs")
                yield Static(classes="note", id="briefing")
                yield Static(self._radio_words(), classes="note", id="radio")
            yield Static(classes="side", id="side")
        yield ActionButton(id="action")

    def _radio_words(self) -> Content:
        """Where the dongle is."""
        context = self.shell.context
        if context.mode == "training":
            return Content("Dongle  simulated, with a hub and Devices behind it")
        return Content(f"Dongle  {context.radio_url or 'none: start hht with --radio'}")

    def on_mount(self) -> None:
        """Open the store once the screen has been painted."""
        self.query_one(ActionButton).offer("Enter", "Open the job", "open")
        self.call_after_refresh(self.load)

    def on_screen_resume(self) -> None:
        """Back from another screen: things have moved on."""
        if self.jobs:
            self.load()

    @work(exclusive=True)
    async def load(self) -> None:
        """Read the jobs and the count of what is not yet returned."""
        jobs = self.query_one(NumberedList)
        first = not self.jobs
        try:
            self.jobs = await self.service.queries.jobs()
            own = await self.service.own_job()
        except HhtError as error:
            jobs.empty = " The job list could not be opened."
            jobs.set_rows(())
            self.shell.show_failure(error, retry=self.load)
            return
        from screens.home.text import job_row  # needs the store: only after the first paint

        jobs.empty = " No jobs yet: bring one in with 'hht import'."
        jobs.set_rows([job_row(line) for line in self.jobs])
        if first:
            jobs.highlight(own)
        await self.shell.count_returns()
        title, briefing = await self.service.briefing()
        if not self.query("#title"):  # the app is being closed
            return
        self.query_one("#title", Static).update(title or "Jobs")
        self.query_one("#briefing", Static).update(Content(" ".join(briefing.split())))

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        """Open a job."""
        line = next(line for line in self.jobs if line.id == event.row.key)
        self.shell.open_job(line.id)

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Tell about the job under the cursor, where there is room."""
        from screens.home.text import side_text

        line = next(line for line in self.jobs if line.id == event.row.key)
        self.query_one("#side", Static).update(side_text(line))

    def scanned(self, text: str) -> None:
        """A hub's label finds the job of that hub."""
        hub = entity_id_in(text)
        line = next((line for line in self.jobs if hub and line.hub == hub), None)
        if line:
            self.query_one(NumberedList).highlight(line.id)
        else:
            self.notify("No job here is for that hub.", severity="warning")

    def action_open(self) -> None:
        """Open the job under the cursor."""
        self.query_one(NumberedList).action_choose()

    def action_reload(self) -> None:
        """Read the jobs again."""
        self.load()

    def action_queue(self) -> None:
        """See what is waiting to be returned."""
        self.shell.go(Place.QUEUE)

    def action_inspect(self) -> None:
        """Look into any message."""
        self.shell.go(Place.INSPECTOR)
