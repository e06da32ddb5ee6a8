"""The hub's end of a GSME's tunnel: the meter GETs its messages and PUTs its own (GBCS 10.2.2)."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.simulator.hub.tunnel_server import Send
from hht.zse import gbt
from hht.zse.gbt_reassembly import Reassembler
from hht.zse.tunneling import (
    CloseTunnel,
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TransferStatus,
    TunnelCommand,
    TunnelData,
    TunnelStatus,
    decode_tunnel_data,
)

_FIRST_NUMBER = 0x1000
"""Tunnels of meters are numbered apart from those of HHTs."""
_MOST = 0xFF
"""The count of messages to fetch is one byte."""


class GsmeMessages(Protocol):
    """The messages that wait for a meter, and those that it sends."""

    def next_for(self, meter: EntityId) -> tuple[bytes, int] | None:
        """Return the oldest message that waits, and how many wait after it."""

    def fetched(self, meter: EntityId, raw: bytes) -> None:
        """Drop that message: the meter has it."""

    def receive(self, raw: bytes) -> None:
        """Accept a Response or Alert that a meter has PUT."""


class GsmeTunnelServer:
    """A server of the GSMEs' Tunneling commands with a header byte (GBCS 10.2.2).

    A message leaves the hub when the meter's radio has acknowledged it. One that is too long for a
    transfer goes in blocks, each fetched by a GET of its own.
    """

    def __init__(self, profile: HubProfile, send: Send, messages: GsmeMessages) -> None:
        self._profile = profile
        self._send = send
        self._messages = messages
        self._tunnels: dict[EntityId, int] = {}
        self._pieces: dict[EntityId, list[bytes]] = {}
        self._blocks: dict[EntityId, Reassembler] = {}
        self._sending: dict[EntityId, asyncio.Task[None]] = {}

    def handle(self, sender: EntityId, command: TunnelCommand, sequence: int) -> None:
        """Handle one command of a meter; MalformedFrame when its data is of no known form."""
        if isinstance(command, RequestTunnel):
            self._grant(sender, command, sequence)
        elif isinstance(command, CloseTunnel):
            self._tunnels.pop(sender, None)
        elif isinstance(command, TransferData) and self._tunnels.get(sender) == command.tunnel:
            self._take_data(sender, decode_tunnel_data(command.data), sequence)
        elif isinstance(command, TransferData):
            status = TransferStatus.NO_SUCH_TUNNEL
            error = TransferDataError(command.tunnel, status, from_server=True)
            self._reply(sender, error, sequence)

    def reset(self) -> None:
        """Forget the tunnels, as a power cut does; what was not fetched still waits."""
        self._tunnels.clear()
        self._pieces.clear()
        self._blocks.clear()
        for task in self._sending.values():
            task.cancel()

    def _grant(self, sender: EntityId, request: RequestTunnel, sequence: int) -> None:
        number = self._tunnels.setdefault(sender, _FIRST_NUMBER + len(self._tunnels))
        known = request.protocol == self._profile.tunnel_protocol
        status = TunnelStatus.SUCCESS if known else TunnelStatus.PROTOCOL_NOT_SUPPORTED
        answer = RequestTunnelResponse(number, status, self._profile.tunnel_max_transfer)
        self._reply(sender, answer, sequence)

    def _take_data(self, sender: EntityId, data: TunnelData, sequence: int) -> None:
        if data.header is Header.GET:
            self._start(sender, partial(self._answer_get, sender, sequence))
        elif data.header is Header.PUT:
            self._take_message(sender, data.message)

    def _take_message(self, sender: EntityId, message: bytes) -> None:
        if gbt.is_block(message):
            blocks = self._blocks.setdefault(sender, Reassembler(restarts=True))
            message = blocks.feed(message) or b""
        if message:
            self._messages.receive(message)

    async def _answer_get(self, meter: EntityId, sequence: int) -> None:
        """Send GET-RESPONSE: the next message or block, and how many more there are to fetch."""
        raw, waiting = self._messages.next_for(meter) or (b"", 0)
        pieces = self._pieces.get(meter) or pieces_of(raw, self._profile)
        remaining = min(waiting + max(len(pieces) - 1, 0), _MOST)
        answer = TunnelData(Header.GET_RESPONSE, pieces[0] if pieces else b"", remaining)
        transfer = TransferData(self._tunnels[meter], answer.encode(), from_server=True)
        if not await self._send(meter, transfer.frame(sequence)) or not pieces:
            return
        self._pieces[meter] = pieces[1:]
        if not pieces[1:]:
            self._messages.fetched(meter, raw)

    def _reply(self, meter: EntityId, command: TunnelCommand, sequence: int) -> None:
        async def reply() -> None:
            await self._send(meter, command.frame(sequence))

        self._start(meter, reply)

    def _start(self, meter: EntityId, doing: Callable[[], Awaitable[None]]) -> None:
        """Run one task after another for each meter."""
        before = self._sending.get(meter)

        async def in_turn() -> None:
            if before:
                await asyncio.wait([before])
            await doing()

        self._sending[meter] = asyncio.get_running_loop().create_task(in_turn())


def pieces_of(message: bytes, profile: HubProfile) -> list[bytes]:
    """Split a message into the blocks it is carried as; one piece if it fits, none if empty."""
    room = profile.tunnel_max_transfer - len(TunnelData(Header.GET_RESPONSE).encode())
    if len(message) > room:
        return gbt.split(message, profile.gbt_block_size)
    return [message] if message else []
