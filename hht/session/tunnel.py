"""The tunnel to a hub: whole GBCS messages both ways, in blocks where they are too long for it.

What the hub sends is received in the background from the moment the tunnel is open, also while
something is being sent. A message stays in the tunnel, and its last block unacknowledged, until
the receiver has it on the disk and confirms it.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterator

from hht.hub_profile import HubProfile
from hht.radio.errors import NotDelivered
from hht.session.arrivals import Arrivals, OnFault
from hht.session.errors import HubSilent, TunnelClosed
from hht.session.han_membership import Han
from hht.session.presence import QUIET_SECONDS, TRIES, HubGone, is_answer, question
from hht.zse.errors import MalformedFrame
from hht.zse.gbt import Block, Transfer, decode_block, is_block, piece_size
from hht.zse.tunneling import (
    CloseTunnel,
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TunnelClosure,
    TunnelData,
    TunnelStatus,
    decode_tunnel_command,
    decode_tunnel_data,
)
from hht.zse.zcl import TUNNELING, ZclFrame

OWN_TUNNEL = 1
"""The identifier of a tunnel that the hub asks of us."""
_ENDS = (CloseTunnel, TunnelClosure, TransferDataError)
_MOST_ANSWERS = 256
"""Acknowledgements that are still to be sent; a hub repeats the block whose is dropped."""
_MOST_ACKNOWLEDGEMENTS = 64  # of the hub's, unread: a window has no more blocks
FLUSH_SECONDS = 5.0  # for the last acknowledgements to leave before a tunnel is closed


def pass_over(fault: str) -> None:
    """Ignore what the hub did against the rules."""


def new_sequence() -> Iterator[int]:
    """Yield ZCL sequence numbers, 0 to 255 and round again."""
    return itertools.cycle(range(256))


def accept(request: RequestTunnel, profile: HubProfile) -> RequestTunnelResponse:
    """Build the HHT's answer to a hub that asks for a tunnel."""
    known = request.protocol == profile.tunnel_protocol
    status = TunnelStatus.SUCCESS if known else TunnelStatus.PROTOCOL_NOT_SUPPORTED
    return RequestTunnelResponse(OWN_TUNNEL, status, profile.tunnel_max_transfer)


