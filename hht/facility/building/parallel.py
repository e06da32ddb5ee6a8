"""Works on many rows in several processes, in order, without ever holding all rows."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, TypeVar

from hht.errors import HhtError

Given = TypeVar("Given")
Made = TypeVar("Made")
# A row costs milliseconds and a message between processes a tenth of one.
_ROWS_AT_ONCE = 20
# Chunks under way for each worker: enough that none waits, few enough that memory stays small.
_AHEAD = 3

_work: Callable[[Any], Any]
"""What a worker process does with each row; set in it once, when it begins."""


def in_parallel(
    work: Callable[[Given], Made], rows: Iterable[Given], workers: int | None = None
) -> Iterator[list[Made]]:
    """Yield what `work` makes of the rows, some rows at once, in the order of the rows.

    One worker works in this process. An exception of `work` comes out here, an HhtError where a
    worker's process was ended from outside.
    """
    workers = workers or os.cpu_count() or 1
    chunks = _chunks(rows)
    if workers == 1:
        for chunk in chunks:
            yield [work(row) for row in chunk]
        return
    try:
        yield from _in_processes(work, chunks, workers)
    except BrokenProcessPool:
        raise HhtError(
            "A worker's process was ended from outside",
            remedy="Look for what ended it, a lack of memory perhaps; then do it again.",
        ) from None


def _in_processes(
    work: Callable[[Given], Made], chunks: Iterable[list[Given]], workers: int
) -> Iterator[list[Made]]:
    context = multiprocessing.get_context("fork" if hasattr(os, "fork") else None)
    with ProcessPoolExecutor(workers, context, _begin, (work,)) as pool:
        pending: deque[Future[list[Made]]] = deque()
        for chunk in chunks:
            pending.append(pool.submit(_work_on, chunk))
            if len(pending) > workers * _AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _chunks(rows: Iterable[Given]) -> Iterator[list[Given]]:
    rest = iter(rows)
    while chunk := list(islice(rest, _ROWS_AT_ONCE)):
        yield chunk


def _begin(work: Callable[[Any], Any]) -> None:
    """Begin in a worker; Ctrl+C is the parent's to handle.

    What the parent does on a SIGTERM is not for them: the pool may end them by one.
    """
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work = work


def _work_on(chunk: list[Any]) -> list[Any]:
    return [_work(row) for row in chunk]
