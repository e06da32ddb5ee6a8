"""gateway-sim: a real HTTP(S) gateway for tests and classes, which can misbehave on purpose.

It accepts SR 8.13 and 8.14 as a supplier's gateway would, keeps each idempotency key once, and
answers with DUIS Responses. Nothing it is given goes anywhere.
"""

import asyncio
import functools
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.envelope import DuisRefused, parse_xml, tag, value_in
from hht.duis.status_update import DRAFT_ITEM
from hht.outbox.gateway.client import KEY_HEADER
from hht.outbox.gateway.settings import JOBS_PATH
from hht.outbox.simulated.job_packs import CHANGING, pack_list, packs_in
from hht.outbox.simulated.misbehaviour import MARK, Misbehaviour, misbehave, xml_answer
from hht.outbox.simulated.tls import server_context
from hht.outbox.simulated.xml import acknowledgement

if TYPE_CHECKING:
    from aiohttp import web
    from lxml.etree import XMLSchema, _Element

_NOT_IN_DUIS = f"DUIS 5.4 has no {DRAFT_ITEM}: SECMP0012's channel mask is a DRAFT\n"


@dataclass
class Received:
    """An item as it came first."""

    request_id: str
    service: str
    xml: bytes = field(repr=False)


@dataclass
class GatewaySim:
    """One simulated gateway; `received` holds each idempotency key once.

    `share` of the items meet the misbehaviour once `after` of them are received, each `times`
    times; 0 for ever.
    """

    misbehaviour: Misbehaviour | None = None
    share: float = 1.0
    times: int = 1
    after: int = 0
    schema: Path | None = None
    jobs: Path | None = None
    tls: bool = False
    seed: int = 1
    clock: Clock = SYSTEM_CLOCK
    received: dict[str, Received] = field(default_factory=dict)
    posts: int = 0
    fetches: int = 0
    duplicates: int = 0
    invalid: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._met: Counter[str] = Counter()
        self.victims: dict[str, bool] = {}
        self._schema: XMLSchema | None = None
        self._runner: web.AppRunner | None = None
        self.url = ""
        self.authority = b""

    async def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Listen; the address to upload to. With TLS `authority` is the PEM to trust."""
        from aiohttp import web

        if self.schema is not None:
            self._schema = _load_schema(self.schema)
        application = web.Application(client_max_size=8 * 1024 * 1024)
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        context = None
        if self.tls or self.misbehaviour is Misbehaviour.CERTIFICATE:
            expired = self.misbehaviour is Misbehaviour.CERTIFICATE
            context, self.authority = server_context(host, self.clock.now(), expired=expired)
        site = web.TCPSite(self._runner, host, port, ssl_context=context)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.url = f"{'https' if context else 'http'}://{host}:{bound}"
        return self.url

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _handle(self, request: "web.Request") -> "web.StreamResponse":
        from aiohttp import web

        if request.method != "POST":
            path = request.path.removeprefix(JOBS_PATH)
            if self.jobs is not None and path != request.path:
                return await self._serve(request, path.strip("/"))
            return web.Response(text="hht gateway-sim\n", headers=MARK)
        self.posts += 1
        body = await request.read()
        key = request.headers.get(KEY_HEADER, "")
        if self._misbehaves(key):
            assert self.misbehaviour is not None
            take = functools.partial(self._take, key, body)
            return await misbehave(self.misbehaviour, request, body, take, self.clock)
        return self._take(key, body)

    async def _serve(self, request: "web.Request", name: str) -> "web.StreamResponse":
        """Serve the list of packs, or one of them."""
        from aiohttp import web

        assert self.jobs is not None
        packs = await asyncio.to_thread(packs_in, self.jobs)
        content = packs.get(name) if name else pack_list(packs)
        if content is None:
            return web.Response(status=404, text="no such pack\n", headers=MARK)
        self.fetches += 1
        if not self._misbehaves(f"GET {name}"):
            return web.Response(body=content, headers=MARK)
        assert self.misbehaviour is not None
        if self.misbehaviour is CHANGING:
            return web.Response(body=content[::-1], headers=MARK)
        whole = web.Response(body=content, headers=MARK)
        return await misbehave(self.misbehaviour, request, b"", lambda: whole, self.clock)

    def _misbehaves(self, key: str) -> bool:
        """Decide once for each key, and count how often it was met."""
        if self.misbehaviour in (None, Misbehaviour.CERTIFICATE):
            return False
        if len(self.received) < self.after:
            return False
        if key not in self.victims:
            self.victims[key] = self._chance.random() < self.share
        if not self.victims[key] or (self.times and self._met[key] >= self.times):
            return False
        self._met[key] += 1
        return True

    def _take(self, key: str, body: bytes) -> "web.Response":
        """Keep an item once; answer the same to its twins."""
        from aiohttp import web

        header = tag("Header")
        try:
            root = parse_xml(body, "request")
            request_id = value_in(root, f"{header}/{tag('RequestID')}", "request")
            service = value_in(root, f"{header}/{tag('ServiceReferenceVariant')}", "request")
        except DuisRefused as error:
            self.invalid += 1
            return web.Response(status=400, text=f"{error}\n", headers=MARK)
        if not key or not request_id or not self._is_valid(root):
            self.invalid += 1
            return web.Response(status=400, text="not a valid request\n", headers=MARK)
        if root.find(f".//{tag(DRAFT_ITEM)}") is not None:
            self.invalid += 1
            return web.Response(status=400, text=_NOT_IN_DUIS, headers=MARK)
        if key in self.received:
            self.duplicates += 1
        else:
            self.received[key] = Received(request_id, service, body)
        return xml_answer(acknowledgement(request_id, "I99", self.clock.now()))

    def _is_valid(self, root: "_Element") -> bool:
        return self._schema is None or self._schema.validate(root)


def _load_schema(path: Path) -> "XMLSchema":
    from lxml import etree

    from hht.errors import InputError

    try:
        return etree.XMLSchema(etree.parse(str(path)))
    except (OSError, etree.LxmlError) as error:
        raise InputError(
            f"The schema cannot be read ({str(error).splitlines()[0][:80]})",
            where=str(path),
            remedy="Give the DUIS XSD, with the schemas it imports beside it.",
        ) from None
