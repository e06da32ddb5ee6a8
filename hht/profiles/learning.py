"""What captures of an HHT and its hub say about the hub, value by value.

A value is learnt only where a frame shows it; what was not shown stays unknown. Who the HHT is,
is told by the key establishment it begins over inter-PAN.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs import dlms
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.hub_profile import fits
from hht.profiles.captures import CapturedFrame
from hht.profiles.opening import HanSeen, InterPanSeen, Opener
from hht.zse.errors import MalformedFrame
from hht.zse.frames.mac import MAX_FRAME
from hht.zse.gbt import MOST_OVERHEAD, decode_block, is_block
from hht.zse.install_code import InstallCode, InstallCodeError, parse
from hht.zse.interpan.admission import CCS01, is_sealed_with
from hht.zse.tunneling import (
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TunnelStatus,
    decode_tunnel_command,
    decode_tunnel_data,
)
from hht.zse.zcl import KEY_ESTABLISHMENT, TUNNELING, ZclFrame

_LONGEST_PREFIX = 16  # bytes looked through for the beginning of a GBCS message
LEARNABLE = (
    "admission_cluster",
    "admission_profile_id",
    "admission_command",
    "admission_answer_command",
    "admission_manufacturer",
    "admission_prefix",
    "admission_fragmentation",
    "admission_fragment_bytes",
    "admission_extended_nonce",
    "admission_mac",
    "admission_join_seconds",
    "install_code_with_crc",
    "hht_device_type",
    "hht_endpoint",
    "tunnel_protocol",
    "tunnel_manufacturer",
    "tunnel_max_transfer",
    "tunnel_hub_opens",
    "tunnel_header",
    "gbt_used",
    "gbt_block_size",
    "gbt_window",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A value, and the frame that showed it first; `otherwise` showed another one later."""

    value: Any
    at: CapturedFrame
    otherwise: CapturedFrame | None = None

    @property
    def mark(self) -> str:
        """The words that stand behind the value in a profile."""
        words = f"[seen] in frame {self.at.number} of {self.at.capture}"
        if self.otherwise is not None:
            words += f", otherwise in frame {self.otherwise.number} of {self.otherwise.capture}"
        return words


@dataclass
class Learnt:
    """The findings, and what the captures held: frames, messages opened and not opened."""

    findings: dict[str, Finding]
    frames: int = 0
    opened: int = 0
    closed: int = 0


def learn(captures: Iterable[list[CapturedFrame]], keys: Iterable[bytes] = ()) -> Learnt:
    """Read captures, each in the order of its frames; keys of any layer open what they can."""
    learner = _Learner(list(keys))
    for frames in captures:
        learner.read(frames)
    return learner.learnt


