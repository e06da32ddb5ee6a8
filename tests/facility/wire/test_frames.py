"""Frames on the line: whatever is around them, and however they come, they are found."""

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.facility.wire.frames import LARGEST, Frame, FrameReader, decode_fields, encode_fields

FRAMES = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=200))


def test_the_bytes_are_those_of_the_document() -> None:
    """SLIP (RFC 1055) around kind, sequence, payload and CRC-32."""
    plain = b"\x05\xc0\xdb"
    crc = zlib.crc32(plain).to_bytes(4, "big")
    assert b"\xc0" not in crc
    assert b"\xdb" not in crc
    escaped = b"\x05\xdb\xdc\xdb\xdd" + crc
    assert Frame(5, 0xC0, b"\xdb").encode() == b"\xc0" + escaped + b"\xc0"


@given(st.lists(FRAMES, max_size=5), st.integers(1, 50))
def test_frames_are_found_however_they_are_cut(frames: list[Frame], size: int) -> None:
    line = b"".join(frame.encode() for frame in frames)
    reader, found = FrameReader(), list[Any]()
    for at in range(0, len(line), size):
        found += reader.feed(line[at : at + size])
    assert found == frames


@given(FRAMES, st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_makes_no_other_frame(frame: Frame, at: int, bit: int) -> None:
    line = bytearray(frame.encode())
    line[at % len(line)] ^= 1 << bit
    assert [each for each in FrameReader().feed(bytes(line)) if each != frame] == []


@given(st.binary(max_size=300), FRAMES)
def test_noise_before_a_frame_does_not_hide_it(noise: bytes, frame: Frame) -> None:
    assert [*FrameReader().feed(noise + frame.encode())][-1:] == [frame]


def test_endless_noise_is_not_kept() -> None:
    reader = FrameReader()
    for _ in range(100):
        assert list(reader.feed(b"\x00" * 4096)) == []
    assert len(reader.rest) <= LARGEST


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_fields_are_read_as_they_were_written(fields: list[bytes]) -> None:
    assert decode_fields(encode_fields(*fields), len(fields)) == fields


def test_fields_that_are_not_there_are_refused() -> None:
    for payload, count in ((b"", 1), (b"\x00", 1), (b"\x00\x02a", 1), (encode_fields(b"a"), 2)):
        with pytest.raises(ValueError, match="field"):
            decode_fields(payload, count)
