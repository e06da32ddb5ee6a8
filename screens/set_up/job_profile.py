"""Switches a job to another hub profile: which job, then which profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.texts import text
from screens.forms.remedies import Remedy

if TYPE_CHECKING:
    from screens.service.lookups import JobLine
    from screens.set_up.surroundings import Surroundings

_OTHER = "other"


class JobProfile:
    """The choice of a hub profile in forms."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app
        self._jobs: dict[str, JobLine] = {}
        self._job: JobLine | None = None

    def ask(self) -> None:
        """Ask for the job, where there are several, and then for its profile."""
        self._app.run_worker(self._ask(), group="profile")

    async def _ask(self) -> None:
        from screens.forms.form import Choice, FormScreen

        try:
            jobs = await self._app.service.queries.jobs()
        except HhtError as error:
            self._app.show_failure(error)
            return
        self._jobs = {str(job.id): job for job in jobs}
        if not jobs:
            self._app.notify(text("profile.no_job"), severity="warning")
        elif len(jobs) == 1:
            self._ask_for_profile(str(jobs[0].id))
        else:
            choices = [Choice(key, job.reference, job.profile) for key, job in self._jobs.items()]
            form = FormScreen(text("profile.which_job"), "", choices)
            self._app.ask(form, self._ask_for_profile)

    def _ask_for_profile(self, chosen: str | None) -> None:
        from hht.hub_profile import profile_names, stock_names
        from screens.forms.form import Choice, FormScreen

        self._job = self._jobs.get(chosen or "")
        if self._job is None:
            return
        stock = stock_names()
        names = [
            Choice(name, name, "" if name in stock else text("profile.own"))
            for name in profile_names()
            if name != self._job.profile
        ]
        body = text("profile.body", job=self._job.reference, known=self._job.profile)
        keep, other = Choice("", text("profile.keep")), Choice(_OTHER, text("profile.other"))
        form = FormScreen(text("profile.title"), body, [keep, *names, other])
        self._app.ask(form, self._chose)

    def _chose(self, chosen: str | None) -> None:
        from screens.forms.path import PathScreen

        if chosen == _OTHER:
            self._app.ask(PathScreen(text("profile.which")), self._use_file)
        elif chosen:
            self._app.run_worker(self._use(chosen), group="profile")

    def _use_file(self, path: Path | None) -> None:
        if path:
            self._app.run_worker(self._use(str(path.absolute())), group="profile")

    async def _use(self, profile: str) -> None:
        if self._job is None:
            return
        view = self._app.view
        if view and view.job_id == self._job.id and view.connected:  # its visit begins again
            self._app.notify(text("profile.on_han"), severity="warning")
            return
        try:
            await self._app.service.set_profile(self._job.id, profile)
        except HhtError as error:
            self._app.show_failure(error, self.ask, Remedy.OTHER_FILE)
        else:
            words = text("profile.chosen", job=self._job.reference, profile=profile)
            self._app.notify(words)
