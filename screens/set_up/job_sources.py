"""Where jobs come from beside a pack on a stick, and how a visit's summary leaves the handheld."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.texts import text
from screens.forms.path import PathScreen
from screens.forms.typed import TypedScreen

if TYPE_CHECKING:
    from hht.outbox.packs import Fetched
    from screens.set_up.surroundings import Surroundings


class JobSources:
    """Each does its work beside the screens, and says what came of it."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def fetch(self) -> None:
        """Fetch the job packs that the depot has."""
        self._app.run_worker(self._fetch(), group="fetch")

    async def _fetch(self) -> None:
        fetch = self._app.context.fetch
        if fetch is None:
            return
        self._app.notify(text("fetch.under_way"))
        try:
            found = await self._app.service.queries.fetch_packs(fetch)
        except HhtError as error:
            self._app.show_failure(_of_a_fetch(error))
            return
        self._app.notify(text("fetch.done", count=sum(each.state == "new" for each in found)))
        self._app.navigation.read_jobs()
        if failed := [each for each in found if each.state == "failed"]:
            self._app.show_failure(not_fetched(failed))

    def begin(self) -> None:
        """Ask for the order's number, typed or scanned, and begin a job without a pack.

        The app asks: an answer to a screen that is gone by then, such as the menu, would be lost.
        """
        form = TypedScreen(text("begin.which"), "", text("begin.placeholder"))
        self._app.call_next(self._app.ask, form, self._begin_if)

    def _begin_if(self, reference: str | None) -> None:
        if reference:
            self._app.run_worker(self._begin(reference), group="begin job")

    async def _begin(self, reference: str) -> None:
        try:
            job_id = await self._app.service.queries.begin_job(reference)
        except HhtError as error:
            self._app.show_failure(error)
        else:
            self._app.navigation.read_jobs()
            self._app.job.open(job_id)

    def write_report(self) -> None:
        """Ask where the open job's summary is written, as a page to print."""
        if view := self._app.view:
            asking = self._ask_where(view.job_id)
            self._app.run_worker(asking, group="where to report", exclusive=True)

    async def _ask_where(self, job_id: int) -> None:
        from hht.journeys.summary.file_name import unused_page

        try:
            name = await self._app.service.queries.visit_name(job_id)
        except HhtError as error:
            self._app.show_failure(error)
        else:
            proposed = unused_page(Path.home(), f"visit-{name}")
            self._app.ask(PathScreen(text("report.where"), proposed), self._write_if)

    def _write_if(self, path: Path | None) -> None:
        view = self._app.view
        if path and view:
            self._app.run_worker(self._write(view.job_id, path), group="report")

    async def _write(self, job_id: int, path: Path) -> None:
        try:
            twin = await self._app.service.queries.write_report(job_id, path)
        except HhtError as error:
            self._app.show_failure(error, elsewhere=self.write_report)
        else:
            self._app.notify(text("report.done", page=path, text=twin.name))


def not_fetched(failed: list[Fetched]) -> HhtError:
    """Say which packs were not fetched, and why the first was not."""
    names = ", ".join(each.name for each in failed)
    what = text("fetch.failed", names=names, why=failed[0].error)
    return HhtError(what, remedy=text("fetch.remedy"))


def _of_a_fetch(error: HhtError) -> HhtError:
    """Return a failure of the gateway without its code: what that means is said of an upload."""
    from hht.outbox.errors import OutboxError

    if isinstance(error, OutboxError):
        return HhtError(error.what, where=error.where, remedy=error.remedy)
    return error
