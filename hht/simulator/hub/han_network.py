"""The network that a hub forms: its PAN, Extended PAN ID and key, and how it is formed again."""

import os
from typing import Any

from hht.entity_id import EntityId
from hht.simulator.site.record import Site
from hht.simulator.stack.node import RadioNode

_KEY_LENGTH = 16
"""AES-128, as every ZigBee key."""


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

    def state(self) -> dict[str, Any]:
        """Return the network with its secret key, for JSON in an owner-only file."""
        return {
            "pan_id": self._pan_id,
            "extended_pan_id": self._extended_pan_id.hex(),
            "key": self._key.hex(),
            "frame_counter": self._node.network.frame_counter,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Restore what `state()` returned; no frame counter is used twice under one key."""
        self._pan_id = state["pan_id"]
        self._extended_pan_id = EntityId.parse(state["extended_pan_id"])
        self._key = bytes.fromhex(state["key"])
        self._frame_counter = state["frame_counter"]
