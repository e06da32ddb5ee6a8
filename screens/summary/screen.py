"""The summary of a visit: every question with its answer; each can be opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from hht.journeys.install.scanning import Scan
from hht.texts import text
from screens.base import MORE, HhtScreen
from screens.forms.typed import TypedScreen
from screens.install.asking import AGAIN, IS_RIGHT, ask_whose, doubt_form
from screens.install.labels import what_it_is
from screens.install.text import install_progress
from screens.shell import Place
from screens.summary.text import answer_rows, open_count, standing_words, summary_offer
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.stepper import Progress, Stage

if TYPE_CHECKING:
    from hht.journeys.install.scanning import Scanned
    from hht.journeys.view import VisitView


class SummaryScreen(HhtScreen):
    """Enter goes on with what is open; when nothing is, the status update is queued."""

    HELP = "summary"
    BINDINGS = [Binding("w", "write", "write"), Binding("e", "devices", "devices"), MORE]

    def body(self) -> ComposeResult:
        """Yield the answers, and how far the visit is."""
        yield NumberedList(title=text("summary.title"), id="answers")
        yield Static(id="notes", classes="note")

    def opened(self) -> None:
        """Follow the visit; the cursor begins on what is lacking."""
        self.follow_app("view", self.draw)
        install = self.shell.view.install if self.shell.view else None
        if install and install.answers.lacking:
            self.query_one(NumberedList).highlight(install.answers.lacking[0].id)

    def draw(self, view: VisitView | None) -> None:
        """Show every answer, and what is open."""
        if view is None or view.install is None:
            return
        answers = self.query_one(NumberedList)
        answers.set_rows(answer_rows(view.install, self.size.width))
        left = open_count(view, view.install)
        words = text("summary.open", count=left) if left else text("summary.complete")
        answers.set_title(text("summary.title"), words)
        self.query_one("#notes", Static).update(standing_words(view, view.install))
        self.refresh_offer()

    def on_resize(self) -> None:
        """Show as much of each answer as there is room for now."""
        if self.is_whole:
            self.draw(self.shell.view)

    def progress(self, view: VisitView) -> Progress:
        """Return the stages of the visit."""
        if view.install is None:
            return super().progress(view)
        return install_progress(Stage.REPORT, view, view.install)

    def offer(self) -> Offer:
        """Go on with the visit."""
        view = self.shell.view
        if view is None or view.install is None:
            return Offer("")
        training = self.shell.context.exercise is not None
        return summary_offer(view, view.install, training=training)

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Open the question with that number again."""
        self.action_again(str(event.row.key))

    def action_again(self, name: str) -> None:
        """Open a question that was asked; the next one otherwise."""
        view = self.shell.view
        if view is None or view.install is None:
            return
        if view.install.is_reported:
            self.query_one("#notes", Static).update(text("summary.is_reported"))
        elif name in view.install.answers.given:
            self.shell.job.ask_again(name)
        else:
            self.action_ask(name)

    def scanned(self, label: str) -> None:
        """Answer the question that a label belongs to, until the status update is queued."""
        view = self.shell.view
        if view is None or view.install is None or view.install.is_reported:
            super().scanned(label)
        else:
            self.shell.notes.scan(label, self._say_what_it_is)

    def _say_what_it_is(self, scanned: Scanned) -> None:
        if scanned.scan is Scan.STRANGER and self.is_whole:  # the job is filled by scanning
            ask_whose(self.shell, scanned, self._say_what_it_is)
        elif self.is_whole:
            self.notify(what_it_is(scanned))

    def action_ask(self, name: str) -> None:
        """Go on with the question that is asked next."""
        self.shell.go(Place.QUESTIONS)

    def action_write(self) -> None:
        """Write the summary as a page to print, and as text."""
        self.shell.go(Place.REPORT)

    def action_devices(self) -> None:
        """See the Devices and the state of each on the HAN."""
        self.shell.go(Place.DEVICES)

    def action_go_on(self) -> None:
        self.shell.job.go_on()

    def action_report(self) -> None:
        """Queue the status update."""
        self.shell.notes.queue_report()

    def action_settle(self) -> None:
        """Ask what is doubtful about an answer: look again, or say why it is accepted."""
        view = self.shell.view
        if view is None or view.install is None or not view.install.doubts:
            return
        doubt = view.install.doubts[0]

        def answered(chosen: str | None) -> None:
            if chosen == AGAIN:
                self.action_again(doubt.question)
            elif chosen == IS_RIGHT:
                self.shell.ask(TypedScreen(text("visit_doubt.why")), accept)

        def accept(reason: str | None) -> None:
            if reason:
                self.shell.notes.accept(doubt, reason)

        self.shell.ask(doubt_form(doubt), answered)

    def action_finish(self) -> None:
        """Show the debrief in training; in live work go back to the jobs."""
        if self.shell.context.exercise:
            self.shell.job.debrief()
        else:
            self.action_back()