class _Learner:
    """A reader of each capture's messages, which notes what they show."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = keys
        self._hhts: dict[EntityId, EntityId] = {}
        self._asked_by_hub = False
        self._max_transfer = 0
        self.learnt = Learnt({})

    def read(self, frames: list[CapturedFrame]) -> None:
        opener = Opener(self._keys)
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

    def _note(self, at: CapturedFrame, **values: Any) -> None:
        for name, value in values.items():
            if not fits(name, value):
                continue  # no hub of ours may have it: an odd frame, or a damaged one
            known = self.learnt.findings.get(name)
            if known is None:
                self.learnt.findings[name] = Finding(value, at)
            elif known.value != value and known.otherwise is None:
                self.learnt.findings[name] = Finding(known.value, known.at, at)

    # Before joining

    def _interpan(self, seen: InterPanSeen, opener: Opener) -> None:
        if not seen.secured:
            self._key_establishment(seen)
        elif seen.source in self._hhts:
            self._carrier(seen)
            if seen.clear is not None:
                self._request(seen, seen.clear, opener)
        elif seen.destination in self._hhts and seen.clear is not None:
            self._answer(seen, seen.clear)

    def _key_establishment(self, seen: InterPanSeen) -> None:
        """Find the HHT as the one who begins: the client of Key Establishment."""
        if seen.cluster != KEY_ESTABLISHMENT or not isinstance(seen.destination, EntityId):
            return
        frame = _zcl(seen.clear)
        if frame is not None and frame.cluster_specific and not frame.from_server:
            self._hhts.setdefault(seen.source, seen.destination)

    def _carrier(self, seen: InterPanSeen) -> None:
        """Learn what the clear part of the HHT's secured message shows."""
        self._note(seen.at, admission_cluster=seen.cluster, admission_profile_id=seen.profile)
        self._note(seen.at, admission_extended_nonce=seen.extended)
        if seen.fragment:
            size = seen.fragment
            self._note(seen.at, admission_fragmentation=True, admission_fragment_bytes=size)
        elif len(seen.at.raw) > MAX_FRAME:
            self._note(seen.at, admission_fragmentation=False)

    def _request(self, seen: InterPanSeen, clear: bytes, opener: Opener) -> None:
        frame = _zcl(clear)
        found = _gbcs(frame, Cra.COMMAND)
        if frame is None or found is None:
            return
        prefix, message = found
        self._note(
            seen.at,
            admission_command=frame.command,
            admission_manufacturer=frame.manufacturer,
            admission_prefix=prefix.hex().upper(),
        )
        if message.mac is None or is_sealed_with(message, seen.key):
            self._note(seen.at, admission_mac=message.mac is not None)
        self._registration(seen.at, message, opener)

    def _registration(self, at: CapturedFrame, message: Message, opener: Opener) -> None:
        """Learn from register_device: the Install Code with or without CRC, type, join time."""
        try:
            device, seconds = dlms.decode_access_request(message.payload).data[:2]
            _eui64, _key_type, code, kind = device.members
            with_crc, install_code = _install_code(code.octets)
        except (MalformedMessage, InstallCodeError, ValueError, IndexError, AttributeError):
            return
        opener.add_key(install_code.link_key)
        self._note(at, install_code_with_crc=with_crc)
        self._note(at, hht_device_type=kind.number, admission_join_seconds=seconds.number)

    def _answer(self, seen: InterPanSeen, clear: bytes) -> None:
        frame = _zcl(clear)
        if frame is not None and _gbcs(frame, Cra.RESPONSE) is not None:
            self._note(seen.at, admission_answer_command=frame.command)

    # On the HAN

    def _tunnelled(self, seen: HanSeen) -> None:
        from_hht = seen.source in self._hhts
        if not from_hht and (seen.destination is None or seen.destination not in self._hhts):
            return
        if from_hht:
            self._note(seen.at, hht_endpoint=seen.source_endpoint)
        frame = _zcl(seen.clear)
        try:
            command = decode_tunnel_command(frame) if frame is not None else None
        except MalformedFrame:
            return
        notes: dict[type, Callable[[Any], None]] = {
            RequestTunnel: lambda asked: self._asked(seen, asked, from_hht),
            RequestTunnelResponse: lambda answer: self._granted(seen, answer, from_hht),
            TransferData: lambda sent: self._data(seen.at, sent.data),
        }
        if command is not None and type(command) in notes:
            notes[type(command)](command)

    def _asked(self, seen: HanSeen, asked: RequestTunnel, from_hht: bool) -> None:
        self._asked_by_hub = self._asked_by_hub or not from_hht
        self._note(seen.at, tunnel_protocol=asked.protocol, tunnel_manufacturer=asked.manufacturer)
        if not from_hht:
            self._note(seen.at, tunnel_max_transfer=asked.max_transfer)
            self._max_transfer = asked.max_transfer

    def _granted(self, seen: HanSeen, answer: RequestTunnelResponse, from_hht: bool) -> None:
        if answer.status != TunnelStatus.SUCCESS:
            return
        if from_hht:
            self._note(seen.at, tunnel_hub_opens=True)
            return
        self._note(seen.at, tunnel_max_transfer=answer.max_transfer)
        self._note(seen.at, tunnel_hub_opens=self._asked_by_hub)
        self._max_transfer = answer.max_transfer

    def _data(self, at: CapturedFrame, data: bytes) -> None:
        try:
            opened = decode_tunnel_data(data)
        except MalformedFrame:
            return
        self._note(at, tunnel_header=opened.header is Header.PUT)
        if is_block(opened.message):
            self._block(at, opened.message)
        elif self._max_transfer and len(opened.message) > self._max_transfer:
            self._note(at, gbt_used=False)

    def _block(self, at: CapturedFrame, raw: bytes) -> None:
        try:
            block = decode_block(raw)
        except MalformedFrame:
            return
        self._note(at, gbt_used=True)
        if block.data:
            self._note(at, gbt_window=block.window)
        room = self._max_transfer - MOST_OVERHEAD - 1
        if block.data and not block.last and len(block.data) < room:
            # A block that fills a transfer may be one of larger blocks that did not go in.
            self._note(at, gbt_block_size=len(block.data))


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
