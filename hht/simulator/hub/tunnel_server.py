"""The hub's end of an HHT's tunnel: one HHT at a time, large messages in blocks, nothing lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.zse import gbt
from hht.zse.gbt import Block, Transfer, piece_size
from hht.zse.gbt_reassembly import Reassembler
from hht.zse.tunneling import (
    CloseTunnel,
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TransferStatus,
    TunnelClosure,
    TunnelCommand,
    TunnelData,
    TunnelStatus,
    decode_tunnel_data,
)
from hht.zse.zcl import ZclFrame

_RETRY_SECONDS = 1.0
"""Until a message is sent again that the HHT's radio did not acknowledge."""
_NO_TUNNEL = 0xFFFF
"""The tunnel identifier of a refusal."""

Send = Callable[[EntityId, ZclFrame], Awaitable[bool]]
"""Sends a Tunneling frame to an HHT, APS-encrypted; was it acknowledged?"""


@dataclass
class _Tunnel:
    """The open tunnel. `served` is False where the hub had asked the HHT for it."""

    number: int
    owner: EntityId
    max_transfer: int
    served: bool = True
    # An HHT sends a Command once more where its Response was lost: it must reach the Device.
    reassembler: Reassembler = field(default_factory=lambda: Reassembler(restarts=True))
    acknowledged: "asyncio.Future[Block | None] | None" = None


