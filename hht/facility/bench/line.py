"""The line to one unit: a serial or USB port, requests and their answers, and when it is lost."""

import asyncio
import contextlib
import errno
import fcntl
import os
import termios
import tty
from pathlib import Path

from hht.clock import Clock
from hht.facility.wire.frames import Frame, FrameReader, decode_fields, encode_fields
from hht.facility.wire.messages import ANSWER, REFUSED, Kind

# A unit answers within a tenth of a second; a second covers one that wakes up.
ANSWER_SECONDS = 1.0
# One key agreement on a small processor; a person waiting at an empty port soon knows.
IDENTIFY_SECONDS = 2.0
# Signature, decryption and a flash sector on a small processor.
SLOW_SECONDS = 8.0
_SECONDS = {
    Kind.IDENTIFY: IDENTIFY_SECONDS,
    Kind.VERIFY: SLOW_SECONDS,
    Kind.COMMIT: SLOW_SECONDS,
}
_TRIES = 3
_MOST_AT_ONCE = 65536
_LONGEST_CODE = 32


class LineLost(Exception):
    """The unit was unplugged, or its port went away."""


class NoAnswer(Exception):
    """The unit is there and does not answer."""


class UnitRefused(Exception):
    """The unit refuses a request with this code."""


class UnitLine:
    """An open port. `patience` multiplies every wait: less for simulated units."""

    def __init__(self, path: Path, clock: Clock, patience: float = 1.0) -> None:
        """Open it raw, at 115,200 baud, for this slot alone; OSError where it can't be."""
        self._clock = clock
        self._patience = patience
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            _hold(self._descriptor)
            _set_up(self._descriptor)
        except (termios.error, OSError) as error:
            os.close(self._descriptor)
            raise OSError(*error.args) from None
        self._reader = FrameReader()
        self._sequence = int.from_bytes(os.urandom(1))
        self._awaited: asyncio.Future[Frame | None] | None = None
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)

    async def ask(
        self,
        kind: Kind,
        *fields: bytes | int,
        answer: int = 0,
        optional: int = 0,
        tries: int = _TRIES,
    ) -> list[bytes]:
        """Send a request until it is answered; returns `answer` fields, `optional` more if there.

        LineLost, NoAnswer, UnitRefused; ValueError where the answer has too few fields.
        """
        self._sequence = (self._sequence + 1) % 256
        request = Frame(kind, self._sequence, encode_fields(*fields))
        seconds = _SECONDS.get(kind, ANSWER_SECONDS) * self._patience
        for _ in range(tries):
            if frame := await self._once(request, seconds):
                return _fields(frame, answer, optional)
        raise NoAnswer(kind.name.lower())

    async def is_lost_within(self, seconds: float) -> bool:
        """Wait until the port is lost, at most so long; return whether it is."""
        # The clock settles what it waits for when the time is up; `lost` must stay as it is.
        passing: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()

        def wake(_: object) -> None:
            _settle(passing)

        self.lost.add_done_callback(wake)
        try:
            await self._clock.wait(passing, seconds)
        finally:
            self.lost.remove_done_callback(wake)
        return self.lost.done()

    def close(self) -> None:
        """Close the port; closing twice is harmless."""
        if self._descriptor < 0:
            return
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        if not self.lost.done():
            self.lost.set_result(None)

    async def _once(self, request: Frame, seconds: float) -> Frame | None:
        if self.lost.done():
            raise LineLost
        self._awaited = asyncio.get_running_loop().create_future()
        await self._write(request.encode())
        frame = await self._clock.wait(self._awaited, seconds)
        self._awaited = None
        if frame is None and self.lost.done():
            raise LineLost
        return frame

    async def _write(self, data: bytes) -> None:
        """Write all; what the port does not take at once waits until it does, or is gone."""
        while data and not self.lost.done():
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                await self._until_writable()
            except OSError:
                self._lose()

    async def _until_writable(self) -> None:
        loop = asyncio.get_running_loop()
        writable: asyncio.Future[bool | None] = loop.create_future()
        descriptor = self._descriptor
        loop.add_writer(descriptor, _settle, writable)
        try:
            if not await self._clock.wait(writable, SLOW_SECONDS * self._patience):
                raise NoAnswer("write")
        finally:
            with contextlib.suppress(OSError, ValueError):
                loop.remove_writer(descriptor)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, _MOST_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
        for frame in self._reader.feed(data):
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        waiting = self._awaited
        if waiting and not waiting.done() and frame.sequence == self._sequence:
            waiting.set_result(frame)

    def _lose(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            asyncio.get_running_loop().remove_reader(self._descriptor)
        if not self.lost.done():
            self.lost.set_result(None)
        if self._awaited and not self._awaited.done():
            self._awaited.set_result(None)


def _fields(frame: Frame, count: int, optional: int) -> list[bytes]:
    if frame.kind == REFUSED:
        code = decode_fields(frame.payload, 1)[0][:_LONGEST_CODE]
        raise UnitRefused(code.decode("ascii", "replace"))
    if not frame.kind & ANSWER:
        raise ValueError("an echo of the request")
    return decode_fields(frame.payload, count, optional)


def _hold(descriptor: int) -> None:
    """Hold the port: a path may have several names, and two slots at one would mix two sessions."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OSError(errno.EBUSY, "another slot or program has it") from None


def _set_up(descriptor: int) -> None:
    tty.setraw(descriptor)
    settings = termios.tcgetattr(descriptor)
    settings[4] = settings[5] = termios.B115200
    termios.tcsetattr(descriptor, termios.TCSANOW, settings)
    termios.tcflush(descriptor, termios.TCIOFLUSH)


def _settle(waiting: "asyncio.Future[bool | None]") -> None:
    if not waiting.done():
        waiting.set_result(True)
