"""What a server on the network is that has no dongle behind it, by what it sends.

Formats: Telnet, RFC 854, its option for serial ports RFC 2217; SSH, RFC 4253; HTTP, RFC 9112; TLS
alerts, RFC 8446; CONNACK of MQTT 3.1.1 and 5 (OASIS); replies of mail and file servers, RFC 5321
and 959; PJL, by which printers answer.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from hht.clock import Clock
from hht.radio.opening.answer import SURE, Answer

_ELSEWHERE = "Write the port at which the dongle's server serves it; its settings show which."
_COM_PORT_OPTION = b"\x2c"  # of RFC 2217
_HTTP = b"GET / HTTP/1.0\r\n\r\n"
# CONNECT of MQTT 3.1.1 with a clean session, 60 s to keep alive and no client id.
_MQTT = bytes.fromhex("10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00")
QUESTIONS = (_HTTP, _MQTT)
"""For servers that close without a word what begins in no way they know: each on its own."""
ASKING_SECONDS = 1.0  # servers answer within milliseconds, over a mobile network some hundred
_FIRST_BYTES = 512  # enough to see what a server is

_PORTS = {
    **{22: "an SSH server", 23: "a Telnet server", 80: "a web server", 443: "a web server"},
    **{515: "a printer", 631: "a printer", 9100: "a printer"},
    **{1883: "an MQTT broker", 8883: "an MQTT broker", 8080: "a web server"},
    **{8123: "Home Assistant", 5353: "a name server", 53: "a name server"},
}
"""What mostly listens at a port that says nothing."""


def _telnet(heard: bytes) -> Answer | None:
    """Recognise Telnet by the options it offers at the beginning, of which one is RFC 2217's."""
    offered = re.match(rb"(\xff[\xfb-\xfe][\x00-\x31])+", heard)
    if offered is None:
        return None
    if re.search(rb"\xff[\xfb\xfd]" + _COM_PORT_OPTION, offered[0]):
        what = "This is a server of serial ports by RFC 2217, which socket:// does not speak"
        return Answer(what, "Write rfc2217:// instead of socket://.", SURE)
    remedy = f"{_ELSEWHERE} If it is this one, have it served as plain TCP, without Telnet."
    return Answer("This is a Telnet server", remedy, SURE)


_PATTERNS = (
    (rb"SSH-\d|Invalid SSH", "This is an SSH server"),
    (rb"(?i)HTTP/\d\.\d \d{3}|<!DOCTYPE html|<html", "This is a web server"),
    (rb"RTSP/\d\.\d \d{3}", "This is a video server"),
    (rb"\A\x15\x03[\x00-\x04]\x00\x02", "This is a server that speaks TLS, such as a web server"),
    (rb"\A\x20[\x02-\x7f]\x00[\x00-\x9f]", "This is an MQTT broker"),
    (rb"@PJL", "This is a printer"),
    (rb"\A(220[ -]|\* OK|\+OK)", "This is a mail or file server"),
    (rb"\ARFB \d{3}\.\d{3}\n", "This is a server of screens (VNC)"),
    (rb"\A-(ERR|NOAUTH|DENIED|MISCONF)\b", "This is a Redis database"),
    (rb"(?s)\A.{3}\0(\x0a[\d.]+|\xff.\x04)[ -~]*", "This is a MySQL database"),
    (rb'\A\{"class":"VERSION"', "This is a GPS server (gpsd)"),
    (rb"\A(@RSYNCD:|AMQP|OK MPD)", "This is a server of another kind"),
)
# What serial servers say before they close: ser2net's words, and those of others like it.
_REFUSALS = (
    (
        r"(?i)\b(already )?in use\b|\bbusy\b|too many|(maximum|limit).{0,20}(connection|client)",
        "The server says that somebody else uses the dongle ('{}')",
        "Close the program that uses the dongle through it, or start it again.",
    ),
    (
        r"(?i)denied|not allowed|unauthori[sz]ed|forbidden",
        "The server refuses this computer ('{}')",
        "Allow it in the server's settings.",
    ),
    (
        r"(?i)failed open|open fail|(cannot|can't|unable to|failed to) open|no such (file|device)",
        "The server cannot open the dongle's port ('{}')",
        "Plug the dongle in at the server, and check the port in its settings.",
    ),
)
_QUOTED = 40  # characters of a server's words in our line
_GREETING = re.compile(rb"\s*ser2net port [^\r\n]*\s*")


def without_greeting(heard: bytes) -> bytes:
    """Leave out the banner by which ser2net names its port: what follows comes from the line."""
    return _GREETING.sub(b"", heard)


def _pattern(heard: bytes) -> Answer | None:
    found = (what for pattern, what in _PATTERNS if re.search(pattern, heard))
    what = next(found, None)
    return Answer(what, _ELSEWHERE, SURE) if what else None


def _refusal(heard: bytes) -> Answer | None:
    """Recognise one line by which a server refuses a connection."""
    text = heard.decode("ascii", "replace").strip()
    if not text.isprintable():
        return None
    for pattern, what, remedy in _REFUSALS:
        if re.search(pattern, text):
            return Answer(what.format(text[:_QUOTED]), remedy, SURE)
    return None


LOOKS: tuple[Callable[[bytes], Answer | None], ...] = (_telnet, _pattern, _refusal)


def usual_at(url: str) -> str:
    """Say in brackets what mostly listens at that port; "" for a port without a meaning."""
    port = urlsplit(url).port
    return f" (port {port} is mostly that of {_PORTS[port]})" if port in _PORTS else ""


async def ask_again(url: str, question: bytes, clock: Clock) -> bytes:
    """Connect once more, ask, and return what comes first; b"" for nothing."""
    address = urlsplit(url)
    with contextlib.suppress(OSError):  # a TimeoutError is one, too
        async with clock.timeout(ASKING_SECONDS):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            try:
                writer.write(question)
                return await reader.read(_FIRST_BYTES)
            finally:
                writer.close()
    return b""
