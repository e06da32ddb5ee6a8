"""The packets of a capture file: pcap and pcapng.

What is damaged costs its own packet alone, and `Packets.damaged` says where it is.
"""

import struct
from dataclasses import dataclass, field

from hht.profiles.records import LONGEST, Block, Gap, pcap_records, pcapng_blocks

_PCAP_MAGICS = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\xa1\xb2\x3c\x4d": ">",
}
# As Wireshark packs what it saves.
_PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"\x04\x22\x4d\x18": "lz4"}
_SECTION_TYPE = b"\x0a\x0d\x0d\x0a"
_INTERFACE, _OLD, _SIMPLE, _ENHANCED = 1, 2, 3, 6  # types of blocks
_PCAP_HEAD = 24  # bytes before the first packet of a pcap


class NoCapture(Exception):
    """The file is none of pcap or pcapng."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet, numbered from 1 as Wireshark does; `missing` bytes at its end were not kept."""

    number: int
    link_type: int
    data: bytes
    missing: int = 0


@dataclass
class Packets:
    """The packets of a file, in their order, and the places of those that are damaged."""

    found: list[Packet] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes) -> "Packets":
        """Take a file apart; NoCapture when it is none."""
        packets = cls()
        if data[:4] in _PCAP_MAGICS:
            packets._read_pcap(data, _PCAP_MAGICS[data[:4]])
        elif data[:4] == _SECTION_TYPE:
            packets._read_pcapng(data)
        else:
            raise _not_a_capture(data)
        return packets

    @property
    def _number(self) -> int:
        return len(self.found) + len(self.damaged) + 1

    def _add(self, link_type: int, data: bytes, size: int, original: int) -> None:
        """Keep a packet of which `size` bytes of `original` should be in the file."""
        if len(data) < size or size > LONGEST:
            self.damaged.append(f"packet {self._number}")
        else:
            missing = max(original - size, 0)
            self.found.append(Packet(self._number, link_type & 0xFFFF, data, missing))

    def _miss(self, gap: Gap) -> None:
        self.damaged.append(f"bytes {gap.at} to {gap.end - 1}")

    def _read_pcap(self, data: bytes, order: str) -> None:
        if len(data) < _PCAP_HEAD:
            raise NoCapture("the capture is cut short or damaged")
        (link_type,) = struct.unpack_from(order + "I", data, _PCAP_HEAD - 4)
        for record in pcap_records(data, order):
            if isinstance(record, Gap):
                self._miss(record)
            else:
                packet = data[record.end - record.size : record.end]
                self._add(link_type, packet, record.size, record.original)

    def _read_pcapng(self, data: bytes) -> None:
        links = list[int]()
        for block in pcapng_blocks(data):
            if isinstance(block, Gap):
                if block.at == 0:
                    raise NoCapture("the first section of the pcapng file is damaged")
                self._miss(block)
            elif block.is_section:
                links = []
            else:
                self._take_block(block, links)

    def _take_block(self, block: Block, links: list[int]) -> None:
        order, body = block.order, block.body
        try:
            if block.kind == _INTERFACE:
                links.append(struct.unpack_from(order + "H", body)[0])
            elif block.kind in (_ENHANCED, _OLD):
                form = "I" if block.kind == _ENHANCED else "H"
                interface = struct.unpack_from(order + form, body)[0]
                size, original = struct.unpack_from(order + "II", body, 12)
                self._add(links[interface], body[20 : 20 + size], size, original)
            elif block.kind == _SIMPLE:
                (original,) = struct.unpack_from(order + "I", body)
                kept = body[4 : 4 + original]
                self._add(links[0], kept, len(kept), original)
        except (struct.error, IndexError):
            self.damaged.append(f"packet {self._number}")


def _not_a_capture(data: bytes) -> NoCapture:
    for magic, packer in _PACKED.items():
        if data.startswith(magic):
            return NoCapture(f"the file is packed by {packer}", "Unpack it first.")
    return NoCapture("this is neither a pcap nor a pcapng file")
