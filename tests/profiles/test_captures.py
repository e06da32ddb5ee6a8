"""Captures of every kind that sniffers write, and files that are none."""

import struct
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hht.errors import InputError
from hht.profiles.captures import read_capture
from hht.profiles.keys import read_keys
from hht.profiles.learning import learn

FRAME = bytes.fromhex("030808ffffffff07")
FCS = b"\xaa\xbb"
TAP = bytes.fromhex("0000 0c00 0000 0100 01000000".replace(" ", ""))  # its FCS has 2 bytes


def pcap(link: int, packet: bytes, order: str = "<", magic: int = 0xA1B2C3D4) -> bytes:
    head = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 256, link)
    return head + struct.pack(f"{order}IIII", 0, 0, len(packet), len(packet)) + packet


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + length + body + length


def pcapng(link: int, packet: bytes, order: str = "<") -> bytes:
    section = struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1)
    interface = struct.pack(f"{order}HHI", link, 0, 256)
    enhanced = struct.pack(f"{order}IIIII", 0, 0, 0, len(packet), len(packet)) + packet
    name = struct.pack(f"{order}IHHI", 0, 0, 0, 0)  # a block of another kind
    return (
        block(0x0A0D0D0A, section, order)
        + block(1, interface, order)
        + block(5, name, order)
        + block(6, enhanced, order)
        + block(3, struct.pack(f"{order}I", len(packet)) + packet, order)
    )


ZEP_1 = b"EX\x01\x0f" + bytes(2) + b"\x01\xff" + bytes(7) + bytes([len(FRAME + FCS)]) + FRAME + FCS
ZEP_2 = (
    b"EX\x02\x01\x0f\x00\x01\x01\xff" + bytes(22) + bytes([0x80 | len(FRAME + FCS)]) + FRAME + FCS
)
ZEP_ACK = b"EX\x02\x02" + bytes(4)


def udp(zep: bytes, port: int = 17754) -> bytes:
    return struct.pack(">HHHH", 40000, port, 8 + len(zep), 0) + zep


