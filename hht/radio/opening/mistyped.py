"""What somebody means by an address that is nearly that of a serial port or a server."""

import os
import re
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import unquote

from hht.radio.opening.lines import FASTEST

DEVICE_NAME = re.compile(r"tty\w*|(tty|cu)\.[\w.-]+")
"""A serial port without its folder, as Linux and macOS name them."""

# `:` is also in the names of /dev/serial/by-path, and only a speed behind it ends such a name.
_PORT = re.compile(
    r"(?P<before>(?:[^/\s]*(?::/{0,2}|[='\"]))?)"
    r"(?P<port>/?dev/[^\s,;@#&?'\"]+?|tty\w+|(?:tty|cu)\.[\w.-]+|(?i:COM) ?\d+)"
    r"(?P<after>:(?:\d{4,7}\b.*)?|[\s,;@#&?'\"].*|/+|)"
)
_SETTING = re.compile(r"\b(baud=\d{1,7}|flow=[a-z]+)\b")
_SPEED = re.compile(r"\d{4,7}\b")
# How people and other programs begin an address of the network.
_NETWORK = re.compile(
    r"(?i)(?P<scheme>tcp|socket|rfc2217|telnet|https?|esphome|wss?)(:[/\\]{0,2}|[/\\]{2})|[a-z][\w+.-]*://"
)
_HOST = r"\[[0-9A-Fa-f:]+(?:%[\w.-]+)?\]|[\w.-]+"
_HOST_AND_PORT = re.compile(rf"({_HOST})(?::|[,;\s]\s*)(\d{{1,5}})(?:[/?].*)?")
_HOST_ALONE = re.compile(rf"({_HOST})(?:[/?:].*)?")
_NAME_OF_HOST = re.compile(r"localhost|[\w-]+(\.[\w-]+)+")


def serial_port_meant(text: str) -> tuple[str, str] | None:
    """Return what is wrong with the address of a serial port, and the right one; None if nothing.

    A bare name such as ttyUSB0 is left to the opening, which sees what there is.
    """
    found = _PORT.fullmatch(unquote(text).strip())
    if found is None or os.path.exists(text):
        return None
    before, port, after = found["before"], _whole(found["port"]), found["after"]
    if _NETWORK.match(before) and "/dev/" not in text and not port.startswith("COM"):
        return None  # a computer with such a name
    if setting := _SETTING.search(after):
        return "The settings are not behind a question mark alone", f"{port}?{setting[0]}"
    if (speed := _SPEED.search(after)) and 0 < int(speed[0]) <= FASTEST:
        return "The speed is not written as an address has it", f"{port}?baud={speed[0]}"
    if before:
        return f"{before} does not belong before a serial port", port
    is_fine = text in (port, found["port"]) and not re.match(r"dev/|\w+ ", text)
    return None if is_fine else ("A serial port is not written so", port)


def _whole(port: str) -> str:
    if port[:3].upper() == "COM":
        return port.upper().replace(" ", "")
    return "/" + port if port.startswith("dev/") else port if port[0] == "/" else f"/dev/{port}"


def server_meant(text: str) -> tuple[str, str] | None:
    """Return what is wrong with the address of a server, and the right one; None if it is none."""
    if begun := _NETWORK.match(text):
        return f"{begun[0]} begins no address of a dongle", server_address(text)
    if os.path.exists(text):
        return None
    if _HOST_AND_PORT.fullmatch(text):
        return "socket:// is missing", server_address(text)
    if host := _host_alone(text):
        return "socket:// and the port of the dongle's server are missing", f"socket://{host}:PORT"
    return None


def server_address(text: str) -> str:
    """Return the right address of a server; HOST and PORT stand for what the text does not have."""
    begun = _NETWORK.match(text)
    rest = text[begun.end() if begun else 0 :].rpartition("@")[2]
    named, alone = _HOST_AND_PORT.fullmatch(rest), _HOST_ALONE.fullmatch(rest)
    host = named[1] if named else alone[1] if alone else "HOST"
    port = named[2] if named and 0 < int(named[2]) < 1 << 16 else "PORT"
    scheme = "rfc2217" if text.lower().startswith("rfc2217") else "socket"
    return f"{scheme}://{host}:{port}"


def _host_alone(text: str) -> str:
    """Return a host as an address has it; "" where the text is none, or may be something else."""
    with suppress(ValueError):
        address = ip_address(text.strip("[]"))
        return f"[{address}]" if address.version == 6 else str(address)
    return text if _NAME_OF_HOST.fullmatch(text) and not DEVICE_NAME.fullmatch(text) else ""
