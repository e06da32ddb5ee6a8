"""A hub forms its HAN again: as another hub's (CCS03), or on another channel (a channel mask)."""

import asyncio

from hht.clock import Timer
from hht.entity_id import EntityId
from hht.simulator.hub import events
from hht.simulator.hub.han_network import HanNetwork, best_channel
from hht.simulator.hub.membership.hub_parts import HubParts

REFORM_SECONDS = 2.0
"""From CCS03 to the new network: the Response is on its way before the old one ends."""


class NewNetwork:
    """The new HAN after a change of CHF Device Log or mask; `lost_by_move`: heard no more."""

    def __init__(self, hub: HubParts, network: HanNetwork, *, lost_by_move: bool) -> None:
        self._hub = hub
        self._network = network
        self._lost_by_move = lost_by_move
        self._reforming: Timer | None = None
        self._moving: asyncio.Task[None] | None = None
        self.is_lost = False

    def follow_log(self) -> None:
        """Form another network after a restore of the log, once the HHT has its Response."""
        if self._hub.premises.chf.device_log.restored and self._reforming is None:
            later = self._hub.node.clock.call_later
            self._reforming = later(REFORM_SECONDS, self._form_again)

    def follow_mask(self) -> None:
        """Go to an allowed channel, once the Response to the mask is on its way."""
        wanted = self._hub.premises.chf.mask.wanted
        if wanted and (self._moving is None or self._moving.done()):
            self._moving = asyncio.get_running_loop().create_task(self._move())

    def stop(self) -> None:
        """End with the hub's process."""
        if self._moving:
            self._moving.cancel()

    def _form_again(self) -> None:
        """Form the HAN under the restored Extended PAN ID (CCS03); an HHT starts from outside."""
        hub, self._reforming = self._hub, None
        if not hub.node.powered:
            return
        self._network.form_again(EntityId(hub.premises.chf.device_log.extended_pan_id))
        hub.radios.lose_hub(for_good=True)
        hub.forget_hhts()
        hub.gas.start()
        text = f"The HAN is formed again as {hub.node.extended_pan_id}"
        hub.log.record(events.FormedAnew(text))
        hub.premises.come_back()
        hub.permit_joining()
        hub.changed()

    async def _move(self) -> None:
        """Tear the HAN down and form it again on the best allowed channel.

        Devices and HHT stay in the CHF Device Log: no joining window is opened for them.
        """
        hub, mask = self._hub, self._hub.premises.chf.mask
        await hub.node.clock.sleep(REFORM_SECONDS)
        if not hub.node.powered or not mask.wanted:
            return
        hub.fall_silent()
        channel = await best_channel(hub.node, mask.wanted)
        self._network.move(channel, keeps_key=hub.profile.channel_mask_keeps_key)
        mask.moved(channel, hub.clock.now())
        hub.premises.hub_moved()
        text = f"The HAN is formed again on channel {channel}"
        hub.log.record(events.ChannelChanged(text, channel))
        hub.gas.start()
        hub.radios.follow()
        hub.permit_joining()
        hub.changed()
        if self._lost_by_move:
            self.is_lost = True
            hub.node.power_off()
