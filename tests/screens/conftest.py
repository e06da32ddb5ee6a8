"""The app on a real training database, opened at any size of terminal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from screen_bench import SMALLEST, Bench, OpenBench
from screen_visit import HHT, Judged, Script, ScriptedVisit
from store_samples import CCS01_COMMAND, ECS70_COMMAND, open_store, pack

from hht.journeys.equipment import RadioKit
from hht.store import Store
from screens.app import HhtApp
from screens.context import HhtContext


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run by the machine's time: a thread of its own works behind each screen."""
    return {"real": asyncio.SelectorEventLoop}


def nothing_real(job_id: int) -> RadioKit:
    """A kit with nothing in it but the HHT's name: the scripted visit needs no more."""
    return RadioKit(f"socket://job-{job_id}", SimpleNamespace(entity_id=HHT), None)  # type: ignore[arg-type]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Put the scripted visit in the real one's place; what happens is for the test to say."""
    monkeypatch.setattr("hht.journeys.visit.Visit", ScriptedVisit)
    monkeypatch.setattr(ScriptedVisit, "script", Script())
    return ScriptedVisit.script


@pytest.fixture
def context(tmp_path: Path) -> HhtContext:
    """A training context with one job of two Local Commands."""

    def opened() -> Store:
        store = open_store(tmp_path)
        store.jobs.add(pack(CCS01_COMMAND, ECS70_COMMAND))
        return store

    return HhtContext(tmp_path, "training", opened, nothing_real, title="No-WAN install")


@pytest.fixture
def judged(context: HhtContext, script: Script) -> Judged:
    """Make the context that of an exercise, with a judge."""
    context.exercise = Judged(script)
    return context.exercise


@pytest.fixture
def open_bench(context: HhtContext) -> OpenBench:
    """Open the app at a size; its gate lets a finger's key through sooner, to save time."""

    @asynccontextmanager
    async def opened(
        size: tuple[int, int] = SMALLEST, given: HhtContext = context
    ) -> AsyncIterator[Bench]:
        app = HhtApp(given, gap_seconds=0.002)
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Bench(app, pilot)

    return opened
