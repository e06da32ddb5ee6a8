"""When the hub got its power: watched, said, or answered; its inter-PAN window began then."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from hht.journeys.connect import WindowCertainty
from hht.journeys.install.power import PowerCertainty, window_certainty
from hht.journeys.journal import Journal
from hht.journeys.link.connection import Connector
from hht.journeys.link.power_cycle import PowerCycleCost, power_cycle_cost, watch_power_cycle
from hht.journeys.plan.not_ready import NotReady
from hht.journeys.plan.plan import Plan
from hht.journeys.premises.devices import Premises
from hht.store import JobRow


class HubPower:
    """The power of the job's hub; `powered` is called with it, None where nothing is known."""

    def __init__(
        self,
        journal: Journal,
        job: JobRow,
        connector: Connector,
        plan: Plan,
        premises: Premises,
        *,
        powered: Callable[[datetime | None], None],
        stop_listening: Callable[[], Awaitable[None]],
    ) -> None:
        self._journal = journal
        self._clock = journal.clock
        self._job = job
        self._connector = connector
        self._plan = plan
        self._premises = premises
        self._powered = powered
        self._stop_listening = stop_listening

    def restart_window_clock(self, *, minutes_ago: float = 0, seen: bool = False) -> None:
        """Note how long ago the hub was switched on: its inter-PAN window began then.

        `seen` says that its power was watched, as a simulated hub's is; else the engineer says so.
        """
        started = self._clock.now() - timedelta(minutes=minutes_ago)
        if seen:
            self._journal.start_window_clock(started, WindowCertainty.KNOWN)
        else:
            self._journal.set_window_clock(started)
        self._powered(self._journal.powered_at)

    def take_window_clock_back(self) -> None:
        """Set the window's clock as it was before the engineer set it; NotReady where none was."""
        if not self._journal.take_window_clock_back():
            raise NotReady(
                "Nobody has set the window's clock", remedy="Say when the hub got its power."
            )
        self._powered(self._journal.powered_at)

    @property
    def power_cycle_cost(self) -> PowerCycleCost:
        """What switching the hub off and on would cost now."""
        return power_cycle_cost(
            self._premises.devices(self._clock.now()),
            self._plan.rows,
            self._journal.residency_seconds_left() if self._connector.tunnel else None,
            self._journal.window_minutes,
        )

    async def watch_power_cycle(self) -> None:
        """Listen while the hub is switched off and on; its window's clock is known from then on.

        The HHT leaves the HAN. NotReady before a hub is known, HubStaysOn where nothing happens.
        """
        gpf = self._journal.connect.hub or self._job.hub_gpf
        if gpf is None:
            raise NotReady("No hub is known yet", remedy="Scan for the hub first.")
        await self._stop_listening()
        hears = partial(self._connector.hears, gpf)
        began = await watch_power_cycle(hears, gpf, self._clock, self._journal.say)
        self._journal.start_window_clock(began, WindowCertainty.KNOWN)
        self._powered(began)

    def answered(self, at: datetime | None, certainty: PowerCertainty) -> None:
        """Note when the hub got its power, as the engineer says, or takes back (None)."""
        if at is None:
            self._journal.take_power_answer_back()
            self._powered(self._journal.powered_at)
            return
        self._journal.power_answered(at, window_certainty(certainty))
        if certainty is not PowerCertainty.UNKNOWN:
            self._powered(at)
