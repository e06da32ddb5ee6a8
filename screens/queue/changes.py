"""What is done with the queue: export, upload, and what becomes of one item."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from textual.content import Content

from hht.errors import HhtError
from hht.texts import text
from screens.queue.outcome import outcome, upload_words, written_words

if TYPE_CHECKING:
    from screens.context import HhtContext
    from screens.service.visit_service import VisitService

Change = Callable[[], Coroutine[Any, Any, Content]]


class Surroundings(Protocol):
    """The app, as far as this needs it."""

    context: HhtContext
    service: VisitService

    def refresh_offer(self) -> None:
        """Have the screen on show offer what can be done now."""

    async def count_returns(self) -> None:
        """Bring the count of what is not yet returned up to date."""

    def run_worker(self, work: Any, *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def show_failure(
        self,
        error: HhtError,
        retry: Callable[[], object] | None = None,
        *,
        elsewhere: Callable[[], object] | None = None,
    ) -> None:
        """Say what failed; `elsewhere` asks for another place for what could not be written."""

    def notify(self, message: str) -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""


class Follower(Protocol):
    """The queue screen that is open."""

    def changed(self, said: Content) -> None:
        """Show what came of a change, and read the queue again."""

    def ask_where(self, proposed: Path) -> None:
        """Propose a place for an export, where another handheld's is in the way."""


class QueueChanges:
    """One change at a time; it is the app's, so that leaving the queue's screen stops nothing."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app
        self.follower: Follower | None = None
        """The queue screen that is open; None while there is none."""
        self.doing = ""
        """What is under way, in words; empty where nothing is."""

    def return_anyway(self, number: int) -> None:
        """Have a capture returned although the DCC does not ask for it."""

        async def change() -> Content:
            await self._app.service.queries.return_anyway(number)
            return outcome(text("queue.made_ready"))

        self._make(change, text("queue.changing"))

    def try_again(self, number: int) -> None:
        """Make a refused item ready once more."""

        async def change() -> Content:
            await self._app.service.queries.try_again(number)
            return outcome(text("queue.ready_again"))

        self._make(change, text("queue.changing"))

    def export(self, out: Path, elsewhere: Callable[[], object]) -> None:
        """Write what is due into a folder or an archive; `elsewhere` asks for another one."""

        async def write() -> Content:
            from hht.outbox.errors import NoStick
            from screens.queue.recent import remember_folder
            from screens.set_up.sticks import is_pulled_out

            if is_pulled_out(out):
                raise NoStick(out)
            count, held = await self._app.service.queries.export(out)
            remember_folder(self._app.context.data_dir, out)
            return written_words(count, held, out)

        self._make(write, text("queue.writing"), elsewhere)

    def upload(self) -> None:
        """Send everything that is due to the gateway."""
        send = self._app.context.upload

        async def upload() -> Content:
            queries = self._app.service.queries
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
            self._app.refresh_offer()
            self._app.run_worker(self._made(change, doing, elsewhere), group="change")

    async def _made(
        self, change: Change, doing: str, elsewhere: Callable[[], object] | None
    ) -> None:
        from hht.outbox.errors import AnotherExport  # at the start of the app nothing is written

        said = Content("")
        try:
            said = await change()
        except AnotherExport as error:
            ask = self.follower.ask_where if self.follower else None
            beside = partial(ask, error.instead) if ask else None
            self._app.show_failure(error, elsewhere=beside)
        except HhtError as error:
            again = partial(self._make, change, doing, elsewhere)
            self._app.show_failure(error, retry=again, elsewhere=elsewhere)
        finally:
            self.doing = ""
        self._say(said)
        await self._app.count_returns()

    def _say(self, said: Content) -> None:
        """Show what came of it in the queue; where that is closed, in a line for a few seconds."""
        if self.follower:
            self.follower.changed(said)
        elif said:
            self._app.notify(said.plain)
