"""The APS layer of a simulated node: acknowledged unicast, fragments, link-key security."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from hht.entity_id import EntityId
from hht.simulator.stack.layers.network import NetworkLayer
from hht.simulator.stack.ports import Radio
from hht.simulator.stack.types import Received
from hht.zse.frames.aps import ApsFrame, ApsKind, Fragment, TransportKey
from hht.zse.frames.mac import MAX_FRAME
from hht.zse.frames.nwk import NwkFrame
from hht.zse.frames.octets import MalformedFrame
from hht.zse.frames.security import (
    MIC,
    Auxiliary,
    KeyId,
    SecurityFailure,
    key_transport_key,
)

APS_RETRIES = 3  # apscMaxFrameRetries
ACK_SECONDS = 0.4  # virtual; apscAckWaitDuration is 1.6 s for five hops, and here is one
_FRAGMENT_WAITS = 4  # times that long for a fragment: its receiver's host is asked first
# Of the machine, whatever the premises' speed: a host is a process of its own, which no simulated
# clock hurries. Beside other work it stalled for some hundred milliseconds at the most.
HOST_SECONDS = 1.0
_OVERHEAD = 9 + 8 + 14 + MIC  # MAC header, NWK header, its auxiliary header and MIC
_LINK_SECURITY = 5 + MIC
_REMEMBERED = 64  # frames, to recognise duplicates: several times what can be under way
_KEY_SENDINGS = 3  # the network key has no APS acknowledgement, and must arrive

_Piece = tuple[int, int, int]  # short address, APS counter, index of the fragment
OnPiece = Callable[[Received, Fragment, Callable[[], None]], None]


@dataclass(slots=True)
class _Partial:
    """A fragmented message on its way in."""

    total: int
    pieces: dict[int, bytes] = field(default_factory=dict)


class ApsLayer:
    """The APS data of one node, sent and received; each frame is passed on once.

    `on_data` gets data frames, their fragments put together; `on_network_key` the network key that
    a Trust Centre sent under this node's link key. With `on_piece` each fragment goes there by
    itself, again when it is repeated, and is acknowledged on the air only when that says so.
    `ack_seconds` are of the premises, `host_seconds` of the machine.
    """

    def __init__(self, radio: Radio, network: NetworkLayer) -> None:
        self._radio = radio
        self._network = network
        self.on_data: Callable[[Received], None]
        self.on_network_key: Callable[[TransportKey], None]
        self.on_piece: OnPiece | None = None
        self.ack_seconds = ACK_SECONDS
        self.host_seconds = HOST_SECONDS
        self._frame_counter = 0
        self._counter = 0
        self._waiting: dict[_Piece, asyncio.Future[bool | None]] = {}
        self._seen: OrderedDict[_Piece, None] = OrderedDict()
        self._partial: dict[tuple[int, int], _Partial] = {}

    def stop(self) -> None:
        """Forget everything under way; every pending send fails."""
        for future in self._waiting.values():
            if not future.done():
                future.set_result(None)
        self._seen.clear()
        self._partial.clear()

    def forget(self, short: int) -> None:
        """Forget duplicate-detection state of a reassigned short address."""
        for name in [name for name in self._seen if name[0] == short]:
            del self._seen[name]

    async def send(self, destination: int, frame: ApsFrame, key: bytes | None) -> bool:
        """Send acknowledged data, in fragments if needed; return whether every piece arrived."""
        self._counter = (self._counter + 1) & 0xFF
        for piece in _pieces(replace(frame, counter=self._counter), secured=key is not None):
            if not await self._deliver(destination, piece, key):
                return False
        return True

    def broadcast(self, destination: int, frame: ApsFrame) -> None:
        """Send unacknowledged data to everyone."""
        self._counter = (self._counter + 1) & 0xFF
        sent = replace(frame, counter=self._counter, broadcast=True)
        self._network.send(destination, sent.encode())

    def send_transport_key(self, destination: int, command: TransportKey, link_key: bytes) -> None:
        """Send a new child the network key under its link key, without NWK security."""
        self._counter = (self._counter + 1) & 0xFF
        frame = ApsFrame(ApsKind.COMMAND, self._counter, command.encode())
        auxiliary = self._auxiliary(KeyId.KEY_TRANSPORT, extended=True)
        secured = frame.encode(auxiliary, key_transport_key(link_key))
        any(self._network.send_in_clear(destination, secured) for _ in range(_KEY_SENDINGS))

    async def _deliver(self, destination: int, frame: ApsFrame, key: bytes | None) -> bool:
        """Send until the acknowledgement comes, at most 1 + APS_RETRIES times."""
        name = _name(destination, frame)
        try:
            for _ in range(1 + APS_RETRIES):
                if not (self._network.key and self._radio.powered):
                    return False
                acknowledged = asyncio.get_running_loop().create_future()
                self._waiting[name] = acknowledged
                heard = self._send_once(destination, frame, key)
                patience = self._patience(frame) if heard else self.ack_seconds
                if await self._radio.clock.wait(acknowledged, patience):
                    return True
            return False
        finally:
            self._waiting.pop(name, None)

    def _patience(self, frame: ApsFrame) -> float:
        """Return how many seconds to wait for the acknowledgement of a frame that was heard."""
        if frame.fragment is None:
            return self.ack_seconds
        machine = self.host_seconds * self._radio.clock.speed
        return max(_FRAGMENT_WAITS * self.ack_seconds, machine)

    def _send_once(self, destination: int, frame: ApsFrame, key: bytes | None) -> bool:
        """Send; return whether the next radio heard it."""
        auxiliary = self._auxiliary(KeyId.DATA, extended=False) if key else None
        return self._network.send(destination, frame.encode(auxiliary, key or b""))

    def _auxiliary(self, key_id: int, *, extended: bool) -> Auxiliary:
        self._frame_counter += 1
        return Auxiliary(key_id, self._frame_counter, self._radio.eui64, extended)

    def receive(self, nwk: NwkFrame, sender: EntityId | None, lqi: int, rssi: int) -> None:
        """Handle the payload of a NWK data frame; drop what does not open."""
        try:
            frame, header = ApsFrame.decode(nwk.payload)
            if frame.secured:
                frame = frame.opened(header, sender, self._find_key)
            if frame.kind == ApsKind.COMMAND:
                self._take_command(frame)
        except (MalformedFrame, SecurityFailure) as error:
            self._radio.drop(str(error))
            return
        if frame.kind == ApsKind.ACK:
            self._acknowledged(_name(nwk.source, frame))
        elif frame.kind == ApsKind.DATA and sender is not None:
            self._take_data(nwk, frame, sender, lqi, rssi)

    def _take_command(self, frame: ApsFrame) -> None:
        if not frame.secured:
            raise SecurityFailure("a network key in clear")
        self.on_network_key(TransportKey.decode(frame.payload))

    def _find_key(self, auxiliary: Auxiliary) -> bytes | None:
        link_key = self._radio.link_keys.get(auxiliary.sender)
        if link_key and auxiliary.key_id == KeyId.KEY_TRANSPORT:
            return key_transport_key(link_key)
        return link_key if auxiliary.key_id == KeyId.DATA else None

    def _acknowledged(self, name: _Piece) -> None:
        future = self._waiting.get(name)
        if future and not future.done():
            future.set_result(True)

    def _take_data(
        self, nwk: NwkFrame, frame: ApsFrame, sender: EntityId, lqi: int, rssi: int
    ) -> None:
        name = _name(nwk.source, frame)
        if frame.fragment is not None and self.on_piece is not None and name not in self._seen:

            def acknowledge() -> None:
                self._first_time(name)
                self._acknowledge(nwk.source, frame, sender)

            self.on_piece(_received(nwk, frame, sender, lqi, rssi), frame.fragment, acknowledge)
            return
        self._acknowledge(nwk.source, frame, sender)
        if not self._first_time(name):
            self._radio.drop("a frame that came before")
            return
        payload = self._put_together(nwk.source, frame)
        if payload is not None:
            self.on_data(_received(nwk, replace(frame, payload=payload), sender, lqi, rssi))

    def _acknowledge(self, source: int, frame: ApsFrame, sender: EntityId) -> None:
        if frame.ack_request:
            key = self._radio.link_keys.get(sender) if frame.secured else None
            self._send_once(source, frame.acknowledgement(), key)

    def _first_time(self, name: _Piece) -> bool:
        if name in self._seen:
            return False
        self._seen[name] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def _put_together(self, source: int, frame: ApsFrame) -> bytes | None:
        """Return the payload, or None while fragments of it are missing."""
        if frame.fragment is None:
            return frame.payload
        name = source, frame.counter
        if frame.fragment.index == 0:
            self._partial[name] = _Partial(frame.fragment.total)
        partial = self._partial.get(name)
        if partial is None:
            return None
        partial.pieces[frame.fragment.index] = frame.payload
        if len(partial.pieces) < partial.total:
            return None
        del self._partial[name]
        return b"".join(partial.pieces[index] for index in range(partial.total))


def _pieces(frame: ApsFrame, *, secured: bool) -> Iterator[ApsFrame]:
    """Yield the frame itself, or the fragments that each fit an 802.15.4 frame."""
    room = MAX_FRAME - _OVERHEAD - (_LINK_SECURITY if secured else 0)
    if len(frame.header(secured=secured)) + len(frame.payload) <= room:
        yield frame
        return
    size = room - len(replace(frame, fragment=Fragment(0)).header(secured=secured))
    total = -(-len(frame.payload) // size)
    for index in range(total):
        piece = frame.payload[index * size : (index + 1) * size]
        yield replace(frame, payload=piece, fragment=Fragment(index, total))


def _name(short: int, frame: ApsFrame) -> _Piece:
    return short, frame.counter, frame.fragment.index if frame.fragment else 0


def _received(nwk: NwkFrame, frame: ApsFrame, sender: EntityId, lqi: int, rssi: int) -> Received:
    return Received(
        sender_short=nwk.source,
        sender_eui=sender,
        cluster=frame.cluster,
        profile=frame.profile,
        source_endpoint=frame.source_endpoint,
        destination_endpoint=frame.destination_endpoint,
        payload=frame.payload,
        aps_encrypted=frame.secured,
        lqi=lqi,
        rssi=rssi,
        counter=frame.counter,
    )
