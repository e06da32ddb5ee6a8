"""The app of a seat in a class: it also reports the trainee's progress to the trainer's board."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import screens
from hht.clock import SYSTEM_CLOCK
from hht.errors import HhtError
from hht.events import Event
from hht.serve.board import pauses_of
from hht.serve.report import DEBRIEF, SeatReport, read_report, write_report
from hht.training.debrief import Debrief
from screens.app import HhtApp
from screens.context import Exercise, HhtContext
from screens.debrief.screen import DebriefScreen
from screens.service.store_queries import StoreQueries
from screens.widgets.stepper import Progress, Stepper


class SeatApp(HhtApp):
    """Confined to its context's fence, where its reports go."""

    CSS_PATH = [Path(screens.__path__[0]) / name for name in HhtApp.CSS_PATH]

    def __init__(self, context: HhtContext) -> None:
        super().__init__(context)
        self._folder = context.fence or context.data_dir
        self.report = self._first_report()

    def _first_report(self) -> SeatReport:
        """Return the beginning of an exercise; of one that goes on, what was reported last.

        While no app was open no minute of it was the trainee's.
        """
        now, last = self._moment(), read_report(self._folder)
        if last and self._goes_on_from(last):
            return replace(last, begun=now - (last.at - last.begun), since=now, at=now)
        return SeatReport(self.context.title, "", 0, 0, "", now, now, now)

    def _goes_on_from(self, last: SeatReport) -> bool:
        """Return whether this exercise was left there.

        The exercise itself is asked last: it begins its run for the answer, which takes longer than
        all of the first paint.
        """
        exercise = self.context.exercise
        is_open = last.exercise == self.context.title and not last.is_over
        return is_open and exercise is not None and exercise.goes_on()

    def on_mount(self) -> None:
        """Begin to report."""
        self.happened.subscribe(self, self._note)
        self.run_worker(self._keep_reporting(), group="report")

    def _note(self, event: Event) -> None:
        from hht.events import to_json
        from hht.journeys.events import Failed
        from hht.training.happenings import words_of

        if isinstance(event, Failed):
            self.report = replace(self.report, failure=words_of(to_json(event)))

    async def _keep_reporting(self) -> None:
        before: tuple[object, ...] = ()
        while True:
            self.report = self._now()
            minute = self.report.at // 60  # while a trainee reads, nothing else changes
            now = (self.report.screen, self.report.failure, self.report.stage, minute)
            if now != before:
                before = now
                points = await self._points()
                self.report = replace(self.report, points=points)  # with what came meanwhile
                with suppress(OSError):  # a full disk ends no exercise
                    await asyncio.to_thread(write_report, self._folder, self.report)
            await SYSTEM_CLOCK.sleep(self.context.pace.report_seconds)

    def _now(self) -> SeatReport:
        """Return the report as of now.

        An exercise that was begun again has a beginning of its own.
        """
        last, moment = self.report, self._moment()
        progress = self._progress()
        stage = DEBRIEF if self._is_over() else (progress.here if progress else last.stage)
        delivered = progress.delivered if progress else last.delivered
        commands = progress.commands if progress else last.commands
        report = replace(last, stage=str(stage), delivered=delivered, commands=commands, at=moment)
        if (report.stage, report.delivered) != (last.stage, last.delivered):
            report = replace(report, since=moment)
        if self.context.title != last.exercise or (last.is_over and not report.is_over):
            report = replace(
                report, exercise=self.context.title, begun=moment, since=moment, failure=""
            )
        return replace(report, screen=self._lines() or last.screen)

    def _moment(self) -> float:
        """Return the time of day, less the pauses: no minute of them is the trainee's."""
        return self.context.clock.time() - pauses_of(self._folder).total

    def _progress(self) -> Progress | None:
        """Return where the stepper of the topmost screen that has one is."""
        steppers = [each for screen in self.screen_stack for each in screen.query(Stepper)]
        return steppers[-1].progress if steppers else None

    def _is_over(self) -> bool:
        return self._judged() is not None

    def _judged(self) -> Debrief | None:
        """Return the debrief on show, of an exercise that is over."""
        shown = [each.debrief for each in self.screen_stack if isinstance(each, DebriefScreen)]
        return next((each for each in shown if each.is_over), None)

    async def _points(self) -> int | None:
        """Return the points so far; those of the debrief once it is there."""
        if judged := self._judged():
            return judged.points
        exercise, view, service = self.context.exercise, self.view, self.service
        if exercise is None or view is None:
            return self.report.points
        count = partial(_counted, exercise, service.queries, view.job_id)
        with suppress(HhtError):
            return await service.worker_loop.run(count)
        return self.report.points

    def _lines(self) -> tuple[str, ...]:
        """Return what is on the screen, nothing while it is not laid out yet.

        Textual has no public way to read it.
        """
        if not self.screen_stack:
            return ()
        strips = self.screen._compositor.render_strips()
        lines = tuple(strip.text.rstrip() for strip in strips)
        return lines if any(lines) else ()


def _counted(exercise: Exercise, queries: StoreQueries, job_id: int) -> int:
    return exercise.points(queries.store(), job_id)
