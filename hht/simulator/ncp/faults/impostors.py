"""What answers on a serial port in place of a co-processor: other firmware, other things."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from hht.clock import Clock, Timer

Reply = Callable[[bytes], bytes]


def _nothing(_: bytes) -> bytes:
    return b""


@dataclass(frozen=True, slots=True)
class Impostor:
    """`banner` comes at once, `chunk` every `seconds`, `reply` at what the host sends."""

    banner: bytes = b""
    chunk: bytes = b""
    seconds: float = 0.2
    reply: Reply = _nothing
    hangs_up: bool = False


def _says(text: bytes) -> Reply:
    return lambda _: text


def noise(data: bytes) -> bytes:
    """Return what comes of a line at another speed: as much as was sent, and nothing like it."""
    return bytes((byte * 37 + 11) & 0xFF for byte in data) + b"\xf8\x00\xe0"


_BOOTLOADER = b"\r\nGecko Bootloader v1.12.00\r\n1. upload gbl\r\n2. run\r\n3. ebl info\r\nBL > "
_GPS = b"$GPGGA,120000,5130.0,N,00007.0,W,1,08,0.9,50.0,M,47.0,M,,*47\r\n"
_ROUTER = b"Error: Scan complete handler returned 0x01\r\n"
_CPC = bytes.fromhex("14000a00c455d3000100020004000000 4f5b".replace(" ", ""))

IMPOSTORS = {
    "silent": Impostor(),
    "echo": Impostor(reply=lambda data: data),
    "closes-at-once": Impostor(hangs_up=True),
    "garbage-stream": Impostor(chunk=bytes(range(1, 250, 7)), seconds=0.02),
    "garbage-reply": Impostor(reply=noise),
    "zeroes": Impostor(chunk=bytes(64), seconds=0.02),
    "flags": Impostor(chunk=b"\x7e" * 64, seconds=0.02),
    "xon-xoff-stream": Impostor(chunk=b"\x11\x13" * 8, seconds=0.02),
    "escapes": Impostor(chunk=b"\x7d" * 400, seconds=0.02),
    "cancels": Impostor(chunk=b"\x1a" * 64, seconds=0.02),
    "drip": Impostor(chunk=b"\xc1", seconds=0.5),
    "gps": Impostor(chunk=_GPS),
    "gecko-bootloader": Impostor(reply=_says(_BOOTLOADER)),
    "router-firmware": Impostor(
        b"\r\nZigbee router firmware 7.4.3\r\n> ", reply=_says(b"\r\nunknown command\r\n> ")
    ),
    "router-steering": Impostor(chunk=_ROUTER, seconds=0.3),
    "znp": Impostor(bytes.fromhex("fe064180020201020701c3")),
    "znp-error": Impostor(reply=_says(bytes.fromhex("fe0360000100000162"))),
    "spinel": Impostor(
        bytes.fromhex("7e800600721f747e"), reply=_says(bytes.fromhex("7e80060070ee747e"))
    ),
    "cpc": Impostor(reply=_says(_CPC)),
    "modem": Impostor(reply=_says(b"\r\nERROR\r\n")),
}


class ImpostorLine(asyncio.Protocol):
    """A line at whose end an impostor is."""

    def __init__(self, impostor: Impostor, clock: Clock) -> None:
        self._impostor = impostor
        self._clock = clock
        self._transport: asyncio.WriteTransport | None = None
        self._next: Timer | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        if self._impostor.hangs_up:
            self.close()
            return
        self._send(self._impostor.banner)
        if self._impostor.chunk:
            self._send_chunk()

    def _send_chunk(self) -> None:
        self._send(self._impostor.chunk)
        self._next = self._clock.call_later(self._impostor.seconds, self._send_chunk)

    def _send(self, data: bytes) -> None:
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        self._send(self._impostor.reply(data))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._next is not None:
            self._next.cancel()

    def close(self) -> None:
        """Hang up."""
        if self._next is not None:
            self._next.cancel()
        if self._transport is not None:
            self._transport.close()
