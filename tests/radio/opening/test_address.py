"""What --radio accepts, and what is said of what it does not."""

import os
import sys
from pathlib import Path

import pytest

from hht.radio.dongle import Dongle
from hht.radio.errors import DongleAbsent
from hht.radio.opening.address import RadioAddress, parse_address
from hht.radio.opening.lines import Flow


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/dev/ttyUSB0", RadioAddress("/dev/ttyUSB0")),
        (" /dev/ttyUSB0 \n", RadioAddress("/dev/ttyUSB0")),
        ("COM3", RadioAddress("COM3")),
        ("/dev/ttyUSB0 ?baud=460800", RadioAddress("/dev/ttyUSB0", 460800)),
        ("/dev/ttyUSB0?baud=460800", RadioAddress("/dev/ttyUSB0", 460800)),
        (
            "/dev/ttyUSB0?baud=460800&flow=hardware",
            RadioAddress("/dev/ttyUSB0", 460800, Flow.HARDWARE),
        ),
        ("COM3?flow=none", RadioAddress("COM3", None, Flow.NONE)),
        ("socket://127.0.0.1:6638", RadioAddress("socket://127.0.0.1:6638")),
        ("SOCKET://127.0.0.1:6638/", RadioAddress("socket://127.0.0.1:6638")),
        ("socket://[::1]:1", RadioAddress("socket://[::1]:1")),
        ("rfc2217://host:1?baud=57600", RadioAddress("rfc2217://host:1", 57600)),
    ],
)
def test_an_address_is_read(text: str, address: RadioAddress) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No dongle is named. Write its address (in the app M, Dongle…): /dev/ttyUSB0"),
        ("127.0.0.1:6638", "socket:// is missing. Write socket://127.0.0.1:6638."),
        ("my-hub.local:6638/", "socket:// is missing. Write socket://my-hub.local:6638."),
        ("[::1]:6638", "socket:// is missing. Write socket://[::1]:6638."),
        ("tcp://127.0.0.1:1", "tcp:// begins no address of a dongle. Write socket://127.0.0.1:1."),
        (
            "esphome://x:1?key=secret",
            "esphome:// begins no address of a dongle. Write socket://x:1.",
        ),
        ("http://x:1", "http:// begins no address of a dongle. Write socket://x:1."),
        (
            "file:///dev/ttyUSB0",
            "file:// does not belong before a serial port. Write /dev/ttyUSB0.",
        ),
        ("socket://127.0.0.1", "no host and port"),
        ("socket://127.0.0.1:99999", "no number from 1 to 65535. Write socket://127.0.0.1:PORT."),
        ("socket://127.0.0.1:abc", "no number from 1 to 65535"),
        ("::1", "Write socket://[::1]:PORT."),
        (
            "/dev/ttyUSB0:115200",
            "not written as an address has it. Write /dev/ttyUSB0?baud=115200.",
        ),
        ("COM3,460800,8N1", "Write COM3?baud=460800."),
        ("socket://hub.local:1/dongle", "More than a host and a port is in the address. Write"),
        ("socket://me:secret@[::1]:1", "in the address. Write socket://[::1]:1."),
        ("socket://", "Write socket://HOST:PORT."),
        ("http://my-hub/index.html", "begins no address of a dongle. Write socket://my-hub:PORT."),
        ("https://my-hub:1/x", "https:// begins no address of a dongle. Write socket://my-hub:1."),
        ("127.0.0.1", "of the dongle's server are missing. Write socket://127.0.0.1:PORT."),
        ("localhost", "Write socket://localhost:PORT."),
        ("my-hub.local", "Write socket://my-hub.local:PORT."),
        ("[::1]", "Write socket://[::1]:PORT."),
        (
            "tcp:127.0.0.1:6638",
            "tcp: begins no address of a dongle. Write socket://127.0.0.1:6638.",
        ),
        ("socket:/my-hub:6638/", "Write socket://my-hub:6638."),
        ("rfc2217:my-hub", "Write rfc2217://my-hub:PORT."),
        ("socket://a..b:1", "names a computer as no network can. Check its spelling"),
        (f"socket://{'x' * 64}.com:1", "names a computer as no network can. Check its spelling"),
        (
            "?baud=460800",
            "No dongle is named. Write its address (in the app M, Dongle…): /dev/ttyUSB0",
        ),
        (
            "/dev/ttyUSB0&baud=460800",
            "not behind a question mark alone. Write /dev/ttyUSB0?baud=460800.",
        ),
        ("/dev/ttyUSB0?baud=fast", "baud=fast is no speed. Write baud=NUMBER from 1 to 4000000"),
        ("/dev/ttyUSB0?baud=0", "baud=0 is no speed"),
        ("/dev/ttyUSB0?baud=9999999", "baud=9999999 is no speed. Write baud=NUMBER from 1 to"),
        ("/dev/ttyUSB0?flow=xyz", "flow=xyz is no flow control. Write flow=none|software|hardw"),
        ("/dev/ttyUSB0?baud=9600&baud=1", "baud is there twice. Write it once: baud=NUMBER"),
        ("/dev/ttyUSB0?speed=9600", "speed is no setting of a line. Write baud=NUMBER"),
        ("/dev/ttyUSB0?a\nb=1", r"a\nb is no setting of a line"),
        ("/dev/ttyUSB0?key=secret", "key is no setting of a line"),
        ("socket://h:1?baud=9600", "A server sets speed and flow control. Set them there"),
    ],
)
def test_another_address_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(DongleAbsent) as refused:
        parse_address(text)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["socket://[::1:6638", "socket://[zz]:1", "rfc2217://[", "/dev/ttyUSB0?baud=" + "9" * 5000],
)
def test_an_address_that_no_library_can_take_apart_is_one_line(text: str) -> None:
    with pytest.raises(DongleAbsent) as caught:
        parse_address(text)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["usage:x", "usb:1-1", "a.b+c-d:"])
