"""The records of a pcap and the blocks of a pcapng file, and damaged stretches between them.

A length that is damaged leads astray: what follows is found again by what a record looks like.
Both formats are those of the IETF drafts draft-ietf-opsawg-pcap and -pcapng.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

LONGEST = 1 << 20  # bytes of one packet; more is a damaged file
_LONGEST_FRAME = 512  # bytes of a frame and of what any sniffer puts before it, twice over
_SEARCHED = 4 << 20  # bytes looked through for the next record: some seconds
_HEADER = 16  # bytes before a packet of pcap
_FIRST = 24  # bytes before the first
_FRACTIONS = 1_000_000_000  # of a second, in the finer of both kinds
_APART = 86_400  # seconds between two packets, of which the later one was found again
_SECTION = b"\x0a\x0d\x0d\x0a"  # the same in either byte order
_SECTION_MAGICS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_LEAST_BLOCK = 12  # type, and the length before and after the body
_KINDS = (1, 2, 3, 4, 5, 6, 9, 10, 0x0BAD, 0x40000BAD)  # of blocks in use


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the file that cannot be read, from `at` up to `end`."""

    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """A packet as pcap keeps it: `size` bytes of `original` that were on the air."""

    at: int
    seconds: int
    fraction: int
    size: int
    original: int

    @property
    def end(self) -> int:
        return self.at + _HEADER + self.size

    @property
    def looks_right(self) -> bool:
        return self.size <= self.original <= LONGEST and self.fraction < _FRACTIONS


def pcap_records(data: bytes, order: str) -> Iterator[Record | Gap]:
    """Give the records of a pcap file of this byte order."""
    at = _FIRST
    while at < len(data):
        record = _record(data, order, at)
        if record is not None and _length_is_right(data, order, record):
            yield record
            at = record.end
        else:
            end = _found_again(data, at + 1, 1, partial(_begins, data, order))
            yield Gap(at, end)
            at = end


def _record(data: bytes, order: str, at: int) -> Record | None:
    """Read a record that is in the file whole; None where there is none."""
    if at + _HEADER > len(data):
        return None
    record = Record(at, *struct.unpack_from(order + "IIII", data, at))
    return record if 0 < record.size <= LONGEST and record.end <= len(data) else None


def _length_is_right(data: bytes, order: str, record: Record) -> bool:
    """Return whether another record follows and, where in doubt, none begins inside this one.

    In doubt is one that is longer than it was on the air, or that nothing follows.
    """
    leads_on = _leads_on(data, order, record)
    if leads_on and record.size <= record.original:
        return True
    if not leads_on and (not record.looks_right or record.size < record.original):
        return False
    inside = range(record.at + _HEADER, record.end)
    return not any(_begins(data, order, place) for place in inside)


def _leads_on(data: bytes, order: str, record: Record) -> bool:
    if record.end == len(data):
        return True
    after = _record(data, order, record.end)
    near = after is not None and abs(after.seconds - record.seconds) <= _APART
    return near and after is not None and after.looks_right


def _begins(data: bytes, order: str, at: int) -> bool:
    """Return whether there is a record for certain: it looks right, and so does the next.

    A byte too early or too late it is too long: its length is then 256 times what it is, or more.
    """
    record = _record(data, order, at)
    if record is None or not record.looks_right or record.size > _LONGEST_FRAME:
        return False
    return _leads_on(data, order, record)


def _found_again(data: bytes, at: int, step: int, begins: Callable[[int], bool]) -> int:
    """Return where the next record begins; the file's end where none does."""
    places = range(at, min(len(data), at + _SEARCHED), step)
    return next((place for place in places if begins(place)), len(data))


@dataclass(frozen=True, slots=True)
class Block:
    """A block of pcapng; `order` is the byte order that a section's head sets."""

    at: int
    kind: int
    body: bytes
    order: str
    is_section: bool


def pcapng_blocks(data: bytes) -> Iterator[Block | Gap]:
    """Give the blocks of a pcapng file; nothing but a gap where its first section has no order."""
    order, at = "", 0
    while at < len(data):
        block = _block(data, at, order)
        if block is not None and (_ends_right(data, block) or _next_is_right(data, block)):
            order = block.order
            yield block
            at = _after(block)
        else:
            end = _found_again(data, at + 4, 4, partial(_is_known, data, order))
            yield Gap(at, end)
            at = end


def _block(data: bytes, at: int, order: str) -> Block | None:
    is_section = data[at : at + 4] == _SECTION
    if is_section:
        order = _SECTION_MAGICS.get(data[at + 8 : at + 12], "")
    if not order or at + _LEAST_BLOCK > len(data):
        return None
    kind, length = struct.unpack_from(order + "II", data, at)
    if length < _LEAST_BLOCK or at + length > len(data):
        return None
    return Block(at, kind, data[at + 8 : at + length - 4], order, is_section)


def _after(block: Block) -> int:
    size = len(block.body)
    return block.at + _LEAST_BLOCK + size + -size % 4


def _ends_right(data: bytes, block: Block) -> bool:
    """Return whether the length behind the body is that before it."""
    length = len(block.body) + _LEAST_BLOCK
    last = block.at + length - 4
    return data[last : last + 4] == struct.pack(block.order + "I", length)


def _next_is_right(data: bytes, block: Block) -> bool:
    return _after(block) >= len(data) or _is_known(data, block.order, _after(block))


def _is_known(data: bytes, order: str, at: int) -> bool:
    block = _block(data, at, order)
    known = block is not None and (block.is_section or block.kind in _KINDS)
    return known and block is not None and _ends_right(data, block)
