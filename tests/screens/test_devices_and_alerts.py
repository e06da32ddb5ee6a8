"""Devices and Alerts as lists of their own, searching in a list, clocks that call the engineer."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from duis_samples import GPF
from screen_bench import BOTH, NORMAL, Bench, OpenBench
from screen_steps import at_the_jobs, at_the_plan
from screen_visit import Script
from store_samples import CS14_ALERT

from hht.clock import ManualClock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.events import ClockWarning, TimeOfDaySet
from hht.journeys.move.standing import MoveView
from hht.journeys.move.states import Move
from hht.journeys.move.ways_back import DeviceWay, WayBack
from hht.journeys.premises.devices import DeviceState, HanState, Proof
from hht.outbox.capture import capture_message
from screens.attention import MODES, ONE_CALL_SECONDS, Attention
from screens.commission.side import device_line
from screens.devices.text import device_row, device_words
from screens.visit.device_names import Names
from screens.visit.radio_work import RadioWork, Work, WorkKind
from screens.widgets.numbered_list import NumberedList

ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


async def at_the_devices(bench: Bench) -> None:
    await at_the_plan(bench)
    await bench.press("e")
    await bench.until_it_holds(lambda: bench.app.screen.HELP == "devices")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_devices_of_the_job_are_a_list_of_their_own(
    open_bench: OpenBench, script: Script, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await at_the_devices(bench)
        await bench.until("CHF", "GPF", "on the HAN")
        assert "✓ 1 CHF" in bench.text
        await bench.press("escape")
        await bench.until("Plan")


def test_all_that_is_known_of_a_device_stands_below_the_list_with_its_whole_identifier() -> None:
    device = DeviceState(
        *("GSME", ESME, "GSME"),
        state=HanState.ON_HAN,
        proof=Proof.LOG_ALERT,
        last_heard=NOW - timedelta(minutes=3),
        partners=(ESME,),
    )
    first, second = device_words(device, Names([(ESME, "GSME")]), NOW).plain.split("\n")
    assert first == "GSME 00-DB-12-34-56-78-90-A0"
    assert second == "on the HAN · by the CHF's Alert · heard 3 min ago · works with GSME"


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (DeviceState("ESME", ESME, "ESME"), "? 1 ESME not known …78-90-A0"),
        (
            DeviceState("ESME", ESME, "ESME", state=HanState.IN_LOG, proof=Proof.LOG_READ),
            "◐ 1 ESME added, not joined yet …78-90-A0 · by the Device Log",
        ),
        (
            DeviceState("ESME", ESME, "", state=HanState.NOT_IN_LOG, proof=Proof.LOG_ALERT),
            "✗ 1 ESME not on the HAN …78-90-A0 · by the CHF's Alert",
        ),
        (
            DeviceState(
                *("GSME", ESME, "GSME"),
                state=HanState.ON_HAN,
                proof=Proof.ALERT,
                last_heard=NOW - timedelta(minutes=3),
                asleep_until=NOW + timedelta(minutes=12),
            ),
            "✓ 1 ESME on the HAN …78-90-A0 · by its own Alert · heard 3 min ago · asleep until",
        ),
    ],
)
def test_a_device_says_its_state_how_it_is_known_and_when_it_was_heard(
    device: DeviceState, words: str
) -> None:
    row = device_row(1, device, Names([(ESME, "ESME")]), NOW)
    plain = f"{row.lead.plain}{row.head.plain} {row.right.plain} {row.detail.plain}"
    assert plain.startswith(words)


def test_a_device_that_is_not_back_after_its_hub_moved_is_nowhere_called_on_the_han() -> None:
    device = DeviceState("ESME", ESME, "ESME", state=HanState.ON_HAN, proof=Proof.LOG_ALERT)
    way = DeviceWay(ESME, "ESME", "ESME", WayBack.SILENT, "not heard", None)
    move, names = MoveView(Move(), (way,), ()), Names([(ESME, "ESME")])
    row = device_row(1, device, names, NOW, move)
    assert (row.lead.plain, row.right.plain, row.about) == ("✗ 1 ", "silent", "way_silent")
    assert row.detail.plain == "…78-90-A0 · not heard"
    assert device_line(device, names, move).plain == "✗ ESME silent"
    assert "silent · not heard" in device_words(device, names, NOW, move).plain
    back = MoveView(Move(), (replace(way, state=WayBack.BACK),), ())
    assert device_line(device, names, back).plain == "✓ ESME on the HAN"


async def test_an_alert_is_a_row_of_its_own_and_read_by_enter(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        store = bench.app.service.queries.store()
        assert script.visit
        job = script.visit.job.id
        await bench.app.service.worker_loop.run(
            lambda: capture_message(store, CS14_ALERT, hub=GPF, job_id=job, received_at=NOW)
        )
        await bench.press("v")
        await bench.until("Alerts", "1 Alert", "▌⚑  1 ", "Enter  Read it")
        await bench.press("enter")
        await bench.until("●Words")


async def test_without_an_alert_it_says_so(open_bench: OpenBench, script: Script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("v")
        await bench.until("No Alert has come.")


async def test_a_search_goes_to_the_next_row_with_the_words_or_to_the_number(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("slash")
        await bench.until("Which words, or which number?")
        await bench.press(*"d 1", "enter")
        await bench.until("▌○  2 Command 1")
        for key, number in (("g", "1"), ("ctrl+o", "2"), ("g", "1")):
            await bench.press(key)
            await bench.until("Which words, or which number?")
            await bench.press(number, "enter")
            await bench.until(f"▌○  {number} Command {int(number) - 1}")
        await bench.press("slash")
        await bench.until("Which words, or which number?")
        await bench.press(*"nowhere", "enter")
        await bench.until("No row has nowhere.")


async def test_a_search_begins_before_the_rows_are_read_else_its_words_would_be_keys(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        bench.app.screen.query_one(NumberedList).set_rows(())
        await bench.press("slash")
        await bench.until("Which words, or which number?")
        await bench.press(*"all", "enter")
        await bench.until("No row has all.")
        assert not [call for call in script.calls if call[0] == "deliver"]


async def test_a_clock_that_runs_short_rings_and_says_what_to_do(
    open_bench: OpenBench, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(Attention, "call", lambda self: rung.append(self.mode))
    async with open_bench() as bench:
        await at_the_plan(bench)
        script.warning = ClockWarning("window", 5, 299, "about", "Connect to the hub now.")
        await bench.until_it_holds(lambda: rung)
        await bench.until("closes in 5 minutes", "Connect to the hub now.")
        assert rung == ["bell"]


async def test_a_handhelds_clock_that_was_set_is_said_and_that_the_visits_clocks_are_right(
    open_bench: OpenBench, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(Attention, "call", lambda self: rung.append(self.mode))
    async with open_bench() as bench:
        await at_the_plan(bench)
        script.warning = TimeOfDaySet(-600)
        await bench.until("Clock put back 10 minutes: the visit goes on.")
        assert rung == ["bell"]


class Bell:
    """An app as far as the bell and the radio's work need it; it has one piece of work."""

    def __init__(self) -> None:
        self.rung = 0
        self.work: Work | None = None
        self.view = None
        self.worker: asyncio.Task[None] | None = None

    def bell(self) -> None:
        self.rung += 1

    def run_worker(self, work: Coroutine[Any, Any, None], *, group: str) -> object:
        self.worker = asyncio.ensure_future(work)
        return self.worker

    def call_next(self, callback: Callable[[], object]) -> object:
        return asyncio.get_running_loop().call_soon(callback)


