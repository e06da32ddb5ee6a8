"""How often a PIN was tried, how each try ended, and how long the next one has to wait.

A try is kept as begun before it is judged and settled afterwards. One that was never settled (the
battery, a full disk) lengthens the wait as a wrong one does, and never counts towards the wipe. A
wait runs on the clock that counts since the machine's start, which cannot be set.
"""

import math
from dataclasses import dataclass

from hht.clock import BootMoment

# The first mistakes are gloves; after them each wrong PIN doubles the wait.
FREE_TRIES = 3
LONGEST_WAIT = 15 * 60.0


@dataclass(frozen=True, slots=True)
class PinTries:
    """What is kept of the tries since the last right PIN.

    `failures` were wrong, `interrupted` never settled, `begun` is 1 while one is being judged.
    The next may be made when `wait` seconds have passed since `wait_from` of the machine's run
    `wait_boot`.
    """

    failures: int = 0
    interrupted: int = 0
    begun: int = 0
    wait: float = 0.0
    wait_boot: str = ""
    wait_from: float = 0.0

    @property
    def strikes(self) -> int:
        """Everything that lengthens the wait, with the try that is under way."""
        return self.failures + self.interrupted + self.begun

    def wait_left(self, now: BootMoment) -> float:
        """Return the seconds until the next try; after a restart what was left begins again."""
        wait = min(max(self.wait, 0.0), LONGEST_WAIT)
        passed = now.seconds - self.wait_from
        if self.wait_boot != now.boot or passed < 0:
            return wait
        return max(0.0, wait - passed)

    def begin(self) -> "PinTries":
        """Begin a try: nothing is known of it yet."""
        return PinTries(self.failures, self.interrupted, 1)

    def settled(self, now: BootMoment) -> "PinTries":
        """Take a try that was begun and never settled as interrupted."""
        if not self.begun:
            return self
        return waiting(self.failures, self.interrupted + 1, now)

    def failed(self, now: BootMoment) -> "PinTries":
        """Settle the try as wrong."""
        return waiting(self.failures + 1, self.interrupted, now)

    def resumed(self, now: BootMoment) -> "PinTries":
        """Have what is left of the wait begin now."""
        left = self.wait_left(now)
        begin = (left, now.boot, now.seconds) if left else (0.0, "", 0.0)
        return PinTries(self.failures, self.interrupted, self.begun, *begin)


UNTRIED = PinTries()


def waiting(failures: int, interrupted: int, now: BootMoment) -> PinTries:
    """Return so many tries, with the wait that they cost beginning now."""
    over = failures + interrupted - FREE_TRIES
    if over < 0:
        return PinTries(failures, interrupted)
    # The exponent is bounded where the longest wait has long been reached.
    wait = min(2.0 ** min(over, 16), LONGEST_WAIT)
    return PinTries(failures, interrupted, 0, wait, now.boot, now.seconds)


def whole_seconds(wait: float) -> int:
    """Return the wait in whole seconds, never too few."""
    return math.ceil(wait)
