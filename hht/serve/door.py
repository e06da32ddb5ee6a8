"""Who may come in: host names, origins, the class's tokens and the cookies of seats. Pure."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

TOKEN_BYTES = 18
"""144 bits: too many addresses to try in a lesson; 24 letters are still typed by hand."""
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")


def new_token() -> str:
    """Make a secret for an address, or for a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(secret: str) -> str:
    """Return what is kept of a cookie: enough to know it again, of no use to who reads the file."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two secrets in a time that says nothing of them."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


@dataclass(frozen=True)
class Door:
    """The names under which the class is reached, and its two tokens.

    A port in `Host` may be any: behind `ssh -L` the browser has one of its own. A page of another
    host can then neither ask (its name is in `Host` after a DNS rebinding) nor open a socket
    (its name is in `Origin`).
    """

    scheme: str = "http"
    names: frozenset[str] = LOOPBACK_NAMES
    class_token: str = field(default_factory=new_token, repr=False)
    trainer_token: str = field(default_factory=new_token, repr=False)

    @classmethod
    def of(cls, scheme: str, names: Iterable[str]) -> "Door":
        """Return a door for the loopback names and these."""
        return cls(scheme, LOOPBACK_NAMES | {written_in_address(name) for name in names})

    def knows_host(self, hosts: list[str]) -> bool:
        """Return whether a request's Host headers are one, with one of our names."""
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        return found is not None and found["name"].lower() in self.names

    def is_own_origin(self, origins: list[str], host: str) -> bool:
        """Return whether a page of ours opens the socket: the origin is this scheme and host,
        alone."""
        return origins == [f"{self.scheme}://{host}"]


def is_host_name(name: str) -> bool:
    """Return whether this is a host name or an IP address, without a port."""
    found = _HOST.fullmatch(written_in_address(name))
    return found is not None and found["name"] == written_in_address(name)


def written_in_address(name: str) -> str:
    """Return a host name or an IP address as it is in an address; IPv6 in brackets."""
    lowered = name.strip().lower()
    return f"[{lowered}]" if ":" in lowered and not lowered.startswith("[") else lowered
