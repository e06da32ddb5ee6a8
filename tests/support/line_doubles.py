"""Things at the other end of a serial line or a socket, each written byte by byte."""

import asyncio
import contextlib
import os
import pty
import termios
import tty
from collections.abc import AsyncIterator, Callable
from typing import Any

from ash_by_hand import FLAG, off_the_line, on_the_line, randomised
from patience import PATIENCE

RSTACK_SOFTWARE = b"\x1a" + on_the_line(bytes.fromhex("C1 02 0B"))
CANCEL = 0x1A


class News:
    """Lets a test wait for what an event brings about, not for time to pass."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def come(self) -> None:
        self._event.set()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for the event after which this holds; TimeoutError when none comes."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._event.clear()
                await self._event.wait()


class Thing:
    """What a host finds: `banner` is sent when it comes, `answer` is called with what it sends."""

    def __init__(
        self, answer: Callable[[bytes], bytes] = lambda heard: b"", banner: bytes = b""
    ) -> None:
        self.answer = answer
        self.banner = banner
        self.babble = b""  # sent without end, as fast as it is read
        self.news = News()
        self.send: Callable[[bytes], object] = lambda data: None
        self.hang_up: Callable[[], object] = lambda: None
        self.speed: Callable[[], int] = lambda: 0
        self.has_rts_cts: Callable[[], bool] = lambda: False
        self.heard_in_all = b""

    def heard(self, data: bytes) -> None:
        self.heard_in_all += data
        if answer := self.answer(data):
            self.send(answer)
        self.news.come()


class NcpByHand(Thing):
    """A small EZSP co-processor, sharing no code with bellows or the virtual NCP.

    `answers` maps a frame id to the fields of its answer, None to no answer at all; `after` maps a
    frame id to callbacks that follow its answer; `at_speed` is the only speed it understands;
    with `needs_rts_cts` it hears nothing on a port without; `spoil` is given the fields of each
    answer and gives what is sent instead; `on_data` is called for every DATA frame and returns
    True to have dealt with it.
    """

    def __init__(self, version: int = 13, *, stack_type: int = 2, stack: int = 0x7430) -> None:
        super().__init__()
        self.version = version
        self.about = bytes([version, stack_type]) + stack.to_bytes(2, "little")
        self.answers: dict[int, bytes | None] = _ANSWERS | {
            0x00: self.about,
            0x52: self.status() + b"\x10\x00",  # getConfigurationValue: 16
            0xAA: self.status() + b"\x00",  # getValue: nothing
        }
        self.after: dict[int, list[tuple[int, bytes]]] = {0x1A: [(0x1C, b"\x1a" + self.status())]}
        self.reset_answer: bytes = RSTACK_SOFTWARE
        self.reset_takes = 0.0  # seconds
        self.at_speed: int | None = None
        self.needs_rts_cts = False
        self.on_data: Callable[[NcpByHand], bool] = lambda ncp: False
        self.spoil: Callable[[bytes | None], bytes | None] = lambda fields: fields
        self.asked: list[int] = []
        self._buffer = b""
        self._out = self._in = 0

    def status(self, code: int = 0) -> bytes:
        return code.to_bytes(1 if self.version < 14 else 4, "little")

    def heard(self, data: bytes) -> None:
        if self.at_speed is not None and self.speed() != self.at_speed:
            self.send(bytes((byte * 37 + 11) & 0xFF for byte in data) + b"\xf8\x00\xe0")
            return
        if self.needs_rts_cts and not self.has_rts_cts():
            return
        self._buffer += data
        while FLAG in self._buffer:
            raw, _, self._buffer = self._buffer.partition(bytes([FLAG]))
            raw = raw[raw.rfind(CANCEL) + 1 :]
            with contextlib.suppress(AssertionError):
                self._frame(off_the_line(raw))

    def _frame(self, frame: bytes) -> None:
        if frame == b"\xc0":
            self._out = self._in = 0
            self._reset()
        elif frame[0] < 0x80 and frame[0] >> 4 == self._in and not self.on_data(self):
            self._in = (self._in + 1) % 8
            self._ezsp(randomised(frame[1:]))

    def _reset(self) -> None:
        if self.reset_takes:
            loop = asyncio.get_running_loop()
            loop.call_later(self.reset_takes, self.send, self.reset_answer)
        else:
            self.send(self.reset_answer)

    def data(self, ezsp: bytes) -> None:
        """Send an EZSP frame; it is not repeated."""
        control = bytes([self._out << 4 | self._in])
        self._out = (self._out + 1) % 8
        self.send(on_the_line(control + randomised(ezsp)))

    def callback(self, number: int, fields: bytes) -> None:
        self.data(b"\x00\x90\x01" + number.to_bytes(2, "little") + fields)

    def _ezsp(self, frame: bytes) -> None:
        if len(frame) == 4 and frame[2] == 0:
            self.data(bytes([frame[0], 0x80, 0]) + self.about)
            return
        number = int.from_bytes(frame[3:5], "little")
        self.asked.append(number)
        self.news.come()
        fields = self.spoil(self.answers.get(number, self.status()))
        if fields is None:
            self.send(on_the_line(bytes([0x80 | self._in])))
        else:
            self.data(bytes([frame[0], 0x80, 1]) + frame[3:5] + fields)
        for callback, content in self.after.get(number, []):
            self.callback(callback, content)


class SlowNcp(NcpByHand):
    """One that acknowledges each question at once, and answers it after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def data(self, ezsp: bytes) -> None:
        self.send(on_the_line(bytes([0x80 | self._in])))
        asyncio.get_running_loop().call_later(self._seconds, super().data, ezsp)


