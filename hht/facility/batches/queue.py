"""Asks the books for all slots of a bench: what comes while they are asked goes together next."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from hht.facility.batches.operation import Operation
from hht.facility.batches.store import BatchStore

Answer = TypeVar("Answer")


class BooksQueue:
    """The operations that wait; each connection does all of them in one go, in one commit."""

    def __init__(self, connections: Sequence[BatchStore]) -> None:
        self._idle = list(connections)
        self._all = tuple(connections)
        self._threads = ThreadPoolExecutor(len(self._all))
        self._waiting: list[tuple[Operation[Any], asyncio.Future[Any]]] = []
        self._asking: set[asyncio.Task[None]] = set()

    async def do(self, operation: Operation[Answer]) -> Answer:
        """Do it; what it raises is what the books raised for it alone."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((operation, answer))
        if self._idle:
            task = asyncio.create_task(self._ask(self._idle.pop()))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
        return await answer

    async def _ask(self, connection: BatchStore) -> None:
        """Ask for all that waits, until nothing does."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            asked, self._waiting = self._waiting, []
            operations = [operation for operation, _ in asked]
            try:
                answers = await loop.run_in_executor(self._threads, connection.do_all, operations)
            except Exception as error:
                answers = [error] * len(asked)
            for (_, waiting), answer in zip(asked, answers, strict=True):
                _settle(waiting, answer)
        self._idle.append(connection)

    def close(self) -> None:
        """Let all connections go."""
        self._threads.shutdown()
        for each in self._all:
            each.close()


def _settle(waiting: "asyncio.Future[Any]", answer: object) -> None:
    if waiting.done():
        return
    if isinstance(answer, Exception):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
