"""The ways off a hub's HAN: for a while, to reset the dongle, for good, or at the program's end.

What the hub still sends is waited for and kept before the HHT goes of its own accord.
"""

from typing import TYPE_CHECKING

from hht.journeys.delivery import Courier
from hht.journeys.link.connection import Connector
from hht.journeys.link.listening import Listener
from hht.journeys.link.not_heard import HubNotBackAgain, HubNotHeard, HubStillMoving
from hht.journeys.move.move_journey import MoveJourney

if TYPE_CHECKING:
    from hht.session.tunnel import Tunnel

_STEPPED_OUT = (
    "The HHT stepped out while the hub changes its channel: find the hub again, then read it back,"
    " settle it or deliver it once more"
)
_FOR_A_SURVEY = (
    "The HHT left the HAN for a survey: connect again, then read it back, settle it or deliver it"
    " once more"
)


class Departure:
    """How one visit's connection ends; what waits for a Response then is unknown."""

    def __init__(
        self,
        connector: Connector,
        listener: Listener,
        courier: Courier,
        move: MoveJourney,
        quiet_seconds: float,
    ) -> None:
        self._connector = connector
        self._listener = listener
        self._courier = courier
        self._move = move
        self._quiet_seconds = quiet_seconds

    async def step_out(self, tunnel: "Tunnel") -> None:
        """Leave the HAN for the change of channel that the hub was asked for; else for a survey."""
        await self._drain(tunnel)
        if not self._move.can_step_out:
            await self._disconnect(_FOR_A_SURVEY)
            return
        self._move.stepped_out()
        await self._disconnect(_STEPPED_OUT)

    async def reset(self, tunnel: "Tunnel") -> None:
        """Leave the HAN and release the dongle, which is reset when it is opened again."""
        await self._drain(tunnel)
        await self._disconnect("The dongle had to be reset")
        await self._connector.close()

    async def leave(self) -> None:
        """Leave the HAN and release the dongle for good."""
        if self._connector.tunnel is not None:
            await self._listener.drain(self._connector.tunnel, self._quiet_seconds)
        self._courier.keeper.check()
        self._move.leaving()
        try:
            await self._listener.stop()
        finally:
            self._courier.mark_unknown("The HHT left before its Response came")
            await self._connector.leave()

    async def close(self) -> None:
        """Release the dongle without leaving."""
        try:
            await self._listener.stop()
        finally:
            try:
                await self._connector.close()
            finally:
                self._courier.keeper.close()

    async def _drain(self, tunnel: "Tunnel") -> None:
        """Wait for what the hub still sends; StoreError where it cannot be kept."""
        await self._listener.drain(tunnel, self._quiet_seconds)
        self._courier.keeper.check()

    async def _disconnect(self, why: str) -> None:
        await self._listener.stop()
        self._courier.mark_unknown(why)
        await self._connector.drop()


def not_heard(error: HubNotHeard, move: MoveJourney) -> HubNotHeard:
    """Say more of a hub that is not heard where the HHT left it for its change of channel."""
    if not move.not_heard():
        if not move.is_hub_due:
            return error
        what = "The hub is changing its channel and is not heard yet"
        return HubStillMoving(what, where=error.where, remedy="Wait, then scan again.")
    what = "The hub has changed its channel and is not heard again"
    return HubNotBackAgain(what, where=error.where, remedy=move.view.steps[0])
