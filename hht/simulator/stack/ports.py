"""What the layers of a simulated node see of the node itself."""

from collections.abc import Callable
from typing import Protocol

from hht.clock import ScaledClock
from hht.entity_id import EntityId
from hht.simulator.air.air import Air, Station
from hht.zse.frames.mac import MacFrame
from hht.zse.frames.zdo import Endpoint

NO_NETWORK = EntityId(bytes(8))

FindJoinKey = Callable[[EntityId], bytes | None]
"""Gives the link key (16 bytes) that a joining device must hold; None sends it away."""


class Radio(Station, Protocol):
    """One node's addresses, keys and MAC: what every layer above them works with."""

    air: Air
    clock: ScaledClock
    pan_id: int
    extended_pan_id: EntityId
    short_address: int
    endpoints: dict[int, Endpoint]
    link_keys: dict[EntityId, bytes]

    def send_mac(self, frame: MacFrame) -> bool:
        """Send a MAC frame; False when it asked for an acknowledgement and none came."""

    def send_data(self, destination: int, payload: bytes) -> bool:
        """Send a NWK frame to a neighbour's short address, or to all."""

    def next_mac_sequence(self) -> int: ...

    def set_link_key(self, partner: EntityId, key: bytes) -> None:
        """Set the link key (16 bytes) with a partner."""

    def drop(self, reason: str) -> None:
        """Count a frame that was refused."""


class JoiningRadio(Radio, Protocol):
    """A node that can leave what it was in, to join or to come back."""

    @property
    def is_coordinator(self) -> bool: ...

    def stop(self) -> None:
        """Forget network, keys and everything under way."""


class CoordinatorRadio(Radio, Protocol):
    """A node that lets others into its network while `find_join_key` is set."""

    find_join_key: FindJoinKey | None
    find_member_key: FindJoinKey | None

    def report_joined(self, who: EntityId, short: int) -> None:
        """Report a new child that was heard under the network key."""

    def report_unheard(self, who: EntityId) -> None:
        """Report one that was sent the network key and was never heard under it."""
