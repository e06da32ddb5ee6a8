"""The virtual co-processor in a network: security, joining, coming back, leaving, link keys."""

from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.entity_id import EntityId
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.radio import Begin
from hht.simulator.ncp.setup import eui64
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import JoinReason, JoinResult, RadioNode

_FAILURES = {
    JoinReason.NO_BEACON: Status.NO_BEACONS,
    JoinReason.NOT_PERMITTED: Status.JOIN_FAILED,
    JoinReason.NO_RESPONSE: Status.JOIN_FAILED,
    JoinReason.REFUSED: Status.JOIN_FAILED,
    JoinReason.NO_KEY: Status.NO_NETWORK_KEY_RECEIVED,
}
_TRANSMIT_POWER = 8


class Network:
    """The stack's network state; `up` is it whether the host may send and hear messages.

    The membership itself is the node's and outlives a reset, as it does in flash: a host
    takes it up again with networkInit.
    """

    def __init__(self, node: RadioNode, server: EzspServer, begin: Begin) -> None:
        self._node = node
        self._server = server
        self._begin = begin
        self._link_key: bytes | None = None
        self._home = node.channel
        self._busy = False
        self.up = False
        node.on_left = self._left

    def restart(self) -> None:
        """The stack is down until the host brings it up."""
        self._link_key = None
        self._busy = False
        self.up = False

    def commands(self) -> Mapping[str, Command]:
        return {
            "setInitialSecurityState": self._set_security,
            "joinNetwork": self._join,
            "networkInit": self._init,
            "networkState": lambda _: {"status": self._state()},
            "leaveNetwork": self._leave,
            "getNetworkParameters": self._parameters,
            "getNodeId": lambda _: {"nodeId": self._node.short_address},
            "getEui64": lambda _: {"eui64": eui64(self._node)},
            "clearKeyTable": self._clear_keys,
            "addOrUpdateKeyTableEntry": lambda fields: self._set_key(fields, fields.get("keyData")),
            "importLinkKey": lambda fields: self._set_key(fields, fields.get("key")),
            "pollForData": lambda _: {"status": self._unless_down()},
        }

    def _unless_down(self) -> Status:
        return Status.SUCCESS if self.up else Status.INVALID_CALL

    def _state(self) -> int:
        """EmberNetworkStatus: no network, joining, joined."""
        return 1 if self._busy else 2 if self.up else 0

    def _set_security(self, fields: Fields) -> Fields:
        state = fields["state"]
        has_key = state.bitmask & t.EmberInitialSecurityBitmask.HAVE_PRECONFIGURED_KEY
        if self.up:
            return {"status": Status.INVALID_CALL}
        self._link_key = state.preconfiguredKey.serialize() if has_key else None
        return {"status": Status.SUCCESS if has_key else Status.BAD_ARGUMENT}

    def _join(self, fields: Fields) -> Fields:
        if self.up or self._busy:
            return {"status": Status.INVALID_CALL}
        if self._link_key is None:
            return {"status": Status.SECURITY_STATE_NOT_SET}
        wanted = fields["parameters"]
        extended = EntityId.from_little_endian(wanted.extendedPanId.serialize())
        joining = self._node.join(
            int(wanted.radioChannel), int(wanted.panId), extended, self._link_key
        )
        self._busy = True
        self._begin(self._finish(joining))
        return {"status": Status.SUCCESS}

    def _init(self, _: Fields) -> Fields:
        if self.up or self._busy:
            return {"status": Status.INVALID_CALL}
        if not self._node.joined:
            return {"status": Status.NOT_JOINED}
        self._busy = True
        self._begin(self._finish(self._node.rejoin([self._home])))
        return {"status": Status.SUCCESS}

    async def _finish(self, joining: Any) -> None:
        """Tell the host how a join or rejoin went."""
        result: JoinResult = await joining
        self._busy = False
        self.up = result.ok
        if result.ok:
            self._home = self._node.channel
        self._tell(Status.NETWORK_UP if result.ok else _FAILURES[result.reason])

    def _leave(self, _: Fields) -> Fields:
        if not self.up:
            return {"status": Status.INVALID_CALL}
        self._begin(self._go())
        return {"status": Status.SUCCESS}

    async def _go(self) -> None:
        self._node.leave()
        self.up = False
        self._tell(Status.NETWORK_DOWN)

    def _left(self, who: EntityId) -> None:
        """The coordinator sent this node away."""
        if who == self._node.eui64 and self.up:
            self.up = False
            self._tell(Status.NETWORK_DOWN)

    def _tell(self, status: Status) -> None:
        self._server.callback("stackStatusHandler", {"status": status})

    def _parameters(self, _: Fields) -> Fields:
        extended, _rest = t.ExtendedPanId.deserialize(self._node.extended_pan_id.little_endian)
        parameters = t.EmberNetworkParameters(
            extendedPanId=extended,
            panId=self._node.pan_id,
            radioTxPower=_TRANSMIT_POWER,
            radioChannel=self._node.channel,
            joinMethod=t.EmberJoinMethod.USE_MAC_ASSOCIATION,
            nwkManagerId=0,
            nwkUpdateId=0,
            channels=1 << self._node.channel,
        )
        status = Status.SUCCESS if self.up else Status.NOT_JOINED
        kind = t.EmberNodeType.END_DEVICE
        return {"status": status, "nodeType": kind, "parameters": parameters}

    def _clear_keys(self, _: Fields) -> Fields:
        self._node.link_keys.clear()
        return {"status": Status.SUCCESS}

    def _set_key(self, fields: Fields, key: Any) -> Fields:
        partner = EntityId.from_little_endian(fields["address"].serialize())
        self._node.set_link_key(partner, key.serialize())
        return {"status": Status.SUCCESS}
