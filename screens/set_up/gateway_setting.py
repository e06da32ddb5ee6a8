"""Says in forms which gateway the queue goes to: a file from the depot, or an address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hht.errors import HhtError
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.path import PathScreen
from screens.forms.remedies import Remedy, in_a_line
from screens.forms.typed import TypedScreen
from screens.set_up.sticks import files_named, sticks_for

if TYPE_CHECKING:
    from screens.set_up.surroundings import Surroundings

KEEP, ADDRESS, OTHER = "", "address", "other"


class GatewaySetting:
    """The gateway's forms; from then on the queue can be uploaded and packs can be fetched."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def ask(self) -> None:
        """Ask for the gateway: files on a USB stick are choices."""
        self._app.run_worker(self._ask(), group="gateway")

    async def _ask(self) -> None:
        from hht.outbox.auto_upload import GATEWAY_FILE
        from hht.outbox.gateway.setting_up import gateway_place

        context = self._app.context
        try:
            place = await asyncio.to_thread(gateway_place, context.data_dir)
        except HhtError as error:  # it can be replaced: what is wrong with it is said
            place = in_a_line(error)
        files = await asyncio.to_thread(files_named, sticks_for(context), GATEWAY_FILE)
        choices = [
            Choice(KEEP, text("gateway.keep")),
            *(Choice(str(path), str(path)) for path in files),
            Choice(OTHER, text("gateway.other")),
            Choice(ADDRESS, text("gateway.address")),
        ]
        body = text("gateway.body", place=place or text("gateway.none"))
        self._app.ask(FormScreen(text("gateway.title"), body, choices), self._chosen)

    def _chosen(self, choice: str | None) -> None:
        from hht.outbox.gateway.setting_up import take_over, use_address

        if choice == ADDRESS:
            form = TypedScreen(text("gateway.which"), "", text("gateway.placeholder"))
            self._app.ask(form, partial(self._set, use_address))
        elif choice == OTHER:
            self._app.ask(PathScreen(text("gateway.file")), partial(self._set, take_over))
        elif choice:
            self._set(take_over, Path(choice))

    def _set(self, how: Callable[[Path, Any], str], given: Any) -> None:
        if given:
            self._app.run_worker(self._use(how, given), group="gateway")

    async def _use(self, how: Callable[[Path, Any], str], given: Any) -> None:
        from hht.outbox.auto_upload import fetcher, uploader

        context = self._app.context
        try:
            place = await asyncio.to_thread(how, context.data_dir, given)
        except HhtError as error:
            self._app.show_failure(error, self.ask, Remedy.OTHER_FILE)
            return
        context.upload, context.fetch = uploader(context.data_dir), fetcher(context.data_dir)
        self._app.notify(text("gateway.done", place=place))
