"""Captures of 802.15.4 frames, as any sniffer writes them: pcap and pcapng, bare or in ZEP.

Formats are those of the IETF drafts draft-ietf-opsawg-pcap and -pcapng; link types of tcpdump.org.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hht.errors import InputError
from hht.profiles.zep import NETWORK_LINKS, PORT, zep_frame

# Link types of IEEE 802.15.4 (tcpdump.org/linktypes.html).
_WITH_FCS, _WITHOUT_FCS, _TAP, _CC24 = 195, 230, 283, 215
_FCS = 2  # octets of the frame check sequence
_PCAP_MAGICS = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\xa1\xb2\x3c\x4d": ">",
}
_SECTION, _INTERFACE, _SIMPLE, _ENHANCED = 0x0A0D0D0A, 1, 3, 6
_SECTION_MAGICS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_TAP_FCS_TYPE = 0  # the TLV that says how long the FCS is
_LONGEST = 1 << 20  # bytes of one packet; more is a damaged file


@dataclass(frozen=True, slots=True)
class CapturedFrame:
    """One MAC frame without its FCS; `number` counts the capture's packets from 1."""

    capture: str
    number: int
    raw: bytes


def read_capture(path: Path) -> list[CapturedFrame]:
    """Read all frames of a capture; InputError when it is none of 802.15.4."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=str(path), remedy="Check the path."
        ) from error
    try:
        packets = _packets(data, path)
        links: set[int] = set()
        frames = list(_frames(packets, path, links))
    except struct.error as error:
        raise _unreadable(path, "the capture is cut short or damaged") from error
    if not frames and links & NETWORK_LINKS.keys():
        raise _unreadable(path, f"a network's capture without ZEP (UDP port {PORT}) in it")
    return frames


def _frames(
    packets: Iterator[tuple[int, bytes]], path: Path, links: set[int]
) -> Iterator[CapturedFrame]:
    """Take the MAC frame out of each packet that has one, and note the link types."""
    for number, (link_type, packet) in enumerate(packets, 1):
        links.add(link_type)
        if frame := _mac_frame(link_type, packet, path):
            yield CapturedFrame(path.name, number, frame)


def _packets(data: bytes, path: Path) -> Iterator[tuple[int, bytes]]:
    if data[:4] in _PCAP_MAGICS:
        return _pcap_packets(data, _PCAP_MAGICS[data[:4]])
    if data[:4] == struct.pack("<I", _SECTION):
        return _pcapng_packets(data, path)
    raise _unreadable(path, "this is neither a pcap nor a pcapng file")


def _pcap_packets(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    (link_type,) = struct.unpack_from(order + "I", data, 20)
    at = 24
    while at + 16 <= len(data):
        (size,) = struct.unpack_from(order + "I", data, at + 8)
        packet = data[at + 16 : at + 16 + size]
        if size > _LONGEST or len(packet) < size:
            return  # the last packet of a capture that was stopped
        yield link_type & 0xFFFF, packet
        at += 16 + size


def _pcapng_packets(data: bytes, path: Path) -> Iterator[tuple[int, bytes]]:
    order, links, at = "<", [0], 0
    while at + 12 <= len(data):
        if data[at : at + 4] == struct.pack("<I", _SECTION):
            order = _SECTION_MAGICS.get(data[at + 8 : at + 12], "")
            if not order:
                raise _unreadable(path, "a section of the pcapng file has no byte order")
            links = []
        kind, length = struct.unpack_from(order + "II", data, at)
        if length < 12 or at + length > len(data):
            return
        body = data[at + 8 : at + length - 4]
        if kind == _INTERFACE:
            links.append(struct.unpack_from(order + "H", body)[0])
        elif kind == _ENHANCED:
            interface, _high, _low, size = struct.unpack_from(order + "IIII", body)
            yield _link(links, interface), body[20 : 20 + size]
        elif kind == _SIMPLE:
            (size,) = struct.unpack_from(order + "I", body)
            yield _link(links, 0), body[4 : 4 + size]
        at += length


def _link(links: list[int], interface: int) -> int:
    return links[interface] if interface < len(links) else 0


def _mac_frame(link_type: int, packet: bytes, path: Path) -> bytes:
    readers: dict[int, Callable[[bytes], bytes]] = {
        _WITH_FCS: lambda raw: raw[:-_FCS],
        _WITHOUT_FCS: lambda raw: raw,
        _TAP: _tap_frame,
        _CC24: lambda raw: raw[5:-_FCS],  # preamble (4), start of frame, then the frame
    }
    reader = readers.get(link_type)
    if link_type in NETWORK_LINKS:
        return zep_frame(link_type, packet)
    if reader is None:
        known = ", ".join(map(str, sorted(readers)))
        raise _unreadable(path, f"link type {link_type} is none of 802.15.4 ({known})")
    return reader(packet)


def _tap_frame(packet: bytes) -> bytes:
    """Take the frame from behind its TAP header, whose TLVs say how long its FCS is."""
    (length,) = struct.unpack_from("<H", packet, 2)
    at, fcs = 4, 0
    while at + 4 <= length:
        kind, size = struct.unpack_from("<HH", packet, at)
        if kind == _TAP_FCS_TYPE and size:
            fcs = 2 * packet[at + 4]  # 0: none, 1: 2 bytes, 2: 4 bytes
        at += 4 + size + -size % 4
    end = len(packet) - fcs
    return packet[length:end]


def _unreadable(path: Path, what: str) -> InputError:
    remedy = "Give a capture of 802.15.4 frames, as Wireshark or a sniffer writes it."
    return InputError(what, where=str(path), remedy=remedy)
