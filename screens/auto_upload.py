"""Uploads what is due without being asked: at the start, on a timer, and when a visit has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.texts import text

if TYPE_CHECKING:
    from screens.shell import Shell
from screens.forms.remedies import in_a_line

EVERY_SECONDS = 300.0  # what became due meanwhile, or a network that is back, waits no longer


class AutoUpload:
    """Only in live mode, where a gateway is set up, and never while the HHT is in a HAN."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._is_sending = False

    def send(self) -> None:
        """Send what is due, unless that is under way or not for now."""
        context, view = self._shell.context, self._shell.view
        is_live = context.upload is not None and context.mode == "live"
        if is_live and not self._is_sending and not (view and view.connected):
            self._is_sending = True
            self._shell.run_worker(self._send(), group="upload")

    async def _send(self) -> None:
        """Send, keeping each item's state and reason: the queue screen and the next tick need
        them."""
        upload = self._shell.context.upload
        try:
            if upload and await self._shell.service.queries.upload_if_open(upload):
                await self._shell.count_returns()
        except HhtError as error:
            self._shell.notify(text("upload.by_itself", why=in_a_line(error)), severity="warning")
        finally:
            self._is_sending = False
