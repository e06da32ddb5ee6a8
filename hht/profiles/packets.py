"""The packets of a capture file: pcap and pcapng.

Formats are those of the IETF drafts draft-ietf-opsawg-pcap and -pcapng. What is damaged
costs its own packet alone; `Packets.damaged` counts such.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_PCAP_MAGICS = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\xa1\xb2\x3c\x4d": ">",
}
_SECTION_TYPE = b"\x0a\x0d\x0d\x0a"  # the same in either byte order
_INTERFACE, _OLD, _SIMPLE, _ENHANCED = 1, 2, 3, 6  # types of blocks
_SECTION_MAGICS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_LONGEST = 1 << 20  # bytes of one packet; more is a damaged file


class NoCapture(Exception):
    """The file is none of pcap or pcapng."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet, numbered from 1 as Wireshark does; `missing` bytes at its end were not kept."""

    number: int
    link_type: int
    data: bytes
    missing: int = 0


@dataclass
class Packets:
    """The packets of a file, in their order."""

    found: list[Packet] = field(default_factory=list)
    damaged: int = 0

    @classmethod
    def of(cls, data: bytes) -> "Packets":
        """Take a file apart; NoCapture when it is none."""
        packets = cls()
        if data[:4] in _PCAP_MAGICS:
            packets._read_pcap(data, _PCAP_MAGICS[data[:4]])
        elif data[:4] == _SECTION_TYPE:
            packets._read_pcapng(data)
        else:
            raise NoCapture("this is neither a pcap nor a pcapng file")
        return packets

    def _add(self, link_type: int, data: bytes, size: int, original: int) -> None:
        """Keep a packet of which `size` bytes of `original` should be in the file."""
        number = len(self.found) + self.damaged + 1
        if len(data) < size or size > _LONGEST:
            self.damaged += 1
        else:
            missing = max(original - size, 0)
            self.found.append(Packet(number, link_type & 0xFFFF, data, missing))

    def _read_pcap(self, data: bytes, order: str) -> None:
        if len(data) < 24:
            raise NoCapture("the capture is cut short or damaged")
        (link_type,) = struct.unpack_from(order + "I", data, 20)
        at = 24
        while at + 16 <= len(data):
            size, original = struct.unpack_from(order + "II", data, at + 8)
            self._add(link_type, data[at + 16 : at + 16 + size], size, original)
            at += 16 + size
        self.damaged += at < len(data)  # a packet whose own header is cut short

    def _read_pcapng(self, data: bytes) -> None:
        order, links = "", list[int]()
        for kind, body, magic in _blocks(data):
            if kind is None:
                self.damaged += 1
            elif magic:
                order, links = magic, []
            else:
                self._take_block(kind, body, order, links)

    def _take_block(self, kind: int, body: bytes, order: str, links: list[int]) -> None:
        try:
            if kind == _INTERFACE:
                links.append(struct.unpack_from(order + "H", body)[0])
            elif kind in (_ENHANCED, _OLD):
                interface = struct.unpack_from(order + ("I" if kind == _ENHANCED else "H"), body)[0]
                size, original = struct.unpack_from(order + "II", body, 12)
                self._add(links[interface], body[20 : 20 + size], size, original)
            elif kind == _SIMPLE:
                (original,) = struct.unpack_from(order + "I", body)
                kept = body[4 : 4 + original]
                self._add(links[0], kept, len(kept), original)
        except (struct.error, IndexError):
            self.damaged += 1


def _blocks(data: bytes) -> Iterator[tuple[int | None, bytes, str]]:
    """Give type, body and, for the head of a section, byte order; no type for what is cut short."""
    order, at = "", 0
    while at < len(data):
        magic = ""
        if data[at : at + 4] == _SECTION_TYPE:
            order = magic = _SECTION_MAGICS.get(data[at + 8 : at + 12], "")
            if not order:
                raise NoCapture("a section of the pcapng file has no byte order")
        head = data[at : at + 8]
        kind, length = struct.unpack(order + "II", head) if len(head) == 8 else (0, 0)
        if length < 12 or at + length > len(data):
            yield None, b"", ""
            return
        yield kind, data[at + 8 : at + length - 4], magic
        at += length + -length % 4
