"""The time in which a hub answers HHTs over inter-PAN, from its power-on."""

from hht.clock import ScaledClock
from hht.hub_profile import HubProfile

_MINUTE = 60  # seconds


class InterPanWindow:
    """A window open from the hub's power on, as long as the profile says, in simulated time."""

    def __init__(self, profile: HubProfile, clock: ScaledClock) -> None:
        self._profile = profile
        self._clock = clock
        self._opened_at = 0.0
        self._closed = False

    def open(self, powered_minutes: float) -> None:
        """Open; the power has been on for so long."""
        self._opened_at = self._clock.time() - powered_minutes * _MINUTE
        self._closed = False

    def close(self) -> None:
        """Close before its time."""
        self._closed = True

    @property
    def is_open(self) -> bool:
        return self.seconds_left != 0.0

    @property
    def seconds_left(self) -> float | None:
        """Return the seconds until it closes, 0 when it is closed; None: no limit."""
        if self._closed:
            return 0.0
        if self._profile.window_minutes is None:
            return None
        ends = self._opened_at + self._profile.window_minutes * _MINUTE
        return max(0.0, ends - self._clock.time())
