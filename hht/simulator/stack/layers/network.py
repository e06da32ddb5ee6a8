"""The NWK layer of a simulated node: network key, frame counters, who is who, leaving."""

from collections.abc import Callable

from hht.entity_id import EntityId
from hht.simulator.stack.ports import Radio
from hht.zse.frames.mac import BROADCAST, MacFrame
from hht.zse.frames.nwk import NwkCommand, NwkFrame, NwkKind, leave
from hht.zse.frames.octets import MalformedFrame
from hht.zse.frames.security import Auxiliary, KeyId, SecurityFailure

_FIRST_BROADCAST = 0xFFF8


class NetworkLayer:
    """The NWK frames of one node, secured and opened; replays are refused.

    `on_payload` gets what is for the APS layer, `on_command` NWK commands; `on_sender` says whether
    data from a short address and EUI-64 is accepted.
    """

    def __init__(self, radio: Radio) -> None:
        self._radio = radio
        self.key = b""
        self.frame_counter = 0
        self.addresses: dict[int, EntityId] = {}
        self.on_payload: Callable[[NwkFrame, EntityId | None, int, int], None]
        self.on_command: Callable[[NwkFrame, EntityId | None], None]
        self.on_sender: Callable[[int, EntityId], bool]
        self._heard: dict[EntityId, int] = {}
        self._sequence = 0

    def start(self, key: bytes) -> None:
        """Use a network key, and forget the frame counters heard under another."""
        self.key = key
        self._heard.clear()

    def forget(self, eui64: EntityId) -> None:
        """Forget a neighbour: its address and its frame counter."""
        self._heard.pop(eui64, None)
        self.addresses = {s: e for s, e in self.addresses.items() if e != eui64}

    def stop(self) -> None:
        """Forget the key and every neighbour."""
        self.key = b""
        self._heard.clear()
        self.addresses.clear()

    def send(self, destination: int, payload: bytes, *, kind: int = NwkKind.DATA) -> bool:
        """Send under the network key; False when there is none, or no acknowledgement came."""
        if not self.key:
            return False
        frame = NwkFrame(kind, destination, self._radio.short_address, self._next(), payload)
        self.frame_counter += 1
        auxiliary = Auxiliary(KeyId.NETWORK, self.frame_counter, self._radio.eui64)
        return self._radio.send_data(self._hop(destination), frame.encode(auxiliary, self.key))

    def send_command(self, destination: int, payload: bytes) -> bool:
        """Send a NWK command under the network key."""
        return self.send(destination, payload, kind=NwkKind.COMMAND)

    def send_in_clear(
        self,
        destination: int,
        payload: bytes,
        *,
        kind: int = NwkKind.DATA,
        sender: EntityId | None = None,
    ) -> bool:
        """Send without NWK security, as between a Trust Centre and one without the network key.

        `sender` is named in the header, where the receiver may not know the short address.
        """
        source = self._radio.short_address
        frame = NwkFrame(kind, destination, source, self._next(), payload, source_eui=sender)
        return self._radio.send_data(destination, frame.encode())

    def send_leave(
        self, destination: int, *, request: bool, secured: bool = True, rejoin: bool = False
    ) -> None:
        """Order a child to leave (`request`), or announce that this node leaves."""
        send = self.send if secured else self.send_in_clear
        send(destination, leave(request=request, rejoin=rejoin), kind=NwkKind.COMMAND)

    def receive(self, mac: MacFrame, lqi: int, rssi: int) -> None:
        """Handle the payload of a MAC data frame; drop what does not open or is a replay."""
        try:
            frame, header = NwkFrame.decode(mac.payload)
            if not self._for_us(frame.destination):
                return
            frame, sender = self._open(frame, header)
        except (MalformedFrame, SecurityFailure) as error:
            self._radio.drop(str(error))
            return
        if frame.kind == NwkKind.COMMAND:
            self.on_command(frame, sender)
        elif sender is None or self._from_neighbour(frame.source, sender):
            self.on_payload(frame, sender, lqi, rssi)

    def _from_neighbour(self, short: int, sender: EntityId) -> bool:
        if not self.on_sender(short, sender):
            return False
        self.addresses[short] = sender
        return True

    def _open(self, frame: NwkFrame, header: bytes) -> tuple[NwkFrame, EntityId | None]:
        """Return the plain frame and its sender.

        In clear comes only what a node without a network key gets, or asks a Trust Centre.
        """
        if frame.secured and self.key:
            frame, auxiliary = frame.opened(header, self.key)
            return frame, self._fresh(auxiliary)
        if frame.secured or (self.key and not _asks_to_rejoin(frame)):
            raise SecurityFailure("a frame without the security that this node has")
        return frame, None

    def _fresh(self, auxiliary: Auxiliary) -> EntityId:
        """Return the sender if its frame counter is higher than any heard from it."""
        if auxiliary.counter <= self._heard.get(auxiliary.sender, -1):
            raise SecurityFailure("a frame counter that was heard before")
        self._heard[auxiliary.sender] = auxiliary.counter
        return auxiliary.sender

    def _for_us(self, destination: int) -> bool:
        return destination == self._radio.short_address or destination >= _FIRST_BROADCAST

    def _hop(self, destination: int) -> int:
        return BROADCAST if destination >= _FIRST_BROADCAST else destination

    def _next(self) -> int:
        self._sequence = (self._sequence + 1) & 0xFF
        return self._sequence


def _asks_to_rejoin(frame: NwkFrame) -> bool:
    """Return whether this is what a device without the network key may send to a Trust Centre."""
    request = bytes([NwkCommand.REJOIN_REQUEST])
    return frame.kind == NwkKind.COMMAND and frame.payload[:1] == request
