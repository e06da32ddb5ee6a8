"""What is kept, for the screens: every look into the store, and the export of the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from screens.service.worker_loop import WorkerLoop

if TYPE_CHECKING:
    from hht.clock import Clock
    from hht.events import Record
    from hht.journeys.firmware.versions import DeviceFirmware
    from hht.journeys.premises.alerts import AlertLine
    from hht.outbox.auto_upload import Fetch, Upload
    from hht.outbox.packs import Fetched
    from hht.outbox.upload import UploadSummary
    from hht.store import Store
    from hht.store.doctor import Finding, Readiness
    from hht.store.secrets.auto_lock import AutoLock
    from hht.store.secrets.vault import PinState
    from screens.commission.course import Course
    from screens.queue.lookups import ReturnPage
    from screens.service.lookups import JobLine, Titled, TurnedOut
    from screens.visit.device_names import Names

Result = TypeVar("Result")


class StoreQueries:
    """Each method is awaited by a screen, works in the working thread, and raises HhtError."""

    def __init__(
        self, worker_loop: WorkerLoop, open_store: Callable[[], Store], clock: Clock
    ) -> None:
        self.worker_loop = worker_loop
        self.open_store = open_store
        self._clock = clock
        self._store: Store | None = None
        self._is_closed = False
        self._auto_lock: AutoLock | None = None

    async def jobs(self) -> list[JobLine]:
        """Return every job with the states of its commands."""
        from screens.service import lookups

        return await self._ask(lambda store: lookups.job_lines(store, self._clock))

    async def turned_out(self, job_id: int) -> TurnedOut:
        """Return a job's Local Commands with what became of them after they were answered."""
        from screens.service import lookups

        return await self._ask(lambda store: lookups.turned_out(store, job_id))

    async def trail_trouble(self) -> str:
        """Return what the audit trail's anchor has shown and was not accepted.

        Empty for nothing.
        """
        return await self._ask(lambda store: store.audit.trouble)

    async def returns_waiting(self) -> int:
        """Return how many items have not been returned yet."""
        return await self._ask(lambda store: store.returns.waiting_count())

    async def return_page(self, show: str, offset: int, count: int) -> ReturnPage:
        """Return a stretch of the queue, or of its items in the state `show`, with the counts."""
        from screens.queue import lookups as queue_lookups

        return await self._ask(lambda store: queue_lookups.return_page(store, show, offset, count))

    async def return_messages(self, show: str, number: int) -> tuple[list[Titled], Names]:
        """Return the message of a row of the queue, and what its Devices are called."""
        from screens.queue import lookups as queue_lookups

        return await self._ask(lambda store: queue_lookups.return_messages(store, show, number))

    async def report_text(self, number: int) -> str:
        """Return what a report says, field by field."""
        from screens.queue import lookups as queue_lookups

        return await self._ask(lambda store: queue_lookups.report_text(store, number))

    async def return_anyway(self, capture_id: int) -> None:
        """Make the item for a capture that is held because the DCC does not ask for it."""
        from hht.outbox.capture import return_anyway

        await self._ask(lambda store: return_anyway(store, capture_id))

    async def try_again(self, return_id: int) -> None:
        """Make a refused item ready once more."""
        await self._ask(lambda store: store.outbox.try_again(return_id))

    async def upload(self, send: Upload) -> UploadSummary:
        """Send everything that is due to the gateway."""

        async def work() -> UploadSummary:
            return await send(self.store())

        return await self.worker_loop.do(work())

    async def upload_if_open(self, send: Upload) -> UploadSummary | None:
        """Upload as `upload` does, but nothing while the store is locked."""

        async def work() -> UploadSummary | None:
            store = self.store()
            return None if store.vault.is_locked else await send(store)

        return await self.worker_loop.do(work())

    async def command_messages(self, command_id: int) -> list[Titled]:
        """Return a Local Command and what answered it, each with a title."""
        from screens.service import lookups

        return await self._ask(lambda store: lookups.command_messages(store, command_id))

    async def export(self, folder: Path) -> tuple[int, int]:
        """Write what is to be returned as SR 8.13 XML into a folder; how many, and how many are
        held."""
        from screens.service import lookups

        return await self._ask(lambda store: lookups.export(store, folder))

    async def alerts(self, job_id: int) -> list[AlertLine]:
        """Return every Alert of a job, oldest first."""
        from hht.journeys.premises.alerts import alerts_of

        return await self._ask(lambda store: list(alerts_of(store.captures.of_job(job_id))))

    async def course(self, job_id: int) -> Course:
        """Return how the delivery of a job has gone so far."""
        from screens.commission.course import course_of

        return await self._ask(lambda store: course_of(store, job_id))

    async def journal(self, job_id: int | None) -> tuple[tuple[Record, ...], Names, str]:
        """Return what happened on a job, oldest first, what its Devices are called, its reference.

        Where none is given it is the newest on which anything happened.
        """
        from hht.journeys.premises.handheld import handheld_of
        from screens.visit.device_names import Names, names_of

        def read(store: Store) -> tuple[tuple[Record, ...], Names, str]:
            begun = filter(store.events.is_begun, store.jobs.numbers())
            number = job_id or next(begun, None)
            if number is None:
                return (), Names(), ""
            job = store.jobs.get(number)
            names = names_of(job, handheld_of(store, number))
            return store.events.of_job(number), names, job.reference

        return await self._ask(read)

    async def firmware(self, job_id: int) -> list[DeviceFirmware]:
        """Return the firmware of each Device of a job, as captured."""
        from hht.journeys.firmware.versions import firmware_of

        def found(store: Store) -> list[DeviceFirmware]:
            captures = store.captures.of_job(job_id)
            return firmware_of(store.jobs.get(job_id), store.commands.of_job(job_id), captures)

        return await self._ask(found)

    async def alert_messages(self, job_id: int) -> list[Titled]:
        """Return the Alerts that were captured for a job, oldest first."""
        from screens.service import lookups

        return await self._ask(lambda store: lookups.alert_messages(store, job_id))

    async def import_pack(self, path: Path) -> tuple[str, int]:
        """Take in a job pack or Local Commands; the job's reference and how many they are."""
        from screens.service import lookups

        return await self._ask(lambda store: lookups.import_pack(store, path))

    async def fetch_packs(self, fetch: Fetch) -> list[Fetched]:
        """Fetch the job packs that the depot has and that are not here yet."""

        async def work() -> list[Fetched]:
            return await fetch(self.store())

        return await self.worker_loop.do(work())

    async def begin_job(self, reference: str) -> int:
        """Begin a job without a pack, to be filled by scanning; its number."""
        from hht.duis.job.walk_in import walk_in_pack
        from hht.duis.job_json import one_line

        pack = walk_in_pack(one_line(reference))
        return await self._ask(lambda store: store.jobs.add(pack).id)

    async def visit_name(self, job_id: int) -> str:
        """Return what is in the name of each file of a visit."""
        from hht.journeys.summary.file_name import visit_name

        now = self._clock.now()
        return await self._ask(lambda store: visit_name(store.jobs.get(job_id), now))

    async def write_report(self, job_id: int, page: Path) -> Path:
        """Write what a visit came to as a page to print, and as text beside it; the text's path."""
        from hht.journeys.summary.render import write_summary

        now = self._clock.now()
        return await self._ask(lambda store: write_summary(store, job_id, now, page).text_path)

    async def check_up(self, data_dir: Path) -> list[Finding]:
        """Return whether the data folder and the database are in order."""
        from hht.journeys.own_identity import identity_finding
        from hht.store.doctor import check_folder, check_store

        def found(store: Store) -> list[Finding]:
            identity = identity_finding(data_dir, store)
            return check_folder(data_dir) + check_store(store) + identity

        return await self._ask(found)

    async def readiness(self) -> Readiness:
        """Return whether PIN, room and clock are as they should be."""
        from hht.store.doctor import readiness

        return await self._ask(readiness)

    async def unlock(self, pin: str) -> None:
        """Open what is protected; WrongPin, StoreLocked while one has to wait, StoreWiped."""
        await self._ask(lambda store: store.vault.unlock(pin))
        self.touch()

    async def is_protected(self) -> bool:
        """Return whether a PIN is set."""
        return await self._ask(lambda store: store.vault.is_protected)

    async def has_job_and_pin(self) -> tuple[bool, bool]:
        """Return whether there is a job, and whether a PIN is set."""
        return await self._ask(lambda store: (store.jobs.are_there, store.vault.is_protected))

    async def set_pin(self, pin: str, data_dir: Path) -> tuple[str, str]:
        """Protect the data with a first PIN; WrongPin for one that is too easy.

        Return the recovery code, empty without a TPM, and what is to be said of the TPM.
        """
        from hht.journeys.identity.own_pin import set_pin

        return await self._ask(lambda store: set_pin(store, data_dir, pin))

    async def change_pin(self, old: str, new: str) -> tuple[str, str]:
        """Replace the PIN; WrongPin, StoreLocked while one has to wait. As `set_pin` returns."""
        from hht.journeys.identity.own_pin import change_pin

        return await self._ask(lambda store: change_pin(store, old, new))

    async def pin_state(self) -> PinState:
        """Return how long one has to wait for the next try of the PIN, and how many there are
        left."""
        return await self._ask(lambda store: store.vault.pin_state())

    async def lock(self, *, keep_open: bool) -> bool:
        """Lock the store, or leave it open for what arrives; False where no PIN is set."""
        return await self._ask(
            lambda store: store.vault.is_protected if keep_open else store.vault.lock()
        )

    @property
    def is_alone(self) -> bool:
        """Whether the handheld was left alone for a while."""
        return bool(self._auto_lock and self._auto_lock.is_due)

    def touch(self) -> None:
        """Begin the idle time again: a person is here."""
        if self._auto_lock:
            self._auto_lock.touch()

    async def close(self) -> None:
        """Close the store if it was opened; an opening under way is waited for."""
        await self.worker_loop.run(self._close)

    def _close(self) -> None:
        """Close it, in the working thread; what is asked after that opens no other."""
        self._is_closed = True
        if self._store:
            self._store.close()

    def store(self) -> Store:
        """Return the store, opened when it is first needed; for the working thread only.

        CancelledError once it is closed: the answer is not waited for any more.
        """
        if self._is_closed:
            raise asyncio.CancelledError
        if self._store is None:
            from hht.store.secrets.auto_lock import AutoLock

            self._store = self.open_store()
            self._auto_lock = AutoLock(clock=self._clock)
        return self._store

    async def _ask(self, question: Callable[[Store], Result]) -> Result:
        return await self.worker_loop.run(lambda: question(self.store()))
