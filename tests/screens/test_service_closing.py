"""Closing the app: whatever fails on the way, the store and the starter's part are closed too."""

import asyncio
import gc
from dataclasses import replace
from pathlib import Path

import pytest
from screen_bench import OpenBench
from screen_steps import at_the_jobs
from screen_visit import Script, ScriptedVisit

from hht.errors import HhtError
from hht.store import Store
from screens.context import HhtContext
from screens.service.visit_service import VisitService
from screens.service.worker_loop import WorkerLoop


async def test_a_visit_that_cannot_be_closed_leaves_neither_store_nor_hub_open(
    context, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    async def fail(visit: ScriptedVisit) -> None:
        raise RuntimeError("The listener had failed")

    monkeypatch.setattr(ScriptedVisit, "close", fail)
    service = VisitService(
        replace(context, close=lambda: ended.append("hub")), lambda message: None
    )
    service.start()
    await service.visit((await service.queries.jobs())[0].id)
    store = service.queries.store()
    monkeypatch.setattr(store, "close", lambda: ended.append("store"))
    with pytest.raises(RuntimeError, match="The listener had failed"):
        await service.close()
    assert ended == ["store", "hub"]
    assert not service.worker_loop.thread.is_alive()


async def test_what_the_system_refuses_in_the_working_thread_is_one_line_for_a_person(
    tmp_path: Path,
) -> None:
    worker = WorkerLoop()
    worker.start()
    try:
        with pytest.raises(
            HhtError, match=r"The system refused this \(No such file or dir"
        ) as said:
            await worker.run((tmp_path / "absent").read_bytes)
        assert said.value.where == str(tmp_path / "absent")
        with pytest.raises(TimeoutError):
            await worker.do(asyncio.wait_for(asyncio.Event().wait(), 0))
    finally:
        worker.stop()


async def test_work_for_a_thread_that_has_ended_is_cancelled_and_leaves_nothing_unawaited(
    recwarn: pytest.WarningsRecorder,
) -> None:
    worker = WorkerLoop()
    worker.start()
    last = asyncio.ensure_future(worker.run(int))
    await asyncio.sleep(0)
    worker.stop()
    with pytest.raises(asyncio.CancelledError):
        await worker.run(int)
    last.cancel()
    gc.collect()
    assert not [each for each in recwarn if "never awaited" in str(each.message)]


async def test_what_is_asked_while_a_mode_closes_opens_no_store(context: HhtContext) -> None:
    """The next mode, and what the exercise writes at its end, would find it busy."""
    opened: list[Store] = []
    service = VisitService(
        replace(context, open_store=lambda: opened.append(context.open_store()) or opened[-1]),
        lambda message: None,
    )
    service.start()
    closing = asyncio.ensure_future(service.close())
    asked = asyncio.ensure_future(service.queries.jobs())
    await closing
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not opened


async def test_a_worker_that_asks_a_closed_mode_does_not_end_the_app(
    open_bench: OpenBench,
) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        ended = WorkerLoop()
        ended.start()
        ended.stop()
        worker = bench.app.run_worker(ended.run(int))
        await bench.until_it_holds(lambda: worker.is_finished)
        await bench.press("m")
        await bench.until("▌1 Import")
