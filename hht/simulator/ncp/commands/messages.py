"""The virtual co-processor's APS messages; long ones it leaves to the host to cut and put together.

A co-processor sends, acknowledges and hands on single fragments only. What goes out, the simulated
node cuts by itself; of what comes in, each fragment is acknowledged on the air when the host has
acknowledged it here.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import bellows.types as t

from hht.simulator.ncp.commands.configuration import CONTENTS_IN_CALLBACK, Configuration
from hht.simulator.ncp.commands.endpoints import PLAIN_PAYLOAD
from hht.simulator.ncp.commands.network import Network
from hht.simulator.ncp.commands.radio import Begin
from hht.simulator.ncp.commands.tables import Tables
from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode, Received
from hht.zse.frames import zdo
from hht.zse.frames.aps import Fragment

SECURED_OVERHEAD = 9  # octets: auxiliary header (5) and integrity code (4) of APS
FRAGMENT_OVERHEAD = 2  # octets of the extended APS header
_VIA_ADDRESS_TABLE = 1  # EmberOutgoingMessageType
_SENT = t.EmberCounterType.COUNTER_APS_DATA_TX_UNICAST_SUCCESS
_NOT_SENT = t.EmberCounterType.COUNTER_APS_DATA_TX_UNICAST_FAILED
_HEARD = t.EmberCounterType.COUNTER_APS_DATA_RX_UNICAST
_BEST_QUALITY = 0xFF
_NOTHING = 0xFF
_REMEMBERED = 64  # fragments and messages: several times what can be under way
_ENCRYPTION = t.EmberApsOption.APS_OPTION_ENCRYPTION
_FRAGMENT = t.EmberApsOption.APS_OPTION_FRAGMENT

_Name = tuple[int, int]  # short address of the sender, APS counter
_HandOn = tuple[Received, int]  # with the group id of a fragment, else 0


class Messages:
    """Unicasts from and to the host while the network is up."""

    def __init__(
        self,
        node: RadioNode,
        server: EzspServer,
        begin: Begin,
        network: Network,
        configuration: Configuration,
        tables: Tables,
    ) -> None:
        self._node = node
        self._server = server
        self._begin = begin
        self._network = network
        self._configuration = configuration
        self._tables = tables
        self.count: Callable[[int], None] = lambda _: None
        self._sequence = 0
        self._pieces: dict[int, list[bytes]] = {}
        self._received: asyncio.Queue[_HandOn] = asyncio.Queue()
        self._totals: dict[_Name, int] = {}
        self._unanswered: dict[tuple[_Name, int], Callable[[], None]] = {}
        node.on_message = self._heard
        node.aps.on_piece = self._heard_piece

    def restart(self) -> None:
        """Forget what is half sent or not handed on."""
        for kept in (self._pieces, self._totals, self._unanswered):
            kept.clear()
        self._received = asyncio.Queue()
        self._begin(self._hand_on())

    def commands(self) -> Mapping[str, Command]:
        return {"sendUnicast": self._send, "sendReply": self._reply}

    def _send(self, fields: Fields) -> Fields:
        destination = self._destination(fields)
        aps = _either(fields, "apsFrame", "aps_frame")
        tag = int(_either(fields, "messageTag", "message_tag"))
        piece = bytes(_either(fields, "messageContents", "message"))
        status, key = self._may_send(destination, aps, piece)
        first = not aps.options & _FRAGMENT or aps.groupId & 0xFF == 0
        if first:
            self._sequence = (self._sequence + 1) & 0xFF
        aps.sequence = self._sequence if first else aps.sequence
        if status is Status.SUCCESS:
            self._begin(self._transmit(destination, aps, tag, piece, key))
        return {"status": status, "sequence": aps.sequence}

    def _destination(self, fields: Fields) -> int:
        """Return the short address that a unicast names, directly or by its place in a table."""
        named = int(_either(fields, "indexOrDestination", "nwk"))
        if int(_either(fields, "type", "message_type")) == _VIA_ADDRESS_TABLE:
            return self._tables.destination(named)
        return named

    def _may_send(self, destination: int, aps: Any, piece: bytes) -> tuple[Status, bytes | None]:
        """Return whether a frame can go, and the link key it goes under."""
        secured = bool(aps.options & _ENCRYPTION)
        if not self._network.up:
            return Status.NETWORK_DOWN, None
        if len(piece) > room(secured=secured, fragment=bool(aps.options & _FRAGMENT)):
            return Status.MESSAGE_TOO_LONG, None
        partner = self._node.network.addresses.get(destination)
        key = self._node.link_keys.get(partner) if secured and partner else None
        return (Status.APS_ENCRYPTION_ERROR if secured and key is None else Status.SUCCESS), key

    async def _transmit(
        self, destination: int, aps: Any, tag: int, piece: bytes, key: bytes | None
    ) -> None:
        """Send a whole message, or keep a fragment of one, and notify the host."""
        payload: bytes | None = piece
        if aps.options & _FRAGMENT:
            payload = self._collect(aps, piece)
        own = destination == self._node.short_address
        if own and payload is not None:
            self._loop_back(aps, payload)
        arrived = (
            own
            or payload is None
            or await self._node.send_unicast(
                destination,
                int(aps.clusterId),
                payload,
                source_endpoint=int(aps.sourceEndpoint),
                destination_endpoint=int(aps.destinationEndpoint),
                profile=int(aps.profileId),
                aps_key=key,
            )
        )
        self.count(_SENT if arrived else _NOT_SENT)
        self._report_sent(destination, aps, tag, arrived, piece)

    def _loop_back(self, aps: Any, payload: bytes) -> None:
        """Hand on what the host sends to its own address; the stack answers ZDO requests."""
        zdo_request = int(aps.profileId) == zdo.PROFILE and int(aps.destinationEndpoint) == 0
        cluster, answer = int(aps.clusterId), payload
        if zdo_request:
            about = zdo.Node(self._node.eui64, self._node.short_address, self._node.endpoints)
            cluster |= zdo.RESPONSE
            answer = about.answer(int(aps.clusterId), payload) or b""
        if answer:
            self._heard(self._own_message(aps, cluster, answer))

    def _own_message(self, aps: Any, cluster: int, payload: bytes) -> Received:
        return Received(
            sender_short=self._node.short_address,
            sender_eui=self._node.eui64,
            cluster=cluster,
            profile=int(aps.profileId),
            source_endpoint=int(aps.destinationEndpoint),
            destination_endpoint=int(aps.sourceEndpoint),
            payload=payload,
            aps_encrypted=False,
            lqi=_BEST_QUALITY,
            rssi=0,
            counter=int(aps.sequence),
        )

    def _collect(self, aps: Any, piece: bytes) -> bytes | None:
        """Return the whole payload when this is its last fragment.

        They come one by one, in order.
        """
        index, count = aps.groupId & 0xFF, aps.groupId >> 8
        pieces = self._pieces.setdefault(int(aps.sequence), [])
        if index == 0:
            pieces.clear()
        pieces.append(piece)
        if index < count - 1:
            return None
        return b"".join(self._pieces.pop(int(aps.sequence)))

    def _report_sent(
        self, destination: int, aps: Any, tag: int, arrived: bool, piece: bytes
    ) -> None:
        policy = t.EzspPolicyId.MESSAGE_CONTENTS_IN_CALLBACK_POLICY
        echoed = piece if self._configuration.policy(policy) == CONTENTS_IN_CALLBACK else b""
        direct = t.EmberOutgoingMessageType.OUTGOING_DIRECT
        sent = {
            "type": direct,
            "message_type": direct,
            "indexOrDestination": destination,
            "nwk": destination,
            "apsFrame": aps,
            "aps_frame": aps,
            "messageTag": tag,
            "message_tag": tag,
            "status": Status.SUCCESS if arrived else Status.DELIVERY_FAILED,
            "messageContents": echoed,
            "message": echoed,
        }
        self._server.callback("messageSentHandler", sent)

    def _heard(self, received: Received) -> None:
        if self._network.up:
            self.count(_HEARD)
            self._received.put_nowait((received, 0))

    def _heard_piece(
        self, received: Received, piece: Fragment, acknowledge: Callable[[], None]
    ) -> None:
        """Hand on a fragment; only the first says how many there are."""
        if not (self._network.up and received.destination_endpoint in self._node.endpoints):
            return
        name = received.sender_short, received.counter
        if piece.index == 0:
            self._totals.pop(name, None)  # APS counters come again: it is the youngest now
            self._totals[name] = piece.total
        if name not in self._totals:
            return
        self._trim()
        self.count(_HEARD)
        self._unanswered[name, piece.index] = acknowledge
        self._received.put_nowait((received, piece.total << 8 | piece.index))

    def _trim(self) -> None:
        """Forget the oldest of the messages that never came whole, or were never acknowledged."""
        while len(self._totals) > _REMEMBERED:
            del self._totals[next(iter(self._totals))]
        while len(self._unanswered) > _REMEMBERED:
            del self._unanswered[next(iter(self._unanswered))]

    async def _hand_on(self) -> None:
        """Give messages and fragments to the host, in order."""
        queue = self._received
        while True:
            received, group = await queue.get()
            self._report_incoming(received, received.payload, group)

    def _reply(self, fields: Fields) -> Fields:
        """Acknowledge a fragment on the air: its index is the group id's low byte."""
        aps = fields["apsFrame"]
        name = int(fields["sender"]), int(aps.sequence)
        acknowledge = self._unanswered.pop((name, int(aps.groupId) & 0xFF), None)
        if acknowledge is not None and self._network.up:
            acknowledge()
        return {"status": Status.SUCCESS}

    def _report_incoming(self, received: Received, payload: bytes, group: int) -> None:
        sender, _ = t.EUI64.deserialize(received.sender_eui.little_endian)
        unicast = t.EmberIncomingMessageType.INCOMING_UNICAST
        aps = _incoming_aps(received, group)
        incoming = {
            "type": unicast,
            "message_type": unicast,
            "apsFrame": aps,
            "aps_frame": aps,
            "lastHopLqi": received.lqi,
            "lqi": received.lqi,
            "lastHopRssi": received.rssi,
            "rssi": received.rssi,
            "sender": received.sender_short,
            "nwk": received.sender_short,
            "eui64": sender,
            "bindingIndex": _NOTHING,
            "binding_index": _NOTHING,
            "addressIndex": _NOTHING,
            "address_index": _NOTHING,
            "timestamp": 0,
            "messageContents": payload,
            "message": payload,
        }
        self._server.callback("incomingMessageHandler", incoming)


def room(*, secured: bool, fragment: bool) -> int:
    """Return the bytes of payload in one APS frame."""
    taken = SECURED_OVERHEAD if secured else 0
    return PLAIN_PAYLOAD - taken - (FRAGMENT_OVERHEAD if fragment else 0)


def _incoming_aps(received: Received, group: int) -> t.EmberApsFrame:
    options = t.EmberApsOption.APS_OPTION_RETRY
    options |= _ENCRYPTION if received.aps_encrypted else t.EmberApsOption.APS_OPTION_NONE
    options |= _FRAGMENT if group else t.EmberApsOption.APS_OPTION_NONE
    return t.EmberApsFrame(
        profileId=received.profile,
        clusterId=received.cluster,
        sourceEndpoint=received.source_endpoint,
        destinationEndpoint=received.destination_endpoint,
        options=options,
        groupId=group,
        sequence=received.counter,
    )


def _either(fields: Fields, before_14: str, from_14: str) -> Any:
    return fields[before_14] if before_14 in fields else fields[from_14]
