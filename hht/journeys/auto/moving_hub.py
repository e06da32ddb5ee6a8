"""What a player waits for around a change of channel, so that each Device shows that it followed.

What a Device answers before its hub moves is no proof that it came along.
"""

from collections.abc import Awaitable, Callable

from hht.journeys.move.hub_messages import hub_has_answered
from hht.journeys.visit import Visit
from hht.store import Capture, CommandRow

_PAUSE = 0.5  # simulated seconds
_LONGEST = 60.0  # seconds for all Devices; what one still owes is said at the end

WaitFor = Callable[[Callable[[], bool]], Awaitable[None]]


class MovingHub:
    """The waits of one visit; `wait_for` ends with the connection and the player's patience."""

    def __init__(self, visit: Visit, wait_for: WaitFor) -> None:
        self._visit = visit
        self._wait_for = wait_for

    async def before(self, row: CommandRow) -> None:
        """Hold back what is for a Device while its hub may still change its sub-GHz channel."""
        job, move = self._visit.job, self._visit.move
        if row.device not in (job.hub_chf, job.hub_gpf) and move.is_awaited:
            await self._wait_for(lambda: not move.is_awaited)

    async def after(self, command: int) -> None:
        """Wait until the hub has said whether this Command moves it, though that is late."""
        row = next(each for each in self._visit.view.commands if each.id == command)
        if self._visit.move.expected_of(row):
            await self._wait_for(lambda: hub_has_answered(command, *self._kept()))

    async def device_of(self, command: int) -> None:
        """Wait for a Device to follow its hub, which keeps, and drops, what is sent until then."""
        missing, (rows, _) = self._visit.move.is_missing, self._kept()
        await self._wait_for(lambda: not any(missing(r.device) for r in rows if r.id == command))

    async def devices(self) -> None:
        """Stay while a Device may still show that it followed its hub."""
        clock = self._visit.clock
        until = clock.elapsed() + _LONGEST
        while clock.elapsed() < until and not self._visit.move.is_settled:
            if not self._visit.connected:
                return
            await clock.sleep(_PAUSE)
            self._visit.tick()

    def _kept(self) -> tuple[tuple[CommandRow, ...], tuple[Capture, ...]]:
        return self._visit.view.commands, self._visit.captures()
