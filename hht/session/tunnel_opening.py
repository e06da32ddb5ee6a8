"""Opening the tunnel: the hub may ask for it, else the HHT does (GBCS leaves open which).

After BUSY the HHT asks again when the hub profile says; after NO_MORE_TUNNEL_IDS it first closes
the tunnel it left open, if it knows of one.
"""

import contextlib

from hht.hub_profile import HubProfile
from hht.session.arrivals import OnFault
from hht.session.errors import TunnelRefused
from hht.session.han_membership import Han
from hht.session.tunnel import Tunnel, accept, new_sequence, pass_over
from hht.zse.errors import MalformedFrame
from hht.zse.tunneling import (
    MAX_TRANSFER,
    CloseTunnel,
    RequestTunnel,
    RequestTunnelResponse,
    TunnelCommand,
    TunnelStatus,
    decode_tunnel_command,
)
from hht.zse.zcl import TUNNELING, ZclFrame

TRIES = 3  # a hub that is silent or busy so often needs the engineer, not a fourth request
ANSWER_SECONDS = 5.0  # the hub only looks up its Device Log and a free identifier
_PASSING = (TunnelStatus.BUSY, TunnelStatus.NO_MORE_TUNNEL_IDS)


async def open_tunnel(
    han: Han, profile: HubProfile, stale: int | None = None, on_fault: OnFault = pass_over
) -> Tunnel:
    """Open the tunnel, asked for by either side; `stale` is the one left open before, if known.

    TunnelRefused when the hub refuses for good or does not answer.
    """
    opening = _Opening(han, profile, on_fault)
    if profile.tunnel_hub_opens:
        tunnel = await opening.awaited(profile.tunnel_wait_seconds)
        if tunnel is not None:
            return tunnel
    return await opening.asked_for(stale)


class _Opening:
    """The frames that go to and fro until there is a tunnel."""

    def __init__(self, han: Han, profile: HubProfile, on_fault: OnFault) -> None:
        self._han = han
        self._on_fault = on_fault
        self._profile = profile
        self._sequence = new_sequence()
        self._refusal = ""

    async def awaited(self, seconds: float) -> Tunnel | None:
        """Wait up to `seconds` for a tunnel; None if none opens or the hub refuses."""
        tunnel = None
        with contextlib.suppress(TimeoutError):
            async with self._han.dongle.clock.timeout(seconds):
                while tunnel is None and not self._refusal:
                    tunnel = await self._tunnel_by(*await self._next())
        return tunnel

    async def asked_for(self, stale: int | None) -> Tunnel:
        """Ask for a tunnel; one that the hub asks for meanwhile does as well."""
        profile = self._profile
        for left in reversed(range(TRIES)):
            self._refusal = ""
            request = RequestTunnel(
                profile.tunnel_protocol,
                profile.tunnel_manufacturer,
                max_transfer=profile.tunnel_max_transfer,
            )
            await self._send(request.frame(next(self._sequence)))
            tunnel = await self.awaited(ANSWER_SECONDS)
            if tunnel is not None:
                return tunnel
            if left:
                await self._before_next_try(stale)
        raise TunnelRefused(self._han.hub.gpf, self._refusal or "no answer")

    async def _before_next_try(self, stale: int | None) -> None:
        if self._refusal == TunnelStatus.BUSY.name:
            await self._han.dongle.clock.sleep(self._profile.busy_retry_seconds)
        elif self._refusal == TunnelStatus.NO_MORE_TUNNEL_IDS.name and stale is not None:
            await self._send(CloseTunnel(stale).frame(next(self._sequence)))

    async def _tunnel_by(self, frame: ZclFrame, command: TunnelCommand) -> Tunnel | None:
        if isinstance(command, RequestTunnel):
            answer = accept(command, self._profile)
            await self._send(answer.frame(frame.sequence))
            if answer.status == TunnelStatus.SUCCESS:
                return self._tunnel(answer.tunnel, command.max_transfer, serving=True)
        elif isinstance(command, RequestTunnelResponse):
            if command.status == TunnelStatus.SUCCESS:
                return self._tunnel(command.tunnel, command.max_transfer, serving=False)
            self._note_refusal(command.status)
        return None

    def _note_refusal(self, status: int) -> None:
        """Keep the hub's word; TunnelRefused when it is for good."""
        known = status in TunnelStatus.__members__.values()
        self._refusal = TunnelStatus(status).name if known else f"status {status:02X}"
        if status not in _PASSING:
            raise TunnelRefused(self._han.hub.gpf, self._refusal)

    def _tunnel(self, number: int, max_transfer: int, *, serving: bool) -> Tunnel:
        largest = max_transfer or MAX_TRANSFER
        return Tunnel(
            self._han, self._profile, number, largest, serving=serving, on_fault=self._on_fault
        )

    async def _next(self) -> tuple[ZclFrame, TunnelCommand]:
        while True:
            frame = await self._han.receive(TUNNELING)
            with contextlib.suppress(MalformedFrame):
                return frame, decode_tunnel_command(frame)

    async def _send(self, frame: ZclFrame) -> None:
        await self._han.send(TUNNELING, frame)
