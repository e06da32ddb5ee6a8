"""A dongle that does not open says why in one line, with what to do."""

import asyncio
import errno

import pytest
from radio_lab import lab, opened
from virtual_time import virtual_loop

from hht.radio.dongle import Dongle
from hht.radio.errors import DongleAbsent, DongleError, FirmwareUnfit, WrongDevice
from hht.radio.ezsp.bellows_adapter import Firmware
from hht.radio.ezsp.opening import MESH_STACK, check_firmware
from hht.radio.opening.open_errors import explain


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("/dev/no-such-dongle", "/dev/no-such-dongle: There is no dongle here. Plug it in"),
        ("/dev/null", "/dev/null: This is no serial port"),
        (__file__, "This is no serial port"),
        ("/", "/: This is a folder, not a dongle. Name the dongle's port"),
        ("ttyUSB97", "There is no dongle here. Write the whole path, such as /dev/ttyUSB97, and"),
        ("null", "null: There is no dongle here. Write /dev/null."),
        ("socket://127.0.0.1:1", "Nothing listens here. Start the simulated hub"),
        ("socket://no-such-host.invalid:1", "No computer of that name is known. Check"),
        ("127.0.0.1:1", "Write socket://127.0.0.1:1"),
    ],
)
async def test_an_address_that_leads_nowhere(url: str, says: str) -> None:
    start = virtual_loop().time()
    with pytest.raises(DongleAbsent) as failed:
        await Dongle.open(url)
    assert says in str(failed.value)
    assert "\n" not in str(failed.value)
    assert virtual_loop().time() - start < 5


async def test_a_dongle_that_another_program_uses() -> None:
    async with lab(line="pty") as at, opened(at):
        with pytest.raises(DongleAbsent, match="Another program is using the dongle"):
            await Dongle.open(at.address)


def test_a_server_that_no_network_leads_to_is_no_serial_port() -> None:
    error = explain(OSError(errno.EHOSTUNREACH, "No route to host"), "socket://10.0.0.9:6638")
    assert "The dongle's server cannot be reached (No route to host)" in str(error)
    assert "ttyUSB" not in str(error)


def test_a_dongle_that_this_user_may_not_open() -> None:
    error = explain(PermissionError(errno.EACCES, "Permission denied"), "/dev/ttyUSB0")
    assert isinstance(error, DongleAbsent)
    assert "Add the user to the group dialout" in str(error)


async def test_a_device_that_speaks_something_else_is_no_dongle() -> None:
    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(b"OK\r\n" + data)

    server = await asyncio.start_server(chatter, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(WrongDevice):
        await Dongle.open(f"socket://127.0.0.1:{port}", patience=0.2)
    server.close()


def test_firmware_before_ezsp_8_is_refused() -> None:
    with pytest.raises(FirmwareUnfit, match=r"EZSP 7.*Update its firmware"):
        check_firmware(Firmware(7, MESH_STACK, 0x6600), "/dev/ttyUSB0")
    check_firmware(Firmware(8, MESH_STACK, 0x6700), "/dev/ttyUSB0")
    assert Firmware(8, MESH_STACK, 0x6A30).stack_name == "6.10.3.0"
    assert str(Firmware(8, MESH_STACK, 0x6A30)) == "EmberZNet 6.10.3.0, EZSP 8"


async def test_an_unknown_way_of_reception_is_a_mistake_of_the_caller() -> None:
    async with lab() as at:
        with pytest.raises(ValueError, match="either, mac-filter, mfglib"):
            await Dongle.open(at.address, reception="ouija")


async def test_a_cancelled_opening_lets_go_of_the_port() -> None:
    async with lab(line="pty") as at:
        at.server.faults.silent = True
        opening = asyncio.create_task(Dongle.open(at.address))
        await asyncio.sleep(0.1)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        at.server.faults.silent = False
        async with opened(at):
            pass


async def test_every_failure_is_a_dongle_error() -> None:
    for url in ("/dev/null", "socket://127.0.0.1:1", "socket://", ""):
        with pytest.raises(DongleError):
            await Dongle.open(url)
