"""What a screen may ask of the app around it; a screen knows nothing else of the app."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from screens.forms.remedies import Remedy

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.signal import Signal

    from hht.errors import HhtError
    from hht.events import Event
    from hht.journeys.view import VisitView
    from screens.context import HhtContext
    from screens.install.actions import InstallActions
    from screens.practise.mode_switch import ModeSwitch
    from screens.queue.changes import QueueChanges
    from screens.service.visit_service import VisitService
    from screens.visit.actions import VisitActions
    from screens.visit.news import VisitNews
    from screens.visit.radio_work import Work


class Place(StrEnum):
    """A screen, or something else to begin, that can be named from anywhere."""

    CONNECT = "connect"
    RECONNECT = "reconnect"  # to the hub that was confirmed last
    HUBS = "hubs"  # whichever of them was confirmed last
    PLAN = "plan"
    WORK = "work"  # the plan, or the page beside it from which one went to the hub
    QUESTIONS = "questions"  # of the visit, from the next one on
    SUMMARY = "summary"
    UNIT = "unit"  # that lets itself in
    PAIRING = "pairing"
    FIRMWARE = "firmware"
    COVERAGE = "coverage"
    REPORT = "report"  # the visit's summary as a page to print
    DEVICES = "devices"
    MOVE = "move"  # the hub's, to another channel
    SURVEY = "survey"
    ALERTS = "alerts"
    REPLAY = "replay"
    QUEUE = "queue"
    INSPECTOR = "inspector"
    MORE = "more"
    PRACTISE = "practise"
    DONGLE = "dongle"
    PROFILE = "profile"  # of a job's hub
    IMPORT = "import"
    FETCH = "fetch"
    BEGIN = "begin"  # a job without a pack
    CHECK_UP = "check_up"
    LIVE = "live"
    HINT = "hint"
    EARLIER = "earlier"  # step of the exercise
    THEME = "theme"
    BELL = "bell"
    GLOVE = "glove"
    GATEWAY = "gateway"
    IDENTITY = "identity"  # the HHT's own
    PIN = "pin"
    LOCK = "lock"
    CERTIFICATE = "certificate"  # of training, to be checked
    MANUAL = "manual"
    ABOUT = "about"


class Job(Protocol):
    """The job that is open, as screens lead through it."""

    def open(self, job_id: int) -> object:
        """Open a job: its hub first, or its plan if the HHT is on the HAN already."""

    def go_on(self) -> object:
        """Go on where the job was left: its questions, hubs, plan, what is to be reported."""

    def ask_again(self, name: str) -> object:
        """Open a question of the visit again."""

    def finish(self) -> object:
        """Show what is to do after the HAN: what is to be reported, else an exercise's debrief."""

    def debrief(self, *, looking: bool = False) -> object:
        """Show what an exercise was worth, or with `looking` is so far; nothing in live work."""


class Shell(Protocol):
    """The app as its screens see it."""

    context: HhtContext
    service: VisitService
    visit: VisitActions
    notes: InstallActions
    news: VisitNews
    queue_changes: QueueChanges
    job: Job
    mode_switch: ModeSwitch
    happened: Signal[Event]

    @property
    def view(self) -> VisitView | None:
        """The state of the visit; None before a job was opened."""

    @property
    def work(self) -> Work | None:
        """What the radio is at."""

    @property
    def is_opening(self) -> bool:
        """Whether a job or an exercise is being opened."""

    def go(self, place: Place) -> None:
        """Open a screen by its name."""

    def show(self, screen: Screen[Any]) -> None:
        """Open a screen that needs more than its name."""

    def ask(self, form: Screen[Any], answered: Callable[[Any], None]) -> None:
        """Put up a form; `answered` has what was chosen."""

    def show_help(self) -> None:
        """Explain what is on show and what its keys do."""

    def show_failure(
        self,
        error: HhtError,
        retry: Callable[[], object] | None = None,
        retry_as: Remedy = Remedy.RETRY,
        elsewhere: Callable[[], object] | None = None,
    ) -> None:
        """Say what failed and what it means, with what can be done about it.

        `elsewhere` asks for another place for what could not be written.
        """

    def refresh_offer(self) -> None:
        """Have the screen on show offer what can be done now."""

    async def count_returns(self) -> None:
        """Bring the count of what is not yet returned up to date."""

    def run_worker(self, work: Coroutine[Any, Any, None], *, group: str) -> object:
        """Run a coroutine beside the screens."""

    def scan(self, label: str) -> None:
        """Give a label to the screen on show, once that is put together."""

    def notify(self, message: str, *, severity: str = "information") -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""
