"""What the queue screen changes: export, upload, and what becomes of one item."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from textual.content import Content

from hht.errors import HhtError
from hht.outbox.errors import AnotherExport, NoStick
from screens.base import HhtScreen
from screens.catalogue import text
from screens.queue.recent import remember_folder
from screens.queue.text import outcome, upload_words, written_words
from screens.set_up.sticks import is_pulled_out

Change = Callable[[], Coroutine[Any, Any, Content]]


class QueueChanges:
    """One change at a time; `done` has what came of it, and the queue is read again.

    `ask_where` proposes a place for an export, where another handheld's is in the way.
    """

    def __init__(
        self,
        screen: HhtScreen,
        done: Callable[[Content], object],
        ask_where: Callable[[Path], object],
    ) -> None:
        self._screen = screen
        self._done = done
        self._ask_where = ask_where
        self.doing = ""
        """What is under way, in words; empty where nothing is."""

    def return_anyway(self, number: int) -> None:
        """Have a capture returned although the DCC does not ask for it."""

        async def change() -> Content:
            await self._screen.service.queries.return_anyway(number)
            return outcome(text("queue.made_ready"))

        self._make(change, text("queue.changing"))

    def try_again(self, number: int) -> None:
        """Make a refused item ready once more."""

        async def change() -> Content:
            await self._screen.service.queries.try_again(number)
            return outcome(text("queue.ready_again"))

        self._make(change, text("queue.changing"))

    def export(self, out: Path, elsewhere: Callable[[], object]) -> None:
        """Write what is due into a folder or an archive; `elsewhere` asks for another one."""

        async def write() -> Content:
            if is_pulled_out(out):
                raise NoStick(out)
            count, held = await self._screen.service.queries.export(out)
            remember_folder(self._screen.shell.context.data_dir, out)
            return written_words(count, held, out)

        self._make(write, text("queue.writing"), elsewhere)

    def upload(self) -> None:
        """Send everything that is due to the gateway."""
        send = self._screen.shell.context.upload

        async def upload() -> Content:
            queries = self._screen.service.queries
            assert send  # the form offers it only where there is a gateway
            summary = await queries.upload(send)
            return upload_words(summary, await queries.returns_waiting())

        if send:
            self._make(upload, text("queue.uploading"))

    def _make(
        self, change: Change, doing: str, elsewhere: Callable[[], object] | None = None
    ) -> None:
        if not self.doing:
            self.doing = doing
            self._screen.refresh_offer()
            self._screen.run_worker(self._made(change, doing, elsewhere), group="change")

    async def _made(
        self, change: Change, doing: str, elsewhere: Callable[[], object] | None
    ) -> None:
        said = Content("")
        try:
            said = await change()
        except AnotherExport as error:
            beside = partial(self._ask_where, error.instead)
            self._screen.shell.show_failure(error, elsewhere=beside)
        except HhtError as error:
            again = partial(self._make, change, doing, elsewhere)
            self._screen.shell.show_failure(error, retry=again, elsewhere=elsewhere)
        finally:
            self.doing = ""
        self._done(said)
        await self._screen.shell.count_returns()
