"""ASH, the serial protocol of EZSP, from the network co-processor's end, and ways to spoil it.

bellows' AshProtocol is the same for both ends but for the reset, which only this end answers.
Frames and the reset are Silicon Labs UG101's.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, cast

import bellows.types as t
from bellows.ash import (
    AshException,
    AshProtocol,
    DataFrame,
    ErrorFrame,
    NakFrame,
    RStackFrame,
    RstFrame,
)

from hht.clock import Clock
from hht.simulator.ncp.bellows_adapter import AshLine
from hht.simulator.ncp.faults.line import TOO_MANY_TIMEOUTS, Breaking, LineFaults, ResetAnswer

_FLOOD = 50  # RSTACKs of a co-processor that restarts over and over
_LATE_SECONDS = 4.0  # longer than any host waits for one reset
_BYTE_SECONDS = 0.05  # between the bytes of a reset's answer that dribbles in
# Two DATA frames from the connection before, as a serial server keeps them (herdsman#1847).
_STALE = bytes.fromhex("355da1a9542aae497e4562b1a97d312a6b5c7e")


class AshClient(Protocol):
    """Who is behind the line."""

    def take(self, frame: bytes) -> None:
        """Handle an EZSP frame from the host."""

    def restart(self) -> None:
        """Reset the co-processor, as its host asks."""


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
        """Use the line at once; a host begins with a reset."""

    def connection_lost(self, error: Exception | None) -> None:
        """Go on without a host; the co-processor has its own power."""

    def eof_received(self) -> None:
        """Let the transport close by itself."""

    def data_received(self, frame: bytes) -> None:
        if self._faults.breaks_now():
            self._line.break_down()
        elif not self._faults.swallows:
            self._client.take(frame)

    def reset_received(self, code: t.NcpResetCode) -> None:
        """Ignore it: a host sends no RSTACK."""

    def error_received(self, code: t.NcpResetCode) -> None:
        """Wait for the host's reset: it acknowledges nothing any more."""


class AshServer(AshLine):
    """One line to a host; EZSP frames go to the client, its frames go out by `send`."""

    def __init__(self, client: AshClient, faults: LineFaults, clock: Clock) -> None:
        super().__init__(_Upward(client, self, faults))
        self._clock = clock
        self._client = client
        self._faults = faults
        self._error = t.NcpResetCode(TOO_MANY_TIMEOUTS)
        self.was_reset = False

    def connection_made(self, transport: Any) -> None:
        cast(Any, super()).connection_made(_FaultyTransport(transport, self._faults))

    def close(self) -> None:
        """Cut the host off."""
        self.give_up("closed")
        cast(Any, super()).close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.give_up("lost")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(self._faults.spoil(data))

    def frame_received(self, frame: Any) -> None:
        """Answer nothing but a reset after a fatal error; NAK what is to be NAKed."""
        if self.has_failed and not isinstance(frame, RstFrame):
            self.write_frame(ErrorFrame(version=self._faults.ash_version, reset_code=self._error))
        elif self._is_naked(frame):
            for _ in range(self._faults.naks):
                self.write_frame(NakFrame(res=0, ncp_ready=False, ack_num=self.expected))
        else:
            super().frame_received(frame)

    def _is_naked(self, frame: Any) -> bool:
        if not self._faults.naks or not isinstance(frame, DataFrame):
            return False
        return not (self._faults.naks_once and frame.re_tx)

    def rst_frame_received(self, frame: Any) -> None:
        """Forget everything after RST and say so, in the way that the faults have it."""
        super().rst_frame_received(frame)
        self.was_reset = True
        answers: dict[ResetAnswer, Callable[[], None]] = {
            "once": self._announce_reset,
            "twice": lambda: self._announce_often(2),
            "flood": lambda: self._announce_often(_FLOOD),
            "late": lambda: self._later(_LATE_SECONDS, self._announce_reset),
            "in pieces": self._announce_in_pieces,
            "garbled": self._announce_garbled,
            "after stale frames": self._announce_after_stale_frames,
            "error": lambda: self.fail(self._faults.break_code),
        }
        answers[self._faults.reset_answer]()

    def announce(self, code: int) -> None:
        """Restart, and send RSTACK."""
        self._restart()
        self.write_frame(self._rstack(code))

    def _announce_reset(self) -> None:
        self.announce(self._faults.reset_code)

    def _announce_often(self, times: int) -> None:
        for _ in range(times):
            self._announce_reset()

    def _restart(self) -> None:
        self.was_reset = True
        self.begin_again()
        self._client.restart()

    def _rstack(self, code: int) -> RStackFrame:
        return RStackFrame(version=self._faults.ash_version, reset_code=t.NcpResetCode(code))

    def _announce_in_pieces(self) -> None:
        self._restart()
        frame = self._rstack(self._faults.reset_code).to_bytes()
        for number, byte in enumerate(self.stuffed(frame)):
            self._later(number * _BYTE_SECONDS, partial(self.write_octets, bytes([byte])))

    def _announce_garbled(self) -> None:
        self._restart()
        self.write_octets(self._rstack(self._faults.reset_code).to_bytes()[:-2] + b"\0\0\x7e")

    def _announce_after_stale_frames(self) -> None:
        self.write_octets(_STALE)
        self._announce_reset()

    def fail(self, code: int) -> None:
        """Go to the FAILED state: from now on everything but RST is answered with ERROR."""
        self.gave_up(t.NcpResetCode(code))

    def gave_up(self, code: t.NcpResetCode) -> None:
        self._error = code
        self.enter_failed()
        self.write_frame(ErrorFrame(version=self._faults.ash_version, reset_code=code))

    @property
    def fixed_ack_seconds(self) -> float | None:
        return self._faults.ack_seconds

    def break_down(self) -> None:
        """Do what the faults say happens to the line, or to the co-processor, about now."""
        breakings: dict[Breaking, Callable[[], None]] = {
            "drop": self.close,
            "silence": lambda: None,
            "restart": lambda: self.announce(self._faults.break_code),
            "error": lambda: self.fail(self._faults.break_code),
        }
        breakings[self._faults.breaking]()

    async def send(self, frame: bytes) -> bool:
        """Send an EZSP frame; False when the host does not acknowledge it."""
        try:
            await self.send_acknowledged(frame)
        except (AshException, TimeoutError):
            return False
        return True

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._clock.call_later(seconds, action)
