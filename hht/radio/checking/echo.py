"""An inter-PAN echo between two dongles: whether each really hears what the other sends."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.radio.checking.check import Report
from hht.radio.checking.frames import CHANNEL, OTHER_PAN, frame_for, payload_of
from hht.radio.checking.point import Point
from hht.radio.dongle import Dongle
from hht.radio.errors import DongleLost, NotDelivered
from hht.radio.opening.address import parse_address
from hht.radio.types import HeardFrame

if TYPE_CHECKING:
    from hht.radio.opening.line_memory import LineMemory

WAYS = ("mac-filter", "mfglib")
_ECHOES = 5  # enough that one lost frame is not taken for deafness
SECONDS = 1.0  # an echo takes some 20 ms


async def check_echoes(
    url: str,
    peer: str,
    report: Report,
    *,
    memory: "LineMemory | None" = None,
    seconds: float = SECONDS,
) -> bool:
    """Open both dongles, try the echo in each way, and return whether one of the ways works.

    `seconds` is how long each echo may take. Never raises HhtError.
    """
    try:
        async with _opened(url, memory) as near:
            return await _check_with(near, peer, report, memory, seconds)
    except HhtError as error:
        report(Point.failed("echo", error))
        return False


async def _check_with(
    near: Dongle, peer: str, report: Report, memory: "LineMemory | None", seconds: float
) -> bool:
    try:
        if parse_address(peer).url == near.link.url:
            return _report_same_dongle(report)
        async with _opened(peer, memory) as far:
            if far.eui64 == near.eui64:
                return _report_same_dongle(report)
            return await _try_both_ways(near, far, report, seconds)
    except HhtError as error:
        if error.where == near.link.url:
            raise
        report(
            Point("peer", False, f"the peer at {error.where or peer}: {error.what}", error.remedy)
        )
        return False


def _report_same_dongle(report: Report) -> bool:
    report(Point("peer", False, "the peer is the dongle itself", "Name the second dongle."))
    return False


async def _try_both_ways(near: Dongle, far: Dongle, report: Report, seconds: float) -> bool:
    """Report each way, and return whether one of them works: a visit finds out which."""
    points = list[Point]()
    try:
        for way in WAYS:
            points.append(await _try_echo(near, far, way, seconds))
    finally:
        works = any(point.holds for point in points)
        for point in points:
            report(point if point.holds or not works else _can_be_spared(point))
    return works


def _can_be_spared(point: Point) -> Point:
    found = f"{point.found}; a visit goes on by the other way, which works"
    return replace(point, holds=None, found=found, remedy="")


async def _try_echo(near: Dongle, far: Dongle, way: str, seconds: float) -> Point:
    try:
        return await check_echo(near, far, way, seconds)
    except DongleLost:
        raise
    except HhtError as error:
        whose = "the peer" if error.where == far.link.url else "the dongle"
        return Point(f"echo by {way}", False, f"{whose}: {error.what}", error.remedy)


@contextlib.asynccontextmanager
async def _opened(url: str, memory: "LineMemory | None") -> AsyncIterator[Dongle]:
    dongle = await Dongle.open(url, memory=memory)
    try:
        yield dongle
    finally:
        await dongle.close()


async def check_echo(near: Dongle, far: Dongle, way: str, seconds: float = SECONDS) -> Point:
    """Send five frames to the other dongle and have each come back, both hearing this way.

    `seconds` is how long each may take. DongleError when one of the two cannot be tuned so.
    """
    for dongle in (near, far):
        dongle.choose_reception(way)
        await dongle.open_interpan(CHANNEL, OTHER_PAN)
    answering = asyncio.create_task(_answer(far, near))
    try:
        heard = [await _echo(near, far, number, seconds) for number in range(_ECHOES)]
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        for dongle in (near, far):
            await dongle.close_interpan()
    return _judged(way, [each for each in heard if each is not None])


def _judged(way: str, echoes: list[tuple[float, HeardFrame]]) -> Point:
    name = f"echo by {way}"
    if not echoes:
        remedy = "Try each of them with a third dongle; write other firmware to the deaf one."
        return Point(name, False, f"none of {_ECHOES} came back: one of the two is deaf", remedy)
    usual, last = median(seconds for seconds, _ in echoes) * 1000, echoes[-1][1]
    found = f"{len(echoes)} of {_ECHOES} came back, median {usual:.0f} ms, last at {last.rssi} dBm"
    return Point(name, True, found, figures={"back": len(echoes), "median_ms": round(usual, 1)})


async def _echo(
    near: Dongle, far: Dongle, number: int, seconds: float
) -> tuple[float, HeardFrame] | None:
    """Send a frame; return how many seconds it took and what came back, None if nothing did."""
    payload = bytes([number]) + secrets.token_bytes(15)
    began = near.clock.elapsed()
    await _send(near, far, payload)
    try:
        async with near.clock.timeout(seconds):
            while True:
                heard = await near.receive_interpan(timeout=None)
                if payload_of(heard.raw) == payload[::-1]:
                    return near.clock.elapsed() - began, heard
    except TimeoutError:
        return None


async def _answer(far: Dongle, near: Dongle) -> None:
    """Send each test frame back, its payload reversed, until cancelled."""
    while True:
        payload = payload_of((await far.receive_interpan(timeout=None)).raw)
        if payload:
            await _send(far, near, payload[::-1])


async def _send(source: Dongle, target: Dongle, payload: bytes) -> None:
    with contextlib.suppress(NotDelivered):  # it may have been heard: whether it comes back decides
        await source.send_interpan(frame_for(source.eui64, target.eui64, payload, ack_request=True))
