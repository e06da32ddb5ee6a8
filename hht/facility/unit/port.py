"""A unit's own USB port while it lives: a pseudo-terminal by a fixed name in its folder."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from hht.facility.unit.loading import LoadingUnit
from hht.facility.unit.memory import UnitMemory
from hht.facility.wire.frames import FrameReader
from hht.simulator.ncp.pty import PtyTransport

PORT = "port"


class UnitPort(asyncio.Protocol):
    """Answers at the port with the unit's memory; `save` keeps that before an answer leaves."""

    def __init__(self, memory: UnitMemory, save: Callable[[], None]) -> None:
        self._unit = LoadingUnit(memory, save)
        self._reader = FrameReader()
        self._transport: PtyTransport | None = None

    def open(self, folder: Path) -> None:
        """Open the terminal, and have its name in the folder lead to it."""
        self._transport = PtyTransport(asyncio.get_running_loop())
        self._transport.start(self)
        part = folder / f".{PORT}"
        part.unlink(missing_ok=True)
        part.symlink_to(self._transport.path)
        os.replace(part, folder / PORT)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        for frame in self._reader.feed(data):
            if self._transport is not None:
                self._transport.write(self._unit.answer(frame).encode())
