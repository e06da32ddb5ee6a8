"""How gateway-sim misbehaves: each way in which a real gateway or the network has been seen to."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.duis.envelope import parse_xml, tag
from hht.outbox.gateway.client import LARGEST_ANSWER, SIMULATOR, SIMULATOR_HEADER
from hht.outbox.simulated.xml import acknowledgement

if TYPE_CHECKING:
    from aiohttp import web

MARK = {SIMULATOR_HEADER: SIMULATOR}
RETRY_AFTER = 30
"""Seconds that a busy gateway asks to be left alone."""
SLOW_SECONDS = 60.0
"""Longer than any client waits by default."""

PORTAL_PAGE = "<html><body>Please sign in to the guest Wi-Fi</body></html>"
_CHUNK = bytes(64 * 1024)


class Misbehaviour(StrEnum):
    """What goes wrong, once for each item, before it goes right."""

    # The item is taken, and the answer does not say so.
    SLOW = "slow"  # after the client has lost patience
    ACCEPT_THEN_500 = "accept-then-500"
    ACCEPT_THEN_RESET = "accept-then-reset"
    HALF_ANSWER = "half-answer"  # breaks off in the middle
    ENDLESS = "endless"  # never ends
    NO_XML = "no-xml"  # something else
    WRONG_REQUEST = "wrong-request"  # for another RequestID
    DUPLICATE = "duplicate"  # the network delivers it twice
    ODD_STATUS = "odd-status"  # the DUIS answer, with HTTP 418
    UNPROVEN = "unproven"  # the DUIS answer, as a stranger would give it
    # A DUIS answer that is none of success.
    WRONG_CODE = "wrong-code"  # a code that DUIS does not have
    REFUSES = "E5"  # refuses the item
    REFUSES_ALL = "E1"  # refuses it, and would refuse any other
    # The item is not accepted: the network or a proxy answers, or nothing does.
    RESET = "reset"
    HANG = "hang"  # never answers
    ERROR_500 = "500"
    MAINTENANCE = "503"  # with Retry-After
    BUSY = "429"  # too many requests, with Retry-After
    UNAUTHORISED = "401"  # does not know us: the batch must stop
    PROXY = "407"  # a proxy does not know us
    PORTAL = "portal"  # a captive portal: a redirection to its page
    PORTAL_PAGE = "portal-page"  # a captive portal: its page itself
    NETWORK_LOGIN = "511"  # a captive portal that says so
    CERTIFICATE = "certificate"  # TLS with a certificate that has expired


_STATUS_BEFORE_TAKING = {
    Misbehaviour.ERROR_500: 500,
    Misbehaviour.MAINTENANCE: 503,
    Misbehaviour.BUSY: 429,
    Misbehaviour.UNAUTHORISED: 401,
    Misbehaviour.PROXY: 407,
    Misbehaviour.PORTAL: 302,
    Misbehaviour.PORTAL_PAGE: 200,
    Misbehaviour.NETWORK_LOGIN: 511,
}
_PORTALS = (Misbehaviour.PORTAL, Misbehaviour.PORTAL_PAGE, Misbehaviour.NETWORK_LOGIN)
_WAITING = (Misbehaviour.MAINTENANCE, Misbehaviour.BUSY)
_CODES = {
    Misbehaviour.WRONG_CODE: "I96",
    Misbehaviour.REFUSES: "E5",
    Misbehaviour.REFUSES_ALL: "E1",
}


_OF_ANSWERS = (*_CODES, Misbehaviour.UNPROVEN, Misbehaviour.ODD_STATUS, Misbehaviour.WRONG_REQUEST)


async def misbehave(
    how: Misbehaviour,
    request: "web.Request",
    body: bytes,
    take: Callable[[], "web.Response"],
    clock: Clock,
) -> "web.StreamResponse":
    """Answer one request the wrong way; `take` keeps the item, where this way of failing does.

    What is about the DUIS answer alone is done the right way for a request without a body.
    """
    if not body and how in _OF_ANSWERS:
        return take()
    if how in _STATUS_BEFORE_TAKING:
        return _page(how)
    if how in _CODES:
        return xml_answer(acknowledgement(_request_id(body), _CODES[how], clock.now()))
    if how in (Misbehaviour.RESET, Misbehaviour.HANG):
        return await _say_nothing(how, request)
    taken = take()
    match how:
        case Misbehaviour.ACCEPT_THEN_RESET:
            return await _say_nothing(how, request)
        case Misbehaviour.SLOW:
            await clock.sleep(SLOW_SECONDS)
        case Misbehaviour.HALF_ANSWER:
            return await _half(request, taken)
        case Misbehaviour.ENDLESS:
            return await _endless(request)
        case Misbehaviour.DUPLICATE:
            return take()
    return _other_answer(how, body, clock.now()) or taken


def xml_answer(xml: bytes, status: int = 200) -> "web.Response":
    """Return a DUIS document as an HTTP answer."""
    from aiohttp import web

    return web.Response(body=xml, status=status, content_type="application/xml", headers=MARK)


def _page(how: Misbehaviour) -> "web.Response":
    """Return what is answered where the item is not taken.

    A portal is no gateway-sim and says so.
    """
    from aiohttp import web

    headers = {} if how in _PORTALS else dict(MARK)
    if how is Misbehaviour.PORTAL:
        headers["Location"] = "https://portal.example/login?mac=00-11-22-33-44-55"
    if how in _WAITING:
        headers["Retry-After"] = str(RETRY_AFTER)
    text = PORTAL_PAGE if how in _PORTALS else f"This is {how}\n"
    status = _STATUS_BEFORE_TAKING[how]
    return web.Response(status=status, text=text, content_type="text/html", headers=headers)


def _other_answer(how: Misbehaviour, body: bytes, at: datetime) -> "web.Response | None":
    from aiohttp import web

    match how:
        case Misbehaviour.ACCEPT_THEN_500:
            return web.Response(status=500, headers=MARK)
        case Misbehaviour.NO_XML:
            return web.Response(text="<html>Welcome</html>", headers=MARK)
        case Misbehaviour.ODD_STATUS:
            return xml_answer(acknowledgement(_request_id(body), "I0", at), status=418)
        case Misbehaviour.UNPROVEN:
            return web.Response(body=acknowledgement(_request_id(body), "I0", at, training=False))
        case Misbehaviour.WRONG_REQUEST:
            head, _, counter = _request_id(body).rpartition(":")
            return xml_answer(acknowledgement(f"{head}:{int(counter) + 1}", "I0", at))
    return None


async def _say_nothing(how: Misbehaviour, request: "web.Request") -> "web.StreamResponse":
    """Break the connection, or leave it open until the client gives up."""
    from aiohttp import web

    if how is Misbehaviour.HANG:
        await asyncio.Event().wait()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: "web.Request", whole: "web.Response") -> "web.StreamResponse":
    """Announce the whole answer, send half of it, and break off."""
    from aiohttp import web

    assert isinstance(whole.body, bytes)
    response = web.StreamResponse(headers=MARK)
    response.content_length = len(whole.body)
    await response.prepare(request)
    await response.write(whole.body[: len(whole.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _endless(request: "web.Request") -> "web.StreamResponse":
    """Send more than any client reads."""
    from aiohttp import web

    response = web.StreamResponse(headers=MARK)
    await response.prepare(request)
    for _ in range(2 * LARGEST_ANSWER // len(_CHUNK)):
        await response.write(_CHUNK)
    return response


def _request_id(body: bytes) -> str:
    return parse_xml(body, "request").findtext(f"{tag('Header')}/{tag('RequestID')}") or ""
