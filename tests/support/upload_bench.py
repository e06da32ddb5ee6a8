"""Sending a store's outbox as a front end does, in manual time, to a gateway or to a raw server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, NOW, hear, pack

from hht.clock import ManualClock
from hht.gbcs.message import Message
from hht.outbox.gateway.client import Gateway, GatewaySettings
from hht.outbox.gateway.settings import Given, UploadSettings, read_settings
from hht.outbox.pace import UploadPlan
from hht.outbox.simulated.xml import acknowledgement
from hht.outbox.upload import Upload, UploadEvent, UploadSummary
from hht.store import Store

_T = TypeVar("_T")

Respond = Callable[[bytes], bytes]
"""The bytes that a raw server sends back to the body of a POST; nothing breaks the connection."""

SIMULATED = "Hht-Gateway: simulator\r\n"


def upload_settings(**settings: object) -> UploadSettings:
    """The settings of an upload, checked as they are for the command line."""
    return read_settings({name: Given(value, name) for name, value in settings.items()})


def fill(store: Store, count: int) -> None:
    """So many items that differ in their counter."""
    alert = Message.parse(CS14_ALERT)
    job = store.jobs.add(pack(CCS01_COMMAND, mode=None))
    for number in range(count - 1):
        raw = CS14_ALERT.replace(alert.counter.to_bytes(8, "big"), number.to_bytes(8, "big"), 1)
        hear(store, raw, job.id)
    hear(store, CCS01_RESPONSE, job.id)


async def send(
    store: Store,
    url: str,
    *,
    give_up_after: float | None = 60.0,
    events: list[UploadEvent] | None = None,
    **settings: object,
) -> UploadSummary:
    """Send the outbox of a store that has a ManualClock: waits pass at once."""
    chosen = upload_settings(url=url, **settings)
    return await send_with(
        store, chosen.gateway, at_once=chosen.at_once, give_up_after=give_up_after, events=events
    )


async def send_with(
    store: Store,
    settings: GatewaySettings,
    *,
    at_once: int = 4,
    give_up_after: float | None = None,
    events: list[UploadEvent] | None = None,
) -> UploadSummary:
    """The same with the settings of the gateway as they are."""
    on_event = (lambda event: None) if events is None else events.append
    async with Gateway(settings, store.clock) as gateway:
        upload = Upload(store, gateway, plan=UploadPlan(at_once=at_once), on_event=on_event)
        return await in_no_time(clock_of(store), upload.run(give_up_after=give_up_after))


def clock_of(store: Store) -> ManualClock:
    """The clock of a store that was opened with one that is moved by hand."""
    assert isinstance(store.clock, ManualClock)
    return store.clock


# How often it is looked whether something waits: far shorter than any wait, and no busy loop.
_LOOK_SECONDS = 0.001


async def in_no_time(clock: ManualClock, work: Coroutine[Any, Any, _T]) -> _T:
    """Let a manual clock move on whenever something waits for it, until the work is done."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            await asyncio.sleep(_LOOK_SECONDS)
            if waiting := clock.waiting:
                clock.advance(waiting[0])
        return await task
    finally:
        task.cancel()


@asynccontextmanager
async def raw_server(respond: Respond, *, get: str = SIMULATED) -> AsyncIterator[str]:
    """A real server on loopback that answers a POST with what it was given, HTTP or not.

    A GET is answered with 200 and the header line `get`.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                size = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
                body = await reader.readexactly(size)
                if head.startswith("get"):
                    writer.write(http(200, b"ok", headers=get, close=False))
                    continue
                writer.write(respond(body))
                await writer.drain()
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def http(
    status: int, body: bytes = b"", *, headers: str = SIMULATED, close: bool = True, size: int = -1
) -> bytes:
    """An HTTP answer; `size` announces another length than the body has."""
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body) if size < 0 else size}"]
    lines += ["Connection: close"] if close else []
    return "\r\n".join([*lines, headers]).encode() + b"\r\n" + body


def request_id_in(body: bytes) -> str:
    """The RequestID of the Service Request that was posted."""
    return body.decode().partition("RequestID>")[2].partition("<")[0]


def duis_answer(body: bytes, code: str = "I0", *, request_id: str = "") -> bytes:
    """The DUIS answer to a posted Service Request, as a real gateway writes it."""
    return acknowledgement(request_id or request_id_in(body), code, NOW, training=False)
