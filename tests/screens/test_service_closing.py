"""Closing the app: whatever fails on the way, the store and the starter's part are closed too."""

import asyncio
import gc
from dataclasses import replace

import pytest
from screen_visit import Script, ScriptedVisit

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
