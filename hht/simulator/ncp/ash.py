"""ASH, the serial protocol of EZSP, from the network co-processor's end, and ways to spoil it.

bellows' AshProtocol is the same for both ends but for the reset, which only this end answers.
Frames and the reset are Silicon Labs UG101's.
"""

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

import bellows.types as t
from bellows.ash import AshException, AshProtocol, DataFrame, RStackFrame

ASH_VERSION = 2


class AshClient(Protocol):
    """Who stands behind the line."""

    def take(self, frame: bytes) -> None:
        """An EZSP frame came from the host."""

    def restart(self) -> None:
        """The host resets the co-processor."""


@dataclass
class LineFaults:
    """What goes wrong on the line to the host, changed at any time.

    `silent` swallows everything both ways; `noise` is the chance of a byte to get one bit
    wrong, both ways. When `break_at` more EZSP frames have come from the host, the line drops or
    falls silent, as `breaking` says.
    """

    silent: bool = False
    noise: float = 0.0
    break_at: int | None = None
    breaking: Literal["drop", "silence"] = "drop"
    luck: random.Random = field(default_factory=random.Random)

    def spoil(self, data: bytes) -> bytes:
        """The bytes that come out at the other end."""
        if self.silent:
            return b""
        if not self.noise:
            return data
        return bytes(
            byte ^ 1 << self.luck.randrange(8) if self.luck.random() < self.noise else byte
            for byte in data
        )

    def breaks_now(self) -> bool:
        """Count an EZSP frame from the host; is it the one the line does not survive?"""
        if self.break_at is None:
            return False
        self.break_at -= 1
        broken = self.break_at <= 0
        self.silent = self.silent or (broken and self.breaking == "silence")
        return broken


class _FaultyTransport:
    """What AshProtocol needs of a transport, with the faults in what it writes."""

    def __init__(self, transport: asyncio.WriteTransport, faults: LineFaults) -> None:
        self._transport = transport
        self._faults = faults

    def write(self, data: bytes) -> None:
        spoiled = self._faults.spoil(data)
        if spoiled:
            self._transport.write(spoiled)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()


class _Upward:
    """What AshProtocol calls above itself, turned to the client."""

    def __init__(self, client: AshClient, line: "AshServer", faults: LineFaults) -> None:
        self._client = client
        self._line = line
        self._faults = faults

    def connection_made(self, line: AshProtocol) -> None:
        """The line is usable at once; a host begins with a reset."""

    def connection_lost(self, error: Exception | None) -> None:
        """The host is gone; the co-processor lives on."""

    def eof_received(self) -> None:
        """The transport closes by itself."""

    def data_received(self, frame: bytes) -> None:
        if not self._faults.breaks_now():
            self._client.take(frame)
        elif self._faults.breaking == "drop":
            self._line.close()

    def reset_received(self, code: t.NcpResetCode) -> None:
        """A host sends no RSTACK."""

    def error_received(self, code: t.NcpResetCode) -> None:
        """The host acknowledges nothing any more: wait for its reset."""


class AshServer(AshProtocol):
    """One line to a host; EZSP frames go to the client, its frames go out by `send`."""

    def __init__(self, client: AshClient, faults: LineFaults) -> None:
        super().__init__(_Upward(client, self, faults))
        self._client = client
        self._faults = faults
        self.was_reset = False

    def connection_made(self, transport: Any) -> None:
        cast(Any, super()).connection_made(_FaultyTransport(transport, self._faults))

    def close(self) -> None:
        """Cut the host off."""
        self._cancel_pending_data_frames(AshException("closed"))
        cast(Any, super()).close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_pending_data_frames(AshException("lost"))
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(self._faults.spoil(data))

    def rst_frame_received(self, frame: Any) -> None:
        """RST: forget everything and say so."""
        super().rst_frame_received(frame)
        self.announce(t.NcpResetCode.RESET_SOFTWARE)

    def announce(self, code: int) -> None:
        """Restart, and send RSTACK."""
        self.was_reset = True
        self._tx_seq = self._rx_seq = 0
        self._cancel_pending_data_frames(AshException("reset"))
        self._client.restart()
        with contextlib.suppress(AshException):  # the host has gone meanwhile
            self._write_frame(RStackFrame(version=ASH_VERSION, reset_code=t.NcpResetCode(code)))

    async def send(self, frame: bytes) -> bool:
        """Send an EZSP frame; False when the host does not acknowledge it."""
        numbers_come_later: Any = None
        data = DataFrame(numbers_come_later, numbers_come_later, numbers_come_later, frame)
        try:
            # Not by send_data: that hides the frame's task, and so its failure, from cancellation.
            await self._send_data_frame(data)
        except (AshException, TimeoutError):
            return False
        return True
