"""A server on the network that has no dongle behind it is named, with where to look instead."""

import contextlib
import http.server
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from line_doubles import Thing, on_socket

from hht.radio.dongle import Dongle
from hht.radio.errors import DongleAbsent, DongleError, WrongDevice
from hht.radio.opening import on_the_network
from hht.radio.opening.answer import SURE
from hht.radio.opening.answers import recognise

PATIENCE = 0.05  # seconds; every server here answers at once
CONNECT = bytes.fromhex("10 0C 00 04 4D 51 54 54")


def closing(answer: Callable[[bytes], bytes]) -> Thing:
    """Make a server that answers once and closes, or closes where it has no answer."""
    thing = Thing()

    def answer_and_close(heard: bytes) -> bytes:
        if said := answer(heard):
            thing.send(said)
        thing.hang_up()
        return b""

    thing.answer = answer_and_close
    return thing


SERVERS = {
    "SSH": (lambda: Thing(banner=b"SSH-2.0-OpenSSH_9.2p1\r\n"), "an SSH server"),
    "web": (lambda: closing(lambda heard: b"HTTP/1.1 400 Bad Request\r\n\r\n"), "a web server"),
    "web that is silent to what is no HTTP": (
        lambda: closing(lambda heard: b"HTTP/1.0 200 OK\r\n\r\n" if heard[:3] == b"GET" else b""),
        "a web server",
    ),
    "TLS": (lambda: closing(lambda heard: bytes.fromhex("15 03 01 00 02 02 46")), "speaks TLS"),
    "MQTT": (
        lambda: closing(lambda heard: b"\x20\x02\0\0" if heard.startswith(CONNECT) else b""),
        "an MQTT broker",
    ),
    "Telnet": (lambda: Thing(banner=bytes.fromhex("FF FD 18 FF FB 01") + b"login: "), "Telnet"),
    "RFC 2217": (
        lambda: Thing(banner=bytes.fromhex("FF FB 01 FF FD 00 FF FB 2C")),
        "RFC 2217.*Write rfc2217://",
    ),
    "printer": (lambda: Thing(lambda heard: b'@PJL INFO ID\r\n"LaserJet"\r\n'), "a printer"),
    "mail": (lambda: Thing(banner=b"220 mail.example ESMTP\r\n"), "a mail or file server"),
}


@contextlib.asynccontextmanager
async def refused(thing: Thing, kind: type[DongleError], says: str) -> AsyncIterator[None]:
    async with on_socket(thing) as address:
        with pytest.raises(kind, match=says) as failed:
            await Dongle.open(address, patience=PATIENCE)
        yield
    assert failed.value.where == address
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("name", SERVERS)
async def test_it_is_named(name: str) -> None:
    make, says = SERVERS[name]
    async with refused(make(), WrongDevice, says):
        pass


async def test_one_that_closes_whatever_is_asked_is_said_to_close() -> None:
    async with refused(closing(lambda heard: b""), DongleAbsent, "closes the connection at once"):
        pass


@pytest.fixture
def web_server() -> Iterator[str]:
    """Python's own web server, which answers what is no request with status 400."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield f"socket://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    serving.join()
    server.server_close()


async def test_a_real_web_server_is_named(web_server: str) -> None:
    with pytest.raises(WrongDevice, match="This is a web server"):
        await Dongle.open(web_server, patience=PATIENCE)


BUSY = b"Port's device already in use\r\n"
BANNER = b"\r\nser2net port tcp,2000 device serialdev, /dev/ttyUSB0 [115200n81] (Debian)\r\n\r\n"


@pytest.mark.parametrize(
    ("heard", "what", "remedy"),
    [
        (b"Port already in use\r\n", "somebody else uses the dongle", "Close the program"),
        (BUSY, "somebody else uses the dongle ('Port's device", "Close the program"),
        (b"ERROR: too many clients\n", "somebody else uses the dongle", "Close the program"),
        (b"Accessed denied due to your net address\r\n", "refuses this computer", "Allow it"),
        (b"Port's device failed open\r\n", "cannot open the dongle's port", "Plug the dongle in"),
        (BANNER, "no dongle answers behind it", "Check in its settings"),
        (BANNER + b"$GPGGA,120000,5130.0,N\r\n", "a GPS receiver", "own port"),
        (b"Welcome to gateway 7\r\n", "'Welcome to gateway 7', and no dongle", "Check in its"),
        (b"RFB 003.008\n", "(VNC)", "Write the port"),
        (b"-ERR unknown command '\x1a\xc08\xbc~'\r\n", "a Redis database", "Write the port"),
        (b"J\0\0\0\n8.0.35\0\x08\0\0\0", "a MySQL database", "Write the port"),
        (b'{"class":"VERSION","release":"3.22"}\r\n', "gpsd", "Write the port"),
    ],
)
def test_what_a_server_says_is_no_reason_for_other_firmware(
    heard: bytes, what: str, remedy: str
) -> None:
    answer = recognise(heard, at_server=True)
    assert what in answer.what
    assert remedy in answer.remedy
    assert "firmware" not in answer.remedy


async def test_a_server_that_says_it_is_in_use_and_closes_is_quoted() -> None:
    async with refused(closing(lambda heard: BUSY), WrongDevice, "somebody else uses the dongle"):
        pass


def test_a_server_that_refuses_whatever_it_is_sent_is_no_modem() -> None:
    heard = b"ERROR\r\nERROR\r\n"  # of memcached, to a reset and to AT
    assert "The server sends 'ERROR', and no dongle" in recognise(heard, at_server=True).what
    for heard in (b"\r\nERROR\r\n\r\nERROR\r\n", b"AT\r\r\nOK\r\n"):
        assert "modem" in recognise(heard, at_server=True).what


@pytest.mark.parametrize(
    ("port", "says"), [(1883, "MQTT broker"), (9100, "printer"), (22, "SSH"), (6638, "")]
)
def test_a_port_that_says_nothing_is_named_by_its_number(port: int, says: str) -> None:
    said = on_the_network.usual_at(f"socket://host:{port}")
    assert says in said if says else said == ""


@pytest.mark.parametrize(
    "heard", [b"\xff\xfb\x2c", b"\x15\x03\x01\x00\x02\x02\x46", b"\x20\x02\0\0"]
)
def test_on_a_serial_line_such_bytes_are_nothing_of_the_network(heard: bytes) -> None:
    assert recognise(heard).rank < SURE
