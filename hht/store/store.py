"""The store: one database of one mode, with everything that must outlive a flat battery."""

from pathlib import Path
from types import TracebackType
from typing import Self

from hht.store.modes import Mode
from hht.store.repositories.captures import CaptureTable
from hht.store.repositories.jobs import JobTable
from hht.store.repositories.journeys import JourneyTable
from hht.store.repositories.outbox import OutboxTable
from hht.store.secrets.fields import PlainFields
from hht.store.secrets.keyring import KeyRing
from hht.store.secrets.protection import Protection
from hht.store.sqlite.database import Database


class Store(Protection, KeyRing, JobTable, CaptureTable, OutboxTable, JourneyTable):
    """Jobs, Local Commands, captures, returns and journeys of one database.

    Every method that changes something has it on the disk when it returns. Methods block for a
    fraction of a millisecond and may be called from any thread.
    """

    @classmethod
    def open(cls, path: Path, mode: Mode, *, read_only: bool = False) -> Self:
        """Open the file, or make it; bring its schema up to date.

        A StoreError tells what is wrong with a file that is damaged, foreign, another mode's,
        held by another program or not writable, and leaves it as it is. `read_only` looks on
        while another hht writes. A protected database opens locked: what is secret then waits for
        `unlock`, the counts and states do not.
        """
        database = Database(path, mode, read_only=read_only)
        try:
            store = cls(database, PlainFields())
            store._start()
        except BaseException:
            database.close()
            raise
        if not read_only:
            store.space.keep_reserve()
        return store

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
