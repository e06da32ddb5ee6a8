"""APS unicasts to and from the members of the HAN, in fragments where they need them."""

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

import bellows.types as t

from hht.radio import fragmentation
from hht.radio.errors import DongleError, DongleRefused, NetworkLost, NoEndpoint, NotDelivered
from hht.radio.ezsp.compat import (
    APS_ENCRYPTION,
    APS_FRAGMENT,
    APS_RETRY,
    APS_ROUTE_DISCOVERY,
    Forms,
)
from hht.radio.ezsp.link import EzspLink, Fields, status_name, succeeded
from hht.radio.inbox import Inbox
from hht.radio.membership import Membership
from hht.radio.types import IncomingMessage, LinkQuality
from hht.zse.frames import zdo

_NO_NETWORK = {"NETWORK_DOWN", "NOT_JOINED"}
_DIRECT = t.EmberOutgoingMessageType.OUTGOING_DIRECT
_LAST_TAG = 255  # 8 bits before EZSP 14
_MOST_ACKNOWLEDGING = 64  # fragments at once; a sender repeats what is not acknowledged


class Messenger:
    """Sends, and waits for the APS acknowledgement; what arrives goes to `inbox`."""

    def __init__(self, link: EzspLink, membership: Membership) -> None:
        self._link = link
        self._membership = membership
        self._forms = Forms(link.version)
        self._tag = 0
        self._room = 0
        self._sent: dict[int, asyncio.Future[Any]] = {}
        self._reassembler = fragmentation.Reassembler()
        self._acknowledging: set[asyncio.Task[None]] = set()
        self._answers: Inbox[IncomingMessage] = Inbox()
        self.inbox: Inbox[IncomingMessage] = Inbox()
        self.quality: LinkQuality | None = None
        link.listen("messageSentHandler", self._message_sent)
        link.listen("incomingMessageHandler", self._incoming)

    def begin(self) -> None:
        """Forget what belongs to an earlier membership."""
        self._room = 0
        self._reassembler = fragmentation.Reassembler()
        self.inbox.clear()
        self._answers.clear()

    async def send(
        self, frame: t.EmberApsFrame, destination: int, payload: bytes, timeout: float
    ) -> None:
        """Send to a short address; NotDelivered unless every piece was acknowledged in time."""
        self._membership.scope.check()
        secured = bool(frame.options & APS_ENCRYPTION)
        pieces = await self._pieces(payload, secured=secured)
        try:
            async with self._link.clock.timeout(timeout):
                for index, piece in enumerate(pieces):
                    if len(pieces) > 1:
                        frame.options = t.EmberApsOption(frame.options | APS_FRAGMENT)
                        frame.groupId = fragmentation.group_id(index, len(pieces))
                    frame.sequence = await self._send_piece(frame, destination, piece)
        except TimeoutError as error:
            raise NotDelivered(self._link.url, f"no acknowledgement in {timeout:g} s") from error

    async def _pieces(self, payload: bytes, *, secured: bool) -> list[bytes]:
        try:
            return fragmentation.split(payload, await self._room_in_a_frame(), secured=secured)
        except ValueError as error:
            self._room = 0  # to be asked again
            raise DongleRefused(self._link.url, "maximumPayloadLength", str(error)) from error

    async def _room_in_a_frame(self) -> int:
        """Ask, once in a membership, for the bytes of payload in a frame without APS encryption."""
        if not self._room:
            (room,) = await self._link.command("maximumPayloadLength")
            self._room = int(room)
        return self._room

    async def _send_piece(self, frame: t.EmberApsFrame, destination: int, piece: bytes) -> int:
        """Send one frame, wait for its acknowledgement, and return its APS sequence number."""
        tag, sent = self._next_tag(), asyncio.get_running_loop().create_future()
        self._sent[tag] = sent
        try:
            sequence = await self._hand_over(frame, destination, tag, piece)
            status = await self._membership.scope.hold(sent)
        finally:
            self._sent.pop(tag, None)
        if not succeeded(status):
            raise NotDelivered(self._link.url, status_name(status))
        return sequence

    def _next_tag(self) -> int:
        self._tag = self._tag % _LAST_TAG + 1
        return self._tag

    async def _hand_over(
        self, frame: t.EmberApsFrame, destination: int, tag: int, piece: bytes
    ) -> int:
        # By position: versions before and from 14 have the same fields under other names.
        status, sequence = await self._link.insist(
            "sendUnicast", _DIRECT, destination, frame, tag, piece
        )
        if status.name in _NO_NETWORK:
            self._membership.end()
            raise NetworkLost(self._link.url)
        if not succeeded(status):
            raise DongleRefused(self._link.url, "sendUnicast", status_name(status))
        return int(sequence)

    def _message_sent(self, fields: Fields) -> None:
        sent = self._sent.get(int(self._forms.get(fields, "messageTag")))
        if sent is not None and not sent.done():
            sent.set_result(fields["status"])

    async def discover_endpoint(self, profile: int, cluster: int, node: int, timeout: float) -> int:
        """Ask which endpoint of a short address serves the cluster; NoEndpoint if none does."""
        request = zdo.match_request(self._next_tag(), node, profile, (cluster,))
        self._answers.clear()
        frame = aps_frame(zdo.PROFILE, zdo.MATCH_DESCRIPTOR, zdo.ENDPOINT, zdo.ENDPOINT)
        await self.send(frame, node, request, timeout)
        try:
            async with self._link.clock.timeout(timeout):
                endpoints = await self._match_response(request[0], node)
        except TimeoutError as error:
            raise NotDelivered(self._link.url, "no answer to Match_Desc") from error
        if not endpoints:
            raise NoEndpoint(self._link.url, cluster)
        return endpoints[0]

    async def _match_response(self, sequence: int, node: int) -> list[int]:
        while True:
            answer = await self._answers.take(self._membership.scope.hold)
            is_match = answer.cluster == zdo.MATCH_DESCRIPTOR | zdo.RESPONSE
            if is_match and answer.sender == node and answer.payload[:1] == bytes([sequence]):
                return zdo.matched_endpoints(answer.payload)

    def _incoming(self, fields: Fields) -> None:
        piece, aps = self._forms.message(fields), self._forms.get(fields, "apsFrame")
        self.quality = LinkQuality(piece.lqi, piece.rssi)
        message: IncomingMessage | None = piece
        if aps.options & APS_FRAGMENT:
            self._acknowledge(aps, piece.sender)
            message = self._reassembled(aps, piece)
        if message is not None:
            inbox = self._answers if message.profile == zdo.PROFILE else self.inbox
            inbox.put(message)

    def _reassembled(self, aps: t.EmberApsFrame, piece: IncomingMessage) -> IncomingMessage | None:
        name = (piece.sender, int(aps.sequence), piece.cluster)
        payload = self._reassembler.feed(name, int(aps.groupId), piece.payload)
        return None if payload is None else replace(piece, payload=payload)

    def _acknowledge(self, aps: t.EmberApsFrame, sender: int) -> None:
        """Acknowledge a fragment, which the NCP leaves to the host; in a flood, not every one."""
        if len(self._acknowledging) >= _MOST_ACKNOWLEDGING:
            return
        reply = aps_frame(aps.profileId, aps.clusterId, aps.destinationEndpoint, aps.sourceEndpoint)
        reply.options = aps.options
        reply.groupId = fragmentation.acknowledgement(int(aps.groupId))
        reply.sequence = aps.sequence
        task = asyncio.create_task(self._reply(sender, reply))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

    async def _reply(self, sender: int, reply: t.EmberApsFrame) -> None:
        # An acknowledgement that fails is not sent again: the sender repeats its fragment.
        with contextlib.suppress(DongleError):
            await self._link.command("sendReply", sender, reply, b"")


def aps_frame(
    profile: int, cluster: int, source: int, destination: int, *, secured: bool = False
) -> t.EmberApsFrame:
    """Make an APS frame between two endpoints, to be acknowledged, and encrypted or not."""
    options = APS_RETRY | APS_ROUTE_DISCOVERY | (APS_ENCRYPTION if secured else 0)
    return t.EmberApsFrame(
        profileId=profile,
        clusterId=cluster,
        sourceEndpoint=source,
        destinationEndpoint=destination,
        options=t.EmberApsOption(options),
        groupId=0,
        sequence=0,
    )
