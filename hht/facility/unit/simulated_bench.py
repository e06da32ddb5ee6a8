"""Simulated units at pseudo-terminals, and the hand that plugs them in: a process of its own.

Each slot is a name in a folder that leads to a terminal while a unit is plugged in, as the path of
a USB port does. On stdin comes `unplug SLOT EUI` when the operator saw what the slot shows; the
next unit is then in its place. Ends when every unit was presented and none is plugged in.
"""

import asyncio
import contextlib
import os
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hht.entity_id import EntityId
from hht.facility.unit.faults import AFTER, unplugs_at
from hht.facility.unit.loading import LoadingUnit
from hht.facility.unit.memory import SUFFIX, UnitMemory
from hht.facility.wire.frames import Frame, FrameReader, encode_fields
from hht.facility.wire.messages import ANSWER, REFUSED, Kind, WireRefusal
from hht.simulator.ncp.pty import PtyTransport

_NOISE = bytes(range(256)) * 2
_PRESENTED_TWICE = "presented-twice"


class UnitPort(asyncio.Protocol):
    """One unit at one terminal, with its faults."""

    def __init__(self, path: Path, gone: Callable[[], None]) -> None:
        self.path = path
        self.memory = UnitMemory.load(path)
        self._unit = LoadingUnit(self.memory, self._save)
        self._gone = gone
        self._reader = FrameReader()
        self._answers = 0
        self.was_swapped = False
        """Whether another unit answers here now: this one is beside the slot."""
        self._transport: PtyTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, PtyTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        for frame in self._reader.feed(data):
            if self._transport is not None and not self._transport.is_closing():
                self._answer(frame)

    def has(self, fault: str) -> bool:
        """Return whether the unit has this fault still."""
        return fault in self.memory.faults

    def is_named(self, eui: str) -> bool:
        """Return whether this is the unit's own identity, or the one that answers in its place."""
        return eui in (self.memory.eui, self._unit.memory.eui)

    def _save(self) -> None:
        self.memory.append(self.path)

    def _answer(self, frame: Frame) -> None:
        gone = unplugs_at(self.memory.faults, frame.kind)
        if gone:
            self.memory.faults.remove(gone)
            if gone == AFTER:
                self._unit.answer(frame)
            self._save()
            self._gone()
            return
        if self.has("swapped") and frame.kind == Kind.BLOCK:
            self.memory.faults.remove("swapped")
            self.was_swapped = True
            self._save()
            self._unit = LoadingUnit(_another(self.memory), lambda: None)
        if answer := self._spoilt(frame, self._unit.answer(frame)):
            self._send(answer)

    def _spoilt(self, request: Frame, answer: Frame) -> Frame | None:
        self._answers += 1
        if self.has("silent") or (self.has("loses-answers") and self._answers % 3 == 0):
            return None
        if self.has("refuses-blocks") and request.kind == Kind.BLOCK:
            return Frame(
                REFUSED, request.sequence, encode_fields(WireRefusal.NO_ROOM.encode(), b"")
            )
        if self.has("bad-receipt") and request.kind in (Kind.COMMIT, Kind.RECEIPT):
            *rest, last = answer.payload
            return Frame(answer.kind, answer.sequence, bytes([*rest, last ^ 1]))
        if self.has("other-digest") and request.kind == Kind.VERIFY and answer.kind & ANSWER:
            return Frame(
                answer.kind, answer.sequence, encode_fields(bytes(32), self.memory.unit_id)
            )
        return answer

    def _send(self, answer: Frame) -> None:
        assert self._transport is not None
        if self.has("noisy"):
            self._transport.write(_NOISE)
        self._transport.write(answer.encode())


@dataclass
class SimulatedSlot:
    """A place on the bench; `link` is there while a unit is plugged in."""

    name: str
    link: Path
    emptied: Callable[[], None]
    """Called when a unit has lost its contact by itself."""
    port: UnitPort | None = None
    transport: PtyTransport | None = None
    again: deque[Path] = field(default_factory=deque)

    def plug(self, path: Path) -> None:
        """Plug a unit in."""
        self.transport = PtyTransport(asyncio.get_running_loop())
        self.port = UnitPort(path, self._went)
        self.transport.start(self.port)
        part = self.link.with_name(f".{self.name}")
        part.unlink(missing_ok=True)
        part.symlink_to(self.transport.path)
        os.replace(part, self.link)

    def unplug(self) -> None:
        """Take the unit out; the port's path goes before the line does, as in the kernel."""
        self.link.unlink(missing_ok=True)
        if self.transport is not None:
            self.transport.close()
        if self.port is not None and self.port.has(_PRESENTED_TWICE):
            self.port.memory.faults.remove(_PRESENTED_TWICE)
            self.port.memory.append(self.port.path)
            self.again.append(self.port.path)
        if self.port is not None and self.port.was_swapped:
            self.again.append(self.port.path)
        self.port = self.transport = None

    def _went(self) -> None:
        """Plug a unit in again that lost its contact, as the operator does."""
        if self.port is not None:
            self.again.append(self.port.path)
        self.unplug()
        self.emptied()


class SimulatedBench:
    """All slots, and the units that are still to be presented."""

    def __init__(self, units: Path, slots: Path, count: int) -> None:
        self._units = units
        # Names, for a path of each of ten thousand units costs ten times as much memory.
        self._waiting = deque(sorted(name for name in os.listdir(units) if name.endswith(SUFFIX)))
        names = [f"sim-{number}" for number in range(1, count + 1)]
        self._slots = {name: SimulatedSlot(name, slots / name, self._refill) for name in names}

    async def run(self) -> None:
        """Present every unit, and those that failed by being unplugged a second time."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        self._fill()
        print("ready", flush=True)
        while any(slot.port or slot.again for slot in self._slots.values()) or self._waiting:
            line = await reader.readline()
            if not line:
                break
            self._obey(line.decode().split())
            self._fill()
        for slot in self._slots.values():
            slot.unplug()

    def _obey(self, words: list[str]) -> None:
        """Unplug a unit; one that is to come again (`again`) is beside the slot.

        One that is only slow to answer (`silent`) stays: the bench asks it once more by itself. So
        does the next unit, where the one that is named has gone. One that was exchanged goes by
        either name: a bench that was killed meanwhile knows only the one that it finds.
        """
        slot = self._slots.get(words[1]) if len(words) > 1 else None
        port = slot.port if slot else None
        if slot is None or port is None or (len(words) > 2 and not port.is_named(words[2])):
            return
        if words[0] == "silent" and not port.has("silent"):
            return
        if words[0] == "again" and not port.was_swapped:
            slot.again.append(port.path)
        slot.unplug()

    def _refill(self) -> None:
        """Plug in again what came loose: no order comes where every slot is empty."""
        asyncio.get_running_loop().call_soon(self._fill)

    def _fill(self) -> None:
        for slot in self._slots.values():
            if slot.port is None and (slot.again or self._waiting):
                again = slot.again.popleft() if slot.again else None
                slot.plug(again or self._units / self._waiting.popleft())


def _another(memory: UnitMemory) -> UnitMemory:
    """Return a unit that is in no batch."""
    eui = EntityId(memory.unit_id[:4] + b"\xff" + memory.unit_id[5:])
    return UnitMemory(
        eui=str(eui),
        agreement_key=memory.signing_key,
        signing_key=memory.agreement_key,
        signing_certificate=memory.signing_certificate,
        facilities=memory.facilities,
    )


def main() -> None:
    """Serve the units of a folder: UNITS SLOTS COUNT."""
    bench = SimulatedBench(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(bench.run())


if __name__ == "__main__":
    main()
