"""The thread that writes to the terminal; one that reads nothing does not hold the app up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty, Full, Queue
from typing import IO

from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

STUCK_SECONDS = 2.0  # a slow line carries a screen in one; longer, and keys would seem dead
STOP_SECONDS = 2.0  # for the last escape sequences, which are a few bytes


class OutputThread(WriterThread):
    """A writer that goes on without the terminal where that accepts nothing or is gone.

    `repaint` is called, from this thread, once the terminal reads again.
    """

    def __init__(
        self,
        file: IO[str],
        repaint: Callable[[], object],
        stuck_seconds: float = STUCK_SECONDS,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        super().__init__(file)
        self._queue: Queue[str | None] = Queue(MAX_QUEUED_WRITES)
        self._repaint = repaint
        self._stuck_seconds = stuck_seconds
        self._stop_seconds = stop_seconds
        self.is_stuck = False
        """Whether what is written is dropped, as the terminal reads nothing."""
        self._has_failed = False

    def write(self, text: str) -> None:
        """Have it written; dropped where the terminal has taken nothing for a while."""
        try:
            if self.is_stuck:
                self._queue.put_nowait(text)
            else:
                self._queue.put(text, timeout=self._stuck_seconds)
        except Full:
            if not self.is_stuck:
                logging.getLogger("hht").warning("The terminal takes nothing")
            self.is_stuck = True

    def run(self) -> None:
        """Write until the end; what cannot be written is dropped and not waited for."""
        while (text := self._queue.get()) is not None:
            self._put_out(text)
            if self.is_stuck and self._queue.empty():
                self.is_stuck = False
                self._repaint()
        self._put_out("", flush=True)

    def _put_out(self, text: str, *, flush: bool = False) -> None:
        try:
            self._file.write(text)
            if flush or self._queue.empty():
                self._file.flush()
        except (OSError, ValueError) as error:  # the terminal is gone, or has no such character
            if not self._has_failed:
                logging.getLogger("hht").warning("Not written to the terminal: %s", type(error))
            self._has_failed = True

    def stop(self) -> None:
        """End the thread; one that hangs in a write is left behind."""
        try:
            self._queue.put(None, timeout=self._stop_seconds)
        except Full:
            self._make_room()
        self.join(self._stop_seconds)

    def _make_room(self) -> None:
        """Drop what will not be seen any more, so that the end comes next."""
        try:
            while True:
                self._queue.get_nowait()
        except Empty:
            self._queue.put_nowait(None)
