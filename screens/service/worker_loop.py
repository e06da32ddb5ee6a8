"""The working thread: store, radio and journeys live there, so the screen never waits for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from hht.errors import refused_by_system

Given = ParamSpec("Given")
Result = TypeVar("Result")

STOP_SECONDS = 3.0  # time for a leave and a commit in flight; the store is durable without it


class WorkerLoop:
    """One thread with an event loop of its own. Everything given to it runs there, in order.

    The store's connection belongs to that thread alone, and a CBKE's elliptic-curve sums in it
    leave the screen's loop free. Cancelling what `run` or `do` returned cancels the work itself.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._live, name="hht-worker", daemon=True)

    def start(self) -> None:
        """Open the thread."""
        self.thread.start()

    @property
    def is_running(self) -> bool:
        """Return whether anything that is given to it would run."""
        return self.thread.is_alive()

    def _live(self) -> None:
        """Run the loop until it is stopped; then end what is still running in it."""
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.call_soon(self.loop.stop)
        self.loop.run_forever()  # one turn: what was given to it last is a task now
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    async def run(
        self, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Result:
        """Call a plain function in the working thread; return or raise what it does."""

        async def call() -> Result:
            return function(*args, **kwargs)

        return await self.do(call())

    async def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Await a coroutine in the working thread; cancelled where that ends, or has ended.

        What the system refuses it, such as room on the disk, is an HhtError.
        """
        try:
            future = asyncio.run_coroutine_threadsafe(work, self.loop)
        except RuntimeError:
            work.close()  # it never runs
            raise asyncio.CancelledError from None
        try:
            return await asyncio.wrap_future(future)
        except OSError as error:
            if error.errno is None:  # nothing that the system refused: a bug of ours
                raise
            raise refused_by_system(error) from error

    def stop(self) -> None:
        """End the thread; what it was doing is cancelled."""
        if self.is_running:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(STOP_SECONDS)