def ipv4(zep: bytes, port: int = 17754, options: bytes = b"") -> bytes:
    head = bytes([0x45 + len(options) // 4]) + bytes(8) + b"\x11" + bytes(10) + options
    return head + udp(zep, port)


def ipv6(zep: bytes) -> bytes:
    return b"\x60" + bytes(5) + b"\x11" + bytes(33) + udp(zep)


def ethernet(ip: bytes, kind: int = 0x0800) -> bytes:
    return bytes(12) + struct.pack(">H", kind) + ip + bytes(6)  # padded as short frames are


VLAN = bytes(12) + bytes.fromhex("8100 0005 86dd") + ipv6(ZEP_2)


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (pcap(1, ethernet(ipv4(ZEP_1))), 1),
        (pcap(1, ethernet(ipv4(ZEP_2, options=bytes(8)))), 1),
        (pcap(1, ethernet(ipv6(ZEP_2), 0x86DD)), 1),
        (pcap(1, VLAN), 1),
        (pcap(101, ipv6(ZEP_1)), 1),
        (pcap(113, bytes(16) + ipv4(ZEP_2)), 1),
        (pcap(276, bytes(20) + ipv4(ZEP_2)), 1),
        (pcap(0, bytes(4) + ipv4(ZEP_1)), 1),
        (pcapng(1, ethernet(ipv4(ZEP_2))), 2),
        (pcap(195, FRAME + FCS), 1),
        (pcap(230, FRAME), 1),
        (pcap(283, TAP + FRAME + FCS), 1),
        (pcap(215, bytes(4) + b"\xa7" + bytes([len(FRAME + FCS)]) + FRAME + FCS), 1),
        (pcap(195, FRAME + FCS, ">"), 1),
        (pcap(195, FRAME + FCS, "<", 0xA1B23C4D), 1),  # times in nanoseconds
        (pcapng(195, FRAME + FCS), 2),
        (pcapng(230, FRAME, ">"), 2),
        (pcap(230, FRAME)[:-1], 0),  # stopped in the middle of its only packet
    ],
)
def test_a_capture_gives_its_frames_without_their_check_sequence(
    data: bytes, count: int, tmp_path: Path
) -> None:
    path = tmp_path / "air.pcap"
    path.write_bytes(data)
    frames = read_capture(path)
    assert [frame.raw for frame in frames] == [FRAME] * count
    assert [frame.number for frame in frames] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "neither a pcap nor a pcapng"),
        (b"PK\x03\x04 and so on", "neither a pcap nor a pcapng"),
        (b"\x1f\x8b\x08\x00", "packed by gzip. Unpack it first"),
        (pcap(147, bytes(60)), "link type 147 is none of 802.15.4"),
        (pcap(1, bytes(60)), "without ZEP .UDP port 17754. in it"),
        (pcap(1, ethernet(ipv4(ZEP_2, port=53))), "without ZEP"),
        (pcap(1, ethernet(ipv4(ZEP_ACK))), "without ZEP"),
        (b"\xd4\xc3\xb2\xa1", "cut short"),
    ],
)
def test_what_is_no_capture_is_refused_in_one_line(data: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(data)
    with pytest.raises(InputError, match=says) as caught:
        read_capture(path)
    assert str(path) in str(caught.value)


def many(link: int, *packets: bytes, cut: int = 0) -> bytes:
    """A pcap of several packets, the last of them `cut` bytes shorter than on the air."""
    whole = pcap(link, b"")[:24]
    for number, packet in enumerate(packets, 1):
        original = len(packet) + (cut if number == len(packets) else 0)
        whole += struct.pack("<IIII", 0, 0, len(packet), original) + packet
    return whole


OTHER_LINK = block(1, struct.pack("<HHI", 147, 0, 256))
OF_OTHER = block(6, struct.pack("<IIIII", 1, 0, 0, 4, 4) + bytes(4))
OF_NOBODY = block(6, struct.pack("<IIIII", 7, 0, 0, 4, 4) + bytes(4))
ENDLESS_TAP = b"\0\0\xff\xff"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (many(283, ENDLESS_TAP, TAP + FRAME + FCS), "1 damaged or cut short"),
        (many(283, b"", TAP + FRAME + FCS), "1 damaged or cut short"),
        (many(215, b"\0", bytes(4) + b"\xa7\x0a" + FRAME + FCS), "1 damaged or cut short"),
        (many(230, FRAME, FRAME[:4], cut=4), "1 damaged or cut short"),
        (many(230, FRAME) + bytes(9), "1 damaged or cut short"),
        (many(230, FRAME, FRAME)[:-3], "1 damaged or cut short"),
        (pcapng(230, FRAME)[:-24] + block(6, b"\0"), "1 damaged or cut short"),
        (pcapng(230, FRAME)[:-24] + OF_NOBODY, "1 damaged or cut short"),
        (pcapng(230, FRAME)[:-24] + OTHER_LINK + OF_OTHER, "1 of another link type"),
        (many(1, ethernet(ipv4(ZEP_1[:20])), ethernet(ipv4(ZEP_1))), "1 damaged or cut short"),
    ],
)
def test_a_bad_packet_costs_itself_alone_and_is_counted(
    data: bytes, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "air.pcap"
    path.write_bytes(data)
    capture = read_capture(path)
    assert [frame.raw for frame in capture] == [FRAME]
    assert capture.left_out.partition(" (")[0] == says


ORDERS = ("<", ">")


@pytest.mark.parametrize("length", [0, 1, 7, 9, 30, 255, 70_000, 0xFFFF_FFFF])
def test_a_damaged_length_in_a_pcap_costs_no_other_packet(length: int, tmp_path: Path) -> None:
    packets = [bytes([number]) + FRAME[1:] for number in range(5)]
    path = tmp_path / "air.pcap"
    for at, order in product(range(5), ORDERS):
        data = bytearray(pcap(230, b"", order)[:24])
        for number, packet in enumerate(packets):
            sizes = (length if number == at else len(packet), len(packet))
            data += struct.pack(f"{order}IIII", 1_700_000_000, number, *sizes) + packet
        path.write_bytes(data)
        capture = read_capture(path)
        assert [frame.raw for frame in capture] == packets[:at] + packets[at + 1 :]
        place = f"bytes {24 + 24 * at} to {47 + 24 * at}"
        assert f"damaged or cut short ({place}" in capture.left_out


@pytest.mark.parametrize("length", [0, 8, 13, 44, 70_000, 0xFFFF_FFFF])
def test_a_damaged_length_in_a_pcapng_costs_no_other_packet(length: int, tmp_path: Path) -> None:
    packets = [bytes([number]) + FRAME[1:] for number in range(4)]
    path = tmp_path / "air.pcapng"
    for at, order in product(range(4), ORDERS):
        data = bytearray(pcapng(230, FRAME, order)[:48])
        for number, packet in enumerate(packets):
            body = struct.pack(f"{order}IIIII", 0, 0, 0, len(packet), len(packet)) + packet
            whole = block(6, body, order)
            spoilt = whole[:4] + struct.pack(f"{order}I", length) + whole[8:]
            data += spoilt if number == at else whole
        path.write_bytes(data)
        capture = read_capture(path)
        assert [frame.raw for frame in capture] == packets[:at] + packets[at + 1 :]
        place = f"bytes {48 + 40 * at} to {87 + 40 * at}"
        assert f"damaged or cut short ({place})" in capture.left_out


def test_a_clock_that_is_set_while_capturing_loses_no_packet(tmp_path: Path) -> None:
    data = pcap(230, b"")[:24]
    for seconds in (0, 0, 1_700_000_000, 1_700_000_001, 5):
        data += struct.pack("<IIII", seconds, 0, len(FRAME), len(FRAME)) + FRAME
    path = tmp_path / "air.pcap"
    path.write_bytes(data)
    capture = read_capture(path)
    assert (len(capture), capture.left_out) == (5, "")


def test_a_sniffer_may_leave_out_the_check_sequence_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "air.pcap"
    path.write_bytes(many(195, FRAME, cut=2))
    assert [frame.raw for frame in read_capture(path)] == [FRAME]


RIGHT = bytes.fromhex("6008")  # the CRC of FRAME


@pytest.mark.parametrize(
    ("packets", "whole"),
    [
        ([FRAME + RIGHT] * 2 + [b"\x55" + FRAME[1:] + RIGHT], 2),
        ([FRAME + b"\xd0\xeb"] * 19 + [b"\x55" + FRAME[1:] + b"\xd0\x6b"], 19),
        ([FRAME + b"\0\0"] * 3, 3),
    ],
    ids=["CRC", "as radios of Texas Instruments say it", "nothing that means anything"],
)
def test_a_frame_that_the_sniffer_heard_wrong_teaches_nothing(
    packets: list[bytes], whole: int, tmp_path: Path
) -> None:
    path = tmp_path / "air.pcap"
    path.write_bytes(many(195, *packets))
    capture = read_capture(path)
    assert [frame.raw for frame in capture] == [FRAME] * whole
    wrong = len(packets) - whole
    assert capture.left_out == (f"{wrong} with a wrong check sequence" if wrong else "")


def test_the_name_of_a_capture_goes_into_one_line_of_text(tmp_path: Path) -> None:
    path = tmp_path / "two\nlines\udcff.pcap"
    path.write_bytes(pcap(230, FRAME))
    assert read_capture(path)[0].capture == "two?lines?.pcap"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from([195, 230, 283, 215, 0, 1, 101, 113, 276]))
