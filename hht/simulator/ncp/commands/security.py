"""The virtual co-processor's security state: the keys it starts with, and what it says of them."""

from collections.abc import Mapping

import bellows.types as t

from hht.simulator.ncp.commands.endpoints import eui64
from hht.simulator.ncp.ezsp import Command, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode

_Bits = t.EmberInitialSecurityBitmask
# The bits that initial and current state share (ember-types.h).
_SHARED = _Bits.DISTRIBUTED_TRUST_CENTER_MODE | _Bits.TRUST_CENTER_USES_HASHED_LINK_KEY
_SHARED |= _Bits.TRUST_CENTER_GLOBAL_LINK_KEY
_KEY = t.EmberCurrentSecurityBitmask.HAVE_TRUST_CENTER_LINK_KEY


class Security:
    """Keys as setInitialSecurityState gives them: for forming and for joining a network.

    What a formed network uses is kept over a reset, as in flash; a join uses the keys once.
    """

    def __init__(self, node: RadioNode) -> None:
        self._node = node
        self.link_key: bytes | None = None
        self.network_key: bytes | None = None
        self.preconfigured: bytes | None = None
        self._bits = 0
        self.in_use = False

    def restart(self) -> None:
        """Forget what the next network starts with: a host sets it again."""
        self.link_key = self.network_key = None
        self.in_use = False

    def commands(self) -> Mapping[str, Command]:
        return {
            "setInitialSecurityState": self._set,
            "getCurrentSecurityState": self._current,
            "getNetworkKeyInfo": self._network_key_info,
        }

    def _set(self, fields: Fields) -> Fields:
        state = fields["state"]
        if self.in_use:
            return {"status": Status.INVALID_CALL}
        has_link = state.bitmask & _Bits.HAVE_PRECONFIGURED_KEY
        has_network = state.bitmask & _Bits.HAVE_NETWORK_KEY
        self.link_key = state.preconfiguredKey.serialize() if has_link else None
        self.network_key = state.networkKey.serialize() if has_network else None
        if not has_link and not has_network:
            return {"status": Status.BAD_ARGUMENT}
        self.preconfigured = self.link_key
        self._bits = int(state.bitmask)
        return {"status": Status.SUCCESS}

    def _current(self, _: Fields) -> Fields:
        if not self.in_use:
            return {"status": Status.NOT_JOINED}
        partner = self._node.network.addresses.get(0)
        centre = eui64(self._node)
        if partner is not None and not self._node.is_coordinator:
            centre, _rest = t.EUI64.deserialize(partner.little_endian)
        bits = t.EmberCurrentSecurityBitmask(self._bits & int(_SHARED) | int(_KEY))
        state = t.EmberCurrentSecurityState(bitmask=bits, trustCenterLongAddress=centre)
        return {"status": Status.SUCCESS, "state": state}

    def _network_key_info(self, _: Fields) -> Fields:
        key = self._node.network.key
        info = t.SecurityManagerNetworkKeyInfo(
            network_key_set=bool(key),
            alternate_network_key_set=False,
            network_key_sequence_number=0,
            alt_network_key_sequence_number=0,
            network_key_frame_counter=self._node.network.frame_counter,
        )
        return {"status": Status.SUCCESS, "network_key_info": info}
