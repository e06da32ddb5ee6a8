"""Works on many rows in several processes, in order, without ever holding all rows."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing.pool import AsyncResult
from typing import Any, TypeVar

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

    One worker works in this process. An exception of `work` comes out here.
    """
    workers = workers or os.cpu_count() or 1
    chunks = _chunks(rows)
    if workers == 1:
        for chunk in chunks:
            yield [work(row) for row in chunk]
        return
    context = multiprocessing.get_context("fork" if hasattr(os, "fork") else None)
    with context.Pool(workers, _begin, (work,)) as pool:
        pending: deque[AsyncResult[list[Made]]] = deque()
        for chunk in chunks:
            pending.append(pool.apply_async(_work_on, (chunk,)))
            if len(pending) > workers * _AHEAD:
                yield pending.popleft().get()
        while pending:
            yield pending.popleft().get()


def _chunks(rows: Iterable[Given]) -> Iterator[list[Given]]:
    rest = iter(rows)
    while chunk := list(islice(rest, _ROWS_AT_ONCE)):
        yield chunk


def _begin(work: Callable[[Any], Any]) -> None:
    """Begin in a worker; Ctrl+C is the parent's to handle.

    The pool ends its workers by SIGTERM: what the parent does on one is not for them.
    """
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work = work


def _work_on(chunk: list[Any]) -> list[Any]:
    return [_work(row) for row in chunk]
