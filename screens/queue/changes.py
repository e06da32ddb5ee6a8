"""What the queue screen changes: export, upload, and what becomes of one item."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from hht.errors import HhtError
from hht.outbox.errors import OutboxError
from screens.base import HhtScreen
from screens.queue.text import upload_words

Change = Callable[[], Coroutine[Any, Any, str]]
NO_GATEWAY = OutboxError(
    "No gateway is set up on this handheld",
    remedy="Run 'hht queue upload --to URL', or write url = \"https://HOST\" into gateway.toml"
    " in the data folder.",
)


class QueueChanges:
    """Makes one change after the other; each says what came of it, and the queue is read again."""

    def __init__(self, screen: HhtScreen, read_again: Callable[[], object]) -> None:
        self._screen = screen
        self._read_again = read_again

    def return_anyway(self, number: int) -> None:
        """Have a capture returned although the DCC does not ask for it."""

        async def change() -> str:
            await self._screen.service.queries.return_anyway(number)
            return "✓ It is ready to be returned."

        self._make(change)

    def try_again(self, number: int) -> None:
        """Make a refused item ready once more."""

        async def change() -> str:
            await self._screen.service.queries.try_again(number)
            return "✓ It is ready once more."

        self._make(change)

    def export(self, out: Path, count: int) -> None:
        """Write `count` items into a folder or an archive."""

        async def write() -> str:
            await self._screen.service.queries.export(out)
            return f"✓ {count} items written to {out.name}"

        self._make(write)

    def upload(self) -> bool:
        """Send everything that is due; where no gateway is set up, say how to, and answer False."""
        send = self._screen.shell.context.upload
        if send is None:
            self._screen.shell.show_failure(NO_GATEWAY)
            return False

        async def upload() -> str:
            queries = self._screen.service.queries
            summary = await queries.upload(send)
            return upload_words(summary, await queries.returns_waiting())

        self._make(upload)
        return True

    def _make(self, change: Change) -> None:
        self._screen.run_worker(self._made(change), exclusive=True, group="change")

    async def _made(self, change: Change) -> None:
        try:
            self._screen.notify(await change())
        except HhtError as error:
            self._screen.shell.show_failure(error, retry=lambda: self._make(change))
        await self._screen.shell.count_returns()
        if self._screen.is_attached:  # else the app is being closed
            self._read_again()
