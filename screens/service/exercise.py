"""What an exercise has beside a visit: its hub's power, simulated labels, a unit, the debrief."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from screens.service.hub_questions import install_of

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.facility.unit.display import Display
    from hht.journeys.visit import Visit
    from hht.training.debrief import Debrief
    from hht.training.exercise.hints import Hints
    from hht.training.exercise.other_runs import OtherExercise
    from screens.service.at_work import AtWork


class ExerciseService:
    """The exercise, where the context has one; in live work there is nothing to do."""

    def __init__(self, service: AtWork) -> None:
        self._service = service

    async def briefing(self) -> tuple[str, str]:
        """Return title and text of the exercise; in live work what the context has."""
        exercise = self._service.context.exercise
        if exercise is None:
            return self._service.context.title, self._service.context.briefing
        return await self._service.worker_loop.run(exercise.briefing)

    async def goes_on(self) -> bool:
        """Return whether the exercise was left in the middle before; never in live work."""
        exercise = self._service.context.exercise
        return await self._service.worker_loop.run(exercise.goes_on) if exercise else False

    async def own_job(self) -> int | None:
        """Return the exercise's own job; None in live work."""
        exercise = self._service.context.exercise
        return await self._service.worker_loop.run(exercise.job_id) if exercise else None

    async def switch_hub(self) -> None:
        """Switch the simulated hub off and on; over once it has power again."""
        exercise = self._service.context.exercise

        async def switch(visit: Visit) -> None:
            if exercise:
                await asyncio.to_thread(exercise.power_cycle)
            visit.power.restart_window_clock(seen=exercise is not None)

        await self._service.at_work(switch)

    async def unit_display(self) -> Display | None:
        """Return what a unit that lets itself in shows now; None where there is none."""
        exercise = self._service.context.exercise
        return await self._service.worker_loop.run(exercise.unit_display) if exercise else None

    async def collect(self) -> None:
        """Collect what the exercise's unit has captured."""
        exercise = self._service.context.exercise
        if exercise:
            await self._service.at_work(exercise.collect)

    async def scan_simulated_device(self, device: EntityId) -> None:
        """Read the simulated label of a Device that is to be paired, as a scanner would."""
        if exercise := self._service.context.exercise:
            label = await asyncio.to_thread(exercise.label, str(device))
            await self._service.note(lambda visit: visit.pairing.scan(label, device))

    async def answer_from_label(self, name: str) -> None:
        """Read the simulated label that answers this question, as a scanner would."""
        exercise = self._service.context.exercise

        async def scanned(visit: Visit) -> None:
            if exercise:
                label = await asyncio.to_thread(exercise.label, name)
                install_of(visit).scan(label)

        await self._service.at_work(scanned)

    async def hints(self) -> Hints | None:
        """Return the state of the exercise's hints; None in live work."""
        exercise = self._service.context.exercise
        return await self._service.worker_loop.run(exercise.hints) if exercise else None

    async def take_hint(self) -> str:
        """Count the next hint, and return it."""
        exercise = self._service.context.exercise
        return await self._service.worker_loop.run(exercise.take_hint) if exercise else ""

    async def ways_back(self) -> tuple[str, ...]:
        """Return the earlier steps that the exercise can begin at."""
        visit, exercise = self._service.visit_if_open, self._service.context.exercise
        if exercise is None:
            return ()
        ways = exercise.ways_back
        job = visit.job.id if visit else await self._service.worker_loop.run(exercise.job_id)
        return await self._service.worker_loop.run(lambda: ways(self._service.queries.store(), job))

    async def debrief(self, *, looking: bool = False) -> Debrief | None:
        """Have the exercise judged; None where it is none. `looking` does not end it."""
        visit, exercise = self._service.visit_if_open, self._service.context.exercise
        if visit is None or exercise is None:
            return None
        judge, job = exercise.debrief, visit.job.id
        return await self._service.worker_loop.run(
            lambda: judge(self._service.queries.store(), job, looking=looking)
        )

    async def of_another(self, job_id: int) -> OtherExercise | None:
        """Return the other exercise that a job is of; None where it can be opened."""
        exercise = self._service.context.exercise
        if exercise is None:
            return None
        return await self._service.worker_loop.run(
            lambda: exercise.of_another(self._service.queries.store(), job_id)
        )

    async def debrief_of_another(self, job_id: int) -> Debrief | None:
        """Have the other exercise that a job is of judged; None where it is there no more."""
        exercise = self._service.context.exercise
        if exercise is None:
            return None
        return await self._service.worker_loop.run(
            lambda: exercise.debrief_of_another(self._service.queries.store(), job_id)
        )