@pytest.mark.parametrize(("seconds", "rung"), [(9, 0), (11, 1)])
@pytest.mark.parametrize("fails", [False, True])
async def test_work_that_was_long_calls_at_its_end_however_it_ends(
    tmp_path: Path, seconds: int, rung: int, fails: bool
) -> None:
    app, clock = Bell(), ManualClock()
    attention = Attention(app, clock, tmp_path)  # type: ignore[arg-type]

    async def work() -> None:
        clock.advance(seconds)
        if fails:
            raise HhtError("It did not work")

    ended: list[object] = []
    radio = RadioWork(app, clock, attention.call)
    radio.begin(WorkKind.DELIVER, work, then=lambda: ended.append(0), failed=ended.append)
    assert app.worker
    await app.worker
    assert (app.rung, len(ended)) == (rung, 1)


def test_what_comes_together_is_one_call(tmp_path: Path) -> None:
    app, clock = Bell(), ManualClock()
    attention = Attention(app, clock, tmp_path)  # type: ignore[arg-type]
    for _ in range(5):
        attention.call()
    clock.advance(ONE_CALL_SECONDS)
    attention.call()
    assert app.rung == 2


async def test_bell_flash_or_neither_is_remembered(open_bench: OpenBench, context) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        attention = bench.app.preferences.attention
        assert [attention.mode, *(attention.change() for _ in MODES)] == [*MODES, MODES[0]]
        attention.change()
        assert Attention(bench.app, context.clock, context.data_dir).mode == "flash"


async def test_a_terminal_that_is_too_small_says_what_is_wanted(
    open_bench: OpenBench,
) -> None:
    async with open_bench((40, 12)) as bench:
        await bench.until("Too small: 53 × 20 wanted")
        await bench.pilot.resize_terminal(53, 20)
        await bench.until_it_holds(lambda: "Too small" not in bench.text)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_plan_counts_the_alerts_that_came_before_it_was_opened(
    open_bench: OpenBench, script: Script, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        store = bench.app.service.queries.store()
        await bench.app.service.worker_loop.run(
            lambda: capture_message(store, CS14_ALERT, hub=GPF, job_id=1, received_at=NOW)
        )
        await at_the_plan(bench)
        await bench.until("⚑ 1 Alert (V): ")
        if size == NORMAL:
            await bench.until_it_holds(lambda: re.search(r"╭─ Alerts ─+ 1 ─╮", bench.text))
