"""The clock: the machine's, a scaled or paused one, and one that a test moves by hand."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from patience import PATIENCE

from hht.clock import SYSTEM_CLOCK, Clock, ManualClock, ScaledClock, SystemClock

pytestmark = pytest.mark.real_time("the machine's clock is what is tested")

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LONG = 100_000.0  # seconds; on the scaled clock a hundred of the machine's
CLOCKS: dict[str, Callable[[], Clock]] = {
    "system": SystemClock,
    "scaled": lambda: ScaledClock(speed=1000, start=START),
    "manual": ManualClock,
}


async def pass_seconds(clock: Clock, seconds: float) -> None:
    """Let `seconds` of the clock pass, by hand where it does not run by itself."""
    if isinstance(clock, ManualClock):
        await clock.run(seconds)
    else:
        await clock.sleep(seconds)


@pytest.fixture(params=CLOCKS)
def clock(request: pytest.FixtureRequest) -> Clock:
    return CLOCKS[request.param]()


async def test_what_is_slept_has_passed(clock: Clock) -> None:
    before = clock.elapsed()
    await pass_seconds(clock, 0.01)
    assert clock.elapsed() - before >= 0.01 - 1e-9


async def test_a_timeout_ends_what_takes_too_long(clock: Clock) -> None:
    async def too_long() -> None:
        async with clock.timeout(0.01):
            await asyncio.Event().wait()

    waiting = asyncio.create_task(too_long())
    await pass_seconds(clock, 0.02)
    with pytest.raises(TimeoutError):
        await waiting


async def test_a_timeout_leaves_alone_what_is_in_time(clock: Clock) -> None:
    async with clock.timeout(LONG):
        await asyncio.sleep(0)
    async with clock.timeout(None):
        await asyncio.sleep(0)


async def test_cancelling_inside_a_timeout_is_no_timeout(clock: Clock) -> None:
    async def guarded() -> None:
        async with clock.timeout(LONG):
            await asyncio.Event().wait()

    waiting = asyncio.create_task(guarded())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_wait_brings_the_answer_or_none_when_time_is_over(clock: Clock) -> None:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()
    loop.call_soon(answer.set_result, "here")
    assert await clock.wait(answer, LONG) == "here"
    never: asyncio.Future[str | None] = loop.create_future()
    waiting = asyncio.create_task(clock.wait(never, 0.01))
    await pass_seconds(clock, 0.02)
    assert await waiting is None


async def test_calls_due_at_the_same_time_come_in_the_order_they_were_made(clock: Clock) -> None:
    happened = list[int]()
    for number in range(5):
        clock.call_later(0.01, lambda number=number: happened.append(number))  # type: ignore[misc]
    await pass_seconds(clock, 0.02)
    assert happened == [0, 1, 2, 3, 4]


async def test_a_cancelled_call_is_never_made(clock: Clock) -> None:
    happened = list[str]()
    clock.call_later(0.01, lambda: happened.append("no")).cancel()
    await pass_seconds(clock, 0.02)
    assert happened == []


async def test_a_call_that_fails_takes_no_other_down(clock: Clock) -> None:
    happened, failures = list[str](), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, what: failures.append(what))
    clock.call_later(0.01, lambda: [][0])
    clock.call_later(0.01, lambda: happened.append("still called"))
    await pass_seconds(clock, 0.02)
    assert happened == ["still called"]
    assert len(failures) == 1


def test_the_machines_clock_shows_the_machines_time() -> None:
    before = datetime.now(UTC)
    assert before <= SYSTEM_CLOCK.now() <= datetime.now(UTC)
    assert time.monotonic() <= SYSTEM_CLOCK.elapsed() <= time.monotonic()


def test_the_time_of_day_may_be_anothers_while_seconds_are_the_machines() -> None:
    clock = SystemClock(wall=ManualClock(START).time)
    assert clock.now() == START
    assert time.monotonic() <= clock.elapsed() <= time.monotonic()


async def test_an_hour_passes_in_a_moment_at_a_high_speed() -> None:
    clock = ScaledClock(speed=360_000, start=START)
    await clock.sleep(3600)
    assert clock.now() >= START.replace(hour=9)


async def test_a_jump_makes_due_what_lies_on_the_way_in_its_order() -> None:
    clock, happened = ScaledClock(start=START), list[str]()
    clock.call_later(18 * 3600, lambda: happened.append("residency over"))
    clock.call_later(3600, lambda: happened.append("window closed"))
    clock.call_later(20 * 3600, lambda: happened.append("too early"))
    clock.advance(18 * 3600)
    await clock.sleep(0)
    assert happened == ["window closed", "residency over"]


async def test_a_faster_clock_brings_forward_what_is_already_waiting() -> None:
    clock = ScaledClock(start=START)
    waiting = asyncio.create_task(clock.sleep(1000))
    await asyncio.sleep(0)
    clock.speed = 1_000_000
    await waiting


async def test_a_paused_clock_stands_and_makes_no_call_until_it_goes_on() -> None:
    clock = ScaledClock(speed=1000, start=START)
    clock.speed = 0
    stood_at = clock.now()
    waiting = asyncio.create_task(clock.sleep(1))
    await SYSTEM_CLOCK.sleep(0.01)
    assert clock.now() == stood_at
    assert not waiting.done()
    clock.speed = 1000
    await waiting


async def test_a_paused_clock_may_be_advanced_by_hand() -> None:
    clock = ScaledClock(speed=0, start=START)
    waiting = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.advance(60)
    await waiting
    assert clock.now() == START + timedelta(minutes=1)


async def test_a_late_call_is_noticed() -> None:
    clock, elapsed = ScaledClock(speed=100), SYSTEM_CLOCK.elapsed

    def keep_the_loop_busy() -> None:
        end = elapsed() + 0.05
        while elapsed() < end:
            pass

    clock.call_later(0, keep_the_loop_busy)
    clock.call_later(1, lambda: None)
    await clock.sleep(1)
    assert clock.worst_delay > 0.03


async def test_a_clock_never_runs_backward() -> None:
    with pytest.raises(ValueError, match="never runs backward"):
        ScaledClock(speed=-1)
    clock = ScaledClock()
    with pytest.raises(ValueError, match="never runs backward"):
        clock.speed = -1


def test_clocks_since_the_same_moment_show_the_same_time() -> None:
    started = datetime.now(UTC) - timedelta(seconds=10)
    one, other = ScaledClock.since(started, 0), ScaledClock.since(started, 0)
    assert one.now() == other.now() == started
    before = time.time()
    shown = ScaledClock.since(started, 60).time()
    least, most = (60 * (now - started.timestamp()) for now in (before, time.time()))
    assert least <= shown - started.timestamp() <= most + 0.01


async def test_a_manual_clock_makes_each_call_at_its_own_moment() -> None:
    clock, happened = ManualClock(START), list[tuple[str, datetime]]()

    async def step() -> None:
        for name in ("first", "second"):
            await clock.sleep(30)
            happened.append((name, clock.now()))

    task = asyncio.create_task(step())
    await clock.run(3600)
    assert happened == [
        ("first", START + timedelta(seconds=30)),
        ("second", START + timedelta(seconds=60)),
    ]
    assert clock.now() == START + timedelta(hours=1)
    await task


async def test_a_manual_clock_names_what_waits_for_it() -> None:
    clock = ManualClock(START)
    clock.call_later(60, lambda: None)
    clock.call_later(5, lambda: None)
    clock.call_later(30, lambda: None).cancel()
    clock.advance(1)
    assert clock.waiting == [4, 59]


async def test_a_manual_clock_may_be_set_back_and_what_waits_is_not_moved() -> None:
    clock = ManualClock(START)
    clock.call_later(60, lambda: None)
    before = clock.elapsed()
    clock.set(START - timedelta(days=1))
    assert clock.now() == START - timedelta(days=1)
    assert (clock.elapsed(), clock.waiting) == (before, [60])


def test_a_manual_clock_wakes_what_sleeps_in_another_thread() -> None:
    clock = ManualClock(START)
    sleeping = threading.Event()

    async def sleep() -> None:
        asyncio.get_running_loop().call_soon(sleeping.set)
        await clock.sleep(3600)

    thread = threading.Thread(target=asyncio.run, args=(sleep(),), daemon=True)
    thread.start()
    assert sleeping.wait(PATIENCE)
    clock.advance(3600)
    thread.join(PATIENCE)
    assert not thread.is_alive()


async def test_a_manual_clock_reaches_its_end_whatever_the_fractions_of_its_steps() -> None:
    clock, steps = ManualClock(START), list[float]()

    async def step() -> None:
        while True:
            await clock.sleep(0.1)
            steps.append(clock.elapsed())

    task = asyncio.create_task(step())
    await clock.run(10.05)
    assert clock.elapsed() == 10.05
    assert len(steps) == 100
    task.cancel()
