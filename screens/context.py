"""What the app is given at its start: the data folder, the mode, and how to reach a hub."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from hht.clock import SYSTEM_CLOCK, Clock
from screens.keys.scanner_gate import GAP_SECONDS

if TYPE_CHECKING:
    from hht.facility.unit.display import Display
    from hht.journeys.equipment import RadioKit
    from hht.journeys.visit import Visit
    from hht.outbox.auto_upload import Fetch, Upload
    from hht.store import Store
    from hht.training.debrief import Debrief
    from hht.training.exercise.hints import Hints
    from hht.training.exercise.other_runs import OtherExercise

ModeName = Literal["live", "training", "facility"]


class Exercise(Protocol):
    """What training has beside the visit: hands on the simulated hub, and a judge."""

    def briefing(self) -> tuple[str, str]:
        """Return the exercise's title, and the trainee's briefing."""

    def goes_on(self) -> bool:
        """Return whether it was left in the middle before, and goes on where it was."""

    def job_id(self) -> int:
        """Return the exercise's own job among all those in the store."""

    def label(self, question: str) -> str:
        """Return what is printed on the label that answers this question, or on that of this
        Device."""

    def power_cycle(self) -> object:
        """Switch the hub off and on."""

    def is_units(self, raw: bytes) -> bool:
        """Return whether a unit delivers this Local Command by itself."""

    def unit_display(self) -> Display | None:
        """Return what a unit that lets itself in shows; None where there is none."""

    async def collect(self, visit: Visit) -> None:
        """Collect what the unit has captured into the visit's store."""

    def hints(self) -> Hints:
        """Return the state of the hints; raises in an exercise that counts."""

    def take_hint(self) -> str:
        """Count the next hint, and return it."""

    def ways_back(self, store: Store, job_id: int) -> tuple[str, ...]:
        """Return the earlier steps to begin at; raises in an exercise that counts."""

    def points(self, store: Store, job_id: int) -> int:
        """Return the points so far, of a play that goes on."""

    def debrief(self, store: Store, job_id: int, *, looking: bool = False) -> Debrief:
        """Judge the play, which is over; or look at one that may go on."""

    def of_another(self, store: Store, job_id: int) -> OtherExercise | None:
        """Return the other exercise that a job is of; None where it may be opened in this one."""

    def debrief_of_another(self, store: Store, job_id: int) -> Debrief | None:
        """Judge the play of that other exercise; None where it is there no more."""


@dataclass(frozen=True, slots=True)
class ExerciseLine:
    """An exercise to choose: what it teaches, the minutes it should take, the points last time."""

    name: str
    title: str
    briefing: str
    par_minutes: float
    last_points: int | None = None
    goes_on: bool = False
    """Whether it is the one that was open last, and was left in the middle."""


class Beginnings(Protocol):
    """How an app begins again in the same window: with an exercise, or with the live jobs.

    Each mode has a database of its own, opened after the other one's is closed.
    """

    def exercises(self) -> list[ExerciseLine]:
        """Return every exercise there is; reads files."""

    def exercise(self, name: str, *, again: bool = False) -> HhtContext:
        """Begin an exercise, or go on with it; with `again` always begin."""

    def earlier(self, name: str, step: str) -> HhtContext:
        """Begin an exercise again at an earlier step, on the terms that it has."""

    def live(self) -> HhtContext:
        """Go to the live jobs."""


def _nothing_to_close() -> None:
    """Leave everything as it is: the default of `HhtContext.close`."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the app waits for a person, or for the next key of a scanner."""

    gap_seconds: float = GAP_SECONDS
    see_seconds: float = 1.5
    """All ticks of a connection are on show before the plan comes; Enter goes on at once."""
    read_seconds: float = 0.4
    """A failure comes unasked: an Enter so soon after it was meant for the screen below."""
    look_seconds: float = 0.5
    """Between two looks for a pause, by the machine's clock: the exercise's is stopped then."""
    report_seconds: float = 2.0
    """Between two reports of a seat, by that clock too: a trainer finds who is stuck within five
    seconds, and sees the pause."""


@dataclass(slots=True)
class HhtContext:
    """How the app gets at everything heavy, without importing any of it before the first paint.

    `open_store` and `equip` run once in the app's own working thread: they may import, read and
    start what they need, may take seconds, and raise HhtError. In training `open_store` also sees
    that the scenario's job is there, and `equip` starts the simulated hub. `equip` gets the job
    id and may be called again after the dongle or the hub was lost. `close` ends what they began.
    `exercise` is there in training alone; `upload` where a gateway is set up, `fetch` where a depot
    has job packs. `beginnings` is there where the app may go on in another mode, `choose_radio`
    where it may be given another dongle. `clock` is what the app itself waits and counts down by.
    `is_paused` says whether a trainer has stopped the exercise.
    `fence` is the only folder whose files may be named, for a trainee who is not the one whose
    machine it is.
    """

    data_dir: Path
    mode: ModeName
    open_store: Callable[[], Store]
    equip: Callable[[int], RadioKit]
    radio_url: str | None = None
    radio_answers: bool | None = None
    """Whether the dongle answered when it was last asked; None where it was not asked yet."""
    title: str = ""
    briefing: str = ""
    close: Callable[[], None] = _nothing_to_close
    exercise: Exercise | None = None
    upload: Upload | None = None
    fetch: Fetch | None = None
    beginnings: Beginnings | None = None
    choose_radio: Callable[[str], None] | None = None
    clock: Clock = SYSTEM_CLOCK
    is_paused: Callable[[], bool] = lambda: False
    fence: Path | None = None
    pace: Pace = Pace()
