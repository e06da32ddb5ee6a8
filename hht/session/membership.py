"""Joining the hub's HAN and leaving it: join, CBKE on the HAN, leave."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.radio.errors import DongleError, JoinFailed, NotDelivered
from hht.session.discovery import HubSeen
from hht.session.errors import HubSilent, JoinRefused, MembershipEnded
from hht.session.han_membership import Han
from hht.session.identity import HhtIdentity
from hht.session.key_agreement import OnDoubt, agree_key
from hht.zse.install_code import InstallCode
from hht.zse.zcl import KEY_ESTABLISHMENT, ZclFrame

if TYPE_CHECKING:
    from hht.radio.dongle import Dongle
    from hht.session.tunnel import Tunnel

JOIN_SECONDS = 20.0  # association, and up to 5 s until the trust centre sends the network key


async def join_han(dongle: "Dongle", hub: HubSeen, identity: HhtIdentity) -> Han:
    """Join with the link key made of the HHT's Install Code; JoinRefused with the reason."""
    link_key = InstallCode(identity.install_code).link_key
    try:
        await dongle.join(hub.beacon, link_key, timeout=JOIN_SECONDS)
    except JoinFailed as error:
        raise JoinRefused(hub.gpf, error.reason, error.status) from error
    return Han(dongle, hub)


async def agree_han_key(han: Han, identity: HhtIdentity, on_doubt: OnDoubt | None = None) -> None:
    """Agree a link key by CBKE as a member, and set it in the dongle in place of the first.

    `on_doubt` as in `agree_key`.
    """
    gpf = han.hub.gpf
    silent = HubSilent(gpf, "key establishment on the HAN")
    carrier, clock = _HanCarrier(han), han.dongle.clock
    key = await agree_key(carrier, identity.cbke, gpf, silent, clock, on_doubt)
    await han.dongle.set_link_key(gpf, key)


async def leave_han(
    dongle: "Dongle", tunnel: "Tunnel | None", keep: "Callable[[bytes], None]"
) -> None:
    """Close the tunnel and leave, as far as hub and dongle still answer.

    Everything that has arrived is kept before the hub hears so, which may forget it then; an error
    of `keep` ends the leaving there, and the message stays in the tunnel.
    """
    if tunnel is not None:
        await close_tunnel(tunnel, keep)
    with contextlib.suppress(DongleError):
        await dongle.leave()


async def close_tunnel(tunnel: "Tunnel", keep: "Callable[[bytes], None]") -> None:
    """Keep what has arrived, notify the hub, and keep what came meanwhile."""
    await tunnel.flush()
    await tunnel.stop()
    tunnel.hand_over(keep)
    with contextlib.suppress(DongleError, MembershipEnded):  # off the HAN, no hub waits for it
        await tunnel.close()
    tunnel.hand_over(keep)


class _HanCarrier:
    """A carrier of Key Establishment over the HAN."""

    def __init__(self, han: Han) -> None:
        self._han = han

    async def send(self, frame: ZclFrame) -> None:
        """Send one frame; without an acknowledgement it may be lost, and is sent again later."""
        with contextlib.suppress(NotDelivered):
            await self._han.send(KEY_ESTABLISHMENT, frame)

    async def receive(self) -> ZclFrame:
        """Return the hub's next Key Establishment frame."""
        while True:
            frame = await self._han.receive(KEY_ESTABLISHMENT)
            if frame.cluster_specific and frame.from_server:
                return frame
