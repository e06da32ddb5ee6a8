"""Requests a certificate for a key made on this handheld, in forms: for whom, and written where."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.path import PathScreen
from screens.forms.typed import TypedScreen
from screens.set_up.sticks import sticks_for

if TYPE_CHECKING:
    from screens.set_up.surroundings import Surroundings

Make = Callable[[], Awaitable[str]]
REQUEST, AGAIN, FORGET = "request", "again", "forget"


class IdentityRequest:
    """What can be done about a request: make one, write it once more, forget it."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app
        self._data_dir: Path = app.context.data_dir

    async def ways(self) -> tuple[str, list[Choice]]:
        """Return what is to be said of the request under way, and what can be done about it."""
        from hht.journeys.identity.request import requested_for

        forget = Choice(FORGET, text("identity.forget"))
        try:
            subject = await asyncio.to_thread(requested_for, self._data_dir)
        except HhtError as error:  # a broken one can be forgotten
            return error.what, [forget]
        if subject is None:
            return "", [Choice(REQUEST, text("identity.request"))]
        again = Choice(AGAIN, text("identity.write_again"))
        return text("identity.waits", subject=subject), [again, forget]

    def begin(self, choice: str | None) -> bool:
        """Begin what was chosen; whether it was one of these ways."""
        if choice == REQUEST:
            form = TypedScreen(text("identity.for_whom"), "", text("identity.for_whom_as"), _fault)
            self._app.ask(form, self._for)
        elif choice == AGAIN:
            self._ask_where(self._app.service.identity.request_again)
        elif choice == FORGET:
            choices = [Choice("", text("identity.wait")), Choice(FORGET, text("identity.forget"))]
            title, body = text("identity.sure_forget"), text("identity.forgets")
            self._app.ask(FormScreen(title, body, choices, tone="doubt"), self._forget_if)
        return choice in (REQUEST, AGAIN, FORGET)

    def _for(self, subject: str | None) -> None:
        if subject:
            whom = EntityId.parse(subject)
            self._ask_where(lambda: self._app.service.identity.request(whom))

    def _ask_where(self, make: Make) -> None:
        """Ask where the request is written: a USB stick that is there is proposed."""
        folder = next(iter(sticks_for(self._app.context)), Path.home())
        form = PathScreen(text("identity.where"), folder / text("identity.file"))
        self._app.ask(form, lambda path: self._write_if(make, path))

    def _write_if(self, make: Make, path: Path | None) -> None:
        if path:
            self._app.run_worker(self._write(make, path), group="identity")

    async def _write(self, make: Make, path: Path) -> None:
        """Write it; where that fails the request is kept, and can be written once more."""
        try:
            request = (await make()).encode()
        except HhtError as error:
            self._app.show_failure(error)
            return
        if failed := await asyncio.to_thread(_put, path, request):
            again = partial(self._ask_where, self._app.service.identity.request_again)
            self._app.show_failure(failed, elsewhere=again)
        else:
            self._app.notify(text("identity.requested", path=path))

    def _forget_if(self, choice: str | None) -> None:
        if choice == FORGET:
            self._app.run_worker(self._forget(), group="identity")

    async def _forget(self) -> None:
        try:
            await self._app.service.identity.drop_request()
        except HhtError as error:
            self._app.show_failure(error)
        else:
            self._app.notify(text("identity.forgotten"))


def _fault(typed: str) -> str:
    """Say what is wrong with an identifier; nothing where it is one."""
    try:
        EntityId.parse(typed)
    except ValueError as error:
        return str(error)
    return ""


def _put(path: Path, request: bytes) -> HhtError | None:
    """Write the request, in place of nothing or of the same one; give back why it could not be."""
    from hht.files import check_own, unfit, write_whole

    try:
        check_own(path, request)
        write_whole(path, request)
    except OSError as error:
        return unfit(path, text("identity.not_written", why=error.strerror))
    except HhtError as error:
        return error
    return None
