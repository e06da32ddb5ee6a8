"""What the screens ask for and what they hear: the one door to everything behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual.message import Message

from hht.errors import HhtError
from screens.backstage import Backstage
from screens.context import HhtContext

if TYPE_CHECKING:
    from hht.gbcs.describe import Description
    from hht.journeys.visit import Visit, VisitView

    from hht.entity_id import EntityId
    from hht.journeys.events import Event
    from hht.store import Store
    from screens.lookups import JobLine, ReturnPage

Result = TypeVar("Result")


class Moved(Message):
    """The visit moved: how everything stands now, and what happened if it was an event."""

    def __init__(self, view: VisitView, event: Event | None = None) -> None:
        super().__init__()
        self.view = view
        self.event = event


class Desk:
    """Every method here is awaited by a screen and works in the backstage thread.

    HhtError is what a person is to be shown. Cancelling the await cancels the work.
    """

    def __init__(self, context: HhtContext, post: Callable[[Message], object]) -> None:
        self.context = context
        self.post = post
        self.backstage = Backstage()
        self._store: Store | None = None
        self._visit: Visit | None = None
        self._job_id: int | None = None

    def start(self) -> None:
        """Open the backstage thread."""
        self.backstage.start()

    # what is kept: every look into the store

    async def jobs(self) -> list[JobLine]:
        """Every job with the states of its commands."""
        from screens import lookups

        return await self._ask(lookups.job_lines)

    async def returns_waiting(self) -> int:
        """How many items have not been returned yet."""
        return await self._ask(lambda store: store.returns_waiting())

    async def return_page(self, offset: int, count: int) -> ReturnPage:
        """A stretch of the queue, with the counts."""
        from screens import lookups

        return await self._ask(lambda store: lookups.return_page(store, offset, count))

    async def return_messages(self, return_id: int) -> list[tuple[str, bytes]]:
        """The message that an item of the queue returns."""
        from screens import lookups

        return await self._ask(lambda store: lookups.return_messages(store, return_id))

    async def command_messages(self, command_id: int) -> list[tuple[str, bytes]]:
        """A Local Command and what answered it, each with a title."""
        from screens import lookups

        job = self._job_id or 0
        return await self._ask(lambda store: lookups.command_messages(store, job, command_id))

    async def export(self, folder: Path) -> list[Path]:
        """Write what is to be returned as SR 8.13 XML into a folder."""
        from screens import lookups

        return await self._ask(lambda store: lookups.export(store, folder))

    async def describe(self, raw: bytes) -> Description:
        """Decode one GBCS message, with the keys that the visit has."""
        from screens import lookups

        keys = self._visit.keys if self._visit else None
        return await self.backstage.run(lookups.description, raw, keys)

    async def messages_in(self, text: str) -> list[tuple[str, bytes]]:
        """Every GBCS message in a text: hexadecimal, base64 or DUIS XML."""
        from screens.message_text import messages_in

        return await self.backstage.run(messages_in, text)

    # the visit: everything that needs the radio

    async def visit(self, job_id: int) -> None:
        """Be ready to visit the hub of this job; goes on with the visit that is under way."""
        if self._visit is None or self._job_id != job_id:
            await self.backstage.do(self._begin(job_id))

    async def scan(self) -> None:
        """Listen for hubs; they come as events."""
        await self._at_work(lambda visit: visit.scan())

    async def connect(self, gpf: EntityId) -> None:
        """Go through every step from the hub's inter-PAN link to the tunnel."""
        await self._at_work(lambda visit: visit.connect(gpf))

    async def deliver_next(self) -> None:
        """Deliver the next Local Command and await its Response."""
        await self._at_work(lambda visit: visit.deliver_next())

    async def deliver_all(self) -> None:
        """Deliver one after the other for as long as there is one that may go."""
        await self._at_work(lambda visit: visit.deliver_all())

    async def deliver(self, command_id: int) -> None:
        """Deliver one Local Command out of turn."""
        await self._at_work(lambda visit: visit.deliver(command_id))

    async def settle(self, command_id: int, how: str) -> None:
        """Write down what became of a command that nobody was sure about."""
        await self._at_work(lambda visit: visit.settle(command_id, how))

    async def leave(self) -> None:
        """Leave the HAN."""
        await self._at_work(lambda visit: visit.leave())

    async def close(self) -> None:
        """End what was begun: the visit, the store, and what the starter began."""
        if self._visit:
            await self.backstage.do(self._visit.close())
        if self._store:
            await self.backstage.run(self._store.close)
        self.backstage.stop()
        self.context.close()

    async def _begin(self, job_id: int) -> None:
        """Make the visit; the radio's kit may take seconds to come, so it is fetched aside."""
        from hht.journeys.visit import Visit

        if self._visit:
            await self._visit.close()
        kit = await asyncio.to_thread(self.context.equip, job_id)
        self._visit = Visit(
            store=self._opened(),
            job_id=job_id,
            radio_url=kit.radio_url,
            identity=kit.identity,
            profile=kit.profile,
            keys=kit.keys,
            publish=self._publish,
        )
        self._job_id = job_id
        self.post(Moved(self._visit.view))

    def _publish(self, event: Event) -> None:
        """Pass on what happened; called in the backstage thread, and posts only."""
        if self._visit:
            self.post(Moved(self._visit.view, event))

    async def _at_work(self, step: Callable[[Visit], Coroutine[Any, Any, object]]) -> None:
        """Do one thing on the visit; its view is passed on however it ends."""
        visit = self._visit
        if visit is None:
            raise HhtError("No job is open", remedy="Open a job first.")
        try:
            await self.backstage.do(step(visit))
        finally:
            self.post(Moved(visit.view))

    async def _ask(self, question: Callable[[Store], Result]) -> Result:
        """Ask the store."""
        return await self.backstage.run(lambda: question(self._opened()))

    def _opened(self) -> Store:
        """The store; it is opened when it is first needed."""
        if self._store is None:
            self._store = self.context.open_store()
        return self._store
