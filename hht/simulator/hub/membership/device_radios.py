"""What the premises asks of the radios of its Devices."""

from typing import Protocol

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import JoinMethod, JoinResult


class Radios(Protocol):
    """The Devices' radios."""

    def is_member(self, entity: EntityId) -> bool:
        """Return whether a Device is in the HAN now."""

    def look_around(self) -> None:
        """Let Devices that are no members look for the network."""

    def switch_off(self, entity: EntityId) -> None:
        """Take a Device's supply away."""

    async def agree(self, one: EntityId, other: EntityId, method: JoinMethod) -> JoinResult:
        """Have one Device get a link key with another."""
