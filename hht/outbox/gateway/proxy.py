"""The proxy on the way to the gateway: from the settings, else from the usual variables."""

import base64
import os
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from hht.errors import InputError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SETTING = "proxy"
ENVIRONMENT = "the environment"
_HOST = re.compile(r"[\w.~:%-]+")  # a name in any script, or an IP address without its brackets


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy without its password; `named_by` is the setting or variable it comes from."""

    url: str
    named_by: str
    authorization: str = field(default="", repr=False)
    """The value of Proxy-Authorization; empty where the proxy asks for no user."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Every form of the password that may come back in an answer."""

    def __str__(self) -> str:
        return f"the proxy {urlsplit(self.url).netloc} ({self.named_by})"


def proxy_for(address: str, setting: str = "") -> Proxy | None:
    """Choose the proxy for a gateway's address; InputError for one that cannot be used.

    Of the variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY in either case the lower case
    comes first. None is ever between this machine and itself, where no proxy could help.
    """
    if setting:
        return _proxy(setting, SETTING)
    target = urlsplit(address)
    proxies = getproxies_environment()
    scheme = target.scheme if target.scheme in proxies else "all"
    host = target.hostname or ""
    if scheme not in proxies or host in LOOPBACK or proxy_bypass(target.netloc):
        return None
    variable = f"{scheme}_proxy"
    return _proxy(proxies[scheme], variable if variable in os.environ else variable.upper())


def _proxy(text: str, named_by: str) -> Proxy:
    parts = split_address(text if "://" in text else f"http://{text}")
    # A password with a / ends the host's part early: what is before it would be shown as host.
    is_whole = parts is not None and "@" not in f"{parts.path}{parts.query}{parts.fragment}"
    if parts is None or parts.scheme not in ("http", "https") or not is_whole:
        raise InputError(
            f"{named_by} names no HTTP proxy",
            where="" if named_by == SETTING else ENVIRONMENT,
            remedy="Write it as http://HOST:PORT, or take it away.",
        )
    place = parts.netloc.rpartition("@")[2]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    return Proxy(
        url=f"{parts.scheme}://{place}",
        named_by=named_by,
        authorization=f"Basic {basic}" if parts.username is not None else "",
        secrets=tuple(filter(None, (password, parts.password, password and basic))),
    )


def split_address(url: str) -> SplitResult | None:
    """Return the parts of a URL; None where its host or port is none.

    A line break or tab is no part of one: `urlsplit` leaves it out, which names another host. A
    name with two dots in a row, or 64 letters without one, is no network's.
    """
    if not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")
        return parts if _HOST.fullmatch(host) and parts.port != 0 else None
    except ValueError:  # UnicodeError is one, too
        return None
