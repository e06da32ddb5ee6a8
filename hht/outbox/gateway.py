"""The supplier's gateway: compact XML by HTTP POST, one answer for each Service Request."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit, urlunsplit

from hht.errors import InputError
from hht.outbox.errors import UploadRefused

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

# Where DCC Boxed takes services that are for no Device (command variants 2, 6 and 8).
DEFAULT_PATH = "/api/v1/serviceD"
SIMULATOR_HEADER = "Hht-Gateway"
SIMULATOR = "simulator"
KEY_HEADER = "Idempotency-Key"
LARGEST_ANSWER = 4 * 1024 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class GatewayUnreachable(Exception):
    """The network or the gateway does not answer: nothing is known, so try again."""


@dataclass(frozen=True)
class GatewaySettings:
    """Where the gateway is and how it knows us.

    `certificate` and `key` are PEM files for mutual TLS, `authority` the PEM of whoever signed the
    gateway's own; `renumbers` says that it gives each request a RequestID of its own.
    """

    url: str
    token: str = field(default="", repr=False)
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None
    proxy: str | None = field(default=None, repr=False)
    renumbers: bool = False
    allow_http: bool = False
    timeout_seconds: float = 30.0

    @property
    def address(self) -> str:
        """The URL with the default path; InputError when it is none, or gives data away."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(
                "This is not a gateway's address",
                where=self.url[:80],
                remedy="Give it as https://HOST[:PORT].",
            )
        if parts.username or parts.password:
            raise InputError(
                "The address holds a user name or a password",
                where=parts.hostname,
                remedy="Put the token into a file and give that with --token-file.",
            )
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not self.allow_http:
            raise InputError(
                "Over http anybody on the way can read what is sent",
                where=self.url[:80],
                remedy="Use https, or --allow-http on a network of your own.",
            )
        return urlunsplit(parts._replace(path=parts.path.rstrip("/") or DEFAULT_PATH))

    def tls(self) -> ssl.SSLContext | bool:
        """How the gateway is checked and how we show who we are; InputError for bad files."""
        if urlsplit(self.url).scheme != "https":
            return True
        try:
            context = ssl.create_default_context(cafile=self.authority)
            if self.certificate is not None:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError):
            raise InputError(
                "The TLS certificate or its key cannot be read",
                where=f"{self.certificate or self.authority}",
                remedy="Give PEM files; the key must belong to the certificate.",
            ) from None
        return context


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
            timeout=aiohttp.ClientTimeout(total=self.settings.timeout_seconds),
            connector=aiohttp.TCPConnector(ssl=self.settings.tls(), limit=8),
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
        token = self.settings.token
        known = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self._session.request(
                method,
                self.settings.address,
                data=body,
                headers=headers | known,
                proxy=self.settings.proxy,
                allow_redirects=False,
            ) as response:
                yield response
        except (aiohttp.ClientSSLError, ssl.SSLError, aiohttp.ServerFingerprintMismatch) as error:
            raise UploadRefused(
                f"The gateway's certificate is not accepted ({_reason(error)})",
                where=self.settings.url,
                remedy="Check the address, the clock and --ca, and ask the supplier.",
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise GatewayUnreachable(_reason(error)) from None


def _reason(error: BaseException) -> str:
    """A short text for a person; the class's name where the library says nothing."""
    text = str(getattr(error, "certificate_error", None) or error) or type(error).__name__
    return text.splitlines()[0][:120]
