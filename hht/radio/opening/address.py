"""The address of a dongle as `--radio` has it: a serial port or a URL, and its line where known."""

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from hht.errors import on_one_line
from hht.radio.errors import AddressUnfit
from hht.radio.opening.lines import FASTEST, Flow
from hht.radio.opening.mistyped import serial_port_meant, server_address, server_meant
from hht.radio.ports import port_to_name

FORMS = "/dev/ttyUSB0, /dev/ttyUSB0?baud=460800&flow=hardware, COM3 or socket://HOST:PORT"
# A server has the serial port: neither speed nor flow control can be set from here.
_AT_A_SERVER = ("socket",)
_NO_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:")
"""What a serial port's library may take for a way of its own, such as `usage:` or `usb:`."""
_NO_PORTS = ("/dev/null", "/dev/zero")
"""Devices that never send anything of their own."""
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
    """Read a --radio option; AddressUnfit with what to write instead."""
    url, _, query = text.strip().partition("?")
    url = url.rstrip()
    if not url:
        remedy = f"Write its address (in the app M, Dongle…): {FORMS}."
        raise AddressUnfit("No dongle is named", remedy=remedy)
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
    meant = serial_port_meant(url)
    if meant is None and scheme not in _SCHEMES:
        meant = server_meant(url)
    if meant:
        raise _wrong(url, meant[0], f"Write {meant[1]}.")
    if not scheme:
        if (begun := _NO_SCHEME.match(url)) and not os.path.exists(url):
            raise _wrong(url, f"{begun[0]} begins no address of a dongle", f"Write {FORMS}.")
        _check_path(url)
        return url
    url = f"{scheme}://{url.partition('://')[2].rstrip('/')}"
    _check_host(url)
    return url


def _check_path(path: str) -> None:
    """Refuse what is there and can be no serial port; what is not there may be plugged in yet."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return
    if stat.S_ISDIR(mode):
        raise _wrong(path, "This is a folder, not a dongle", port_to_name())
    if not stat.S_ISCHR(mode) or path in _NO_PORTS:
        raise _wrong(path, "This is no serial port", port_to_name())


def _check_host(url: str) -> None:
    host, port = None, None
    parts = urlsplit("")
    with suppress(ValueError):  # a bracket that is not closed, or no number for a port
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
    if not host or not port:
        raise _wrong(
            url,
            "The address has no host and port, or the port is no number from 1 to 65535",
            f"Write {server_address(url)}.",
        )
    if parts.path or parts.username is not None or parts.fragment:
        bare = f"{_scheme(url)}://{f'[{host}]' if ':' in host else host}:{port}"
        # Without what is too much, which may be a password.
        raise _wrong(bare, "More than a host and a port is in the address", f"Write {bare}.")
    try:
        host.encode("idna")
    except UnicodeError:
        what = "The address names a computer as no network can"
        raise _wrong(url, what, "Check its spelling, or write its IP address.") from None


def _settings(url: str, query: str) -> tuple[int | None, Flow | None]:
    """Read ?baud= and ?flow=, each of which may be there once."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _ALLOWED:  # the value may be a key
            remedy = f"Write {' or '.join(_ALLOWED.values())}."
            raise _wrong(url, f"{name[:20]} is no setting of a line", remedy)
        if name in found:
            raise _wrong(url, f"{name} is there twice", f"Write it once: {_ALLOWED[name]}.")
        if not (_is_speed(value) if name == "baud" else value in list(Flow)):
            what = f"{name}={value[:20]} is no {'speed' if name == 'baud' else 'flow control'}"
            raise _wrong(url, what, f"Write {_ALLOWED[name]}.")
        found[name] = value
    baud, flow = found.get("baud"), found.get("flow")
    return int(baud) if baud else None, Flow(flow) if flow else None


_ALLOWED = {
    "baud": f"baud=NUMBER from 1 to {FASTEST}, such as baud=460800",
    "flow": f"flow={'|'.join(Flow)}",
}


def _is_speed(value: str) -> bool:
    is_short = len(value) <= len(str(FASTEST))
    return is_short and value.isascii() and value.isdecimal() and 0 < int(value) <= FASTEST


def _wrong(url: str, what: str, remedy: str) -> AddressUnfit:
    return AddressUnfit(on_one_line(what), where=on_one_line(url), remedy=on_one_line(remedy))
