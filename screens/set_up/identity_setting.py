"""Imports the HHT's own identity in forms: which folder has it, what was checked, then keep it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.path import PathScreen
from screens.forms.remedies import Remedy, in_a_line
from screens.set_up.identity_request import IdentityRequest
from screens.set_up.sticks import folders_in, sticks_for

if TYPE_CHECKING:
    from hht.radio.checking.point import Point
    from hht.session.identity import HhtIdentity
    from screens.context import HhtContext
    from screens.set_up.surroundings import Surroundings

LEAVE, KEEP, OTHER = "", "keep", "other"


class IdentitySetting:
    """The identity's forms; nothing of a key or the Install Code is ever on show."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def ask(self) -> None:
        """Ask where the issuer's files are: folders that have them are choices."""
        self._app.run_worker(self._ask(), group="identity")

    async def _ask(self) -> None:
        context = self._app.context
        known = await self._known()
        request = IdentityRequest(self._app)
        waits, ways = await request.ways()
        folders = await asyncio.to_thread(_folders_with_parts, context)
        choices = [
            Choice(LEAVE, text("identity.leave")),
            *(Choice(str(each), each.name, str(each.parent)) for each in folders),
            Choice(OTHER, text("identity.other")),
            *ways,
        ]
        body = text("identity.body", known=known or text("identity.none"))
        form = FormScreen(text("identity.title"), "\n".join(filter(None, (body, waits))), choices)
        self._app.ask(form, partial(self._chosen, request))

    async def _known(self) -> str:
        """Return whom the identity in use was issued to, or what is wrong with it."""
        try:
            return await self._app.service.identity.kept_for()
        except HhtError as error:  # it can be replaced
            return in_a_line(error)

    def _chosen(self, request: IdentityRequest, choice: str | None) -> None:
        if request.begin(choice):
            return
        if choice == OTHER:
            self._app.ask(PathScreen(text("identity.which")), self._read_if)
        elif choice:
            self._read_if(Path(choice))

    def _read_if(self, folder: Path | None) -> None:
        if folder:
            self._app.run_worker(self._read(folder), group="identity")

    async def _read(self, folder: Path) -> None:
        try:
            identity, points = await self._app.service.identity.read_fitting(folder)
        except HhtError as error:
            self._app.show_failure(error, self.ask, Remedy.OTHER_FILE)
            return
        self._app.ask(await self._sure_form(points), partial(self._keep_if, identity))

    async def _sure_form(self, points: list[Point]) -> FormScreen:
        """Show what was checked, and what this one takes the place of."""
        from textual.content import Content

        from screens.set_up.set_up import finding_line

        known = await self._known()
        lines = [finding_line(point) for point in points]
        if known:
            lines.append(Content(text("identity.in_place_of", known=known)))
        if self._app.view and known:
            lines.append(Content(text("identity.open_job")))
        choices = [Choice(LEAVE, text("identity.leave")), Choice(KEEP, text("identity.keep"))]
        return FormScreen(text("identity.sure"), Content("\n").join(lines), choices)

    def _keep_if(self, identity: HhtIdentity, choice: str | None) -> None:
        if choice == KEEP:
            self._app.run_worker(self._keep(identity), group="identity")

    async def _keep(self, identity: HhtIdentity) -> None:
        try:
            sealed = await self._app.service.identity.keep(identity)
        except HhtError as error:
            self._app.show_failure(error)
        else:
            done = "identity.sealed" if sealed else "identity.kept"
            self._app.notify(text(done, known=identity.entity_id))


def _folders_with_parts(context: HhtContext) -> list[Path]:
    """List the folders that have each part once: sticks, folders on them, where was exported to."""
    from hht.journeys.identity.part_finder import has_parts
    from screens.queue.recent import recent_folders

    sticks = sticks_for(context)
    below = [folder for stick in sticks for folder in sorted(folders_in(stick))]
    found = [*sticks, *below, *recent_folders(context.data_dir)]
    return [folder for folder in dict.fromkeys(found) if has_parts(folder)]
