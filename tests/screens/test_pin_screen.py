"""A locked store asks for the PIN, tells nothing before it, and locks again when left alone."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from screen_bench import BOTH
from store_samples import CCS01_COMMAND, open_store, pack

from hht.store import Mode, Store
from screens.context import HhtContext, RadioKit

PIN = "271828"


@pytest.fixture
def protected(tmp_path: Path) -> HhtContext:
    """Live data with one job, protected."""
    with open_store(tmp_path, Mode.LIVE) as store:
        store.add_job(pack(CCS01_COMMAND, mode=None))
        store.protect(PIN)

    def opened() -> Store:
        return open_store(tmp_path, Mode.LIVE)

    def no_kit(job_id: int) -> RadioKit:
        raise AssertionError(f"nobody asked for job {job_id}")

    return HhtContext(tmp_path, "live", opened, no_kit)


async def enter(bench, pin: str) -> None:
    await bench.until("Locked: enter your PIN")
    await bench.press(*pin, "enter")


@pytest.mark.parametrize("size", BOTH)
async def test_the_jobs_are_shown_only_once_the_pin_is_entered(open_bench, protected, size):
    async with open_bench(size, protected) as bench:
        await bench.until("Locked: enter your PIN")
        assert "Install without WAN" not in bench.text
        await enter(bench, PIN)
        await bench.until("Install without WAN")


async def test_nothing_of_the_pin_is_painted(open_bench, protected):
    async with open_bench(given=protected) as bench:
        await bench.until("Locked: enter your PIN")
        await bench.press(*PIN)
        assert PIN not in bench.text


async def test_a_wrong_pin_is_told_and_can_be_tried_again(open_bench, protected):
    async with open_bench(given=protected) as bench:
        await enter(bench, "000000")
        await bench.until("The PIN is wrong")
        await bench.press("r")
        await enter(bench, PIN)
        await bench.until("Install without WAN")


async def test_left_alone_it_locks_and_shows_the_jobs_no_more(
    open_bench, protected, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("screens.navigation.LOOK_SECONDS", 0.05)
    async with open_bench(given=protected) as bench:
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        records = bench.app.desk.records
        records._auto_lock._idle_seconds = 0
        await bench.until("Locked: enter your PIN")
        assert "Install without WAN" not in bench.text
        records._auto_lock._idle_seconds = 300
        await enter(bench, PIN)
        await bench.until("Install without WAN")


async def test_while_the_hht_is_on_a_han_it_does_not_lock(
    open_bench, protected, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("screens.navigation.LOOK_SECONDS", 0.02)
    touched: list[bool] = []
    async with open_bench(given=protected) as bench:
        await enter(bench, PIN)
        await bench.until("Install without WAN")
        records = bench.app.desk.records
        check: Callable[[], bool] = records._auto_lock.check
        records._auto_lock.check = lambda: touched.append(False) or check()
        records._auto_lock.touch = lambda: touched.append(True)
        bench.app.view = Connected()
        touched.clear()
        await asyncio.sleep(0.1)
        assert touched
        assert all(touched)


class Connected:
    """As much of a visit's view as tells that the HHT is on the HAN."""

    connected = True

    def __getattr__(self, name: str) -> None:
        return None
