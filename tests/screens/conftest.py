"""The app on a real training database, opened at any size of terminal."""

import asyncio
import random
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sampling import LONG
from screen_bench import SMALLEST, Bench, OpenBench
from screen_scenes import Basis, Scene
from screen_visit import HHT, Judged, Script, ScriptedVisit
from store_samples import CCS01_COMMAND, ECS70_COMMAND, open_store, pack

from hht.clock import ManualClock
from hht.hub_profile import load_profile
from hht.journeys.equipment import RadioKit
from hht.store import Mode, Store
from screens.app import HhtApp
from screens.context import HhtContext, Pace


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run by the machine's time: a thread of its own works behind each screen."""
    return {"real": asyncio.SelectorEventLoop}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Play a test of several sizes at one that the run's seed draws; HHT_LONG=1 plays them all."""
    if LONG:
        return
    alike: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if "size" in getattr(getattr(item, "callspec", None), "params", {}):
            alike[re.sub(r"size\d", "size", item.nodeid)].append(item)
    seed = config.getoption("randomly_seed", 0)
    for name, sizes in alike.items():
        sizes.remove(random.Random(f"{seed} {name}").choice(sizes))
    left_out = {item for sizes in alike.values() for item in sizes}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def nothing_real(job_id: int) -> RadioKit:
    """A kit with nothing in it but the HHT's name: the scripted visit needs no more."""
    identity: Any = SimpleNamespace(entity_id=HHT)
    return RadioKit(f"socket://job-{job_id}", identity, load_profile())


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
def live(tmp_path: Path, context: HhtContext) -> HhtContext:
    """A live context with one job, and no gateway, identity or PIN."""

    def opened() -> Store:
        store = open_store(tmp_path, Mode.LIVE)
        store.jobs.add(pack(CCS01_COMMAND, mode=None))
        return store

    return replace(context, mode="live", data_dir=tmp_path, open_store=opened)


@pytest.fixture
def judged(context: HhtContext, script: Script) -> Judged:
    """Make the context that of an exercise, with a judge."""
    context.exercise = Judged(script)
    return context.exercise


@pytest.fixture
def open_bench(context: HhtContext) -> OpenBench:
    """Open the app at a size; its gate lets a finger's key through sooner, to save time.

    The ticks of a connection stay until Enter: a busy machine may see them only after they go.
    """
    pace = Pace(gap_seconds=0.002, see_seconds=3600, read_seconds=0, look_seconds=0.02)

    @asynccontextmanager
    async def opened(
        size: tuple[int, int] = SMALLEST, given: HhtContext = context
    ) -> AsyncIterator[Bench]:
        given.pace = pace
        app = HhtApp(given)
        async with app.run_test(size=size) as pilot:
            yield Bench(app, pilot)

    return opened


@pytest.fixture
def given(context: HhtContext, tmp_path: Path, scene: Scene, script: Script) -> HhtContext:
    """The scene's context at a time that never changes: Enter alone goes from screen to screen."""
    return scene.given(Basis(context, tmp_path, ManualClock(), script))


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times of day are local ones: here those of Greenwich."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
