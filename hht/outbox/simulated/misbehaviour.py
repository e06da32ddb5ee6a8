"""How gateway-sim misbehaves: each way in which a real gateway or the network has been seen to."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.duis.envelope import parse_xml, tag, value_in
from hht.outbox.gateway.client import SIMULATOR, SIMULATOR_HEADER
from hht.outbox.simulated.xml import acknowledgement

if TYPE_CHECKING:
    from aiohttp import web

MARK = {SIMULATOR_HEADER: SIMULATOR}


class Misbehaviour(StrEnum):
    """What goes wrong, once for each item, before it goes right."""

    SLOW = "slow"  # answers after the client has lost patience
    ERROR_500 = "500"  # takes nothing, says so
    ACCEPT_THEN_500 = "accept-then-500"  # takes it, and says it did not
    RESET = "reset"  # breaks the connection before taking it
    ACCEPT_THEN_RESET = "accept-then-reset"  # takes it and breaks the connection
    HALF_ANSWER = "half-answer"  # takes it and stops in the middle of the answer
    NO_XML = "no-xml"  # takes it and answers with something else
    WRONG_CODE = "wrong-code"  # takes it and answers with a code that DUIS does not have
    WRONG_REQUEST = "wrong-request"  # takes it and answers to another RequestID
    BUSY = "429"  # too many requests
    DUPLICATE = "duplicate"  # the network delivers it twice
    UNAUTHORISED = "401"  # does not know us: the batch must stop
    REFUSES = "E5"  # refuses the item with a DUIS code
    CERTIFICATE = "certificate"  # TLS with a certificate that has expired


_STATUS_BEFORE_TAKING = {
    Misbehaviour.ERROR_500: 500,
    Misbehaviour.BUSY: 429,
    Misbehaviour.UNAUTHORISED: 401,
}
_BREAKS_OFF = (Misbehaviour.RESET, Misbehaviour.ACCEPT_THEN_RESET)


async def misbehave(
    how: Misbehaviour,
    request: "web.Request",
    body: bytes,
    take: Callable[[], "web.Response"],
    slow_seconds: float,
    clock: Clock,
) -> "web.StreamResponse":
    """Answer one POST the wrong way; `take` keeps the item, where this way of failing does."""
    from aiohttp import web

    if how in _STATUS_BEFORE_TAKING:
        return web.Response(status=_STATUS_BEFORE_TAKING[how], headers=MARK)
    if how is Misbehaviour.REFUSES:
        return xml_answer(acknowledgement(_request_id(body), "E5", clock.now()))
    taken = take() if how is not Misbehaviour.RESET else web.Response()
    if how in _BREAKS_OFF and request.transport is not None:
        request.transport.abort()
    if how is Misbehaviour.SLOW:
        await clock.sleep(slow_seconds)
    if how is Misbehaviour.HALF_ANSWER:
        return await _half(request, taken)
    if how is Misbehaviour.DUPLICATE:
        return take()
    return _other_answer(how, body, clock.now()) or taken


def xml_answer(xml: bytes) -> "web.Response":
    """A DUIS document as an HTTP answer."""
    from aiohttp import web

    return web.Response(body=xml, content_type="application/xml", headers=MARK)


def _other_answer(how: Misbehaviour, body: bytes, now: datetime) -> "web.Response | None":
    from aiohttp import web

    match how:
        case Misbehaviour.ACCEPT_THEN_500:
            return web.Response(status=500, headers=MARK)
        case Misbehaviour.NO_XML:
            return web.Response(text="<html>Welcome</html>", headers=MARK)
        case Misbehaviour.WRONG_CODE:
            return xml_answer(acknowledgement(_request_id(body), "I96", now))
        case Misbehaviour.WRONG_REQUEST:
            head, _, counter = _request_id(body).rpartition(":")
            return xml_answer(acknowledgement(f"{head}:{int(counter) + 1}", "I0", now))
    return None


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


def _request_id(body: bytes) -> str:
    request = parse_xml(body, "request")
    return value_in(request, f"{tag('Header')}/{tag('RequestID')}", "request")
