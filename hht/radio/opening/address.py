"""The address of a dongle as `--radio` has it: a serial port or a URL, and its line where known."""

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from hht.radio.errors import DongleAbsent
from hht.radio.opening.lines import Flow

FORMS = "/dev/ttyUSB0, /dev/ttyUSB0?baud=460800&flow=hardware, COM3 or socket://HOST:PORT"
_FASTEST = 4_000_000  # baud; no USB serial chip goes beyond
_HOST_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:]+\]|[\w.-]+):\d+/?")
# A server has the serial port: neither speed nor flow control can be set from here.
_AT_A_SERVER = ("socket",)
_SCHEMES = (*_AT_A_SERVER, "rfc2217")


@dataclass(frozen=True, slots=True)
class RadioAddress:
    """`url` is what is opened; `baud` and `flow` are None where the address does not have them."""

    url: str
    baud: int | None = None
    flow: Flow | None = None

    @property
    def at_server(self) -> bool:
        """Whether the line is set by a server on the network."""
        return _scheme(self.url) in _AT_A_SERVER

    @property
    def named_line(self) -> str:
        """What the address says of the line, which alone is tried then; "" for nothing."""
        baud = f"baud={self.baud}" if self.baud else ""
        flow = f"flow={self.flow}" if self.flow else ""
        return "&".join(filter(None, (baud, flow)))


def parse_address(text: str) -> RadioAddress:
    """Read a --radio option; DongleAbsent with what to write instead."""
    text = text.strip()
    if not text:
        raise DongleAbsent("No dongle is named", remedy=f"Write its address: {FORMS}.")
    url, _, query = text.partition("?")
    url = _checked_url(url)
    address = RadioAddress(url, *_settings(url, query))
    if address.at_server and query:
        raise _wrong(url, "A server sets speed and flow control", "Set them there, not here.")
    return address


def _scheme(text: str) -> str:
    """Return the part before ://, in small letters; "" for a serial port."""
    scheme, separator, _ = text.partition("://")
    return scheme.lower() if separator else ""


def _checked_url(url: str) -> str:
    scheme = _scheme(url)
    if not scheme:
        if _HOST_AND_PORT.fullmatch(url):
            raise _wrong(url, "socket:// is missing", f"Write socket://{url.rstrip('/')}.")
        return url
    rest = url.partition("://")[2]
    if scheme not in _SCHEMES:
        remedy = f"Write {rest}." if rest.startswith("/") else f"Write socket://{rest}."
        raise _wrong(url, f"{scheme}:// is no way to a dongle", remedy)
    url = f"{scheme}://{rest.rstrip('/')}"
    _check_host(url)
    return url


def _check_host(url: str) -> None:
    host, port = None, None
    with suppress(ValueError):  # a bracket that is not closed, or no number for a port
        host = urlsplit(url).hostname
        port = urlsplit(url).port
    if not host or not port:
        raise _wrong(
            url,
            "The address has no host and port, or the port is no number from 1 to 65535",
            f"Write {_scheme(url)}://{host or 'HOST'}:PORT.",
        )


def _settings(url: str, query: str) -> tuple[int | None, Flow | None]:
    baud, flow = None, None
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "baud" and _is_speed(value):
            baud = int(value)
        elif name == "flow" and value in list(Flow):
            flow = Flow(value)
        else:
            remedy = f"Write baud=NUMBER or flow={'|'.join(Flow)}, such as ?baud=460800."
            told = f"{name}={value[:20]}" if name in ("baud", "flow") else name  # that may be a key
            raise _wrong(url, f"{told} is no setting of a line", remedy)
    return baud, flow


def _is_speed(value: str) -> bool:
    is_short = len(value) <= len(str(_FASTEST))
    return is_short and value.isascii() and value.isdecimal() and 0 < int(value) <= _FASTEST


def _wrong(url: str, what: str, remedy: str) -> DongleAbsent:
    return DongleAbsent(what, where=url, remedy=remedy)
