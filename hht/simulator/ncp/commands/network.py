"""The virtual co-processor in a network: joining, coming back, leaving, and what it is then."""

from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.entity_id import EntityId
from hht.simulator.ncp.commands.configuration import Configuration
from hht.simulator.ncp.commands.radio import Begin
from hht.simulator.ncp.commands.security import Security
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import JoinReason, JoinResult, RadioNode

_FAILURES = {
    JoinReason.NO_BEACON: Status.NO_BEACONS,
    JoinReason.NOT_PERMITTED: Status.JOIN_FAILED,
    JoinReason.NO_RESPONSE: Status.JOIN_FAILED,
    JoinReason.REFUSED: Status.JOIN_FAILED,
    JoinReason.NO_KEY: Status.NO_NETWORK_KEY_RECEIVED,
}
_NO_NETWORK, _JOINING, _JOINED = 0, 1, 2  # EmberNetworkStatus
TRANSMIT_POWER = 8  # dBm
COORDINATOR = 0  # its short address, always
_NULL_NODE = 0xFFFF
_NO_NODE, _ = t.EUI64.deserialize(bytes(8))


class Network:
    """The stack's network state; `up` is it whether the host may send and hear messages.

    The membership itself is the node's and outlives a reset, as it does in flash: a host
    goes back to it with networkInit.
    """

    def __init__(
        self,
        node: RadioNode,
        server: EzspServer,
        begin: Begin,
        configuration: Configuration,
        security: Security,
    ) -> None:
        self._node = node
        self._server = server
        self._begin = begin
        self._configuration = configuration
        self._security = security
        self._home = node.channel
        self._busy = False
        self._up = False
        self.power = TRANSMIT_POWER

    def restart(self) -> None:
        """Take the stack down until the host brings it up."""
        self._busy = False
        self.up = False
        self.power = TRANSMIT_POWER

    @property
    def up(self) -> bool:
        """Is the network up? Tables and keys are fixed meanwhile."""
        return self._up

    @up.setter
    def up(self, up: bool) -> None:
        self._up = self._configuration.locked = self._security.in_use = up

    def commands(self) -> Mapping[str, Command]:
        return {
            "joinNetwork": lambda fields: self._join(fields["parameters"]),
            "joinNetworkDirectly": lambda fields: self._join(fields["beacon"]),
            "findAndRejoinNetwork": self._rejoin,
            "networkInit": self._init,
            "networkInitExtended": self._init,
            "networkState": lambda _: {"status": self._state()},
            "leaveNetwork": self._leave,
            "getNetworkParameters": self._parameters,
            "getRadioParameters": self._radio_parameters,
            "getParentChildParameters": self._family,
            "pollForData": lambda _: {"status": self._unless_down()},
            "requestLinkKey": lambda _: {"status": self._unless_down()},
            "updateTcLinkKey": lambda _: {"status": self._unless_down()},
            "setRadioPower": self._set_power,
            "getCurrentNetwork": lambda _: {"index": 0},
            "getExtendedPanId": lambda _: {"extendedPanId": self._extended()},
        }

    def _unless_down(self) -> Status:
        return Status.SUCCESS if self.up else Status.INVALID_CALL

    def _state(self) -> int:
        return _JOINING if self._busy else _JOINED if self.up else _NO_NETWORK

    def _join(self, wanted: Any) -> Fields:
        """Join as the parameters, or the fields of a beacon, have it."""
        if self.up or self._busy:
            return {"status": Status.INVALID_CALL}
        if self._security.link_key is None:
            return {"status": Status.SECURITY_STATE_NOT_SET}
        channel = wanted.radioChannel if hasattr(wanted, "radioChannel") else wanted.channel
        extended = EntityId.from_little_endian(wanted.extendedPanId.serialize())
        key = self._security.link_key
        self._start(self._node.join(int(channel), int(wanted.panId), extended, key))
        return {"status": Status.SUCCESS}

    def _init(self, _: Fields) -> Fields:
        if self.up or self._busy:
            return {"status": Status.INVALID_CALL}
        if not self._node.joined:
            return {"status": Status.NOT_JOINED}
        if self._node.is_coordinator:
            self._begin(self.come_up())
        else:
            self._start(self._node.rejoining.with_key([self._home]))
        return {"status": Status.SUCCESS}

    def _rejoin(self, fields: Fields) -> Fields:
        """Look for the network again on the channels of a mask; 0 is the present one.

        Without the current network key the Trust Centre sends it again, under the link key.
        """
        if self._busy or not self._node.joined or self._node.is_coordinator:
            return {"status": Status.INVALID_CALL}
        mask = int(fields["channelMask"])
        channels = [each for each in range(11, 27) if mask >> each & 1] or [self._home]
        self.up = False
        has_key = bool(fields["haveCurrentNetworkKey"])
        rejoining = self._node.rejoining
        again = rejoining.with_key if has_key else rejoining.without_key
        self._start(again(channels))
        return {"status": Status.SUCCESS}

    def _start(self, joining: Any) -> None:
        self._busy = True
        self._begin(self._finish(joining))

    async def _finish(self, joining: Any) -> None:
        """Notify the host how a join or rejoin went."""
        result: JoinResult = await joining
        self._busy = False
        self.up = result.ok
        if result.ok:
            self._home = self._node.channel
        failure = self._server.faults.joining_fails_as or _FAILURES.get(result.reason)
        self.report(Status.NETWORK_UP if result.ok else failure or Status.JOIN_FAILED)

    async def come_up(self) -> None:
        """Be up at once, as a coordinator is, and notify the host."""
        self._home = self._node.channel
        self.up = True
        self.report(Status.NETWORK_UP)

    def go_down(self) -> None:
        """Lose the network without having been asked to."""
        if self.up:
            self.up = False
            self.report(Status.NETWORK_DOWN)

    def _leave(self, _: Fields) -> Fields:
        if not self.up:
            return {"status": Status.INVALID_CALL}
        self._begin(self._go())
        return {"status": Status.SUCCESS}

    async def _go(self) -> None:
        self._node.leave()
        self.up = False
        self.report(Status.NETWORK_DOWN)

    def report(self, status: Status) -> None:
        """Notify the host of a change of the stack's state."""
        self._server.callback("stackStatusHandler", {"status": status})

    def _extended(self) -> Any:
        value, _rest = t.ExtendedPanId.deserialize(self._node.extended_pan_id.little_endian)
        return value

    def _parameters(self, _: Fields) -> Fields:
        parameters = t.EmberNetworkParameters(
            extendedPanId=self._extended(),
            panId=self._node.pan_id,
            radioTxPower=self.power & 0xFF,
            radioChannel=self._node.channel,
            joinMethod=t.EmberJoinMethod.USE_MAC_ASSOCIATION,
            nwkManagerId=COORDINATOR,
            nwkUpdateId=0,
            channels=1 << self._node.channel,
        )
        coordinator = self._node.is_coordinator
        kind = t.EmberNodeType.COORDINATOR if coordinator else t.EmberNodeType.END_DEVICE
        status = Status.SUCCESS if self.up else Status.NOT_JOINED
        return {"status": status, "nodeType": kind, "parameters": parameters}

    def _radio_parameters(self, fields: Fields) -> Fields:
        if int(fields["phyIndex"]):
            return {"status": Status.BAD_ARGUMENT}
        parameters = t.EmberMultiPhyRadioParameters(
            radioTxPower=self.power, radioPage=0, radioChannel=self._node.channel
        )
        return {"status": Status.SUCCESS, "parameters": parameters}

    def _family(self, _: Fields) -> Fields:
        """Return how many children there are, and who the parent is."""
        if self._node.is_coordinator or not self.up:
            none = {"parentEui64": _NO_NODE, "parentNodeId": _NULL_NODE}
            return {"childCount": len(self._node.children), **none}
        parent = self._node.network.addresses.get(COORDINATOR)
        long = t.EUI64.deserialize(parent.little_endian)[0] if parent else _NO_NODE
        return {"childCount": 0, "parentEui64": long, "parentNodeId": COORDINATOR}

    def _set_power(self, fields: Fields) -> Fields:
        self.power = int(fields["power"])
        return {"status": Status.SUCCESS}
