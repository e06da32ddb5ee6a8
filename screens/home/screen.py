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
from screens.widgets.action_button import ActionButton
from screens.widgets.command_look import state_bar
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row

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
        context = self.hht.context
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
        context = self.hht.context
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
            self.jobs = await self.desk.records.jobs()
            own = await self.desk.own_job()
        except HhtError as error:
            jobs.empty = " The job list could not be opened."
            jobs.set_rows(())
            self.hht.show_failure(error, retry=self.load)
            return
        jobs.empty = " No jobs yet: bring one in with 'hht import'."
        jobs.set_rows([job_row(line) for line in self.jobs])
        if first:
            jobs.highlight(own)
        await self.hht.count_returns()
        title, briefing = await self.desk.briefing()
        if not self.query("#title"):  # the app is being closed
            return
        self.query_one("#title", Static).update(title or "Jobs")
        self.query_one("#briefing", Static).update(Content(" ".join(briefing.split())))

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        """Open a job."""
        line = next(line for line in self.jobs if line.id == event.row.key)
        self.hht.open_job(line.id)

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Tell about the job under the cursor, where there is room."""
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
        from screens.queue.screen import QueueScreen

        self.app.push_screen(QueueScreen())

    def action_inspect(self) -> None:
        """Look into any message."""
        from screens.inspector.screen import InspectorScreen

        self.app.push_screen(InspectorScreen())


def job_row(line: JobLine) -> Row:
    """A job on two lines: what it is and how far, then where."""
    done = sum(state in ("answered", "skipped") for state in line.states)
    every = done == len(line.states)
    count = f"{done}/{len(line.states)}"
    right = Content.styled(f"✓ {count}", "bold $success") if every else Content(count)
    detail = f"{line.reference} · {line.premises}" if line.premises else line.reference
    return Row(line.id, Content(line.title), Content.styled(detail, "$text-muted"), right)


def side_text(line: JobLine) -> Content:
    """The job under the cursor: its hub, its Devices, and how far it is."""
    parts = [
        Content.styled(line.title, "bold $primary"),
        Content(line.premises),
        Content(f"Hub {line.hub or 'not named'}"),
        *(Content(f"{kind} {entity} {label}".rstrip()) for kind, entity, label in line.devices),
        Content(""),
        state_bar(line.states, 40),
    ]
    return Content("\n").join(parts)
