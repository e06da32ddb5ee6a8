"""What captures of an HHT and its hub say about the hub, value by value.

A value is learnt only where a frame shows it; what was not shown stays unknown. An HHT is known
by the key establishment that it begins over inter-PAN, or by its CCS01, and each has findings of
its own.
"""

from collections.abc import Iterable
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs import dlms
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.profiles.captures import CapturedFrame
from hht.profiles.findings import Learnt, Pair
from hht.profiles.opening import HanSeen, InterPanSeen, Opener
from hht.profiles.tunnelled import note_tunnelling
from hht.zse.errors import MalformedFrame
from hht.zse.frames.mac import MAX_FRAME
from hht.zse.install_code import InstallCode, InstallCodeError, parse
from hht.zse.interpan.admission import CCS01, is_sealed_with
from hht.zse.tunneling import decode_tunnel_command
from hht.zse.zcl import KEY_ESTABLISHMENT, TUNNELING, ZclFrame

_LONGEST_PREFIX = 16  # bytes looked through for the beginning of a GBCS message


def learn(
    captures: Iterable[list[CapturedFrame]],
    keys: Iterable[bytes] = (),
    hht: EntityId | None = None,
) -> Learnt:
    """Read captures, each in the order of its frames; keys of any layer open what they can.

    `hht` is the one to learn of; without it, it is the one of which the captures show most.
    """
    learner = _Learner(list(keys))
    for frames in captures:
        learner.read(frames)
    learner.learnt.choose(learner.pairs.values(), hht)
    return learner.learnt


class _Learner:
    """A reader of each capture's messages, which notes what they show."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = keys
        self.pairs: dict[tuple[EntityId, EntityId], Pair] = {}
        self._pair_of: dict[EntityId, Pair] = {}
        self.learnt = Learnt()

    def read(self, frames: list[CapturedFrame]) -> None:
        opener = Opener(self._keys)
        self._keys = opener.keys  # what turns up in one capture opens the next ones too
        for frame in frames:
            self.learnt.frames += 1
            for seen in opener.read(frame):
                if seen.clear is None:
                    self.learnt.closed += 1
                else:
                    self.learnt.opened += 1
                if isinstance(seen, InterPanSeen):
                    self._interpan(seen, opener)
                elif seen.cluster == TUNNELING:
                    self._tunnelled(seen)

    # Before joining

    def _interpan(self, seen: InterPanSeen, opener: Opener) -> None:
        if not seen.secured:
            self._key_establishment(seen)
        elif seen.clear is None:
            if pair := self._pair_of.get(seen.source):
                _carrier(pair, seen, certain=False)
        elif not self._request(seen, seen.clear, opener):
            self._answer(seen, seen.clear)

    def _key_establishment(self, seen: InterPanSeen) -> None:
        """Find the HHT as the one who begins: the client of Key Establishment."""
        if seen.cluster != KEY_ESTABLISHMENT or not isinstance(seen.destination, EntityId):
            return
        frame = _zcl(seen.clear)
        if frame is not None and frame.cluster_specific and not frame.from_server:
            self._begin(seen.source, seen.destination)

    def _begin(self, hht: EntityId, hub: EntityId) -> Pair:
        pair = self.pairs.setdefault((hht, hub), Pair(hht, hub))
        self._pair_of[hht] = pair
        return pair

    def _request(self, seen: InterPanSeen, clear: bytes, opener: Opener) -> bool:
        """Read a CCS01, which shows who the HHT is, too; False for another message."""
        frame = _zcl(clear)
        found = _gbcs(frame, Cra.COMMAND)
        if frame is None or found is None or not isinstance(seen.destination, EntityId):
            return False
        prefix, message = found
        pair = self._begin(seen.source, seen.destination)
        _carrier(pair, seen, certain=True)
        pair.note(
            seen.at,
            admission_command=frame.command,
            admission_manufacturer=frame.manufacturer,
            admission_prefix=prefix.hex().upper(),
        )
        if message.mac is None or is_sealed_with(message, seen.key):
            pair.note(seen.at, admission_mac=message.mac is not None)
        self._registration(pair, seen.at, message, opener)
        return True

    def _registration(
        self, pair: Pair, at: CapturedFrame, message: Message, opener: Opener
    ) -> None:
        """Learn from register_device: the Install Code with or without CRC, type, join time."""
        try:
            device, seconds = dlms.decode_access_request(message.payload).data[:2]
            _eui64, _key_type, code, kind = device.members
            with_crc, install_code = _install_code(code.octets)
        except (MalformedMessage, InstallCodeError, ValueError, IndexError, AttributeError):
            return
        opener.add_key(install_code.link_key)
        pair.note(at, install_code_with_crc=with_crc)
        pair.note(at, hht_device_type=kind.number, admission_join_seconds=seconds.number)

    def _answer(self, seen: InterPanSeen, clear: bytes) -> None:
        hht = seen.destination if isinstance(seen.destination, EntityId) else None
        pair, frame = self._pair_of.get(hht) if hht else None, _zcl(clear)
        if pair is not None and frame is not None and _gbcs(frame, Cra.RESPONSE) is not None:
            pair.note(seen.at, admission_answer_command=frame.command)

    # On the HAN

    def _tunnelled(self, seen: HanSeen) -> None:
        from_hht = seen.source in self._pair_of
        ends = (seen.source, seen.destination)
        hht, other = ends if from_hht else ends[::-1]
        pair = self._pair_of.get(hht) if hht is not None else None
        if pair is None or other not in (None, pair.hub):
            return
        if from_hht:
            pair.note(seen.at, hht_endpoint=seen.source_endpoint)
        frame = _zcl(seen.clear)
        try:
            command = decode_tunnel_command(frame) if frame is not None else None
        except MalformedFrame:
            return
        if command is not None:
            note_tunnelling(pair, seen.at, command, from_hht=from_hht)


def _carrier(pair: Pair, seen: InterPanSeen, *, certain: bool) -> None:
    """Note what the clear part of the HHT's secured message shows: that of the CCS01, if any."""

    def note(**values: Any) -> None:
        pair.note(seen.at, certain=certain, **values)

    note(admission_cluster=seen.cluster, admission_profile_id=seen.profile)
    note(admission_extended_nonce=seen.extended)
    if seen.fragment:
        note(admission_fragmentation=True, admission_fragment_bytes=seen.fragment)
    elif len(seen.at.raw) > MAX_FRAME:
        note(admission_fragmentation=False)


def _zcl(clear: bytes | None) -> ZclFrame | None:
    try:
        return ZclFrame.decode(clear) if clear is not None else None
    except MalformedFrame:
        return None


def _gbcs(frame: ZclFrame | None, cra: Cra) -> tuple[bytes, Message] | None:
    """Return the CCS01 in a frame and the bytes before it, None where there is none."""
    payload = frame.payload if frame is not None else b""
    for at in range(min(_LONGEST_PREFIX, len(payload)) + 1):
        try:
            message = Message.parse(payload[at:])
        except MalformedMessage:
            continue
        if (message.cra, message.message_code) == (cra, CCS01):
            return payload[:at], message
    return None


def _install_code(raw: bytes) -> tuple[bool, InstallCode]:
    """Return whether an Install Code has its CRC: the lengths differ, and where they do not, it
    fits."""
    code = parse(raw)
    return code.code != raw, code
