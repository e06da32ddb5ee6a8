"""The virtual co-processor as the coordinator of a network of its own, and its Trust Centre."""

import os
from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.entity_id import EntityId
from hht.simulator.ncp.commands.configuration import ALLOW_JOINS, Configuration
from hht.simulator.ncp.commands.keys import Keys
from hht.simulator.ncp.commands.network import COORDINATOR, Network
from hht.simulator.ncp.commands.radio import FIRST_CHANNEL, LAST_CHANNEL, Begin
from hht.simulator.ncp.commands.security import Security
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode

_FOR_EVER = 0xFF
_RESERVED_PAN = 0xFFFF
_JOINED = t.EmberDeviceUpdate.STANDARD_SECURITY_UNSECURED_JOIN
_LEFT = t.EmberDeviceUpdate.DEVICE_LEFT
_NO_CHILD = 0xFFFF
_MOST_CHILDREN = t.EzspConfigId.CONFIG_MAX_END_DEVICE_CHILDREN


class Forming:
    """Commands that form a network, open it for joining, and report who joins and who leaves."""

    def __init__(
        self,
        node: RadioNode,
        server: EzspServer,
        begin: Begin,
        configuration: Configuration,
        security: Security,
        keys: Keys,
        network: Network,
    ) -> None:
        self._node = node
        self._server = server
        self._begin = begin
        self._configuration = configuration
        self._security = security
        self._keys = keys
        self._network = network
        self._closing: Any = None
        node.on_joined = self._joined
        node.on_left = self._left

    def restart(self) -> None:
        """Close joining until the host opens it."""
        self._close()

    def commands(self) -> Mapping[str, Command]:
        return {
            "formNetwork": self._form,
            "permitJoining": self._permit,
            "findUnusedPanId": self._find_unused,
            "getChildData": self._child,
            "childId": self._child_id,
            "routerChildCount": lambda _: {"count": 0},
            "maxRouterChildCount": lambda _: {"count": 0},
            "maxChildCount": lambda _: {"count": self._configuration.size(_MOST_CHILDREN)},
            "getPermitJoining": lambda _: {
                "joiningPermitted": self._node.find_join_key is not None
            },
            "setChildData": lambda _: {"status": Status.INVALID_CALL},
            "removeDevice": self._remove,
            "sendTrustCenterLinkKey": lambda _: {"status": self._unless_down()},
            "broadcastNextNetworkKey": lambda _: {"status": Status.INVALID_CALL},
            "broadcastNetworkKeySwitch": lambda _: {"status": Status.INVALID_CALL},
            "unicastNwkKeyUpdate": lambda _: {"status": Status.INVALID_CALL},
            "unicastCurrentNetworkKey": lambda _: {"status": Status.INVALID_CALL},
            "becomeTrustCenter": lambda _: {"status": Status.INVALID_CALL},
            "sendPanIdUpdate": lambda _: {"status": Status.INVALID_CALL},
        }

    def _unless_down(self) -> Status:
        return Status.SUCCESS if self._network.up else Status.NETWORK_DOWN

    def _form(self, fields: Fields) -> Fields:
        wanted = fields["parameters"]
        if self._network.up:
            return {"status": Status.INVALID_CALL}
        if self._security.link_key is None and self._security.network_key is None:
            return {"status": Status.SECURITY_STATE_NOT_SET}
        if not FIRST_CHANNEL <= wanted.radioChannel <= LAST_CHANNEL:
            return {"status": Status.PHY_INVALID_CHANNEL}
        self._network.power = int.from_bytes(bytes([wanted.radioTxPower]), signed=True)
        extended = EntityId.from_little_endian(wanted.extendedPanId.serialize())
        self._node.form(
            int(wanted.radioChannel),
            self._pan_id(int(wanted.panId)),
            extended if any(extended) else self._node.eui64,
            self._security.network_key or os.urandom(16),
            frame_counter=self._node.network.frame_counter,
        )
        self._begin(self._network.come_up())
        return {"status": Status.SUCCESS}

    def _pan_id(self, wanted: int) -> int:
        """Return the PAN id asked for; 0xFFFF leaves it to the stack."""
        drawn = self._node.air.random.randrange(1, _RESERVED_PAN)
        return drawn if wanted == _RESERVED_PAN else wanted

    def _permit(self, fields: Fields) -> Fields:
        """Open the network for so many seconds, 255 until it is closed, 0 closes it."""
        if not self._network.up or not self._node.is_coordinator:
            return {"status": Status.INVALID_CALL}
        seconds = int(fields["duration"])
        was_open = self._node.find_join_key is not None
        self._close()
        if seconds:
            self._node.find_join_key = self._join_key
        if 0 < seconds < _FOR_EVER:
            self._closing = self._node.clock.call_later(seconds, self._close_and_report)
        if was_open != bool(seconds):
            self._begin(self._report(Status.NETWORK_OPENED if seconds else Status.NETWORK_CLOSED))
        return {"status": Status.SUCCESS}

    def _close(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        self._node.find_join_key = None

    def _close_and_report(self) -> None:
        self._close()
        self._network.report(Status.NETWORK_CLOSED)

    async def _report(self, status: Status) -> None:
        self._network.report(status)

    def _join_key(self, joining: EntityId) -> bytes | None:
        """Return the key a newcomer needs, None where the Trust Centre lets no Device in."""
        policy = self._configuration.policy(t.EzspPolicyId.TRUST_CENTER_POLICY)
        return self._keys.join_key(joining) if policy & ALLOW_JOINS else None

    def _joined(self, who: EntityId, short: int) -> None:
        long, _rest = t.EUI64.deserialize(who.little_endian)
        index = list(self._node.children).index(who)
        child = {"index": index, "joining": True, "childId": short, "childEui64": long}
        self._server.callback(
            "childJoinHandler", {**child, "childType": t.EmberNodeType.END_DEVICE}
        )
        self._report_device(_JOINED, long, short)

    def _left(self, who: EntityId) -> None:
        """Note that a child went, or that the coordinator sent this node away."""
        if who == self._node.eui64:
            self._network.go_down()
            return
        long, _rest = t.EUI64.deserialize(who.little_endian)
        self._report_device(_LEFT, long, _NO_CHILD)

    def _report_device(self, update: int, long: Any, short: int) -> None:
        self._server.callback(
            "trustCenterJoinHandler",
            {
                "newNodeId": short,
                "newNodeEui64": long,
                "status": update,
                "policyDecision": t.EmberJoinDecision.USE_PRECONFIGURED_KEY,
                "parentOfNewNodeId": COORDINATOR,
            },
        )

    def _find_unused(self, fields: Fields) -> Fields:
        """Offer a PAN id at random: the simulated air has room for all."""
        mask = int(fields["channelMask"])
        channels = [each for each in range(FIRST_CHANNEL, LAST_CHANNEL + 1) if mask >> each & 1]
        channel = (channels or [self._node.channel])[0]
        found = {"panId": self._pan_id(_RESERVED_PAN), "channel": channel}
        self._begin(self._offer(found))
        return {"status": Status.SUCCESS}

    async def _offer(self, found: Fields) -> None:
        self._server.callback("unusedPanIdFoundHandler", found)

    def _child(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        children = list(self._node.children.items())
        if index >= len(children):
            return {"status": Status.NOT_JOINED}
        who, short = children[index]
        long, _rest = t.EUI64.deserialize(who.little_endian)
        known = {"eui64": long, "type": t.EmberNodeType.END_DEVICE, "id": short}
        idle = {"phy": 0, "power": 0x80, "timeout": 0}
        return {
            "status": Status.SUCCESS,
            "childData": t.EmberChildDataV7(**known, **idle),
            "child_data": t.EmberChildDataV10(**known, **idle, timeout_remaining=0),
        }

    def _child_id(self, fields: Fields) -> Fields:
        shorts = list(self._node.children.values())
        index = int(fields["childIndex"])
        return {"childId": shorts[index] if index < len(shorts) else _NO_CHILD}

    def _remove(self, fields: Fields) -> Fields:
        if not self._network.up:
            return {"status": Status.NETWORK_DOWN}
        self._node.remove(EntityId.from_little_endian(fields["targetLong"].serialize()))
        return {"status": Status.SUCCESS}
