"""The network that a hub forms: its PAN, Extended PAN ID and key, and how it is formed again."""

import os
from collections import Counter
from collections.abc import Collection
from typing import Any

from hht.entity_id import EntityId
from hht.simulator.site.record import Site
from hht.simulator.stack.node import RadioNode

_KEY_LENGTH = 16
"""AES-128, as every ZigBee key."""

_SCAN_MS = 138.0
"""On each channel: IEEE 802.15.4's scan duration 3, as network formers use."""


class HanNetwork:
    """One hub's network; as the site has it until a restored CHF Device Log gives it another."""

    def __init__(self, node: RadioNode, site: Site) -> None:
        hub = site.spec.hub
        self._node = node
        self._channel = hub.place.channel
        self._pan_id = hub.place.pan_id
        self._extended_pan_id = hub.gpf
        self._key = site.network_key
        self._frame_counter = 0

    def form(self) -> None:
        """Form the network as it was when its state was saved."""
        self._node.form(
            self._channel,
            self._pan_id,
            self._extended_pan_id,
            self._key,
            frame_counter=self._frame_counter,
        )

    def form_again(self, extended_pan_id: EntityId) -> None:
        """Remove every Device and form another PAN with another key (GBCS CCS03)."""
        for device in list(self._node.children):
            self._node.remove(device)
        self._pan_id = self._pan_id % 0xFFFE + 1
        self._extended_pan_id, self._key = extended_pan_id, os.urandom(_KEY_LENGTH)
        self._frame_counter = 0
        self.form()

    def move(self, channel: int, *, keeps_key: bool) -> None:
        """Form the network again on another channel, as another PAN with the same Extended PAN ID.

        With its key it keeps its children; without, they have to ask for the new one.
        """
        self._channel = channel
        self._pan_id = self._pan_id % 0xFFFE + 1
        if keeps_key:
            self._node.move(channel, self._pan_id)
            return
        self._key, self._frame_counter = os.urandom(_KEY_LENGTH), 0
        self.form()

    def state(self) -> dict[str, Any]:
        """Return the network with its secret key, for JSON in an owner-only file."""
        return {
            "channel": self._channel,
            "pan_id": self._pan_id,
            "extended_pan_id": self._extended_pan_id.hex(),
            "key": self._key.hex(),
            "frame_counter": self._node.network.frame_counter,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Restore what `state()` returned; no frame counter is used twice under one key."""
        self._channel = state.get("channel", self._channel)
        self._pan_id = state["pan_id"]
        self._extended_pan_id = EntityId.parse(state["extended_pan_id"])
        self._key = bytes.fromhex(state["key"])
        self._frame_counter = state["frame_counter"]


async def best_channel(node: RadioNode, channels: Collection[int]) -> int:
    """Choose as Silicon Labs' network former ranks: the fewest beacons, then the lowest level.

    The node is off its network while it scans.
    """
    beacons = Counter(each.channel for each in await node.active_scan(channels, _SCAN_MS))
    levels = await node.energy_scan(channels, _SCAN_MS)
    return min(channels, key=lambda each: (beacons[each], levels[each], each))
