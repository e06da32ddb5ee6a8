"""From where a class can be reached: this machine alone, or its network; its names and its TLS."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hht.errors import HhtError, InputError
from hht.serve.door import Door, is_host_name
from hht.serve.tls import Tls, given_certificate, own_certificate

LOOPBACK = "127.0.0.1"
NOWHERE = ("192.0.2.1", 9)
"""Never given out (RFC 5737): the way there begins at our own address in the network."""


@dataclass(frozen=True)
class Reach:
    """From where the class can be reached."""

    port: int
    is_lan: bool
    is_open: bool
    names: tuple[str, ...]
    certificate: Path | None
    key: Path | None


def check_reach(reach: Reach) -> None:
    """Raise InputError for options that contradict each other."""
    if (reach.certificate is None) != (reach.key is None):
        raise InputError("A certificate needs its key", remedy="Give --certificate and --key.")
    if reach.is_open and not reach.is_lan:
        raise InputError("Without --lan nobody can read along", remedy="Leave one of them out.")
    for name in reach.names:
        if not is_host_name(name):
            raise InputError("This is no host name or address", where=name, remedy="Correct it.")
    if reach.is_open and reach.certificate:
        raise InputError("A certificate is for TLS", remedy="Leave --anyone-may-read-along out.")


def way_in(reach: Reach, folder: Path) -> tuple[Door, Tls | None, list[str]]:
    """Return names, tokens, certificate and addresses, the one to be printed first."""
    names, addresses = reach.names, [LOOPBACK]
    if reach.is_lan:
        own = own_address()
        names, addresses = (own, socket.gethostname(), *names), [own, LOOPBACK]
    tls = None
    if reach.certificate and reach.key:
        tls = given_certificate(reach.certificate, reach.key)
    elif reach.is_lan and not reach.is_open:
        tls = own_certificate(folder, (*names, LOOPBACK, "localhost"))
    return Door.of("https" if tls else "http", names), tls, addresses


def own_address() -> str:
    """Return this machine's address in its network; nothing is sent. HhtError where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way, suppress(OSError):
        way.connect(NOWHERE)
        return str(way.getsockname()[0])
    raise HhtError(
        "This machine is in no network", remedy="Connect it, or leave --lan out for this machine."
    )
