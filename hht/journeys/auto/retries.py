"""Which failures of a visit without a person are worth another try, and how many."""

import asyncio
from collections import Counter
from collections.abc import Callable

from hht.errors import HhtError
from hht.journeys.link.not_heard import HubNotBackAgain, HubNotHeard
from hht.journeys.visit import Visit
from hht.radio.errors import DongleAbsent, DongleError, DongleLost, DongleRefused, NotDelivered
from hht.session.errors import (
    CbkeFailed,
    HubSilent,
    JoinRefused,
    MembershipEnded,
    TunnelClosed,
    TunnelRefused,
    WindowClosed,
)
from hht.store import StoreBusy

_PASSING = (DongleError, HubSilent, HubNotHeard, MembershipEnded, TunnelClosed, StoreBusy)
_REFUSALS = (JoinRefused, TunnelRefused, CbkeFailed)
_REFUSALS_TAKEN = 3  # on a noisy air a refusal may only be a loss
_SAME_REFUSAL_TAKEN = 3  # the dongle's own: it has been asked four times each time already
_UNACKNOWLEDGED_TAKEN = 3  # the hub may have gone to another channel: no event says so
_SAME_LOSS_TAKEN = 5  # each opens the dongle again; what loses it by chance does so elsewhere, too
CLOSED_FOR_SURE = 2  # once may be a bad air


class Retries:
    """The failures so far, and whether one more is worth another try.

    `patience` is for how many seconds without progress a failure that may pass is tried again.
    `power_cycle` switches the hub off and on, once its window has seemed closed `closed_for_sure`
    times; without it a closed window is the end. Nothing is tried again once `hub_ended` says that
    the simulated hub is no more.
    """

    def __init__(
        self,
        visit: Visit,
        patience: float,
        power_cycle: Callable[[], object] | None,
        closed_for_sure: int,
        hub_ended: Callable[[], bool],
    ) -> None:
        self._visit = visit
        self._clock = visit.clock
        self._patience = patience
        self._power_cycle = power_cycle
        self._closed_for_sure = closed_for_sure
        self._hub_ended = hub_ended
        self._refusals = 0
        self._closed_windows = 0
        self._troubles: Counter[tuple[str, int]] = Counter()
        self._unacknowledged: Counter[int] = Counter()  # by how many Commands were delivered then
        self._last_progress = self._clock.elapsed()

    def note_progress(self) -> None:
        """Begin to count the seconds of patience again."""
        self._last_progress = self._clock.elapsed()

    @property
    def is_over(self) -> bool:
        """Whether patience has passed without progress."""
        return self._clock.elapsed() - self._last_progress >= self._patience

    async def may_follow(self, error: HhtError) -> bool:
        """Return whether to try again after this; the hub may have been switched off and on."""
        if self._hub_ended():
            return False
        return await self._opened_window(error) or self._may_try_again(error)

    async def _opened_window(self, error: HhtError) -> bool:
        """Return whether a window that seems closed is worth another try: it may only be a bad air.

        When it seems so again, the hub is switched off and on, once.
        """
        if isinstance(error, HubNotBackAgain):
            return await self._switch_off_and_on()
        if not isinstance(error, WindowClosed):
            return False
        self._closed_windows += 1
        if self._closed_windows < self._closed_for_sure:
            return True
        if self._closed_windows > self._closed_for_sure:
            return False
        return await self._switch_off_and_on()

    async def _switch_off_and_on(self) -> bool:
        if self._power_cycle is None:
            return False
        await asyncio.to_thread(self._power_cycle)
        self._visit.power.restart_window_clock(seen=True)
        self.note_progress()
        return True

    def _may_try_again(self, error: HhtError) -> bool:
        if isinstance(error, _REFUSALS):
            self._refusals += 1
            return self._refusals < _REFUSALS_TAKEN
        if isinstance(error, DongleRefused | DongleLost) and self._is_for_good(error):
            return False
        if isinstance(error, DongleAbsent) and self._visit.hub is None:
            return False  # it was never there
        return not self.is_over and isinstance(error, _PASSING)

    def needs_reconnect(self, error: HhtError) -> bool:
        """Return whether to connect again: the dongle refuses, or nothing is acknowledged."""
        if isinstance(error, NotDelivered):
            self._unacknowledged[self._visit.view.counts.delivered] += 1
            times = self._unacknowledged[self._visit.view.counts.delivered]
            return times % _UNACKNOWLEDGED_TAKEN == 0
        return isinstance(error, DongleRefused)

    def _is_for_good(self, error: DongleRefused | DongleLost) -> bool:
        """Return whether the dongle has often failed in the same way, with nothing done in
        between."""
        trouble = (error.said, self._visit.view.counts.delivered)
        self._troubles[trouble] += 1
        is_refusal = isinstance(error, DongleRefused)
        return self._troubles[trouble] >= (_SAME_REFUSAL_TAKEN if is_refusal else _SAME_LOSS_TAKEN)
