"""Auto-lock: the store locks itself when nobody has touched the handheld for a while."""

import time
from collections.abc import Callable

from hht.store.protection import Protection

IDLE_SECONDS = 300.0


class AutoLock:
    """Called from whoever has a timer: `touch` on every key, `check` now and then.

    While the HHT is on a HAN it must be touched too: what arrives then must find the store open.
    """

    def __init__(
        self,
        store: Protection,
        idle_seconds: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._last = clock()

    def touch(self) -> None:
        """Somebody is there."""
        self._last = self._clock()

    def check(self) -> bool:
        """Lock when the time is up; whether it did."""
        if self._store.is_locked or self._clock() - self._last < self._idle_seconds:
            return False
        return self._store.lock()
