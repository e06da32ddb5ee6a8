"""An exercise as the app plays it: its run, hub, events and debrief."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.journeys.equipment import RadioKit
from hht.simulator.pauses import HandheldClock

if TYPE_CHECKING:
    from hht.facility.unit.display import Display
    from hht.journeys.visit import Visit
    from hht.store import Store
    from hht.training.debrief import Debrief
    from hht.training.exercise.hints import Hints
    from hht.training.exercise.other_runs import OtherExercise
    from hht.training.exercise.run import TrainingRun


_OPEN_STILL = ("undelivered", "not_reached", "missed")
"""Findings of a play that has ended: before that they are only what is still to do."""


class ExerciseBacking:
    """The app's training mode, made on first use in the app's working thread."""

    def __init__(self, radio: str | None, start_run: Callable[[], TrainingRun]) -> None:
        self.radio = radio
        self._start_run = start_run
        self._as_expected = False
        self._store: Store | None = None
        self.clock = HandheldClock()
        """What the app counts down by: it stops in pauses."""

    @cached_property
    def run(self) -> TrainingRun:
        """Start or resume the run at the first call."""
        run = self._start_run()
        self.clock.follow(run.run_dir)
        return run

    def open_store(self) -> Store:
        """Open the training database, with the scenario's job in it."""
        self._store = self.run.open_store()
        return self._store

    def equip(self, job_id: int) -> RadioKit:
        """Start the simulated hub unless --radio named one, and hand over the HHT's credentials."""
        run = self.run
        if not self.radio:
            self._refuse_job_of_another(job_id)
        address = self.radio or run.start_hub()
        return run.kit(address)

    def _refuse_job_of_another(self, job_id: int) -> None:
        """Refuse another exercise's job: its hub has this one's name and would be given it."""
        if self._store and self._is_of_another(self._store, job_id):
            raise HhtError(
                "This job is not of the exercise that was started",
                where=self.run.scenario.title,
                remedy="Open this exercise's job, or begin the other one: M, Practise…",
            )

    def _is_of_another(self, store: Store, job_id: int) -> bool:
        return store.jobs.get(job_id).hub_gpf is not None and job_id != self.job_id()

    def of_another(self, store: Store, job_id: int) -> OtherExercise | None:
        """Return the other exercise that a job is of; None for this one's, and behind --radio."""
        from hht.training.exercise.other_runs import other_exercise, run_of_job

        if self.radio or not self._is_of_another(store, job_id):
            return None
        return other_exercise(run_of_job(self.run.data_dir, store, job_id))

    def debrief_of_another(self, store: Store, job_id: int) -> Debrief | None:
        """Judge the play of another exercise by its job; None where its folder is there no more."""
        from hht.training.exercise.event_log import debrief_play
        from hht.training.exercise.other_runs import run_of_job

        run = run_of_job(self.run.data_dir, store, job_id)
        return debrief_play(run, store, job_id) if run else None

    def job_id(self) -> int:
        """Return the id of the job of the exercise that was started."""
        store = self._store or self.open_store()
        return store.jobs.add(self.run.pack).id

    def briefing(self) -> tuple[str, str]:
        """Return the scenario's title and briefing."""
        return self.run.scenario.title, self.run.scenario.briefing

    def goes_on(self) -> bool:
        """Return whether the run was left in the middle before, and goes on where it was."""
        return self.run.goes_on

    def label(self, question: str) -> str:
        """Return what is printed on the hub's label, on a Device's, else on that of the ESME.

        `question` is that of the visit, or the Entity Identifier of a Device. A Device's label is
        a QR code with both; a hub's says which of its two identifiers it is.
        """
        from hht.zse.install_code import crc

        for device in self.run.site.devices:
            if question == str(device.entity_id):
                code = device.install_code
                return f"Z:{device.entity_id.hex()}$I:{(code + crc(code)).hex()}".upper()
        site = self.run.scenario.site
        if question == "DeviceID":
            return f"CHF {site.hub.chf}"
        return next(str(each.entity_id) for each in site.devices if each.type == "ESME")

    def power_cycle(self) -> object:
        """Switch the simulated hub off and on."""
        return self.run.power_cycle()

    def is_units(self, raw: bytes) -> bool:
        """Return whether the exercise's unit delivers this Local Command by itself."""
        return self.run.unit is not None and raw in self.run.unit.messages

    def unit_display(self) -> Display | None:
        """Return what the exercise's unit shows; None where there is none.

        One that has ended has its supply again, and goes on where it was.
        """
        unit = self.run.unit
        if unit and unit.has_ended and not self.run.hub_has_ended:
            unit.start()
        return unit.display if unit else None

    async def collect(self, visit: Visit) -> None:
        """Collect what the unit has captured into the visit's store, and have the visit see it."""
        from hht.training.exercise.self_install import collect

        store = self._store or self.open_store()
        await collect(self.run, store, visit.job.id, visit.say)
        visit.refresh()

    def hints(self) -> Hints:
        """Return the state of the hints; InCheck in an exercise that counts, HhtError after its
        end."""
        from hht.training.exercise.hints import hints_of

        if self._as_expected:
            raise HhtError(
                "This exercise is over: a hint would only cost points",
                remedy="Begin it again, or choose another one: M, Practise…",
            )
        return hints_of(self.run.run_dir, self.run.scenario)

    def take_hint(self) -> str:
        """Count the next hint, and return it."""
        from hht.training.exercise.hints import take_hint

        return take_hint(self.run.run_dir, self.run.scenario)

    def ways_back(self, store: Store, job_id: int) -> tuple[str, ...]:
        """Return the earlier steps to begin at, the nearest first; InCheck where it counts."""
        from hht.training.exercise.starting import ways_back

        return ways_back(self.run, store.commands.of_job(job_id))

    def points(self, store: Store, job_id: int) -> int:
        """Count the points so far: what is not yet reached or delivered costs nothing yet."""
        from hht.training.exercise.event_log import debrief_play
        from hht.training.scoring import points

        found = debrief_play(self.run, store, job_id).findings
        return points(tuple(each for each in found if each.what not in _OPEN_STILL))

    def debrief(self, store: Store, job_id: int, *, looking: bool = False) -> Debrief:
        """Judge the play and keep that, which ends it; one that is only looked at goes on."""
        from hht.training.exercise.event_log import debrief_play
        from hht.training.exercise.run import is_unfinished
        from hht.training.exercise.trainer_marks import marks_of

        judged = debrief_play(self.run, store, job_id)
        judged = replace(judged, marks=marks_of(self.run.run_dir))
        if looking and not judged.as_expected and is_unfinished(store, store.jobs.get(job_id)):
            return replace(judged, is_over=False)
        self._as_expected = judged.as_expected
        self.run.keep_debrief(judged)
        return judged

    def close(self) -> None:
        """End the simulated hub; mark the run if its job is done."""
        if "run" not in self.__dict__:
            return
        self.run.stop_hub()
        with self.run.open_store() as store:
            self.run.finish(store, as_expected=self._as_expected)
