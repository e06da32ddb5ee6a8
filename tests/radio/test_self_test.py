"""The check of a dongle says in one line what it is or what is wrong."""

import asyncio
import json
import sys
from pathlib import Path

from radio_lab import HHT, HUB, lab

from hht.radio import self_test
from hht.radio.ports import Port, list_ports, the_dongle
from hht.radio.self_test import check_dongle


async def test_a_good_dongle_is_described() -> None:
    async with lab() as at:
        found = await check_dongle(at.address, hht=HHT)
        assert found.ok
        assert found.line == (
            f"{at.address}: EZSP 13, board hht training, EUI-64 {HHT}, "
            "1 network heard on channels 11 to 26, inter-PAN set up"
        )
        assert (found.eui64, found.ezsp_version, found.networks) == (HHT, 13, 1)


async def test_a_dongle_that_hears_nothing_is_still_good() -> None:
    async with lab() as at:
        at.hub.power_off()
        found = await check_dongle(at.address)
    assert found.ok
    assert "no networks heard" in found.line


async def test_the_dongle_of_another_handheld_is_not_fit() -> None:
    async with lab() as at:
        found = await check_dongle(at.address, hht=HUB)
    assert not found.ok
    assert str(HHT) in found.line
    assert "certificate" in found.line


async def test_an_absent_dongle_has_its_line() -> None:
    found = await check_dongle("/dev/no-such-dongle")
    assert (found.ok, found.eui64) == (False, None)
    assert found.line.startswith("/dev/no-such-dongle: There is no dongle here.")


async def test_a_silent_dongle_has_its_line() -> None:
    async with lab(line="pty") as at:
        at.server.faults.silent = True
        found = await check_dongle(at.address, patience=0.2)
    assert not found.ok
    assert "Nothing answers" in found.line


async def test_a_dongle_lost_during_the_check_has_its_line() -> None:
    async with lab() as at:
        at.server.faults.break_at = 12
        found = await check_dongle(at.address)
    assert not found.ok
    assert "went away" in found.line


async def test_the_doctor_examines_the_dongle(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from hht.cli.main import run; run()"]
    async with lab() as at:
        doctor = await asyncio.create_subprocess_exec(
            *(
                *program,
                "doctor",
                "--json",
                "--data-dir",
                str(tmp_path / "new"),
                "--radio",
                at.address,
            ),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(doctor.communicate(), 20)
    row = json.loads(said.splitlines()[-1])
    assert (row["check"], row["holds"]) == ("dongle", True)
    assert "1 network heard" in row["found"]


def test_the_check_scans_each_channel_for_77_ms() -> None:
    assert (2**self_test._SCAN_DURATION + 1) * 15.36 == 76.8


def test_ports_of_known_vendors_are_likely_dongles() -> None:
    dongle = Port("/dev/serial/by-id/a", 0x10C4, 0xEA60, "Nabu Casa", "SkyConnect v1.0")
    printer = Port("/dev/ttyUSB1", 0x067B, 0x2303)
    builtin = Port("/dev/ttyS0")
    assert [port.likely for port in (dongle, printer, builtin)] == [True, False, False]
    assert str(dongle) == "/dev/serial/by-id/a  Nabu Casa SkyConnect v1.0 [10c4:ea60]"
    assert str(builtin) == "/dev/ttyS0  serial port"
    assert the_dongle([builtin, dongle, printer]) is dongle
    assert the_dongle([dongle, dongle]) is None
    assert the_dongle([builtin]) is None


def test_the_ports_of_this_machine_can_be_listed() -> None:
    ports = list_ports()
    assert ports == sorted(ports, key=lambda port: (not port.likely, port.path))