def test_what_the_serial_library_may_take_for_a_way_of_its_own_is_refused(text: str) -> None:
    with pytest.raises(DongleAbsent, match="begins no address of a dongle"):
        parse_address(text)


@pytest.mark.parametrize("text", [__file__, "/dev/null", f"{__file__}?baud=460800"])
def test_what_is_there_and_no_serial_port_is_no_address_of_a_dongle(text: str) -> None:
    with pytest.raises(DongleAbsent, match=r"This is no serial port\. Name the dongle"):
        parse_address(text)


def test_a_pipe_is_no_serial_port(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DongleAbsent, match="This is no serial port"):
        parse_address(str(tmp_path / "pipe"))


@pytest.mark.skipif(sys.platform == "win32", reason="the name is right there")
async def test_a_name_of_windows_is_answered_with_one_of_this_system() -> None:
    with pytest.raises(DongleAbsent, match="COM3 is a name of Windows; here it is one such as"):
        await Dongle.open("COM3")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        *(("COM3:115200", "COM3?baud=115200"), ("COM3:", "COM3"), ("COM 3", "COM3")),
        *(("ttyUSB0:115200", "/dev/ttyUSB0?baud=115200"), ("dev/ttyUSB0", "/dev/ttyUSB0")),
        ("cu.usbserial-1410:115200", "/dev/cu.usbserial-1410?baud=115200"),
        ("tty.SLAB_USBtoUART,57600,8N1", "/dev/tty.SLAB_USBtoUART?baud=57600"),
        *(("serial:/dev/ttyUSB0", "/dev/ttyUSB0"), ("file:/dev/ttyUSB0", "/dev/ttyUSB0")),
        *(("serial:ttyUSB0", "/dev/ttyUSB0"), ("serial://COM3", "COM3")),
        *(("socket:///dev/ttyUSB0", "/dev/ttyUSB0"), ("--radio=/dev/ttyUSB0", "/dev/ttyUSB0")),
        *(("/dev/ttyUSB0#baud=9600", "/dev/ttyUSB0?baud=9600"), ("/dev/ttyUSB0/", "/dev/ttyUSB0")),
        ("/dev/ttyUSB0 baud=9600", "/dev/ttyUSB0?baud=9600"),
        ("/dev/ttyUSB0%3Fbaud=9600", "/dev/ttyUSB0?baud=9600"),
        *(("%2Fdev%2FttyUSB0", "/dev/ttyUSB0"), ("/dev/ttyUSB0%20", "/dev/ttyUSB0")),
        *(
            ("'/dev/ttyUSB0'", "/dev/ttyUSB0"),
            ("/dev/ttyUSB0 @ 115200", "/dev/ttyUSB0?baud=115200"),
        ),
        *(("my-hub 6638", "socket://my-hub:6638"), ("my-hub, 6638", "socket://my-hub:6638")),
        *(("socket//my-hub:6638", "socket://my-hub:6638"), ("tcp://cu.hub:1", "socket://cu.hub:1")),
        ("socket:\\\\my-hub:6638", "socket://my-hub:6638"),
        ("socket://my-hub 6638", "socket://my-hub:6638"),
        ("[fe80::1%eth0]:6638", "socket://[fe80::1%eth0]:6638"),
    ],
)
def test_what_is_nearly_an_address_is_answered_with_the_right_one(text: str, address: str) -> None:
    with pytest.raises(DongleAbsent) as refused:
        parse_address(text)
    assert refused.value.remedy == f"Write {address}."
    parse_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0",
        *("cu.usbserial-1410", "ttyUSB0", "com3", "/dev/pts/3"),
    ],
)
def test_a_name_that_a_serial_port_may_have_is_left_to_the_opening(text: str) -> None:
    assert parse_address(text) == RadioAddress(text)
