"""The hub as a process of its own: its address, its end, and what it is after it was killed."""

import json
import os
import shutil
import signal
import sys
import time
from subprocess import PIPE

import pytest
import warm_start
from hub_stage import copy_of
from patience import PATIENCE
from tshark_judge import complaints, fields

from hht.hub_profile import load_profile
from hht.radio.checking.echo import check_echo
from hht.radio.dongle import Dongle
from hht.session.admission import admission
from hht.session.discovery import find_hubs
from hht.session.identity import load_identity
from hht.session.membership import agree_han_key, join_han, leave_han
from hht.session.tunnel_opening import open_tunnel
from hht.simulator.launcher import HubProcess

pytestmark = pytest.mark.real_time("the hub is a process of its own")


@pytest.fixture
def run_dir(site, tmp_path):
    return copy_of(site, tmp_path / "run").run_dir


@pytest.fixture
def start():
    """Start hub processes, and end those that still run."""
    running = []

    def start(run_dir, *options, **keywords):
        command = [sys.executable, "-m", "hht.simulator.process", "--run-dir", str(run_dir)]
        pipes = {"stdout": PIPE, "stderr": PIPE, **keywords}
        process = warm_start.Popen([*command, *options], **pipes)
        running.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


async def visit(address, run_dir, chf):
    """Connect, open the tunnel, leave."""
    profile, identity = load_profile(), load_identity(run_dir / "hht-identity.json")
    dongle = await Dongle.open(address)
    try:
        assert dongle.eui64 == identity.entity_id
        hub = (await find_hubs(dongle, [15]))[0]
        async with admission(dongle, hub, identity, profile) as asking:
            await asking.agree_link_key()
            await asking.register(chf)
        han = await join_han(dongle, hub, identity)
        await agree_han_key(han, identity)
        tunnel = await open_tunnel(han, profile)
        first = await tunnel.receive()
        await leave_han(dongle, tunnel, lambda message: None)
        return first
    finally:
        await dongle.close()


@pytest.mark.parametrize(
    "options", [("--ezsp", "8"), ("--ezsp", "14", "--latency", "1"), ("--pty",)]
)
async def test_an_hht_gets_in_through_the_address_that_is_printed(start, site, run_dir, options):
    _, address = start(run_dir, *options)
    assert address.startswith("/dev/" if "--pty" in options else "socket://127.0.0.1:")
    assert await visit(address, run_dir, site.spec.hub.chf)


async def test_the_same_dongle_can_be_opened_again(start, site, run_dir):
    _, address = start(run_dir)
    for _ in range(2):
        assert await visit(address, run_dir, site.spec.hub.chf)


async def test_a_killed_hub_comes_back_with_its_logs_and_counters(start, site, run_dir):
    process, address = start(run_dir)
    await visit(address, run_dir, site.spec.hub.chf)
    process.kill()
    process.wait()
    before = json.loads((run_dir / "hub-state.json").read_text())
    _, address = start(run_dir)
    assert await visit(address, run_dir, site.spec.hub.chf)
    after = json.loads((run_dir / "hub-state.json").read_text())
    chf = site.spec.hub.chf.hex()
    counter = "alert_counter"
    assert after["premises"]["devices"][chf][counter] > before["premises"]["devices"][chf][counter]
    assert after["network"]["frame_counter"] > before["network"]["frame_counter"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_in_order(start, run_dir, number):
    process, _ = start(run_dir)
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    assert process.stderr.read() == ""


def test_the_end_of_its_parent_ends_the_process(start, run_dir):
    process, _ = start(run_dir, "--with-parent", stdin=PIPE)
    time.sleep(0.1)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(PATIENCE) == 0


def test_the_launcher_starts_and_stops_it(run_dir):
    with HubProcess.start(run_dir, ["--seed", "3"]) as hub:
        assert hub.address.startswith("socket://")
    assert hub.process.returncode == 0


async def test_a_second_dongle_on_the_same_air_has_an_address_and_an_eui_64_of_its_own(run_dir):
    with HubProcess.start(run_dir, ["--peer-port", "0"]) as hub:
        first = await Dongle.open(hub.address)
        second = await Dongle.open(hub.next_address())
        try:
            point = await check_echo(first, second, "mac-filter")
        finally:
            await first.close()
            await second.close()
    assert point.holds
    assert first.eui64 != second.eui64


def test_a_folder_without_a_site_is_one_line(start, tmp_path):
    process, said = start(tmp_path)
    assert process.wait(PATIENCE) == 1
    assert said == ""
    (line,) = process.stderr.read().splitlines()
    assert str(tmp_path) in line
    assert "no training site" in line


def test_a_port_that_is_taken_is_one_line(start, run_dir, tmp_path):
    _, address = start(run_dir)
    port = address.rpartition(":")[2]
    other = tmp_path / "other"
    shutil.copytree(run_dir, other)
    process, said = start(other, "--port", port)
    assert process.wait(PATIENCE) == 1
    assert said == ""
    (line,) = process.stderr.read().splitlines()
    assert port in line
    assert "Errno" not in line


@pytest.mark.tshark
async def test_tshark_reads_the_whole_visit(start, site, run_dir):
    pcap = run_dir / "visit.pcap"
    process, address = start(run_dir, "--pcap", str(pcap))
    await visit(address, run_dir, site.spec.hub.chf)
    process.terminate()
    process.wait()
    # tshark cannot open inter-PAN frames without the extended nonce, and warns that it cannot.
    assert complaints(pcap, among="!(zbee_aps.type == 3 && zbee_aps.security == 1)") == []
    read = {line["frame.protocols"] for line in fields(pcap, "frame.protocols")}
    for layers in ("zbee_beacon", "zbee_zcl_se.ke", "zbee_zcl_se.tun:gbcs_tunnel:gbcs_message"):
        assert any(layers in protocols for protocols in read), layers
    assert os.stat(pcap).st_size > 5000


def test_a_hub_whose_folder_goes_ends_with_one_line(start, run_dir):
    process, _ = start(run_dir)
    (run_dir / "site.json").unlink()
    assert process.wait(PATIENCE) == 1
    (line,) = process.stderr.read().splitlines()
    assert str(run_dir) in line
    assert "has gone" in line
