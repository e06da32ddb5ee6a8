"""Keeps what comes from the hub; where the store cannot, it is held in memory and tried again."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from hht.journeys.events import Failed, HubFault
from hht.journeys.journal import Journal
from hht.outbox.capture import capture_message
from hht.store import Capture, Store, StoreError
from hht.store.errors import MAY_PASS

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore

RETRY_SECONDS = 2.0
"""Between two tries of a store that is full or locked: a person needs longer to mend that."""
_FAULTS_NOTED = 16
"""Of the hub's faults, each; from there on only every doubling: a flood must not fill the disk."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A message of a connection that has ended, which could not be kept."""

    raw: bytes = field(repr=False)
    received_at: datetime


class Keeper:
    """The one way from the tunnel into the store; `announce` publishes what was kept.

    `failure` is why a message waits to be kept: until it is None again nothing may be delivered,
    and the hub does not hear that the HHT leaves.
    """

    def __init__(
        self,
        store: Store,
        journal: Journal,
        keys: "KeyStore | None",
        announce: Callable[[Capture], None],
    ) -> None:
        self._store = store
        self._journal = journal
        self._keys = keys
        self._held: deque[_Held] = deque()
        self._retrying: asyncio.Task[None] | None = None
        self._faults = 0
        self.announce = announce
        self.on_kept: Callable[[Capture], object] = lambda capture: None
        self.arrivals = 0
        self.last_arrival = 0.0
        """By the clock's elapsed seconds."""
        self.failure: StoreError | None = None
        self._reported: type[StoreError] | None = None

    def check(self) -> None:
        """Raise what keeps a message from being kept, if any."""
        if self.failure is not None:
            raise self.failure

    async def keep_at_last(self, raw: bytes) -> Capture:
        """Keep a message, however long that takes; the caller announces it."""
        received_at = self._journal.clock.now()
        while True:
            try:
                return self._capture(raw, received_at)
            except StoreError as error:
                self._fail(error)
            await self._journal.clock.sleep(RETRY_SECONDS)

    def keep(self, raw: bytes) -> None:
        """Keep a message and publish it; StoreError when it cannot be kept."""
        self.publish(self._capture(raw, self._journal.clock.now()))

    def publish(self, capture: Capture) -> None:
        """Publish what was kept; a store that has no room for the event of it undoes nothing."""
        try:
            self.announce(capture)
        except MAY_PASS as error:
            self.report(error)

    def keep_or_hold(self, raw: bytes) -> None:
        """Keep a message of a connection that has ended, now or as soon as that is possible."""
        try:
            self.keep(raw)
        except StoreError as error:
            self._held.append(_Held(raw, self._journal.clock.now()))
            self._fail(error)
            if self._retrying is None:
                self._retrying = asyncio.create_task(self._retry())

    def close(self) -> None:
        """Try what is held for the last time; StoreError when it is lost now."""
        if self._retrying is not None:
            self._retrying.cancel()
            self._retrying = None
        self._keep_held()

    def note_fault(self, fault: str) -> None:
        """Put what the hub did against the rules into the trail, and publish it."""
        self._faults += 1
        if self._faults > _FAULTS_NOTED and self._faults & (self._faults - 1):
            return
        text = f"fault {self._faults} of the hub: {fault}"
        with contextlib.suppress(StoreError), self._store.transaction() as change:
            change.note("hub broke a rule", text)
        self._journal.say(HubFault(fault, self._faults))

    async def _retry(self) -> None:
        while self._held:
            await self._journal.clock.sleep(RETRY_SECONDS)
            with contextlib.suppress(StoreError):
                self._keep_held()
        self._retrying = None

    def _keep_held(self) -> None:
        while self._held:
            oldest = self._held[0]
            capture = self._capture(oldest.raw, oldest.received_at)
            self._held.popleft()
            self.publish(capture)

    def _capture(self, raw: bytes, received_at: datetime) -> Capture:
        hub = self._journal.connect.hub
        assert hub is not None  # nothing arrives before a hub was confirmed
        capture = capture_message(
            self._store,
            raw,
            hub=hub,
            job_id=self._journal.job_id,
            received_at=received_at,
            keys=self._keys,
        )
        self.arrivals += 1
        self.last_arrival = self._journal.clock.elapsed()
        self.failure = self._reported = None
        self.on_kept(capture)
        return capture

    def report(self, error: StoreError) -> None:
        """Publish what to do, once until something could be kept again."""
        if self._reported is not type(error):
            self._reported = type(error)
            self._journal.say(Failed(error.what, error.where, error.remedy))

    def _fail(self, error: StoreError) -> None:
        self.failure = error
        self.report(error)