class Tunnel:
    """An open tunnel; made by `hht.session.tunnel_opening.open_tunnel`.

    `serving` says that the hub asked for it: the HHT is then the server of the cluster. A hub that
    says nothing is asked whether it is there; where it is not, HubGone is the tunnel's end.
    """

    def __init__(
        self,
        han: Han,
        profile: HubProfile,
        number: int,
        max_transfer: int,
        *,
        serving: bool,
        on_fault: OnFault = pass_over,
    ) -> None:
        self.number = number
        self._han = han
        self._profile = profile
        self._max_transfer = min(max_transfer, profile.tunnel_max_transfer)
        self._serving = serving
        self._on_fault = on_fault
        self._sequence = new_sequence()
        self._arrivals = Arrivals(on_fault)
        self._news = asyncio.Event()
        self._end: Exception | None = None
        self._heard_at = han.dongle.clock.elapsed()
        self._asked: int | None = None
        self._acknowledged: asyncio.Queue[Block] = asyncio.Queue(_MOST_ACKNOWLEDGEMENTS)
        self._answers: asyncio.Queue[ZclFrame] = asyncio.Queue(_MOST_ANSWERS)
        self._tasks = (
            asyncio.create_task(self._take_all()),
            asyncio.create_task(self._answer_all()),
            asyncio.create_task(self._watch()),
        )

    async def send(self, message: bytes) -> None:
        """Send a whole GBCS message, unchanged; returns when the hub has acknowledged all of it.

        NotDelivered, HubSilent, MembershipEnded or DongleLost leave open how much of it arrived.
        """
        profile = self._profile
        room = self._max_transfer - bool(profile.tunnel_header)
        if len(message) <= room or not profile.gbt_used:
            await self._han.send(TUNNELING, self._frame(message))
            return
        piece = piece_size(profile.gbt_block_size, room)
        transfer = Transfer(message, piece, profile.gbt_window)
        silences = 0
        while not transfer.done:
            silences = 0 if await self._send_blocks(transfer) else silences + 1
            if silences > profile.gbt_retries:
                raise HubSilent(self._han.hub.gpf, "acknowledgement of a block")

    @property
    def is_midway(self) -> bool:
        """Return whether blocks of a message have come and others not yet."""
        return self._arrivals.is_midway

    @property
    def dropped(self) -> int:
        """Count the frames of the hub that were dropped because too many waited to be read."""
        return self._han.dropped

    async def receive(self) -> bytes:
        """Return the oldest message that is not confirmed, as the hub sent it, GBCS or not.

        Asked again without `confirm` it gives the same one. Once all that arrived is confirmed,
        the error that ended the tunnel is raised.
        """
        while not self._arrivals:
            if self._end is not None:
                raise self._end
            self._news.clear()
            await self._news.wait()
        return self._arrivals.oldest

    def confirm(self) -> None:
        """Note that the message received is on the disk, and acknowledge its last block."""
        acknowledgement = self._arrivals.confirm()
        if acknowledgement is not None:
            self._answer(self._frame(acknowledgement))

    def hand_over(self, keep: Callable[[bytes], None]) -> None:
        """Give what has arrived to `keep`, each confirmed when it returns; an error stops it."""
        while self._arrivals:
            keep(self._arrivals.oldest)
            self.confirm()

    async def flush(self) -> None:
        """Wait until what is to be acknowledged was, for so long as that may take."""
        with contextlib.suppress(TimeoutError):
            async with self._han.dongle.clock.timeout(FLUSH_SECONDS):
                await self._answers.join()

    async def stop(self) -> None:
        """Take no more in the background; what has arrived by now is held. Harmless twice."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        self._take_the_rest()

    async def close(self) -> None:
        """Stop, and notify the hub, which may forget what it has; DongleError when it fails.

        What arrives meanwhile is held as well.
        """
        await self.stop()
        kind = TunnelClosure if self._serving else CloseTunnel
        try:
            await self._han.send(TUNNELING, kind(self.number).frame(next(self._sequence)))
        finally:
            self._take_the_rest()

    def _answer(self, frame: ZclFrame) -> None:
        """Have a frame sent in its turn; in a flood it is dropped."""
        if self._answers.full():
            self._on_fault("An answer to the hub was dropped: it asks faster than the radio sends")
        else:
            self._answers.put_nowait(frame)

    def _frame(self, data: bytes) -> ZclFrame:
        if self._profile.tunnel_header:
            data = TunnelData(Header.PUT, data).encode()
        command = TransferData(self.number, data, from_server=self._serving)
        return command.frame(next(self._sequence))

    async def _send_blocks(self, transfer: Transfer) -> bool:
        """Send the blocks that are due; whether an acknowledgement brought the transfer on."""
        for block in transfer.due():
            await self._han.send(TUNNELING, self._frame(block))
        with contextlib.suppress(TimeoutError):
            async with self._han.dongle.clock.timeout(self._profile.gbt_timeout_seconds):
                while not transfer.take(await self._acknowledged.get()):
                    pass
                return True
        return False

    async def _take_all(self) -> None:
        try:
            while True:
                frame = await self._han.receive(TUNNELING)
                self._heard_at = self._han.dongle.clock.elapsed()
                self._take(frame)
        except Exception as error:  # whatever it is, `receive` must not wait on
            self._finish(error)

    async def _watch(self) -> None:
        """Ask a hub that has been quiet whether it is there, for as long as it is."""
        clock = self._han.dongle.clock
        try:
            while True:
                await clock.sleep(self._heard_at + QUIET_SECONDS - clock.elapsed())
                if clock.elapsed() - self._heard_at >= QUIET_SECONDS:
                    await self._ask()
                    self._heard_at = clock.elapsed()
        except Exception as error:
            self._finish(error)

    async def _ask(self) -> None:
        """Return once the hub has acknowledged a question; HubGone where it does not."""
        self._asked = next(self._sequence)
        for _ in range(TRIES):
            with contextlib.suppress(NotDelivered):
                return await self._han.send(TUNNELING, question(self._asked))
        raise HubGone(self._han.hub.gpf)

    async def _answer_all(self) -> None:
        """Send the acknowledgements and answers that are due, one after another."""
        try:
            while True:
                frame = await self._answers.get()
                try:
                    await self._han.send(TUNNELING, frame)
                finally:
                    self._answers.task_done()
        except Exception as error:
            self._finish(error)

    def _finish(self, error: Exception) -> None:
        """Keep the first error for `receive`."""
        self._end = self._end or error
        self._news.set()

    def _take_the_rest(self) -> None:
        """Take what the dongle has received and was not read yet."""
        for frame in self._han.received(TUNNELING):
            try:
                self._take(frame)
            except Exception as error:
                self._finish(error)

    def _take(self, frame: ZclFrame) -> None:
        if is_answer(frame, self._asked):
            return
        if frame.is_refusal:
            raise TunnelClosed(self._han.hub.gpf)
        try:
            command = decode_tunnel_command(frame)
            if isinstance(command, RequestTunnel):
                self._answer(accept(command, self._profile).frame(frame.sequence))
            elif isinstance(command, TransferData) and self._is_ours(command):
                self._take_data(command.data)
            elif isinstance(command, _ENDS) and self._ends(command):
                raise TunnelClosed(self._han.hub.gpf)
        except MalformedFrame as error:
            self._on_fault(f"A frame of the hub was dropped: {error.what}")

    def _is_ours(self, command: TransferData) -> bool:
        """Return whether it is of our tunnel, or of one that the hub asked for beside it."""
        number = self.number if command.from_server is not self._serving else OWN_TUNNEL
        return command.tunnel == number

    def _ends(self, command: CloseTunnel | TunnelClosure | TransferDataError) -> bool:
        """Return whether the command ends the tunnel; refused data means that there is none."""
        if command.tunnel != self.number:
            return False
        if isinstance(command, TransferDataError):
            return command.from_server is not self._serving
        return isinstance(command, CloseTunnel) is self._serving

    def _take_data(self, data: bytes) -> None:
        try:
            message = decode_tunnel_data(data).message
        except MalformedFrame:
            message = data  # not what was expected, but it arrived: it is kept
        if is_block(message) and not decode_block(message).data:
            self._note_acknowledgement(decode_block(message))
        elif message:
            answer = self._arrivals.take(message)
            self._news.set()
            if answer is not None:
                self._answer(self._frame(answer))

    def _note_acknowledgement(self, block: Block) -> None:
        if self._acknowledged.full():
            self._acknowledged.get_nowait()
        self._acknowledged.put_nowait(block)
