"""The dongle goes away in the middle of anything: every call ends, soon, with DongleLost."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import radio_lab
from patience import PATIENCE
from radio_lab import (
    CHANNEL,
    HUB,
    HUB_ENDPOINT,
    LINK_KEY,
    PAN_ID,
    TUNNELING,
    Lab,
    hub_beacon,
    joined,
    lab,
    opened,
)
from virtual_time import virtual_loop

import hht
from hht.radio.dongle import Beacon, Dongle
from hht.radio.errors import DongleError, DongleLost, DongleSilent

BRIEF = 0.1  # seconds; in virtual time nothing is late
BEACON = Beacon(CHANNEL, PAN_ID, HUB, True, 255, -45)
Operation = Callable[[Dongle], Awaitable[object]]


async def send(dongle: Dongle) -> None:
    payload = bytes(300)
    await dongle.send_unicast(
        TUNNELING, payload, endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=9
    )


BEFORE_JOINING: dict[str, Operation] = {
    "active scan": lambda dongle: dongle.active_scan(duration=6, timeout=9),
    "energy scan": lambda dongle: dongle.energy_scan(duration=6, timeout=9),
    "open inter-PAN": lambda dongle: dongle.open_interpan(CHANNEL, PAN_ID),
    "send inter-PAN": lambda dongle: dongle.send_interpan(bytes(60)),
    "receive inter-PAN": lambda dongle: dongle.receive_interpan(timeout=9),
    "close inter-PAN": lambda dongle: dongle.close_interpan(),
    "join": lambda dongle: dongle.join(BEACON, LINK_KEY, timeout=9),
    "resume": lambda dongle: dongle.resume(timeout=9),
}
AS_A_MEMBER: dict[str, Operation] = {
    "send": send,
    "receive": lambda dongle: dongle.receive(timeout=9),
    "discover an endpoint": lambda dongle: dongle.discover_endpoint(TUNNELING, timeout=9),
    "read the network": lambda dongle: dongle.network(),
    "set a link key": lambda dongle: dongle.set_link_key(HUB, LINK_KEY),
    "leave": lambda dongle: dongle.leave(),
}


def pull_the_plug(at: Lab) -> None:
    at.server.hang_up()


def fall_silent(at: Lab) -> None:
    at.server.faults.silent = True


def reset_unasked(at: Lab) -> None:
    at.server.restart(3)  # its watchdog


ACCIDENTS = [pull_the_plug, fall_silent, reset_unasked]


async def suffer(
    at: Lab, dongle: Dongle, operation: Operation, accident: Callable[[Lab], None]
) -> None:
    """Begin an operation on slow air, have the accident, and see all calls end."""
    at.air.latency = 5.0
    at.node.scanner.dwell = None
    accident(at)
    start = virtual_loop().time()
    with pytest.raises(DongleLost):
        await operation(dongle)
    assert virtual_loop().time() - start < 3
    assert dongle.lost.is_set()
    with pytest.raises(DongleLost):  # and at once from then on
        await asyncio.wait_for(dongle.active_scan(timeout=9), 0.1)
    start = virtual_loop().time()
    await dongle.close()
    assert virtual_loop().time() - start < 1.5


@pytest.mark.parametrize("accident", ACCIDENTS)
@pytest.mark.parametrize("name", BEFORE_JOINING)
async def test_an_accident_before_joining(name: str, accident: Callable[[Lab], None]) -> None:
    async with lab() as at, opened(at, patience=BRIEF) as dongle:
        await suffer(at, dongle, BEFORE_JOINING[name], accident)


@pytest.mark.parametrize("accident", ACCIDENTS)
@pytest.mark.parametrize("name", AS_A_MEMBER)
async def test_an_accident_as_a_member(name: str, accident: Callable[[Lab], None]) -> None:
    async with lab() as at, opened(at, patience=BRIEF) as dongle:
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)
        await suffer(at, dongle, AS_A_MEMBER[name], accident)


@pytest.mark.parametrize("accident", ACCIDENTS)
async def test_an_accident_while_the_operation_is_under_way(
    accident: Callable[[Lab], None],
) -> None:
    """Each operation that waits for the air is cut short there, not only at its command."""
    waiting = ["active scan", "energy scan", "receive inter-PAN", "join"]
    for name in waiting:
        async with lab() as at, opened(at, patience=BRIEF) as dongle:
            asyncio.get_running_loop().call_later(0.1, accident, at)
            at.hub.power_off()
            at.node.scanner.dwell = None
            with pytest.raises(DongleLost):
                await asyncio.wait_for(BEFORE_JOINING[name](dongle), 3)


@pytest.mark.real_time("the kernel says in its own time that a pseudo-terminal is gone")
async def test_a_pty_that_disappears() -> None:
    async with lab(line="pty") as at, opened(at) as dongle:
        receiving = asyncio.create_task(dongle.receive_interpan(timeout=PATIENCE))
        scanning = asyncio.create_task(dongle.active_scan(timeout=PATIENCE, duration=6))
        await asyncio.sleep(0.05)
        at.server.hang_up()
        for task in (receiving, scanning):
            with pytest.raises(DongleLost):
                await asyncio.wait_for(task, PATIENCE)


async def test_a_line_that_breaks_at_any_frame() -> None:
    """The whole path, broken at its first frame from the host, then at its second, and so on."""
    frame = 1
    while await _breaks_at(frame):
        frame += 1
    assert frame > 30


async def _breaks_at(frame: int) -> bool:
    async with lab() as at:
        at.server.faults.break_at = frame
        try:
            # The hub waits 6.4 s for a fragment that is not acknowledged any more.
            async with asyncio.timeout(9), joined(at) as dongle:
                await dongle.open_interpan(CHANNEL, PAN_ID)
                await dongle.send_interpan(bytes(60))
                await dongle.discover_endpoint(TUNNELING)
                await send(dongle)
                await at.hub_sends(bytes(300))
                await dongle.receive(timeout=9)
                await dongle.leave()
        except DongleLost:
            return True
        return False


async def test_a_dongle_that_never_speaks_is_silent_soon() -> None:
    async with lab(line="pty") as at:
        at.server.faults.silent = True
        start = virtual_loop().time()
        with pytest.raises(DongleSilent, match="Nothing answers at any known speed"):
            await Dongle.open(at.address, patience=0.1)
        assert virtual_loop().time() - start < 5


async def test_a_dongle_that_falls_silent_while_it_opens_is_silent_soon() -> None:
    async with lab() as at:
        at.server.faults.break_at, at.server.faults.breaking = 2, "silence"
        with pytest.raises(DongleSilent):
            await asyncio.wait_for(Dongle.open(at.address, patience=0.1), 4)


async def test_a_server_that_hangs_up_at_once_is_lost_at_once() -> None:
    listener = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    start = virtual_loop().time()
    with pytest.raises(DongleError):
        await Dongle.open(f"socket://127.0.0.1:{port}")
    assert virtual_loop().time() - start < 2
    listener.close()


async def test_closing_ends_what_waits_and_may_be_repeated() -> None:
    async with lab() as at, joined(at) as dongle:
        receiving = asyncio.create_task(dongle.receive(timeout=9))
        await asyncio.sleep(0.02)
        await dongle.close()
        with pytest.raises(DongleLost, match="closed"):
            await asyncio.wait_for(receiving, 1)
        await dongle.close()


async def test_closing_does_not_wait_for_a_silent_dongle() -> None:
    async with lab(line="pty") as at, opened(at) as dongle:
        at.server.faults.silent = True
        scanning = asyncio.create_task(dongle.active_scan(timeout=9))
        await asyncio.sleep(0.02)
        await asyncio.wait_for(dongle.close(), 1.5)
        with pytest.raises(DongleLost):
            await scanning


async def test_the_same_address_opens_again_after_the_loss() -> None:
    async with lab() as at:
        async with opened(at) as dongle:
            at.server.hang_up()
            await asyncio.wait_for(dongle.lost.wait(), 2)
        async with joined(at) as dongle:
            await send(dongle)


HOST = """
import asyncio, sys
from patience import PATIENCE
from radio_lab import hub_beacon, LINK_KEY
import hht
from hht.radio.dongle import Dongle
async def main():
    dongle = await Dongle.open(sys.argv[1], patience=PATIENCE)
    await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=PATIENCE)
    print("joined", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.real_time("a host in a process of its own")
@pytest.mark.parametrize("line", ["socket", "pty"])
async def test_a_host_that_is_killed_leaves_the_dongle_usable(line: str) -> None:
    """On a pty the co-processor does not learn that its host has gone: the next one resets it."""
    async with lab(line=line) as at:
        host = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", HOST, at.address),
            cwd=Path(radio_lab.__file__).parent,
            env={**os.environ, "PYTHONPATH": f"{Path(hht.__file__).parents[1]}"},
            stdout=asyncio.subprocess.PIPE,
        )
        assert host.stdout is not None
        assert await asyncio.wait_for(host.stdout.readline(), PATIENCE) == b"joined\n"
        host.kill()
        await host.wait()
        usual, at.hub.aps.ack_seconds = (
            at.hub.aps.ack_seconds,
            0.001,
        )  # no acknowledgement will come
        at.hub.aps.host_seconds = 0.0
        for number in range(60):
            await at.hub_sends(bytes([number]) * 80)
        at.hub.aps.ack_seconds = usual
        async with opened(at, patience=PATIENCE) as dongle:
            assert await dongle.resume(timeout=PATIENCE)
            await send(dongle)


async def test_a_second_host_takes_the_dongle_over() -> None:
    async with lab() as at, opened(at) as first, joined(at) as second:
        await asyncio.wait_for(first.lost.wait(), 2)
        await send(second)
