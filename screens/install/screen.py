"""One question of the visit at a time; Enter gives the answer under the cursor and goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from hht.duis.visit_questions import Answer, Question, question
from hht.journeys.install.answers import Given, Source
from hht.journeys.install.install_view import InstallView
from hht.journeys.install.scanning import Scan, Scanned
from hht.texts import text
from screens.base import MORE, HhtScreen
from screens.install import asking, labels
from screens.install.options import (
    Act,
    Option,
    lights_of,
    offer_words,
    option_rows,
    options_of,
    source_of,
    start_of,
    with_next_state,
)
from screens.install.text import STAGES, hint_words, install_progress, question_words, step_words
from screens.shell import Place
from screens.stylesheets import css_beside
from screens.summary.text import answer_rows
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row
from screens.widgets.stepper import Progress, Stage

if TYPE_CHECKING:
    from hht.journeys.view import VisitView


class InstallScreen(HhtScreen):
    """The next question, or one opened again by its name; what was noted before is kept."""

    CSS_PATH = css_beside(__file__)
    HELP = "install"
    BINDINGS = [
        Binding("s", "seen", "seen"),
        Binding("b", "before", "before"),
        Binding("o", "overview", "answers"),
        Binding("w", "coverage", "coverage"),
        MORE,
    ]

    def __init__(self, name: str = "", *, finishing: bool = False) -> None:
        """Ask what comes before the hub is commissioned; with `finishing` what comes after it too.

        With a name that question is opened again, and the summary comes after it.
        """
        super().__init__()
        self._opened = name
        self._from_summary = bool(name)
        self._finishing = finishing
        self._noted_before: Given | None = None
        self.asked: Question | None = None
        self.options: list[Option] = []
        self._lights: dict[str, str] = {}
        self.note = Content("")

    def body(self) -> ComposeResult:
        """Yield what is asked, the answers, and what helps; at the right what was noted so far."""
        yield Static(id="question")
        with Horizontal():
            yield NumberedList(id="answers")
            yield NumberedList(title=text("install.noted"), classes="side", id="noted")
        yield Static(id="notes", classes="note")

    def opened(self) -> None:
        """Follow the visit: another answer, another question."""
        if self.install:
            self._noted_before = self.install.answers.given.get(self._opened)
        self.query_one("#noted").can_focus = False
        self.follow_app("view", self.draw)

    @property
    def install(self) -> InstallView | None:
        """The state of the journey; None while no job with one is open."""
        return self.shell.view.install if self.shell.view else None

    def draw(self, view: VisitView | None) -> None:
        """Ask what is to be asked now, or go on where nothing is."""
        if view is None or view.install is None:
            return
        asked = self._to_ask(view.install)
        if asked is None:
            if self.app.screen is self:  # else the list of answers may lie over it
                self._go_on()
            return
        if asked != self.asked:
            self._ask(asked, view.install)
        noted = self.query_one("#noted", NumberedList)
        noted.set_rows(answer_rows(view.install, noted.size.width))
        noted.highlight(asked.id)

    def on_screen_resume(self) -> None:
        """Follow what was answered on the screens over it."""
        if self.is_whole:
            self.draw(self.shell.view)

    def _to_ask(self, install: InstallView) -> Question | None:
        """Return the question that was opened again, until it is answered; else the next one."""
        if not self._opened:
            return install.answers.next if self._finishing else install.next_before
        is_as_before = install.answers.given.get(self._opened) == self._noted_before
        return question(self._opened) if is_as_before else None

    def _ask(self, asked: Question, install: InstallView) -> None:
        self.asked, self.note = asked, Content("")
        self._lights = lights_of(asked, install.answers.given.get(asked.id))
        self.query_one("#question", Static).update(Content.styled(question_words(asked), "bold"))
        self._draw_options(install)
        place = start_of(self.options, asked, install)
        self.query_one("#answers", NumberedList).highlight((asked.id, place))
        section = text(f"stepper.{STAGES[asked.section]}")
        self.query_one("#answers", NumberedList).set_title(section, step_words(asked, install))
        self._draw_note()
        self._show_progress(self.shell.view)
        self.refresh_offer()

    def _draw_options(self, install: InstallView) -> None:
        assert self.asked
        training = self.shell.context.exercise is not None
        self.options = options_of(self.asked, install, training=training, lights=self._lights)
        rows = option_rows(self.asked.id, self.options)
        self.query_one("#answers", NumberedList).set_rows(rows)

    def _draw_note(self) -> None:
        if self.asked and self.install:
            hint = Content.styled(hint_words(self.asked, self.install), "$text-muted")
            self.query_one("#notes", Static).update(self.note or hint)

    def progress(self, view: VisitView) -> Progress:
        """Return the stages of an install, where the job has one."""
        if view.install is None:
            return super().progress(view)
        here = STAGES[self.asked.section] if self.asked else Stage.JOB
        return install_progress(here, view, view.install)

    def offer(self) -> Offer:
        """Take the answer under the cursor; each question's is an offer of its own."""
        option = self._current()
        if option is None or self.asked is None or self.install is None:
            return Offer("")
        words = offer_words(option, is_from_job=self._source(option) is Source.JOB)
        return Offer(words, f"take('{self.asked.id}')")

    def _current(self) -> Option | None:
        row = self.query_one("#answers", NumberedList).current
        return self._option(row) if row else None

    def _option(self, row: Row) -> Option | None:
        """Return the answer that a row stands for; None where another question is asked by now."""
        asked, options = self.asked.id if self.asked else "", enumerate(self.options)
        return next((each for place, each in options if row.key == (asked, place)), None)

    def _source(self, option: Option) -> Source:
        assert self.asked
        assert self.install
        return source_of(option, self.asked, self.install)

    def on_numbered_list_highlighted(self) -> None:
        """Offer the answer that is under the cursor now."""
        self.refresh_offer()

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Note an answer picked by its number as seen."""
        if event.source.id == "answers":
            if option := self._option(event.row):
                self._do(option, Source.SEEN)
        else:
            self._open(str(event.row.key))

    def action_take(self, name: str) -> None:
        """Take the answer under the cursor; the job's own is noted as not seen."""
        if (option := self._current()) and self.asked and self.asked.id == name:
            self._do(option, self._source(option))

    def action_seen(self) -> None:
        """Take the answer under the cursor as seen with one's own eyes."""
        if option := self._current():
            self._do(option, Source.SEEN)

    def _do(self, option: Option, source: Source) -> None:
        asked, notes = self.asked, self.shell.notes
        if asked is None:
            return
        match option.act:
            case Act.TAKE:
                self._note(option.value, source)
            case Act.SCAN:
                notes.scan_simulated(asked.id)
            case Act.AGO:
                notes.had_power(asked.id, float(option.value))
            case Act.LIGHT:
                self._turn_light(str(option.value))
            case Act.TYPE:
                self.shell.ask(asking.typed_form(asked), self._typed)
            case Act.LATER:
                self._unless_undoing(None, lambda: notes.put_off(asked.id))
            case Act.SKIP:
                self._unless_undoing(None, lambda: asking.ask_why_skipped(self.shell, asked))

    def _turn_light(self, light: str) -> None:
        self._lights = with_next_state(self._lights, light)
        if self.install:
            self._draw_options(self.install)
            self.refresh_offer()

    def _typed(self, typed: str | None) -> None:
        if typed is None or self.asked is None:
            return
        if self.asked.kind == "time":
            now = self.shell.context.clock.now().astimezone()
            self.shell.notes.had_power(self.asked.id, asking.typed_time(typed, now))
        else:
            self._note(labels.value_of(self.asked, typed), Source.SEEN)

    def _note(self, value: Answer, source: Source) -> None:
        if asked := self.asked:
            self._unless_undoing(value, lambda: self.shell.notes.answer(asked.id, value, source))

    def _unless_undoing(self, value: Answer | None, note: Callable[[], object]) -> None:
        if self.asked and self.install:
            form = asking.change_form(self.asked, value, self.install)
            asking.ask_if_undoing(self.shell, form, note)

    def scanned(self, label: str) -> None:
        """Answer the question that a label belongs to; else say what the label is."""
        self.shell.notes.scan(label, self._say_what_it_is)

    def _say_what_it_is(self, scanned: Scanned) -> None:
        if scanned.scan is Scan.STRANGER and self.is_whole:  # the job is filled by scanning
            asking.ask_whose(self.shell, scanned, self._say_what_it_is)
        elif self.is_whole:
            self.note = Content.styled(labels.what_it_is(scanned), "bold $warning")
            self._draw_note()

    def action_before(self) -> None:
        """Open the question before this one again."""
        if before := self._before:
            self._open(before.id)

    @property
    def _before(self) -> Question | None:
        return self.install.answers.before(self.asked) if self.install and self.asked else None

    def _open(self, name: str) -> None:
        """Ask a question again that was asked before."""
        install = self.install
        if install and name in install.answers.given:
            self._opened = name
            self._noted_before = install.answers.given[name]
            self.draw(self.shell.view)

    def action_coverage(self) -> None:
        """See the WAN coverage that the job pack brings."""
        self.shell.go(Place.COVERAGE)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the coverage where the job has one, the question before, and what can be seen."""
        install, option = self.install, self._current() if self.is_whole else None
        if action == "seen":
            return option is not None and option.act is Act.TAKE
        if action == "before":
            return self._before is not None
        if action == "coverage":
            return bool(install and install.has_coverage)
        return super().check_action(action, parameters)

    def action_overview(self) -> None:
        """See all that was noted; Esc comes back to this question."""
        from screens.summary.screen import SummaryScreen

        if self._from_summary:
            self.action_back()
        else:
            self.shell.show(SummaryScreen())

    def _go_on(self) -> None:
        if self._from_summary:
            self.action_back()
        elif self._finishing:
            self.shell.go(Place.SUMMARY)
        elif self._opened:
            self._opened = ""
            self.draw(self.shell.view)
        else:
            self.shell.job.go_on()
