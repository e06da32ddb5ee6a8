"""The virtual co-processor's broadcasts and multicasts."""

from collections.abc import Mapping
from typing import Any

import bellows.types as t

from hht.simulator.ncp.commands.endpoints import PLAIN_PAYLOAD
from hht.simulator.ncp.commands.network import Network
from hht.simulator.ncp.commands.radio import Begin
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode
from hht.zse.frames.aps import ApsFrame, ApsKind
from hht.zse.frames.nwk import BROADCAST_RX_ON

_BROADCAST = t.EmberOutgoingMessageType.OUTGOING_BROADCAST
_MULTICAST = t.EmberOutgoingMessageType.OUTGOING_MULTICAST


class Broadcasts:
    """Unacknowledged messages to everyone, or to a group, while the network is up."""

    def __init__(self, node: RadioNode, server: EzspServer, begin: Begin, network: Network) -> None:
        self._node = node
        self._server = server
        self._begin = begin
        self._network = network
        self._sequence = 0

    def restart(self) -> None:
        """Forget what waits."""

    def commands(self) -> Mapping[str, Command]:
        return {
            "sendBroadcast": self._broadcast,
            "proxyBroadcast": self._broadcast,
            "sendMulticast": self._multicast,
            "sendMulticastWithAlias": self._multicast,
        }

    def _broadcast(self, fields: Fields) -> Fields:
        return self._send(fields, _BROADCAST, int(fields["destination"]))

    def _multicast(self, fields: Fields) -> Fields:
        return self._send(fields, _MULTICAST, BROADCAST_RX_ON)

    def _send(self, fields: Fields, kind: Any, destination: int) -> Fields:
        aps = fields["apsFrame"] if "apsFrame" in fields else fields["aps_frame"]
        tag = fields["messageTag"] if "messageTag" in fields else fields["message_tag"]
        name = "messageContents" if "messageContents" in fields else "message"
        message = bytes(fields[name])
        if not self._network.up:
            return {"status": Status.NETWORK_DOWN}
        if len(message) > PLAIN_PAYLOAD:
            return {"status": Status.MESSAGE_TOO_LONG}
        self._sequence = (self._sequence + 1) & 0xFF
        aps.sequence = self._sequence
        self._begin(self._transmit(kind, destination, aps, int(tag), message))
        sequence = {"sequence": self._sequence, "apsSequence": self._sequence}
        return {"status": Status.SUCCESS, **sequence}

    async def _transmit(
        self, kind: Any, destination: int, aps: Any, tag: int, message: bytes
    ) -> None:
        frame = ApsFrame(
            ApsKind.DATA,
            counter=0,
            payload=message,
            destination_endpoint=int(aps.destinationEndpoint),
            cluster=int(aps.clusterId),
            profile=int(aps.profileId),
            source_endpoint=int(aps.sourceEndpoint),
            group=int(aps.groupId) if kind == _MULTICAST else None,
        )
        self._node.aps.broadcast(destination, frame)
        sent = {"type": kind, "message_type": kind, "apsFrame": aps, "aps_frame": aps}
        named = {"indexOrDestination": destination, "nwk": destination}
        tags = {"messageTag": tag, "message_tag": tag, "messageContents": b"", "message": b""}
        status = {"status": Status.SUCCESS}
        self._server.callback("messageSentHandler", {**sent, **named, **tags, **status})
