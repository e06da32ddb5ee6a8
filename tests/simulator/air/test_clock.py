"""The training clock: hours lived through in a moment, in their order."""

import asyncio
from datetime import UTC, datetime

import pytest

from hht.simulator.air.clock import Clock

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


async def test_an_hour_passes_in_a_moment_at_a_high_speed() -> None:
    clock = Clock(speed=360_000, start=START)
    await clock.sleep(3600)
    assert clock.now() >= START.replace(hour=9)


async def test_the_clock_runs_with_the_wall_at_speed_one() -> None:
    clock = Clock(start=START)
    before = asyncio.get_running_loop().time()
    await clock.sleep(0.02)
    assert asyncio.get_running_loop().time() - before >= 0.019


async def test_a_jump_makes_due_what_lies_on_the_way_in_its_order() -> None:
    clock, happened = Clock(start=START), list[str]()
    clock.call_later(18 * 3600, lambda: happened.append("residency over"))
    clock.call_later(3600, lambda: happened.append("window closed"))
    clock.call_later(20 * 3600, lambda: happened.append("too early"))
    clock.advance(18 * 3600)
    await asyncio.sleep(0.01)
    assert happened == ["window closed", "residency over"]


async def test_calls_due_at_the_same_time_come_in_the_order_they_were_made() -> None:
    clock, happened = Clock(start=START), list[int]()
    for number in range(5):
        clock.call_later(0, lambda number=number: happened.append(number))  # type: ignore[misc]
    await asyncio.sleep(0.01)
    assert happened == [0, 1, 2, 3, 4]


async def test_a_cancelled_call_never_happens() -> None:
    clock, happened = Clock(start=START), list[str]()
    clock.call_later(5, lambda: happened.append("no")).cancel()
    clock.advance(10)
    await asyncio.sleep(0.01)
    assert happened == []


async def test_a_call_that_fails_takes_no_other_down() -> None:
    clock, happened, failures = Clock(start=START), list[str](), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, what: failures.append(what))
    clock.call_later(0, lambda: [][0])
    clock.call_later(0, lambda: happened.append("still called"))
    await asyncio.sleep(0.01)
    assert happened == ["still called"]
    assert len(failures) == 1


async def test_a_faster_clock_brings_forward_what_is_already_waiting() -> None:
    clock = Clock(start=START)
    waiting = asyncio.create_task(clock.sleep(1000))
    await asyncio.sleep(0)
    clock.speed = 1_000_000
    await asyncio.wait_for(waiting, 1)


async def test_a_wait_brings_the_answer_or_none_when_time_is_over() -> None:
    clock, loop = Clock(speed=1000, start=START), asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()
    loop.call_soon(answer.set_result, "here")
    assert await clock.wait(answer, 60) == "here"
    assert await clock.wait(loop.create_future(), 1) is None


@pytest.mark.parametrize("speed", [0, -1])
async def test_a_clock_never_stands_or_runs_backward(speed: float) -> None:
    with pytest.raises(ValueError, match="runs forward"):
        Clock(speed=speed)
    clock = Clock()
    with pytest.raises(ValueError, match="runs forward"):
        clock.speed = speed
