"""The capture of the simulated air, judged by tshark."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from radio_bench import CHANNEL, HHT, HUB, LINK_KEY, NETWORK_KEY, TUNNELING, Bench, settled
from tshark_judge import complaints, fields, tshark

from hht.hub_profile import load_profile
from hht.simulator.air.air import Link, Transmission
from hht.simulator.air.pcap import PcapWriter, keys_path
from hht.zse.frames import zdo
from hht.zse.frames.pcap import PcapFile
from hht.zse.install_code import InstallCode
from hht.zse.interpan.admission import admission_frame, build_admission
from hht.zse.interpan.fragmentation import FragmentAnswer
from hht.zse.interpan.frame import InterPanFrame, encode_secured
from hht.zse.interpan.transfer import secured_frames

MESSAGE = bytes.fromhex("09dfdf090100" + "00" * 200)
INITIATE = bytes.fromhex("01010002000a0a") + bytes.fromhex(
    "0084a933b37f018dec0d081112131415161718005292a38affffffff0a0b0c0d0e0f10128803076277e2f7e2"
    "252b16a0e92b6e8771bb3f207946cbd4a45d9a9df6edab8c796a48e89dec"
)
TRANSFER = bytes.fromhex("0105020000") + MESSAGE

pytestmark = pytest.mark.tshark


async def visit(pcap: Path) -> None:
    """A scan, an inter-PAN question, a join, a Match_Desc, tunnel data both ways, a leave."""
    bench = Bench()
    writer = PcapWriter.on(bench.air, pcap, HHT)
    bench.hub.form(CHANNEL, 0x4321, HUB, NETWORK_KEY)
    bench.air.set_link(HUB, HHT, Link(lqi=180, rssi=-62))
    await bench.hht.active_scan(range(11, 27), 30)
    bench.hht.channel = CHANNEL
    question = InterPanFrame(HHT, 0xFFFF, HUB, 0xFFFF, 1, 0x0800, INITIATE)
    bench.hht.send_raw(question.encode())
    bench.hht.send_raw(encode_secured(question, LINK_KEY, 1, extended_nonce=True))
    await bench.join()
    await settled()
    request = zdo.match_request(1, 0, 0x0109, (TUNNELING,))
    await bench.hht.send_unicast(
        0, 6, request, source_endpoint=0, destination_endpoint=0, profile=0
    )
    await bench.to_hub(bytes.fromhex("0104000600ff00dc05"))
    await bench.to_hht(bytes.fromhex("09050100000000dc05")[:8])
    await bench.to_hub(TRANSFER)
    bench.hht.leave()
    await settled()
    writer.close()


@pytest.fixture(scope="module")
def pcap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("capture") / "visit.pcap"
    asyncio.run(visit(path))
    return path


def test_tshark_finds_nothing_malformed(pcap: Path) -> None:
    assert complaints(pcap) == []


def test_every_step_of_a_visit_is_there_to_read(pcap: Path) -> None:
    summary = tshark(pcap)
    for step in (
        "Beacon Request",
        "EPID: 90:b3:d5:1f:30:a0:a3:f1",
        "Association Request, RFD",
        "Data Request",
        "Association Response, PAN: 0x4321",
        "Transport Key",
        "Device Announcement",
        "Match Descriptor Request",
        "Match Descriptor Response, Nwk Addr: 0x0000, Status: Success",
        "ZCL Tunneling: Request Tunnel",
        "ZCL Tunneling: Transfer Data",
        "APS: Ack",
        "(fragment 1)",
        "Leave",
    ):
        assert step in summary, step


def test_the_keys_beside_the_capture_open_every_secured_frame(pcap: Path) -> None:
    secured = fields(pcap, "zbee.sec.key", "zbee_aps.cluster", only="zbee_nwk.security == 1")
    assert len(secured) > 10
    opened_with = {frame["zbee.sec.key"].split(",")[0].replace(":", "") for frame in secured}
    assert opened_with == {NETWORK_KEY.hex()}
    assert tshark(pcap, "-Y", "zbee_sec.encrypted_payload") == ""
    [key] = fields(pcap, "zbee_aps.cmd.key", only="zbee_aps.cmd.id == 5")
    assert key["zbee_aps.cmd.key"].replace(":", "") == NETWORK_KEY.hex()


def test_a_fragmented_message_is_put_together(pcap: Path) -> None:
    [whole] = fields(pcap, "zbee_aps.reassembled.length", only="zbee_aps.reassembled.length")
    assert int(whole["zbee_aps.reassembled.length"]) == len(TRANSFER)


def test_each_frame_has_its_channel_and_the_handhelds_view_of_its_signal(pcap: Path) -> None:
    beacon = fields(
        pcap, "wpan-tap.ch_num", "wpan-tap.rss", "wpan-tap.lqi", only="wpan.frame_type == 0"
    )[0]
    assert (beacon["wpan-tap.ch_num"], beacon["wpan-tap.lqi"]) == (str(CHANNEL), "180")
    assert float(beacon["wpan-tap.rss"]) == -62
    scanned = fields(pcap, "wpan-tap.ch_num", only="wpan.cmd == 7")
    assert [int(frame["wpan-tap.ch_num"]) for frame in scanned][:16] == list(range(11, 27))


def test_the_keys_file_says_what_each_key_is_for_once(pcap: Path) -> None:
    lines = keys_path(pcap).read_text().splitlines()
    assert lines[0].startswith("#")
    assert lines[1:] == [
        f'"{NETWORK_KEY.hex(":")}","Normal","network key {HUB}"',
        f'"{LINK_KEY.hex(":")}","Normal","link key {HUB} {HHT}"',
    ]


@pytest.mark.shared
def test_a_reference_message_in_the_tunnel_is_read_as_its_use_case(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "rtds" / "messages" / "8.11_CCS01"
    command = bytes.fromhex((folder / "CCS01_8.11_SUCCESS_COMMAND_GBCS.HEX").read_text())
    pcap = tmp_path / "tunnel.pcap"

    async def carry() -> None:
        bench = Bench()
        PcapWriter.on(bench.air, pcap)
        bench.hub.form(CHANNEL, 0x4321, HUB, NETWORK_KEY)
        await bench.join()
        await bench.to_hub(bytes.fromhex("0105020000") + command)

    asyncio.run(carry())
    assert complaints(pcap) == []
    assert "CCS01 Add Device to CHF device log" in tshark(pcap, "-Y", "gbcs_message")


def test_the_hhts_ccs01_in_inter_pan_fragments_is_read_without_complaint(tmp_path: Path) -> None:
    profile, pcap = load_profile(), tmp_path / "admission.pcap"
    writer = PcapWriter(pcap)
    code = InstallCode(bytes(16))
    for counter in range(40):
        payload = build_admission(profile, HHT, code, HUB, counter)
        zcl = admission_frame(profile, payload, counter).encode()
        message = InterPanFrame(HHT, 0xFFFF, HUB, 0xFFFF, 0, profile.admission_cluster, zcl)
        for index, raw in enumerate(secured_frames(message, LINK_KEY, counter, profile)):
            writer.write(Transmission(raw, CHANNEL, 1e9 + counter, HHT))
            taken = replace(message, payload=FragmentAnswer(index, 0).encode())
            writer.write(Transmission(taken.encode(), CHANNEL, 1e9 + counter, HUB))
    writer.close()
    assert complaints(pcap) == []


def test_a_killed_process_leaves_a_capture_that_can_be_read(tmp_path: Path) -> None:
    pcap = tmp_path / "killed.pcap"
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from hht.entity_id import EntityId\n"
        "from hht.simulator.air.air import Transmission\n"
        "from hht.simulator.air.pcap import PcapWriter\n"
        "writer = PcapWriter(Path(sys.argv[1]))\n"
        "writer.add_key('network key', bytes(16))\n"
        "frame = bytes.fromhex('030808ffffffff07')\n"
        "for at in range(20):\n"
        "    writer.write(Transmission(frame, 15, 1e9 + at, EntityId(bytes(8))))\n"
        "print('written', flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(pcap)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "written\n"
        os.kill(child.pid, signal.SIGKILL)
    assert tshark(pcap).count("Beacon Request") == 20
    assert complaints(pcap) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_capture_on_a_full_disk_names_its_file() -> None:
    with pytest.raises(OSError, match="No space left") as refused:
        PcapFile(Path("/dev/full"))
    assert refused.value.filename == "/dev/full"


def test_the_keys_are_a_new_file_for_their_owner_alone(tmp_path: Path) -> None:
    other, pcap = tmp_path / "other", tmp_path / "air.pcap"
    other.write_text("somebody's")
    keys_path(pcap).symlink_to(other)
    PcapWriter(pcap).close()
    assert other.read_text() == "somebody's"
    assert keys_path(pcap).stat().st_mode & 0o777 == 0o600
