"""A GSME's own radio: sleeps, wakes on its interval, fetches its messages and answers them."""

import asyncio
from collections.abc import Awaitable, Callable

from hht.clock import Clock, Timer
from hht.hub_profile import HubProfile
from hht.simulator.hub.gas.gsme_tunnel import pieces_of
from hht.simulator.hub.han_server import ENDPOINT
from hht.simulator.hub.radios.device_radio import ENDPOINT as OWN_ENDPOINT
from hht.simulator.hub.radios.device_radio import DeviceRadio
from hht.simulator.stack.node import RadioNode, Received
from hht.zse import gbt
from hht.zse.frames.nwk import COORDINATOR
from hht.zse.gbt_reassembly import Reassembler
from hht.zse.tunneling import (
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TunnelCommand,
    TunnelData,
    TunnelStatus,
    decode_tunnel_command,
    decode_tunnel_data,
)
from hht.zse.zcl import TUNNELING, ZclFrame

_ANSWER_SECONDS = 5.0
"""How long a meter stays awake for an answer that the hub has at hand; listening costs battery."""
_POLL_SECONDS = 5.0
"""Between two polls of a Device that has just joined and stays awake; ours."""


class SleepyGsme:
    """A meter that wakes every `nap` seconds of `clock` while `may_wake`: it is in the HAN.

    For `awake` seconds after it has joined it listens all the time, and asks for messages often.

    `radio` is the one that it joined with. `execute` gives what the Device answers to a message;
    `outbox` holds what the hub has not taken yet. `while_awake` is done before it sleeps again.
    """

    def __init__(
        self,
        hub: RadioNode,
        radio: DeviceRadio,
        nap: float,
        awake: float,
        clock: Clock,
        profile: HubProfile,
        may_wake: Callable[[], bool],
        execute: Callable[[bytes], list[bytes]],
    ) -> None:
        self._hub = hub
        self._nap = nap
        self._awake = awake
        self._awake_until = 0.0
        self._clock = clock
        self._profile = profile
        self._may_wake = may_wake
        self._execute = execute
        self._blocks = Reassembler(restarts=True)
        self.tunnel: int | None = None
        self._sequence = 0
        self._timer: Timer | None = None
        self._visit: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[TunnelCommand | None] | None = None
        self.outbox: list[bytes] = []
        self.while_awake: Callable[[], Awaitable[None]] | None = None
        self.node = radio.node
        self._radio = radio
        radio.handlers[TUNNELING] = self._hear
        radio.stay_awake = self._stay_awake

    def start(self) -> None:
        """Sleep until the next full interval, and so on."""
        self.stop()
        self._timer = self._clock.call_later(self._until_awake(), self._wake)

    def stop(self) -> None:
        """Stay asleep."""
        if self._timer:
            self._timer.cancel()
        if self._visit:
            self._visit.cancel()

    def _wake(self) -> None:
        busy = self._visit and not self._visit.done()
        if self._may_wake() and self._hub.joined and not busy:
            self._visit = asyncio.get_running_loop().create_task(self._be_awake())
        self._timer = self._clock.call_later(self._until_awake(), self._wake)

    def _until_awake(self) -> float:
        until_nap_ends = self._nap - self._clock.time() % self._nap
        return min(_POLL_SECONDS, until_nap_ends) if self._stays_awake else until_nap_ends

    def _stay_awake(self) -> None:
        """Listen for a while: it has just joined."""
        self._awake_until = self._clock.time() + self._awake
        if self._stays_awake:
            self.start()
        else:
            self._radio.sleep()

    @property
    def _stays_awake(self) -> bool:
        return self._clock.time() < self._awake_until

    async def _be_awake(self) -> None:
        try:
            if not await self._radio.wake():
                return
            more = await self._put_all()
            while more:
                more = await self._fetch()
                more = await self._put_all() and more
            if self.while_awake:
                await self.while_awake()
        finally:
            if not self._stays_awake:
                self._radio.sleep()

    async def _fetch(self) -> bool:
        """GET one message or block and execute it; return whether there are more."""
        answer = await self._ask(self._data(TunnelData(Header.GET)))
        if isinstance(answer, TransferDataError):
            self.tunnel = None  # the hub was without power: it knows the tunnel no more
            return True
        if not isinstance(answer, TransferData):
            return False
        data = decode_tunnel_data(answer.data)
        message: bytes | None = data.message
        if message and gbt.is_block(message):
            message = self._blocks.feed(message)
        if message:
            self.outbox += self._execute(message)
        return data.remaining > 0

    async def _put_all(self) -> bool:
        """PUT everything in the outbox; False where the hub did not accept it."""
        if not await self._has_tunnel():
            return False
        while self.outbox:
            for piece in pieces_of(self.outbox[0], self._profile):
                if not await self._send(self._data(TunnelData(Header.PUT, piece))):
                    return False
            del self.outbox[0]
        return True

    async def _has_tunnel(self) -> bool:
        """Ask the hub for a tunnel unless there is one (GBCS 10.2.2.1); return if there is one."""
        if self.tunnel is None:
            request = RequestTunnel(max_transfer=self._profile.tunnel_max_transfer)
            answer = await self._ask(request)
            if isinstance(answer, RequestTunnelResponse) and answer.status == TunnelStatus.SUCCESS:
                self.tunnel = answer.tunnel
        return self.tunnel is not None

    def _data(self, data: TunnelData) -> TransferData:
        return TransferData(self.tunnel or 0, data.encode())

    async def _ask(self, command: TunnelCommand) -> TunnelCommand | None:
        """Send a command and return the hub's answer; None for silence."""
        self._answer = asyncio.get_running_loop().create_future()
        if not await self._send(command):
            return None
        return await self.node.clock.wait(self._answer, _ANSWER_SECONDS)

    async def _send(self, command: TunnelCommand) -> bool:
        key = self.node.link_keys.get(self._hub.eui64)
        if key is None:  # it was sent away just now: its next waking finds the network again
            return False
        self._sequence = (self._sequence + 1) % 256
        return await self.node.send_unicast(
            COORDINATOR,
            TUNNELING,
            command.frame(self._sequence).encode(),
            source_endpoint=OWN_ENDPOINT,
            destination_endpoint=ENDPOINT,
            aps_key=key,
        )

    def _hear(self, received: Received, frame: ZclFrame) -> None:
        command = decode_tunnel_command(frame)
        if self._answer and not self._answer.done():
            self._answer.set_result(command)
