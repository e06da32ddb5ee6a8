"""What the virtual co-processor needs of bellows' private parts, under names of our own.

`hht.radio.ezsp.bellows_adapter` is the host's: the two ends share no code of ours, so that an
error of one cannot be made good by the other. `tests/simulator/ncp/test_bellows_contract.py`
pins every part that is used here.
"""

import contextlib
from typing import Any

import bellows.types as t
from bellows.ash import AshException, AshProtocol, DataFrame, NcpState
from bellows.ezsp import EZSP


def known_schemas(version: int) -> dict[str, tuple[int, Any, Any]]:
    """Return number, command fields and answer fields of each frame that bellows knows."""
    return dict(EZSP._BY_VERSION[version].COMMANDS)


class AshLine(AshProtocol):
    """One end of an ASH line: numbers, acknowledgements and repetitions are bellows'."""

    @property
    def has_failed(self) -> bool:
        return self._ncp_state is NcpState.FAILED

    @property
    def expected(self) -> int:
        """The number of the next DATA frame from the other end, 0 to 7."""
        return self._rx_seq

    def begin_again(self) -> None:
        """Count frames from 0, as both ends do after a reset."""
        self._tx_seq = self._rx_seq = 0
        self._ncp_state = NcpState.CONNECTED
        self.give_up("reset")

    def give_up(self, why: str) -> None:
        """Fail every frame that waits for its acknowledgement."""
        self._cancel_pending_data_frames(AshException(why))

    def enter_failed(self) -> None:
        """Handle nothing but a reset from now on."""
        self._ncp_state = NcpState.FAILED
        self.give_up("failed")

    def gave_up(self, code: t.NcpResetCode) -> None:
        """Called when no acknowledgement came, however often a frame was sent."""
        self.enter_failed()

    def _enter_failed_state(self, reset_code: t.NcpResetCode) -> None:
        self.gave_up(reset_code)

    @property
    def fixed_ack_seconds(self) -> float | None:
        """How long to wait for an acknowledgement; None leaves it to bellows, which measures."""
        return None

    def _change_ack_timeout(self, new_value: float) -> None:
        super()._change_ack_timeout(new_value)
        self._fix_ack_timeout()

    def _fix_ack_timeout(self) -> None:
        if self.fixed_ack_seconds is not None:
            self._t_rx_ack = self.fixed_ack_seconds

    async def send_acknowledged(self, frame: bytes) -> None:
        """Send a DATA frame; AshException or TimeoutError when it is not acknowledged.

        Not by `send_data`: that hides the frame's task, and so its failure, from cancellation.
        """
        numbers_come_later: Any = None
        data = DataFrame(numbers_come_later, numbers_come_later, numbers_come_later, frame)
        self._fix_ack_timeout()
        await self._send_data_frame(data)

    def write_frame(self, frame: Any) -> None:
        """Write a frame of any kind; nothing happens where the other end has gone meanwhile."""
        with contextlib.suppress(AshException):
            self._write_frame(frame)

    def write_octets(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def stuffed(self, frame: bytes) -> bytes:
        """Escape what ASH reserves, and end with the flag."""
        return self._stuff_bytes(frame) + b"\x7e"
