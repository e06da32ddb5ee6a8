"""What the queue screen changes: export, upload, and what becomes of one item."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from textual import work

from hht.errors import HhtError
from hht.outbox.errors import OutboxError
from screens.base import HhtScreen
from screens.queue.text import upload_words
from screens.widgets.action_button import ActionButton
from screens.widgets.numbered_list import NumberedList

Change = Callable[[], Coroutine[Any, Any, str]]
NO_GATEWAY = OutboxError(
    "No gateway is set up on this handheld",
    remedy="Run 'hht queue upload --to URL', or write url = \"https://HOST\" into gateway.toml"
    " in the data folder.",
)


class QueueChanges(HhtScreen):
    """Each change says what came of it, and has the queue read again."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def read_again(self) -> None:
        """Show the queue as it is now."""
        raise NotImplementedError

    @work(exclusive=True, group="change")
    async def change(self, make: Change) -> None:
        """Change something; a failure can be tried again."""
        try:
            self.notify(await make())
        except HhtError as error:
            self.hht.show_failure(error, retry=lambda: self.change(make))
        await self.hht.count_returns()
        if self.query(NumberedList):  # else the app is being closed
            self.read_again()

    def action_return_anyway(self) -> None:
        """Have the capture under the cursor returned although the DCC does not ask for it."""
        self._change_current(self.desk.records.return_anyway, "✓ It is ready to be returned.")

    def action_try_again(self) -> None:
        """Make the refused item under the cursor ready once more."""
        self._change_current(self.desk.records.try_again, "✓ It is ready once more.")

    def _change_current(self, make: Callable[[int], Coroutine[Any, Any, None]], done: str) -> None:
        """Change what is under the cursor."""
        row = self.query_one(NumberedList).current
        if row is None:
            return
        number = int(str(row.key))

        async def change() -> str:
            await make(number)
            return done

        self.change(change)

    def action_export(self) -> None:
        """Ask for the folder, then write."""
        from screens.prompts.folder import FolderScreen

        self.app.push_screen(FolderScreen(self.hht.context.data_dir / "export"), self._export)

    def _export(self, out: Path | None) -> None:
        """Write into the folder or the archive that was given."""
        if out is None:
            return
        count = self.counts.get("ready", 0) + self.counts.get("sent", 0)

        async def write() -> str:
            await self.desk.records.export(out)
            return f"✓ {count} items written to {out.name}"

        self.change(write)

    def action_upload(self) -> None:
        """Send everything that is due; where no gateway is set up, say how to."""
        send = self.hht.context.upload
        if send is None:
            self.hht.show_failure(NO_GATEWAY)
            return

        async def upload() -> str:
            summary = await self.desk.records.upload(send)
            return upload_words(summary, await self.desk.records.returns_waiting())

        self.query_one(ActionButton).offer("", "Uploading …", "")
        self.change(upload)
