"""802.15.4 frames out of ZEP, by which sniffers hand them on over a network (UDP port 17754).

ZEP has no standard; layouts as Wireshark's dissector has them. A header begins with `EX` and the
version, and ends with the frame's length:
`1 | channel | device(2) | mode | LQI | 7 | length`, or
`2 | type | channel | device(2) | mode | LQI | time(8) | sequence(4) | 10 | length`.
"""

import struct
from collections.abc import Callable

PORT = 17754  # UDP, as registered with IANA for ZigBee Encapsulation
_PREAMBLE = b"EX"
_HEADERS = {1: 16, 2: 32}
_DATA = 1  # of version 2; the other type is an acknowledgement without a frame
_LENGTH = 0x7F
_FCS = 2  # there in both modes: as a CRC, or as what a TI radio puts in its place
_UDP = 17  # IP protocol number
_ETHERNET_VLAN = (0x8100, 0x88A8)
_IPV4, _IPV6 = 0x0800, 0x86DD


def _ethernet(packet: bytes) -> bytes:
    at = 12
    (kind,) = struct.unpack_from(">H", packet, at)
    while kind in _ETHERNET_VLAN:
        at += 4
        (kind,) = struct.unpack_from(">H", packet, at)
    return packet[at + 2 :] if kind in (_IPV4, _IPV6) else b""


NETWORK_LINKS: dict[int, Callable[[bytes], bytes]] = {
    0: lambda packet: packet[4:],  # BSD loopback
    1: _ethernet,
    101: lambda packet: packet,  # raw IP
    108: lambda packet: packet[4:],  # OpenBSD loopback
    113: lambda packet: packet[16:],  # Linux "any"
    276: lambda packet: packet[20:],  # Linux "any", version 2
}
"""Link types of networks, with how the IP packet is taken out."""


def zep_frame(link_type: int, packet: bytes) -> bytes | None:
    """Return the frame with its FCS; empty for a packet that is no ZEP, None for one cut short."""
    try:
        zep = _udp_payload(NETWORK_LINKS[link_type](packet))
    except (struct.error, IndexError):
        return b""
    return _frame(zep) if zep[:2] == _PREAMBLE else b""


def _udp_payload(ip: bytes) -> bytes:
    """Return what an IP packet carries to or from ZEP's port."""
    if ip[0] >> 4 == 4:
        protocol, udp = ip[9], ip[4 * (ip[0] & 0x0F) :]
    else:
        protocol, udp = ip[6], ip[40:]
    source, destination, size = struct.unpack_from(">HHH", udp)
    is_zep = protocol == _UDP and PORT in (source, destination)
    return udp[8:size] if is_zep else b""


def _frame(zep: bytes) -> bytes | None:
    version = zep[2] if len(zep) > 3 else 0
    if version == 2 and zep[3] != _DATA:
        return b""
    header = _HEADERS.get(version)
    if header is None or len(zep) < header:
        return None
    size = zep[header - 1] & _LENGTH
    frame = zep[header : header + size]
    return frame if _FCS <= size == len(frame) else None
