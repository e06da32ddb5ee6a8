"""A pause costs no second of any window: every clock of the exercise stops, and then goes on."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sampling import LONG
from visit_stage import CLOCK, scene

from hht.clock import SYSTEM_CLOCK, ManualClock
from hht.journeys.link.time_of_day import NOT_SET, TimeOfDay
from hht.simulator.pauses import (
    LOOK_SECONDS,
    PAUSE_FILE,
    HandheldClock,
    Pauses,
    PremisesClock,
    is_paused,
    pause,
    resume,
)
from hht.simulator.site.record import Site
from hht.store import CommandState

TEN_MINUTES = 600.0
STARTING_SECONDS = 30.0
"""Real seconds that a busy machine may need to start a hub's clock; a pause is far longer."""


def premises(folder: Path, speed: float = 1.0) -> PremisesClock:
    return PremisesClock.of_run(folder, datetime.now(UTC), speed)


@pytest.mark.parametrize("speed", [1.0, 60.0])
async def test_no_clock_of_hub_or_handheld_goes_on_in_a_pause(tmp_path: Path, speed: float) -> None:
    hub = premises(tmp_path, speed)
    handheld = HandheldClock(hub.time, Pauses(tmp_path))
    await asyncio.sleep(5)
    assert pause(tmp_path)
    before = hub.time(), hub.elapsed(), handheld.time(), handheld.elapsed()
    await asyncio.sleep(TEN_MINUTES)
    after = hub.time(), hub.elapsed(), handheld.time(), handheld.elapsed()
    assert after == pytest.approx(before, abs=1e-3 * speed)
    assert resume(tmp_path)
    await asyncio.sleep(7)
    assert handheld.elapsed() - before[3] == pytest.approx(7, abs=1e-3)
    assert hub.time() - before[0] == pytest.approx(7 * speed, abs=1e-3 * speed)


@pytest.mark.parametrize("kind", ["hub", "handheld"])
@pytest.mark.parametrize("set_before", [True, False])
async def test_what_waits_is_called_when_its_own_seconds_have_passed(
    tmp_path: Path, kind: str, set_before: bool
) -> None:
    clock = premises(tmp_path) if kind == "hub" else HandheldClock(pauses=Pauses(tmp_path))
    called = list[float]()
    loop = asyncio.get_running_loop()
    if not set_before:
        pause(tmp_path)
    clock.call_later(30, lambda: called.append(loop.time()))
    if set_before:
        await asyncio.sleep(10)
        pause(tmp_path)
    await asyncio.sleep(20)
    assert called == []
    resume(tmp_path)
    resumed, left = loop.time(), 20 if set_before else 30
    await asyncio.sleep(left + 2 * LOOK_SECONDS)
    assert len(called) == 1
    assert called[0] - resumed == pytest.approx(left, abs=LOOK_SECONDS + 0.01)


async def test_a_call_that_was_cancelled_in_a_pause_is_never_made(tmp_path: Path) -> None:
    clock = HandheldClock(pauses=Pauses(tmp_path))
    pause(tmp_path)
    timer = clock.call_later(1, lambda: pytest.fail("called"))
    await asyncio.sleep(1)
    timer.cancel()
    resume(tmp_path)
    await asyncio.sleep(5)


async def test_a_hub_started_in_or_after_a_pause_shows_the_same_time(
    tmp_path: Path,
) -> None:
    started = datetime.now(UTC)
    first = PremisesClock.of_run(tmp_path, started, 10)
    pause(tmp_path)
    for _ in range(2):
        late = PremisesClock.of_run(tmp_path, started, 10)
        assert late.time() == pytest.approx(first.time(), abs=STARTING_SECONDS * 10)
        await asyncio.sleep(TEN_MINUTES)
        resume(tmp_path)


async def test_an_hours_window_has_the_same_seconds_left_after_a_pause(tmp_path: Path) -> None:
    def clock_of(site: Site) -> PremisesClock:
        return PremisesClock.of_run(site.run_dir, site.started, 1.0)

    async with scene(tmp_path, hub_clock=clock_of) as on:
        folder = on.site.run_dir
        handheld = HandheldClock(on.hub.clock.time, Pauses(folder))
        visit = on.arrive(handheld)
        await visit.connect(on.site.spec.hub.gpf)
        await visit.deliver_next()
        on.hub.premises.switch(on.named(CLOCK).device, on=False)
        sending = asyncio.create_task(visit.deliver(on.named(CLOCK).id))
        await on.until(lambda: on.named(CLOCK).state is CommandState.DELIVERED)
        pause(folder)
        left = on.hub.window_seconds_left, visit.view.window_seconds_left
        await asyncio.sleep(TEN_MINUTES if LONG else 60)
        assert (on.hub.window_seconds_left, visit.view.window_seconds_left) == left
        assert not sending.done(), "the wait for a Response went on in the pause"
        resume(folder)
        await sending
        assert left[0] is not None
        assert on.hub.window_seconds_left is not None
        assert 0 <= left[0] - on.hub.window_seconds_left < 5


def test_premises_whose_time_runs_faster_are_no_clock_that_somebody_set(tmp_path: Path) -> None:
    wall = premises(tmp_path, speed=10)
    clock = HandheldClock(wall.time, Pauses(tmp_path))
    before = TimeOfDay.of(clock)
    wall.advance(3600)
    assert before.set_by(TimeOfDay.of(clock)) == NOT_SET


def test_pauses_add_up_over_restarts_of_the_machine(tmp_path: Path) -> None:
    clock = ManualClock()
    pauses = Pauses(tmp_path, clock)
    assert pauses.begin()
    assert not pauses.begin()
    clock.advance(10)
    assert pauses.end()
    assert not pauses.end()
    pauses.begin()
    clock.reboot()
    clock.set(clock.now() + timedelta(hours=8))
    assert Pauses(tmp_path, clock).total == pytest.approx(10 + 8 * 3600)
    pauses.end()
    assert not is_paused(tmp_path)
    clock.set(clock.now() - timedelta(days=1))
    assert Pauses(tmp_path, clock).total == pytest.approx(10 + 8 * 3600)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"total": -5}', '{"total": "x"}', '{"since": "x"}', '{"a": 1}']
)
def test_an_odd_file_is_no_pause(tmp_path: Path, content: str) -> None:
    (tmp_path / PAUSE_FILE).write_text(content)
    assert Pauses(tmp_path).total == 0
    assert not Pauses(tmp_path).is_on
    assert pause(tmp_path)
    assert (
        json.loads((tmp_path / PAUSE_FILE).read_text())["boot"] == SYSTEM_CLOCK.boot_moment().boot
    )
