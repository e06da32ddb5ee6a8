"""A host that writes ASH and EZSP byte by byte, sharing no code with bellows or the virtual NCP."""

import asyncio
from typing import Self

FLAG, ESCAPE = 0x7E, 0x7D
ESCAPED = {0x7E, 0x7D, 0x11, 0x13, 0x18, 0x1A}
CALLBACK_PENDING = 0x04  # of the frame control of an EZSP answer
RST = bytes.fromhex("1A C0 38 BC 7E")
RSTACK_POWER_ON = bytes.fromhex("C1 02 02 9B 7B 7E")


def crc(data: bytes) -> bytes:
    """CRC-CCITT, polynomial 0x1021, from 0xFFFF, most significant byte first (UG101 2.3)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value.to_bytes(2, "big")


def randomised(data: bytes) -> bytes:
    """The data field XORed with UG101's pseudo-random sequence 42 21 A8 54 2A ..."""
    value, out = 0x42, bytearray()
    for byte in data:
        out.append(byte ^ value)
        value = value >> 1 ^ (0xB8 if value & 1 else 0)
    return bytes(out)


def on_the_line(frame: bytes) -> bytes:
    """Control and data with CRC, byte stuffing and flag."""
    out = bytearray()
    for byte in frame + crc(frame):
        out += bytes((ESCAPE, byte ^ 0x20)) if byte in ESCAPED else bytes((byte,))
    return bytes(out) + bytes((FLAG,))


def off_the_line(raw: bytes) -> bytes:
    """What `on_the_line` was given, its CRC checked."""
    out, escaped = bytearray(), False
    for byte in raw:
        if byte == ESCAPE:
            escaped = True
        else:
            out.append(byte ^ 0x20 if escaped else byte)
            escaped = False
    frame = bytes(out[:-2])
    assert bytes(out[-2:]) == crc(frame)
    return frame


class HostByHand:
    """One connection: sends an EZSP frame as hexadecimal, gives back the next one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._next_out = 0
        self._next_in = 0

    @classmethod
    async def connect(cls, address: str) -> Self:
        host, _, port = address.removeprefix("socket://").partition(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    async def line(self) -> bytes:
        """The next frame on the line, up to and with its flag, as it is."""
        async with asyncio.timeout(2):
            return await self.reader.readuntil(bytes((FLAG,)))

    async def reset(self) -> bytes:
        """Send RST and give the answer."""
        self.writer.write(RST)
        self._next_out = self._next_in = 0
        while (answer := await self.line())[0] != 0xC1 or answer == RSTACK_POWER_ON:
            pass  # what it says of its start may cross the RST on a slow machine
        return answer

    async def send(self, ezsp: str) -> None:
        """Send an EZSP frame and see it acknowledged."""
        control = self._next_out << 4 | self._next_in
        self._next_out = (self._next_out + 1) % 8
        self.writer.write(on_the_line(bytes((control,)) + randomised(bytes.fromhex(ezsp))))
        acknowledgement = off_the_line((await self.line())[:-1])
        assert acknowledgement == bytes((0x80 | self._next_out,))

    async def receive(self) -> str:
        """The next EZSP frame, in hexadecimal, acknowledged."""
        frame = off_the_line((await self.line())[:-1])
        assert frame[0] & 0x80 == 0, f"not a DATA frame: {frame.hex()}"
        assert frame[0] >> 4 == self._next_in
        self._next_in = (self._next_in + 1) % 8
        self.writer.write(on_the_line(bytes((0x80 | self._next_in,))))
        return randomised(frame[1:]).hex(" ")

    async def ask(self, ezsp: str) -> str:
        """Send a command and give its answer; whether callbacks wait behind it is left out."""
        await self.send(ezsp)
        answer = bytearray.fromhex(await self.receive())
        answer[1] &= ~CALLBACK_PENDING
        return answer.hex(" ")

    async def agree(self, version: int) -> None:
        """Reset, and agree on the version as UG100 has it: the old format first."""
        await self.reset()
        await self.ask("00 00 00 04")
        assert (await self.ask(f"01 00 01 00 00 {version:02x}")).startswith("01 80 01 00 00")

    def close(self) -> None:
        self.writer.close()