def test_any_bytes_in_a_capture_teach_nothing_and_break_nothing(
    tmp_path: Path, packet: bytes, link: int
) -> None:
    path = tmp_path / "any.pcap"
    path.write_bytes(pcap(link, packet))
    try:
        frames = read_capture(path)
    except InputError:
        return
    learn([frames], [bytes(16)])


def test_keys_are_read_as_wireshark_keeps_them_or_bare(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(
        "# what for\n"
        '"00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f","Normal","network key"\n'
        "\n"
        "000102030405060708090A0B0C0D0E10\n"
    )
    assert read_keys(path) == [bytes(range(16)), bytes([*range(15), 16])]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_key_may_be_reversed_and_its_words_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "keys"
    line = f'"{bytes(range(16)).hex()}","Reverse","Schlüssel"\n'
    path.write_bytes(line.encode(encoding))
    assert read_keys(path) == [bytes(range(15, -1, -1))]


@pytest.mark.parametrize("text", ["", "# none\n", f'"{"00" * 16}","Sideways",""\n'])
def test_a_file_without_a_key_or_with_another_order_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text)
    with pytest.raises(InputError, match=r"no key in it|neither Normal nor Reverse"):
        read_keys(path)


def test_a_line_without_a_key_is_named_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("000102030405060708090A0B0C0D0E0F\n00010203040506070809SECRET\n")
    with pytest.raises(InputError, match="line 2") as caught:
        read_keys(path)
    assert "0001" not in str(caught.value)
