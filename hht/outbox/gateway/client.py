"""The HTTP client for the gateway: compact XML by POST, one answer for each Service Request."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlsplit

from hht import __version__
from hht.clock import SYSTEM_CLOCK, Clock
from hht.outbox.errors import UploadRefused
from hht.outbox.gateway.no_answer import why_nothing_came
from hht.outbox.gateway.proxy import Proxy
from hht.outbox.gateway.shown_words import shown_host, shown_line

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

SIMULATOR_HEADER = "Hht-Gateway"
SIMULATOR = "simulator"
KEY_HEADER = "Idempotency-Key"
TRAIL_HEADER = "Hht-Audit"
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes; a DUIS answer to SR 8.13 or 8.14 has about 1 KB
LONGEST_RETRY_AFTER = 3600.0  # s; a gateway may not put the outbox off for longer than that


class GatewayUnreachable(Exception):
    """The network or the gateway does not answer: nothing is known, so try again."""


@dataclass(frozen=True)
class GatewaySettings:
    """The gateway's address as it is posted to, and the means by which it knows us.

    `renumbers` says that it gives each request a RequestID of its own; `timeout` is in seconds.
    """

    address: str = field(repr=False)
    token: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    proxy: Proxy | None = None
    renumbers: bool = False
    timeout: float = 30.0

    @property
    def place(self) -> str:
        """The address for a person, without a query that may hold a secret."""
        return urlsplit(self.address)._replace(query="", fragment="").geturl()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What proves who we are, and no answer may show."""
        query = urlsplit(self.address).query
        given = (self.token, query, *(self.proxy.secrets if self.proxy else ()))
        return tuple(filter(None, given))


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; the texts are fit to be shown, with no secret in them (`said`).

    `first_line` is that of the body, `location` the end of the host that a redirection leads to.
    `retry_after` is in seconds, None where nothing was said. `is_whole` is False where the answer
    broke off, and where it `is_larger` than was asked for.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    is_whole: bool = True
    is_larger: bool = False
    first_line: str = ""
    location: str = ""
    retry_after: float | None = None
    is_simulator: bool = False


class Gateway:
    """One session with the gateway; use as an asynchronous context manager."""

    def __init__(self, settings: GatewaySettings, clock: Clock = SYSTEM_CLOCK) -> None:
        self.settings = settings
        self._clock = clock
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        import aiohttp

        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self.settings.tls or True),
            cookie_jar=aiohttp.DummyCookieJar(),  # what a portal sets is nothing to the gateway
            headers={"User-Agent": f"hht/{__version__}"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def is_simulator(self, within: float | None = None) -> bool:
        """Return whether this is hht's own gateway-sim; GatewayUnreachable when no answer comes."""
        async with self._asked("GET", b"", {}, within=within) as response:
            return _is_simulator(response)

    async def post(
        self,
        xml: bytes,
        idempotency_key: str,
        trail_head: str = "",
        within: float | None = None,
    ) -> Answer:
        """Send one Service Request and read what comes back, also where it breaks off.

        `trail_head` is the last entry of the audit trail, for the gateway's own log; `within` the
        seconds that are left, where they may be fewer than one answer has by the settings.
        GatewayUnreachable when nothing came back, UploadRefused when TLS fails.
        """
        headers = {"Content-Type": "application/xml", KEY_HEADER: idempotency_key}
        headers |= {TRAIL_HEADER: trail_head} if trail_head else {}
        async with self._asked("POST", xml, headers, within=within) as response:
            return await self._answer(response, LARGEST_ANSWER)

    async def get(self, name: str = "", most: int = LARGEST_ANSWER) -> Answer:
        """Ask for what is at the address, or below it under this name; at most so many bytes.

        GatewayUnreachable when nothing came back, UploadRefused when TLS fails.
        """
        async with self._asked("GET", b"", {}, name) as response:
            return await self._answer(response, most)

    async def _answer(self, response: "ClientResponse", most: int) -> Answer:
        body, is_whole = await _read(response, most)
        return Answer(
            status=response.status,
            body=body[:most],
            is_whole=is_whole,
            is_larger=len(body) > most,
            first_line=shown_line(body[:LARGEST_ANSWER], self.settings.secrets),
            location=self._location(response),
            retry_after=self._retry_after(response),
            is_simulator=_is_simulator(response),
        )

    @asynccontextmanager
    async def _asked(
        self,
        method: str,
        body: bytes,
        headers: dict[str, str],
        name: str = "",
        within: float | None = None,
    ) -> AsyncIterator["ClientResponse"]:
        import aiohttp

        assert self._session is not None
        settings = self.settings
        seconds = settings.timeout if within is None else min(settings.timeout, within)
        try:
            async with self._session.request(
                method,
                _below(settings.address, name),
                data=body,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds),
                **self._on_the_way(headers),
            ) as response:
                yield response
        except (aiohttp.ClientSSLError, ssl.SSLError, aiohttp.ServerFingerprintMismatch) as error:
            raise UploadRefused(
                f"No secure connection to the gateway ({why_nothing_came(error)})",
                where=settings.place,
                remedy="Check the address, the clock and the authority, and ask the supplier.",
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            through = f" through {settings.proxy}" if settings.proxy else ""
            late = f"nothing came within {seconds:.3g} s"
            why = late if isinstance(error, TimeoutError) else why_nothing_came(error)
            raise GatewayUnreachable(f"{why}{through}") from None

    def _on_the_way(self, headers: dict[str, str]) -> dict[str, Any]:
        """Return the headers with our token, and the proxy with its user where one is on the
        way."""
        token, proxy = self.settings.token, self.settings.proxy
        headers = headers | ({"Authorization": f"Bearer {token}"} if token else {})
        if proxy is None:
            return {"headers": headers}
        known = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {}
        if urlsplit(self.settings.address).scheme == "http":  # then the request itself goes to it
            return {"proxy": proxy.url, "headers": headers | known}
        return {"proxy": proxy.url, "proxy_headers": known, "headers": headers}

    def _retry_after(self, response: "ClientResponse") -> float | None:
        """Return Retry-After in seconds, which may be a moment (RFC 9110); bounded."""
        text = response.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            seconds = float(text[:9])
        else:
            try:
                seconds = (parsedate_to_datetime(text) - self._clock.now()).total_seconds()
            except (ValueError, TypeError, OverflowError):
                return None
        return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)

    def _location(self, response: "ClientResponse") -> str:
        """Return the host a redirection leads to: the rest of it may name the user."""
        try:
            host = urlsplit(response.headers.get("Location", "")).hostname or ""
        except ValueError:
            return ""
        shown = shown_host(host, self.settings.secrets)
        return f"to {shown}" if shown else ""


def _below(address: str, name: str) -> str:
    """Return the address of something below the gateway's own."""
    parts = urlsplit(address)
    path = f"{parts.path.rstrip('/')}/{quote(name, safe='')}" if name else parts.path
    return parts._replace(path=path).geturl()


async def _read(response: "ClientResponse", most: int) -> tuple[bytes, bool]:
    """Return the body, and whether it is whole: it may break off, come too late or never end.

    Of one with more than `most` bytes some are returned beyond them.
    """
    import aiohttp

    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > most:
                return bytes(body), False
    except (aiohttp.ClientError, TimeoutError, OSError):
        return bytes(body), False
    return bytes(body), True


def _is_simulator(response: "ClientResponse") -> bool:
    return response.headers.get(SIMULATOR_HEADER) == SIMULATOR
