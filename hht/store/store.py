"""The store: one database of one mode, with everything that must outlive a flat battery."""

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from hht.clock import SYSTEM_CLOCK, Clock
from hht.store.audit.replay import AuditVerdict, verify
from hht.store.audit.trail import ACCEPTED
from hht.store.core import StoreCore, Transaction
from hht.store.modes import Mode
from hht.store.repositories.captures import CaptureRepository
from hht.store.repositories.commands import CommandRepository
from hht.store.repositories.drafts import DraftRepository
from hht.store.repositories.events import EventRepository
from hht.store.repositories.jobs import JobRepository
from hht.store.repositories.journeys import JourneyRepository
from hht.store.repositories.outbox import OutboxRepository
from hht.store.repositories.returns import ReturnRepository
from hht.store.secrets.fields import PlainFields
from hht.store.secrets.keyring import KeyRing
from hht.store.secrets.protection import Protection
from hht.store.secrets.vault import FIELD_COST, PinCost
from hht.store.sqlite.database import Database


class Store:
    """Everything of one database, a repository for each kind of row.

    Every method that changes something has it on the disk when it returns, except those that are
    given the Transaction under way. Methods block for a fraction of a millisecond and may be
    called from any thread.
    """

    def __init__(self, database: Database, clock: Clock, pin_cost: PinCost = FIELD_COST) -> None:
        core = StoreCore(database, PlainFields(), clock)
        self._core = core
        self.database = database
        self.clock = clock
        self.space = core.space
        self.audit = core.audit
        self.vault = Protection(core, pin_cost)
        self.secrets = KeyRing(core)
        self.commands = CommandRepository(core)
        self.jobs = JobRepository(core, self.commands)
        self.captures = CaptureRepository(core)
        self.returns = ReturnRepository(core)
        self.drafts = DraftRepository(core)
        self.outbox = OutboxRepository(core)
        self.journeys = JourneyRepository(core)
        self.events = EventRepository(core)

    @classmethod
    def open(
        cls,
        path: Path,
        mode: Mode,
        *,
        read_only: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        pin_cost: PinCost = FIELD_COST,
    ) -> Self:
        """Open the file, or make it; bring its schema up to date.

        A StoreError says what is wrong with a file that is damaged, foreign, another mode's,
        held by another program or not writable, and leaves it as it is. `read_only` looks on
        while another hht writes; `clock` dates what is written. A protected database opens
        locked: what is secret then waits for the PIN, the counts and states do not. `pin_cost` is
        what a PIN that is set from now on costs to try.
        """
        database = Database(path, mode, read_only=read_only)
        try:
            store = cls(database, clock, pin_cost)
            store.vault.start()
        except BaseException:
            database.close()
            raise
        if not read_only:
            store.space.keep_reserve()
        return store

    @classmethod
    def open_copy(cls, path: Path, mode: Mode, *, clock: Clock = SYSTEM_CLOCK) -> Self:
        """Open a copy in memory of a file that cannot be written, or is not there; what changes in
        it is lost."""
        database = Database(path, mode, as_copy=True)
        try:
            store = cls(database, clock)
            store.vault.start()
        except BaseException:
            database.close()
            raise
        return store

    @property
    def mode(self) -> Mode:
        """What the database is for."""
        return self.database.mode

    def verify_trail(self, head: str = "") -> AuditVerdict:
        """Check the audit trail, and the rows against it; StoreLocked before the PIN.

        `head` is one from an export or an upload, which must be in it.
        """
        return verify(self.database, self.audit, head)

    def accept_as_it_is(self) -> None:
        """Have the trail vouch for what is there now, whatever was found before."""
        with self._core.transaction() as change:
            change.vouch_for_everything()
            change.note(ACCEPTED, "")

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a change of several repositories, committed as a whole when this ends."""
        return self._core.transaction()

    def close(self) -> None:
        """Close the file, with an entry for what has none yet; closing twice is harmless."""
        self._core.vouch_for_late()
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
