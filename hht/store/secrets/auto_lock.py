"""Auto-lock: says when the handheld was left alone for so long that the store is to lock."""

from hht.clock import SYSTEM_CLOCK, Clock

IDLE_SECONDS = 300.0  # long enough for a look at a meter, short for a handheld left behind


class AutoLock:
    """`touch` it on every key, look at `is_due` now and then.

    On a HAN locking must leave the store open behind the lock screen: what arrives is kept.
    """

    def __init__(self, idle_seconds: float = IDLE_SECONDS, clock: Clock = SYSTEM_CLOCK) -> None:
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._last = clock.elapsed()

    def touch(self) -> None:
        """Begin the idle time again: a person is there."""
        self._last = self._clock.elapsed()

    @property
    def is_due(self) -> bool:
        """Whether the time is up."""
        return self._clock.elapsed() - self._last >= self._idle_seconds
