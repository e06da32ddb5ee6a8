"""Opens captured frames with the keys at hand: admissions over inter-PAN, tunnel data on the HAN.

A key that turns up on the way (the Install Code's in a CCS01, the network key in a Transport-Key
command) opens what comes after it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from hht.entity_id import EntityId
from hht.profiles.captures import CapturedFrame
from hht.zse.errors import MalformedFrame, NotAuthentic
from hht.zse.frames.aps import ApsFrame, ApsKind, TransportKey
from hht.zse.frames.mac import MacFrame, MacKind, is_interpan
from hht.zse.frames.nwk import NwkFrame, NwkKind
from hht.zse.frames.octets import MalformedFrame as MalformedRadioFrame
from hht.zse.frames.security import FindKey, SecurityFailure, key_transport_key
from hht.zse.interpan.fragmentation import Fragment, Reassembler, decode_ipmf, is_ipmf
from hht.zse.interpan.frame import InterPanFrame, decode_sealed
from hht.zse.interpan.security import names_sender

_UNREADABLE = (MalformedFrame, MalformedRadioFrame, SecurityFailure)


@dataclass(frozen=True, slots=True)
class InterPanSeen:
    """An inter-PAN message; `clear` is None where no key opens it.

    `secured` says that it was; `extended` whether its header names the sender again; `fragment`
    is the size of the first of its fragments, 0 for a message in one frame.
    """

    at: CapturedFrame
    source: EntityId
    destination: EntityId | int
    cluster: int
    profile: int
    secured: bool
    clear: bytes | None
    key: bytes = b""
    extended: bool | None = None
    fragment: int = 0


@dataclass(frozen=True, slots=True)
class HanSeen:
    """An APS message of a HAN; `clear` is None where no key opens it."""

    at: CapturedFrame
    source: EntityId
    destination: EntityId | None
    cluster: int
    profile: int
    source_endpoint: int
    destination_endpoint: int
    clear: bytes | None


Seen = InterPanSeen | HanSeen


class Opener:
    """A reader of captured frames in order, which gives the messages in them.

    `keys` are those given and those that turned up.
    """

    def __init__(self, keys: Iterable[bytes] = ()) -> None:
        self.keys = list(dict.fromkeys(keys))
        self._fragments: dict[tuple[EntityId, EntityId | int], _Fragments] = {}
        self._addresses: dict[tuple[int, int], EntityId] = {}
        self._pieces: dict[tuple[EntityId, int], dict[int, bytes]] = {}
        self._totals: dict[tuple[EntityId, int], int] = {}

    def add_key(self, key: bytes) -> None:
        """Open with this key too from now on."""
        if key not in self.keys:
            self.keys.append(key)

    def read(self, frame: CapturedFrame) -> Iterator[Seen]:
        """Give the messages that this frame is, or completes."""
        try:
            mac = MacFrame.decode(frame.raw)
            if mac.kind != MacKind.DATA:
                return
            found = self._interpan(frame) if is_interpan(mac) else self._han(frame, mac)
        except _UNREADABLE:
            return
        if found is not None:
            yield found

    # Inter-PAN

    def _interpan(self, at: CapturedFrame) -> InterPanSeen | None:
        frame, secured = decode_sealed(at.raw)
        if secured:
            return self._opened(at, frame, 0)
        if is_ipmf(frame.payload):
            return self._fragment(at, frame)
        return _in_clear(at, frame)

    def _fragment(self, at: CapturedFrame, frame: InterPanFrame) -> InterPanSeen | None:
        piece = decode_ipmf(frame.payload)
        if not isinstance(piece, Fragment):
            return None
        name = (frame.source, frame.destination)
        kept = self._fragments.setdefault(name, _Fragments())
        whole = kept.feed(piece)
        if whole is None:
            return None
        return self._opened(at, replace(frame, payload=whole), kept.size)

    def _opened(self, at: CapturedFrame, frame: InterPanFrame, fragment: int) -> InterPanSeen:
        seen = replace(
            _in_clear(at, frame),
            secured=True,
            clear=None,
            extended=names_sender(frame.payload),
            fragment=fragment,
        )
        for key in self.keys:
            with suppress(NotAuthentic):
                return replace(seen, clear=frame.open_payload(key).payload, key=key)
        return seen

    # HAN

    def _han(self, at: CapturedFrame, mac: MacFrame) -> HanSeen | None:
        nwk, header = NwkFrame.decode(mac.payload)
        if nwk.kind != NwkKind.DATA:
            return None
        sender = nwk.source_eui
        if nwk.secured:
            nwk, signed_by = self._open_nwk(nwk, header)
            if nwk.source == mac.source and mac.source_pan is not None:
                self._addresses[mac.source_pan, nwk.source] = signed_by
        pan = mac.source_pan or 0
        sender = sender or self._addresses.get((pan, nwk.source))
        frame, header = ApsFrame.decode(nwk.payload)
        if frame.kind == ApsKind.COMMAND:
            self._take_network_key(frame, header, sender)
            return None
        if frame.kind != ApsKind.DATA or sender is None:
            return None
        return self._data(at, frame, header, sender, self._addresses.get((pan, nwk.destination)))

    def _open_nwk(self, nwk: NwkFrame, header: bytes) -> tuple[NwkFrame, EntityId]:
        for key in self.keys:
            with suppress(SecurityFailure):
                opened, auxiliary = nwk.opened(header, key)
                return opened, auxiliary.sender
        raise SecurityFailure("no network key at hand")

    def _take_network_key(self, frame: ApsFrame, header: bytes, sender: EntityId | None) -> None:
        for key in tuple(self.keys):
            with suppress(SecurityFailure):
                opened = frame.opened(header, sender, _always(key_transport_key(key)))
                self.add_key(TransportKey.decode(opened.payload).key)
                return

    def _data(
        self,
        at: CapturedFrame,
        frame: ApsFrame,
        header: bytes,
        sender: EntityId,
        receiver: EntityId | None,
    ) -> HanSeen | None:
        clear = self._open_aps(frame, header, sender) if frame.secured else frame.payload
        if frame.fragment is not None:
            clear = self._put_together(sender, frame, clear)
            if clear is None:
                return None
        endpoints = frame.source_endpoint, frame.destination_endpoint
        return HanSeen(at, sender, receiver, frame.cluster, frame.profile, *endpoints, clear)

    def _open_aps(self, frame: ApsFrame, header: bytes, sender: EntityId) -> bytes | None:
        for key in self.keys:
            with suppress(SecurityFailure):
                return frame.opened(header, sender, _always(key)).payload
        return None

    def _put_together(self, sender: EntityId, frame: ApsFrame, clear: bytes | None) -> bytes | None:
        """Keep an APS fragment; the whole message once none is missing."""
        assert frame.fragment is not None
        name = (sender, frame.counter)
        if clear is None:
            return None
        if frame.fragment.index == 0:
            self._pieces[name] = {}
            self._totals[name] = frame.fragment.total
        pieces = self._pieces.get(name)
        if pieces is None:
            return None
        pieces[frame.fragment.index] = clear
        if len(pieces) < self._totals[name]:
            return None
        del self._pieces[name]
        return b"".join(pieces[index] for index in sorted(pieces))


class _Fragments:
    """The inter-PAN fragments of one sender to one receiver."""

    def __init__(self) -> None:
        self._reassembler = Reassembler()
        self.size = 0

    def feed(self, piece: Fragment) -> bytes | None:
        if piece.index == 0:
            self.size = len(piece.data) if piece.count > 1 else 0
        _answer, whole = self._reassembler.feed(piece)
        return whole


def _always(key: bytes) -> FindKey:
    return lambda _: key


def _in_clear(at: CapturedFrame, frame: InterPanFrame) -> InterPanSeen:
    addresses = frame.source, frame.destination
    return InterPanSeen(
        at, *addresses, frame.cluster, frame.profile, secured=False, clear=frame.payload
    )
