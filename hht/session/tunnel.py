"""The tunnel to a hub: whole GBCS messages both ways, in blocks where they are too long for it.

Whatever the hub sends is taken in the background from the moment the tunnel is open, also while
something is being sent.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator

from hht.hub_profile import HubProfile
from hht.session.errors import HubSilent, TunnelClosed
from hht.session.han_membership import Han
from hht.zse.errors import MalformedFrame
from hht.zse.gbt import Block, Reassembler, Transfer, decode_block, is_block
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
from hht.zse.zcl import DEFAULT_RESPONSE, TUNNELING, ZclFrame

OWN_TUNNEL = 1
"""The identifier of a tunnel that the hub asks of us."""
_ENDS = (CloseTunnel, TunnelClosure, TransferDataError)


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

    `serving` says that the hub asked for it: the HHT is then the server of the cluster.
    """

    def __init__(
        self, han: Han, profile: HubProfile, number: int, max_transfer: int, *, serving: bool
    ) -> None:
        self.number = number
        self._han = han
        self._profile = profile
        self._max_transfer = min(max_transfer, profile.tunnel_max_transfer)
        self._serving = serving
        self._sequence = new_sequence()
        self._blocks = Reassembler()
        self._acknowledged: asyncio.Queue[Block] = asyncio.Queue()
        self._arrived: asyncio.Queue[bytes | Exception] = asyncio.Queue()
        self._pump = asyncio.create_task(self._take_all())

    async def send(self, message: bytes) -> None:
        """Send a whole GBCS message, unchanged; returns when the hub has acknowledged all of it.

        NotDelivered, HubSilent, MembershipEnded or DongleLost leave open how much of it arrived.
        """
        if len(message) <= self._max_transfer:
            await self._transfer(message)
            return
        profile = self._profile
        transfer = Transfer(message, profile.gbt_block_size, profile.gbt_window)
        silences = 0
        while not transfer.done:
            silences = 0 if await self._send_blocks(transfer) else silences + 1
            if silences > profile.gbt_retries:
                raise HubSilent(self._han.hub.gpf, "acknowledgement of a block")

    async def receive(self) -> bytes:
        """Return the next whole message, as the hub sent it, even if it is no GBCS message.

        Raises the error that ended the tunnel once all that arrived has been returned.
        """
        arrived = await self._arrived.get()
        if isinstance(arrived, bytes):
            return arrived
        self._arrived.put_nowait(arrived)
        raise arrived

    def remainder(self) -> list[bytes]:
        """Return what has arrived and was not received before the tunnel was closed."""
        left = [self._arrived.get_nowait() for _ in range(self._arrived.qsize())]
        return [message for message in left if isinstance(message, bytes)]

    async def close(self) -> None:
        """Stop receiving and close the tunnel at the hub; DongleError when it cannot be reached."""
        await self.abandon()
        kind = TunnelClosure if self._serving else CloseTunnel
        await self._han.send(TUNNELING, kind(self.number).frame(next(self._sequence)))

    async def abandon(self) -> None:
        """Stop receiving without sending to the hub, which may be gone."""
        self._pump.cancel()
        await asyncio.wait([self._pump])

    async def _transfer(self, data: bytes) -> None:
        if self._profile.tunnel_header:
            data = TunnelData(Header.PUT, data).encode()
        command = TransferData(self.number, data, from_server=self._serving)
        await self._han.send(TUNNELING, command.frame(next(self._sequence)))

    async def _send_blocks(self, transfer: Transfer) -> bool:
        """Send the blocks that are due; whether an acknowledgement brought the transfer on."""
        for block in transfer.due():
            await self._transfer(block)
        with contextlib.suppress(TimeoutError):
            async with self._han.dongle.clock.timeout(self._profile.gbt_timeout_seconds):
                while not transfer.take(await self._acknowledged.get()):
                    pass
                return True
        return False

    async def _take_all(self) -> None:
        try:
            while True:
                await self._take(await self._han.receive(TUNNELING))
        except Exception as error:  # whatever it is, whoever receives must not wait on
            self._arrived.put_nowait(error)

    async def _take(self, frame: ZclFrame) -> None:
        if _is_refusal(frame):
            raise TunnelClosed(self._han.hub.gpf)
        with contextlib.suppress(MalformedFrame):
            command = decode_tunnel_command(frame)
            if isinstance(command, RequestTunnel):
                answer = accept(command, self._profile).frame(frame.sequence)
                await self._han.send(TUNNELING, answer)
            elif isinstance(command, TransferData) and self._is_ours(command):
                await self._take_data(command.data)
            elif isinstance(command, _ENDS) and self._ends(command):
                raise TunnelClosed(self._han.hub.gpf)

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

    async def _take_data(self, data: bytes) -> None:
        try:
            message = decode_tunnel_data(data).message
        except MalformedFrame:
            message = data  # not what was expected, but it arrived: it is kept
        if is_block(message):
            await self._take_block(message)
        elif message:
            self._arrived.put_nowait(message)

    async def _take_block(self, raw: bytes) -> None:
        block = decode_block(raw)
        if not block.data:
            self._acknowledged.put_nowait(block)
            return
        whole = self._blocks.feed(raw)
        if whole is not None:
            self._arrived.put_nowait(whole)
        if self._blocks.answer is not None:
            await self._transfer(self._blocks.answer)


def _is_refusal(frame: ZclFrame) -> bool:
    """Return whether this is a Default Response by which the hub refuses what we sent."""
    is_default_response = not frame.cluster_specific and frame.command == DEFAULT_RESPONSE
    return is_default_response and frame.payload[1:2] not in (b"", b"\x00")
