"""Two dongles on one bench: each really hears what the other sends, or it is said that not."""

import contextlib
from collections.abc import AsyncIterator

import pytest
from radio_lab import Lab, lab

from hht.entity_id import EntityId
from hht.radio.checking.echo import check_echo, check_echoes
from hht.radio.checking.point import Point
from hht.radio.dongle import Dongle
from hht.simulator.ncp.server import NcpServer, serve_socket
from hht.simulator.stack.node import RadioNode

ECHO_SECONDS = 0.3  # an echo between two virtual NCPs takes some 20 ms
PEER = EntityId.parse("00-DB-12-34-56-78-90-C7")


@contextlib.asynccontextmanager
async def two_dongles(version: int = 13) -> AsyncIterator[tuple[Lab, NcpServer]]:
    """A second virtual NCP on the same air."""
    async with lab(version) as at:
        peer = await serve_socket(RadioNode(at.air, PEER), ezsp_version=version)
        try:
            yield at, peer
        finally:
            await peer.close()


async def echoes(at: Lab, peer: NcpServer) -> tuple[bool, list[Point]]:
    points: list[Point] = []
    works = await check_echoes(at.address, peer.address, points.append, seconds=ECHO_SECONDS)
    return works, points


@pytest.mark.parametrize("version", [8, 13, 18])
async def test_every_frame_comes_back_in_both_ways(version: int) -> None:
    async with two_dongles(version) as (at, peer):
        works, points = await echoes(at, peer)
    assert works
    assert [point.check for point in points] == ["echo by mac-filter", "echo by mfglib"]
    for point in points:
        assert point.holds
        assert point.found.startswith("5 of 5 came back")


async def test_filters_that_let_nothing_through_are_found_out() -> None:
    """As reported of firmware after EmberZNet 7.1.1: only an echo shows it."""
    async with two_dongles() as (at, peer):
        at.server.switch_on(["filters-deaf"])
        async with contextlib.aclosing(Dongles(at, peer)) as dongles:
            near, far = await dongles.open()
            point = await check_echo(near, far, "mac-filter", seconds=0.05)
            other = await check_echo(near, far, "mfglib")
    assert point.holds is False
    assert "one of the two is deaf" in point.found
    assert point.remedy
    assert other.holds


async def test_a_deaf_way_is_not_bad_where_the_other_works() -> None:
    """A visit changes to the way that hears, so the dongle is fit."""
    async with two_dongles() as (at, peer):
        peer.switch_on(["filters-deaf"])
        works, points = await echoes(at, peer)
    assert works
    assert [point.holds for point in points] == [None, True]
    assert "a visit goes on by the other way" in points[0].found


async def test_two_deaf_ways_are_both_bad() -> None:
    async with two_dongles() as (at, peer):
        at.server.switch_on(["filters-deaf", "mfglib-refused"])
        works, points = await echoes(at, peer)
    assert not works
    assert [point.holds for point in points] == [False, False]
    assert all(point.remedy for point in points)


async def test_a_peer_that_is_not_there_has_its_line() -> None:
    async with lab() as at:
        points: list[Point] = []
        works = await check_echoes(at.address, "/dev/no-such-dongle", points.append)
    assert not works
    assert points[-1].check == "peer"
    assert points[-1].found == "the peer at /dev/no-such-dongle: There is no dongle here"


async def test_a_dongle_is_no_peer_of_itself() -> None:
    async with lab() as at:
        points: list[Point] = []
        assert not await check_echoes(at.address, at.address, points.append)
    assert points[-1].found == "the peer is the dongle itself"


async def test_what_the_peer_refuses_is_said_of_the_peer() -> None:
    async with two_dongles() as (at, peer):
        peer.switch_on(["mfglib-refused"])
        works, points = await echoes(at, peer)
    assert works
    assert points[-1].found.startswith("the peer: The dongle refused mfglibStart")


class Dongles:
    def __init__(self, at: Lab, peer: NcpServer) -> None:
        self._addresses = (at.address, peer.address)
        self._open: list[Dongle] = []

    async def open(self) -> list[Dongle]:
        self._open = [await Dongle.open(address) for address in self._addresses]
        return self._open

    async def aclose(self) -> None:
        for dongle in self._open:
            await dongle.close()
