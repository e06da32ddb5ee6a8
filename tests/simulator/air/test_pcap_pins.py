"""Real byte strings and tshark's own reading of them, so that no error of ours cancels out."""

from pathlib import Path

import pytest
from frame_samples import ANNOUNCEMENT, FRAMES, LEAVE, TRANSPORT_KEY, TUNNEL_DATA
from radio_bench import HHT, HUB, LINK_KEY, NETWORK_KEY
from tshark_judge import complaints, fields

from hht.entity_id import EntityId
from hht.simulator.air.air import Transmission
from hht.simulator.air.pcap import PcapWriter

CBKE_KEY = bytes.fromhex("AA4689C70BE0FAF0C9BE534ABD9F4CDC")
INTERPAN_CLEAR = (
    "21cc01ffff11100f0e0d0c0b0a341212100f0e0d0c0b0a0b00030008090101010002000a0a" + "00" * 74
)
INTERPAN_SECURED = (
    "21cc04ffff11100f0e0d0c0b0a341212100f0e0d0c0b0a0b002304070901200800000012100f0e0d0c0b0a"
    "49c53f508052a90d1216ef34"
)
FRAMES_IN_ORDER = (
    *(raw for raw, _frame in FRAMES.values()),
    TRANSPORT_KEY,
    ANNOUNCEMENT,
    TUNNEL_DATA,
    LEAVE,
    INTERPAN_CLEAR,
    INTERPAN_SECURED,
)

pytestmark = pytest.mark.tshark


def colons(eui64: EntityId) -> str:
    return eui64.hex(":")


@pytest.fixture(scope="module")
def pcap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pins") / "pins.pcap"
    writer = PcapWriter(path)
    for name, key in (("network", NETWORK_KEY), ("install code", LINK_KEY), ("CBKE", CBKE_KEY)):
        writer.add_key(name, key)
    for number, raw in enumerate(FRAMES_IN_ORDER):
        writer.write(Transmission(bytes.fromhex(raw), 15, 1.6e9 + number, HUB))
    writer.close()
    return path


def read(pcap: Path, raw: str, *names: str) -> tuple[str, ...]:
    """What tshark has for the fields `names` of the pinned frame `raw`."""
    number = FRAMES_IN_ORDER.index(raw) + 1
    [frame] = fields(pcap, *names, only=f"frame.number == {number}")
    return tuple(frame.values())


def test_tshark_reads_every_pinned_frame_without_complaint(pcap: Path) -> None:
    published = len(FRAMES_IN_ORDER)  # its Request Tunnel, not its security, is cut short
    assert complaints(pcap, f"frame.number != {published}") == []


def test_the_beacon_is_the_hubs_and_lets_in(pcap: Path) -> None:
    names = (
        "wpan.src_pan",
        "wpan.src16",
        "wpan.assoc_permit",
        "zbee_beacon.ext_panid",
    )
    said = read(pcap, FRAMES["beacon"][0], *names, "zbee_beacon.profile", "zbee_beacon.version")
    assert said == ("0x4321", "0x0000", "1", colons(HUB), "0x0002", "2")


def test_association_is_asked_for_and_answered(pcap: Path) -> None:
    request = read(pcap, FRAMES["association request"][0], "wpan.cmd", "wpan.src64", "wpan.dst_pan")
    assert request == ("0x01", colons(HHT), "0x4321")
    response = FRAMES["association response"][0]
    names = ("wpan.cmd", "wpan.dst64", "wpan.src64", "wpan.asoc.addr", "wpan.assoc.status")
    assert read(pcap, response, *names) == ("0x02", colons(HHT), colons(HUB), "0x1e30", "0x00")
    assert read(pcap, FRAMES["data request"][0], "wpan.cmd", "wpan.dst16") == ("0x04", "0x0000")


def test_the_network_key_is_carried_under_the_install_codes_key(pcap: Path) -> None:
    names = ("zbee.sec.key_id", "zbee_aps.cmd.id", "zbee_aps.cmd.key", "zbee_aps.cmd.dst")
    key_id, command, key, destination = read(pcap, TRANSPORT_KEY, *names)
    assert (key_id, command, destination) == ("0x02", "0x05", colons(HHT))
    assert key.replace(":", "") == NETWORK_KEY.hex()


def test_the_announcement_names_the_device(pcap: Path) -> None:
    names = ("zbee_nwk.dst", "zbee_zdp.nwk_addr", "zbee_zdp.ext_addr", "zbee_zdp.cinfo")
    assert read(pcap, ANNOUNCEMENT, *names) == ("0xfffd", "0x1e30", colons(HHT), "0x8c")


def test_tunnel_data_is_read_through_both_layers_of_security(pcap: Path) -> None:
    names = ("zbee.sec.key_id", "zbee.sec.counter", "zbee_aps.cluster", "zbee_zcl.cmd.tsn")
    assert read(pcap, TUNNEL_DATA, *names) == ("0x01,0x00", "2,4", "0x0704", "3")
    protocol = read(
        pcap, TUNNEL_DATA, "zbee_zcl_se.tun.protocol_id", "zbee_zcl_se.tun.max_in_transfer_size"
    )
    assert protocol == ("0x06", "0x05dc")


def test_a_leave_request_tells_the_device_to_go(pcap: Path) -> None:
    names = ("zbee_nwk.cmd.id", "zbee_nwk.cmd.leave.request", "zbee_nwk.cmd.leave.rejoin")
    assert read(pcap, LEAVE, *names) == ("0x04", "1", "0")


def test_inter_pan_frames_are_read_in_clear_and_secured(pcap: Path) -> None:
    names = ("zbee_nwk.frame_type", "zbee_aps.cluster", "zbee_aps.profile", "wpan.src64")
    clear = read(pcap, INTERPAN_CLEAR, *names)
    assert clear == ("0x0003", "0x0800", "0x0109", "0a:0b:0c:0d:0e:0f:10:12")
    secured = read(pcap, INTERPAN_SECURED, "zbee_aps.cluster", "zbee.sec.key")
    assert secured[0] == "0x0704"
    assert secured[1].replace(":", "").upper() == CBKE_KEY.hex().upper()
