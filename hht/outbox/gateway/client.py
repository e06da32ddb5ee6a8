"""The HTTP client for the gateway: compact XML by POST, one answer for each Service Request."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from hht.outbox.errors import UploadRefused
from hht.outbox.gateway.proxy import Proxy

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

SIMULATOR_HEADER = "Hht-Gateway"
SIMULATOR = "simulator"
KEY_HEADER = "Idempotency-Key"
LARGEST_ANSWER = 4 * 1024 * 1024


class GatewayUnreachable(Exception):
    """The network or the gateway does not answer: nothing is known, so try again."""


@dataclass(frozen=True)
class GatewaySettings:
    """The gateway's address as it is posted to, and the means by which it knows us.

    `renumbers` says that it gives each request a RequestID of its own; `timeout` is in seconds.
    """

    address: str
    token: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    proxy: Proxy | None = None
    renumbers: bool = False
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, whole."""

    status: int
    body: bytes = field(repr=False)


class Gateway:
    """One session with the gateway; use as an asynchronous context manager."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        import aiohttp

        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.settings.timeout),
            connector=aiohttp.TCPConnector(ssl=self.settings.tls or True),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def is_simulator(self) -> bool:
        """Whether this is hht's own gateway-sim; GatewayUnreachable when nobody answers."""
        async with self._asked("GET", b"", {}) as response:
            return response.headers.get(SIMULATOR_HEADER) == SIMULATOR

    async def post(self, xml: bytes, idempotency_key: str) -> Answer:
        """Send one Service Request.

        GatewayUnreachable when the answer did not come whole, UploadRefused when TLS fails.
        """
        headers = {"Content-Type": "application/xml", KEY_HEADER: idempotency_key}
        async with self._asked("POST", xml, headers) as response:
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise GatewayUnreachable("the answer does not end")
            return Answer(response.status, bytes(body))

    @asynccontextmanager
    async def _asked(
        self, method: str, body: bytes, headers: dict[str, str]
    ) -> AsyncIterator["ClientResponse"]:
        import aiohttp

        assert self._session is not None
        try:
            async with self._session.request(
                method,
                self.settings.address,
                data=body,
                allow_redirects=False,
                **self._on_the_way(headers),
            ) as response:
                yield response
        except (aiohttp.ClientSSLError, ssl.SSLError, aiohttp.ServerFingerprintMismatch) as error:
            raise UploadRefused(
                f"The gateway's certificate is not accepted ({_reason(error)})",
                where=self.settings.address,
                remedy="Check the address, the clock and the authority, and ask the supplier.",
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise GatewayUnreachable(_reason(error)) from None

    def _on_the_way(self, headers: dict[str, str]) -> dict[str, Any]:
        """The headers with our token, and the proxy with its user where one is on the way."""
        token, proxy = self.settings.token, self.settings.proxy
        headers = headers | ({"Authorization": f"Bearer {token}"} if token else {})
        if proxy is None:
            return {"headers": headers}
        known = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {}
        if urlsplit(self.settings.address).scheme == "http":  # then the request itself goes to it
            return {"proxy": proxy.url, "headers": headers | known}
        return {"proxy": proxy.url, "proxy_headers": known, "headers": headers}


def _reason(error: BaseException) -> str:
    """A short text for a person; the class's name where the library says nothing."""
    text = str(getattr(error, "certificate_error", None) or error) or type(error).__name__
    return text.splitlines()[0][:120]