class TunnelServer:
    """A server of admitted HHTs' Tunneling commands; `deliver` gets every whole GBCS message.

    `outbox` holds what is for the HHT, oldest first. A message leaves it, and `on_change` is
    called, when the HHT's radio has acknowledged all of it; in a hub that repeats, when the HHT
    closes its tunnel: until then a new tunnel brings it again, because a dongle also acknowledges
    what its handheld dies before reading. `status` is the answer to a request.
    """

    def __init__(
        self,
        profile: HubProfile,
        clock: Clock,
        send: Send,
        deliver: Callable[[bytes], None],
        on_change: Callable[[], None],
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._send_frame = send
        self._deliver = deliver
        self._on_change = on_change
        self._tunnel: _Tunnel | None = None
        self._next_number = 0
        self._sequence = 0
        self._wake = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._answers: set[asyncio.Task[bool]] = set()
        self._sent = 0
        self.outbox: list[bytes] = []
        self.status = TunnelStatus.SUCCESS

    @property
    def owner(self) -> EntityId | None:
        return self._tunnel.owner if self._tunnel else None

    @property
    def waiting(self) -> int:
        """How many messages are still to be sent through the open tunnel, else through the next."""
        return len(self.outbox) - (self._sent if self._tunnel else 0)

    def handle(self, sender: EntityId, command: TunnelCommand, sequence: int) -> None:
        """Handle one Tunneling command of an HHT; `sequence` is its frame's."""
        if isinstance(command, RequestTunnel):
            self._grant(sender, command, sequence)
        elif isinstance(command, RequestTunnelResponse):
            self._opened(sender, command)
        elif isinstance(command, TransferData):
            self._take_data(sender, command)
        elif isinstance(command, CloseTunnel | TunnelClosure) and self._owns(
            sender, command.tunnel
        ):
            self._forget_sent()
            if self._profile.forgets_on_close:
                self.outbox.clear()
                self._on_change()
            self.close()

    def ask(self, hht: EntityId) -> None:
        """Ask an HHT for a tunnel, as hubs ask other Devices."""
        self.close()
        profile = self._profile
        self._answer(
            hht,
            RequestTunnel(
                profile.tunnel_protocol,
                profile.tunnel_manufacturer,
                max_transfer=profile.tunnel_max_transfer,
            ),
        )

    def flush(self) -> None:
        """Send what is in the outbox, as soon as a tunnel is open."""
        self._wake.set()

    def end(self) -> None:
        """Close the tunnel and notify its owner."""
        if self._tunnel:
            number, served = self._tunnel.number, self._tunnel.served
            command = TunnelClosure(number) if served else CloseTunnel(number)
            self._answer(self._tunnel.owner, command)
        self.close()

    def close(self) -> None:
        """Drop the tunnel; what was not delivered stays in the outbox."""
        self._tunnel = None
        if self._pump:
            self._pump.cancel()
            self._pump = None

    def _grant(self, sender: EntityId, request: RequestTunnel, sequence: int) -> None:
        status = self._verdict(sender, request)
        granted = status is TunnelStatus.SUCCESS
        number = self._next_number if granted else _NO_TUNNEL
        response = RequestTunnelResponse(number, status, self._profile.tunnel_max_transfer)
        frame = response.frame(sequence)
        if not granted:
            self._send_later(sender, frame)
            return
        self._next_number = (self._next_number + 1) % _NO_TUNNEL
        self._open(_Tunnel(number, sender, request.max_transfer), frame)

    def _verdict(self, sender: EntityId, request: RequestTunnel) -> TunnelStatus:
        if request.protocol != self._profile.tunnel_protocol:
            return TunnelStatus.PROTOCOL_NOT_SUPPORTED
        if request.flow_control:
            return TunnelStatus.FLOW_CONTROL_NOT_SUPPORTED
        if self.owner not in (None, sender):
            return TunnelStatus.NO_MORE_TUNNEL_IDS
        return self.status

    def _opened(self, sender: EntityId, response: RequestTunnelResponse) -> None:
        """Use the tunnel that an HHT agreed to when it was asked."""
        if response.status == TunnelStatus.SUCCESS:
            self._open(_Tunnel(response.tunnel, sender, response.max_transfer, served=False))

    def _open(self, tunnel: _Tunnel, greeting: ZclFrame | None = None) -> None:
        """Use the tunnel, once the HHT has the answer."""
        self.close()
        self._tunnel = tunnel
        self._sent = 0
        self._wake.set()
        self._pump = asyncio.get_running_loop().create_task(self._serve(tunnel, greeting))

    async def _serve(self, tunnel: _Tunnel, greeting: ZclFrame | None) -> None:
        if greeting is not None:
            await self._send_frame(tunnel.owner, greeting)
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._empty_outbox(tunnel)

    def _owns(self, sender: EntityId, number: int) -> bool:
        tunnel = self._tunnel
        return tunnel is not None and (tunnel.owner, tunnel.number) == (sender, number)

    def _take_data(self, sender: EntityId, command: TransferData) -> None:
        tunnel = self._tunnel
        if tunnel is None or not self._owns(sender, command.tunnel):
            self._refuse(sender, command, TransferStatus.NO_SUCH_TUNNEL)
        elif self._profile.gbt_used and len(command.data) > self._profile.tunnel_max_transfer:
            self._refuse(sender, command, TransferStatus.DATA_OVERFLOW)
        else:
            message = decode_tunnel_data(command.data).message
            if gbt.is_block(message):
                self._take_block(tunnel, message)
            elif message:
                self._deliver(message)

    def _take_block(self, tunnel: _Tunnel, raw: bytes) -> None:
        block = gbt.decode_block(raw)
        if not block.data:
            if tunnel.acknowledged and not tunnel.acknowledged.done():
                tunnel.acknowledged.set_result(block)
            return
        whole = tunnel.reassembler.feed(raw)
        if tunnel.reassembler.answer:
            self._answer(tunnel.owner, self._data(tunnel, tunnel.reassembler.answer))
        if whole:
            self._deliver(whole)

    def _refuse(self, sender: EntityId, command: TransferData, status: TransferStatus) -> None:
        error = TransferDataError(command.tunnel, status, from_server=not command.from_server)
        self._answer(sender, error)

    async def _empty_outbox(self, tunnel: _Tunnel) -> None:
        """Send one message after another, again until each arrives."""
        while self._sent < len(self.outbox):
            if not await self._send_message(tunnel, self.outbox[self._sent]):
                await self._clock.sleep(_RETRY_SECONDS)
                continue
            self._sent += 1
            if not self._profile.repeats_in_new_tunnel:
                self._forget_sent()

    def _forget_sent(self) -> None:
        """Drop the messages that were sent from the outbox."""
        del self.outbox[: self._sent]
        self._sent = 0
        self._on_change()

    async def _send_message(self, tunnel: _Tunnel, message: bytes) -> bool:
        room = min(tunnel.max_transfer, self._profile.tunnel_max_transfer)
        room -= self._profile.tunnel_header
        if len(message) <= room or not self._profile.gbt_used:
            return await self._send_data(tunnel, message)
        profile = self._profile
        piece = piece_size(profile.gbt_block_size, room)
        transfer = Transfer(message, piece, profile.gbt_window)
        silences = 0
        while not transfer.done and silences <= profile.gbt_retries:
            silences = 0 if await self._send_blocks(tunnel, transfer) else silences + 1
        return transfer.done

    async def _send_blocks(self, tunnel: _Tunnel, transfer: Transfer) -> bool:
        """Send the blocks that are due; return whether an acknowledgement advanced the transfer."""
        tunnel.acknowledged = asyncio.get_running_loop().create_future()
        for block in transfer.due():
            await self._send_data(tunnel, block)
        wait = self._profile.gbt_timeout_seconds
        answer = await self._clock.wait(tunnel.acknowledged, wait)
        return answer is not None and transfer.take(answer)

    async def _send_data(self, tunnel: _Tunnel, message: bytes) -> bool:
        frame = self._data(tunnel, message).frame(self._after())
        return await self._send_frame(tunnel.owner, frame)

    def _data(self, tunnel: _Tunnel, message: bytes) -> TransferData:
        header = Header.PUT if self._profile.tunnel_header else None
        data = TunnelData(header, message).encode()
        return TransferData(tunnel.number, data, from_server=tunnel.served)

    def _answer(self, hht: EntityId, command: TunnelCommand) -> None:
        self._send_later(hht, command.frame(self._after()))

    def _send_later(self, hht: EntityId, frame: ZclFrame) -> None:
        task = asyncio.ensure_future(self._send_frame(hht, frame))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    def _after(self) -> int:
        self._sequence = (self._sequence + 1) % 256
        return self._sequence
