"""Clients of other makers find an NCP behind the virtual one, and a network on its air."""

import asyncio
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from radio_lab import CHANNEL, HUB, PAN_ID, Lab, lab

from hht.entity_id import EntityId
from hht.simulator.stack.node import RadioNode

pytestmark = [
    pytest.mark.foreign,
    pytest.mark.whole_program,
    pytest.mark.real_time("the clients are processes of their own"),
]

HERE = Path(__file__).parent
HERDSMANS = EntityId(b"\xdd" * 8)
WELL_KNOWN_KEY = b"ZigBeeAlliance09"
NEWCOMER = EntityId.parse("00-DB-12-34-56-78-90-C2")
PATIENCE = 60.0  # seconds that any client is given; they take 1 to 6


async def run(*command: object) -> tuple[int, str]:
    """Run a client beside this loop, which serves its NCP; exit code and all it printed."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return await finished(process)


async def finished(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Tell a client by the end of its input to come to its own end."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(PATIENCE):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, output.decode(errors="replace")


def tcp(at: Lab) -> str:
    return at.address.replace("socket", "tcp")


async def node_script(folder: Path, *arguments: object) -> asyncio.subprocess.Process:
    """Start a script of this folder with the modules of another."""
    return await asyncio.create_subprocess_exec(
        "node",
        *map(str, arguments),
        env=os.environ | {"NODE_PATH": str(folder / "node_modules")},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def next_event(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        line = await process.stdout.readline()
    if not line:
        assert process.stderr is not None
        raise AssertionError((await process.stderr.read()).decode())
    event: dict[str, Any] = json.loads(line)
    return event


@pytest.mark.parametrize(("version", "revision"), [(13, "7.4.3 [GA]"), (18, "8.2.2 [GA]")])
async def test_zigbee_herdsmans_ember_adapter_forms_a_network_and_lets_a_device_in(
    version: int, revision: str, herdsman: Path, tmp_path: Path
) -> None:
    async with lab(version) as at:
        client = await node_script(herdsman, HERE / "form.cjs", tcp(at), tmp_path)
        began = await next_event(client)
        assert (began["started"], began["version"]["meta"]["revision"]) == ("reset", revision)
        (beacon,) = await at.hub.active_scan([20], 100)
        assert (beacon.pan_id, beacon.extended_pan_id) == (0x1234, HERDSMANS)
        assert beacon.permit_joining
        joined = await RadioNode(at.air, NEWCOMER).join(20, 0x1234, HERDSMANS, WELL_KNOWN_KEY)
        assert joined.ok
        assert await next_event(client) == {"joined": "0x" + NEWCOMER.hex()}
        client.kill()  # it would go on asking the newcomer about itself
        await finished(client)


@pytest.mark.parametrize("version", [13, 18])
async def test_zigbee_herdsman_finds_the_network_that_it_formed_the_last_time(
    version: int, herdsman: Path, tmp_path: Path
) -> None:
    async with lab(version) as at:
        starts = []
        for _ in range(2):
            client = await node_script(herdsman, HERE / "form.cjs", tcp(at), tmp_path)
            starts.append((await next_event(client))["started"])
            await finished(client)
        assert starts == ["reset", "resumed"]


# What the two clients read differently: of these one of them must be wrong, and no frame is known.
DISAGREED = {
    13: {"ezspGpSinkTableGetEntry", "ezspImportKey"},
    18: {"ezspGpSinkTableGetEntry", "ezspLookupNodeIdByEui64", "ezspSetManufacturerCode"},
}


@pytest.mark.parametrize("version", [13, 18])
async def test_zigbee_herdsman_reads_every_answer_to_its_last_byte(
    version: int, herdsman: Path
) -> None:
    async with lab(version) as at:
        client = await node_script(herdsman, HERE / "read_answers.cjs", tcp(at), version)
        found = await next_event(client)
        await finished(client)
        assert set(found["unread"]) == DISAGREED[version]
        assert found["read"] > 100


async def zigpy(programs: Path, at: Lab, *arguments: str) -> str:
    code, output = await run(programs / "zigpy", "radio", "ezsp", at.address, *arguments)
    assert code == 0, output
    return output


VERSIONS: Sequence[int] = (8, 13, 18)


@pytest.mark.parametrize("version", VERSIONS)
async def test_zigpy_cli_forms_a_network_reads_it_back_and_scans(
    version: int, programs: Path
) -> None:
    async with lab(version) as at:
        await zigpy(programs, at, "form")
        assert at.node.is_coordinator
        info = await zigpy(programs, at, "info")
        assert re.search(r"Device NWK: +0x0000", info)
        key = re.search(r"Network key: +([0-9a-f:]+)", info)
        assert key is not None
        assert bytes.fromhex(key[1].replace(":", "")) == at.node.network.key
        energy = await zigpy(programs, at, "energy-scan", "-n", "1")
        channels = re.findall(r"(\d\d)[] *]* +\d+\.\d\d%", energy)
        assert set(map(int, channels)) == set(range(11, 27))
        networks = await zigpy(programs, at, "network-scan", "-n", "16")
        seen = f"channel: {CHANNEL}, network: 0x{PAN_ID:04X} ({HUB.hex(':')})"
        assert seen.lower() in networks.lower()


@pytest.mark.parametrize("version", VERSIONS)
async def test_bellows_tells_of_the_network(version: int, programs: Path) -> None:
    async with lab(version) as at:
        await zigpy(programs, at, "form")
        code, info = await run(programs / "bellows", "-d", at.address, "info")
        assert code == 0, info
        assert "hht training" in info
        assert "EmberNodeType.COORDINATOR" in info


@pytest.mark.parametrize("version", [8, 13])
async def test_bellows_scans_for_networks_and_for_energy(version: int, old_programs: Path) -> None:
    async with lab(version) as at:
        scan = (old_programs / "bellows", "-d", at.address, "scan")
        code, networks = await run(*scan)
        assert code == 0, networks
        assert f"channel={CHANNEL}, panId=0x{PAN_ID:04X}" in networks
        code, energy = await run(*scan, "--energy")
        assert code == 0, energy
        assert len(re.findall(r"^\[\d\d, -\d+\]$", energy, re.MULTILINE)) == 16


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_flasher_detects_ezsp_and_its_firmware(version: int, programs: Path) -> None:
    async with lab(version) as at:
        flasher = programs / "universal-silabs-flasher"
        probing = ("--probe-methods", "ezsp:115200", "--device", at.address, "probe")
        code, output = await run(flasher, *probing)
        assert code == 0, output
        release = {8: "6.7.0.0", 13: "7.4.3.0", 18: "8.2.2.0"}[version]
        assert f"Detected ApplicationType.EZSP, version '{release} build 0'" in output