_EUI64 = bytes.fromhex("B1 90 78 56 34 12 DB 00")
_ANSWERS: dict[int, bytes | None] = {
    0x05: b"",  # nop
    0x0B: b"\x10" + b"by hand".ljust(16, b"\xff"),  # getMfgToken
    0x1A: bytes(4),  # startScan: four bytes of status whatever the version
    0x26: _EUI64,
}


class _Ear(asyncio.Protocol):
    def __init__(self, thing: Thing) -> None:
        self._thing = thing

    def connection_made(self, transport: Any) -> None:
        self._thing.send = transport.write
        self._thing.hang_up = transport.close
        transport.write(self._thing.banner)

    def data_received(self, data: bytes) -> None:
        self._thing.heard(data)


@contextlib.asynccontextmanager
async def on_socket(thing: Thing) -> AsyncIterator[str]:
    """Put it behind a TCP server; gives the address for --radio."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Ear(thing), "127.0.0.1", 0)
    yield f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thing.hang_up()
    server.close()


@contextlib.asynccontextmanager
async def on_pty(thing: Thing) -> AsyncIterator[str]:
    """Put it behind a pseudo-terminal; gives its path."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    loop = asyncio.get_running_loop()
    thing.send = lambda data: _write(master, data)
    thing.speed = lambda: _SPEEDS.get(termios.tcgetattr(slave)[4], 0)
    thing.has_rts_cts = lambda: bool(termios.tcgetattr(slave)[2] & termios.CRTSCTS)
    loop.add_reader(master, lambda: thing.heard(os.read(master, 4096)))
    if thing.babble:
        loop.add_writer(master, lambda: _write(master, thing.babble))
    try:
        yield os.ttyname(slave)
    finally:
        loop.remove_reader(master)
        loop.remove_writer(master)
        thing.send = _lost  # an answer that is still to come would find another's file in its place
        os.close(slave)
        os.close(master)


def _lost(data: bytes) -> None:
    """What is sent on a line that is gone."""


def _write(master: int, data: bytes) -> None:
    """What is not read is lost once the buffer is full, as on a serial line."""
    with contextlib.suppress(BlockingIOError):
        os.write(master, data)


_SPEEDS = {getattr(termios, name): int(name[1:]) for name in dir(termios) if name[1:].isdigit()}
