"""Keeps what arrives from the hub until the connection ends, and says what became of it."""

import asyncio
import logging
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.journeys.delivery import Courier
from hht.journeys.events import ConnectionLost
from hht.journeys.journal import Journal
from hht.journeys.link.connection import Connector

if TYPE_CHECKING:
    from hht.session.tunnel import Tunnel

DRAIN_SECONDS = 60.0
"""The longest that leaving waits for a hub that goes on sending; as long as a block may take."""

_LOG = logging.getLogger(__name__)


class Listener:
    """A listener to one tunnel at a time; an unforeseen error ends the connection, too.

    Such an error is raised to the delivery that waits, else to who stops the listening next.
    """

    def __init__(self, courier: Courier, connector: Connector, journal: Journal) -> None:
        self._courier = courier
        self._connector = connector
        self._journal = journal
        self._task: asyncio.Task[None] | None = None

    def start(self, tunnel: "Tunnel") -> None:
        """Take what arrives over this tunnel from now on."""
        self._task = asyncio.create_task(self._listen(tunnel))

    async def stop(self) -> None:
        """End the listening; an error that no delivery waited for is raised now."""
        task, self._task = self._task, None
        if task is not None:
            if self._connector.tunnel is not None:  # else it is letting go of it already
                task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.result()

    async def drain(self, tunnel: "Tunnel", quiet_seconds: float) -> None:
        """Wait until nothing came for so long: a hub may forget what it has once the HHT leaves."""
        keeper, clock = self._courier.keeper, self._journal.clock
        end = clock.elapsed() + DRAIN_SECONDS
        while self._connector.tunnel is tunnel and clock.elapsed() < end:
            keeper.check()
            quiet = clock.elapsed() - keeper.last_arrival
            if quiet >= quiet_seconds and not tunnel.is_midway:
                return
            await clock.sleep(max(quiet_seconds - quiet, quiet_seconds / 10))

    async def _listen(self, tunnel: "Tunnel") -> None:
        keeper = self._courier.keeper
        try:
            while True:
                capture = await keeper.keep_at_last(await tunnel.receive())
                tunnel.confirm()
                keeper.publish(capture)
                await self._connector.note_quality()
        except HhtError as error:
            await self._lose(error, ConnectionLost(error.what, error.remedy))
        except Exception as error:
            _LOG.error("Listening to the hub failed", exc_info=error)
            what = f"The program failed while listening to the hub ({type(error).__name__})"
            if not await self._lose(error, ConnectionLost(what, "Connect again.")):
                raise

    async def _lose(self, error: Exception, lost: ConnectionLost) -> bool:
        """Let go of the connection; whether a delivery waited and has the error now."""
        had_waiters = self._courier.fail_waiters(error)
        try:
            self._courier.mark_unknown(lost.what)
        finally:
            await self._connector.drop()
        self._journal.say(lost)
        return had_waiters
