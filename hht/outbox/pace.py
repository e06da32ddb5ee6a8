"""When an upload may begin another request: its end, its rounds, and the waits between them.

Everything is measured on the part of the clock that cannot be set. A time of day that is stored is
reckoned from it, so a handheld that learns the time in the middle neither hurries nor stalls.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from hht.clock import Clock

SHORTEST_WAIT = 0.01  # s; moments are stored to the millisecond
LAST_WAIT = 5.0  # s; for the answer to what is under way at the end
EQUAL_FAILURES = 3  # in a row: the way is at fault, not the items, and the others may rest


@dataclass(frozen=True)
class UploadPlan:
    """How hard to try. Waits (s) double with each try up to the longest, less a random share."""

    at_once: int = 4
    first_wait: float = 2.0
    longest_wait: float = 900.0


class Pace:
    """The rounds of one upload. A round ends when the way fails, and the next begins after a wait.

    `failed` says why the round has ended, `last_failure` what failed since the last answer, and
    `is_answered` that an item has been answered in this round.
    """

    def __init__(self, plan: UploadPlan, clock: Clock, chance: random.Random) -> None:
        self._plan = plan
        self._clock = clock
        self._chance = chance
        self._began_at, self._began = clock.now(), clock.elapsed()
        self._end: float | None = None
        self._failed_rounds = 0
        self._failures: list[str] = []
        self.failed = ""
        self.last_failure = ""
        self.wait = 0.0
        self.is_answered = False

    def begin(self, give_up_after: float | None) -> None:
        """Begin the upload; None never ends it."""
        self._end = None if give_up_after is None else self._clock.elapsed() + give_up_after

    def begin_round(self) -> None:
        self.failed, self.wait, self.is_answered = "", 0.0, False
        self._failures.clear()

    def may_begin(self) -> bool:
        """Return whether another request may begin in this round."""
        return not self.failed and self.is_in_time(0)

    def is_in_time(self, ahead: float) -> bool:
        """Return whether so many seconds ahead is before the end."""
        return self._end is None or self._clock.elapsed() + ahead < self._end

    @property
    def left(self) -> float | None:
        """The seconds that a request which begins now may last; None where there is no end."""
        if self._end is None:
            return None
        return max(0.0, self._end - self._clock.elapsed()) + LAST_WAIT

    def answered(self) -> None:
        """Note that an item was answered: the way is good."""
        self.is_answered = True
        self.last_failure = ""
        self._failed_rounds = 0
        self._failures.clear()

    def fail(self, kind: str, why: str, retry_after: float | None = None) -> None:
        """Note that the way failed for an item; the third equal failure in a row ends the round.

        `retry_after` (s), where the gateway asks for it, ends it at once.
        """
        self.last_failure = why
        if kind not in self._failures:
            self._failures.clear()
        self._failures.append(kind)
        if retry_after:
            self.end_round(why, retry_after)
        elif len(self._failures) >= EQUAL_FAILURES:
            self.end_round(f"{EQUAL_FAILURES} times in a row: {why}")

    def end_round(self, why: str, at_least: float = 0.0) -> None:
        """End the round; the wait after it grows with each in a row that failed."""
        if not self.failed:
            self._failed_rounds += 1
            self.failed = why
            self.wait = max(at_least, self.backoff(self._failed_rounds))

    def backoff(self, tries: int) -> float:
        """Return the seconds to wait after so many tries."""
        doubled = self._plan.first_wait * 2.0 ** min(tries - 1, 20)
        return min(self._plan.longest_wait, doubled) * self._chance.uniform(0.5, 1.0)

    def moment(self, ahead: float = 0.0) -> datetime:
        """Return the time of day so many seconds ahead."""
        passed = self._clock.elapsed() - self._began
        return self._began_at + timedelta(seconds=passed + ahead)

    async def sleep(self, seconds: float) -> None:
        """Wait, and never for no time: what is due at this very moment is then due for certain."""
        await self._clock.sleep(max(SHORTEST_WAIT, seconds))
