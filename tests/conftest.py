"""What every test may ask for: the reference data beside the project, and the outside judges."""

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import warm_start
from hang_guard import HangGuard
from hypothesis import HealthCheck, settings
from ready_database import hand_out_ready_databases
from sampling import LONG, left_to_another_run
from scratch_space import in_memory, keep
from untouched import untouched
from virtual_time import VirtualTimeLoop

from hht.logs import Log, stop_log
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.training.scenario.load import load_scenario

IN_MEMORY = in_memory()
# Anchors of the databases that tests make are kept apart from the user's own.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="hht-test-state-")
warm_start.start_hubs_warm()
hand_out_ready_databases()
# No example is late on a slow machine; `.ci/long` tries more of them.
settings.register_profile(
    "hht",
    deadline=None,
    max_examples=500 if LONG else 40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("hht")
ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("HHT_SHARED", ROOT.parent / "shared"))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(HangGuard())
    if config.getoption("numprocesses", None):
        os.environ[warm_start.ADDRESS] = warm_start.nursery()  # one for all of xdist's processes


def pytest_sessionfinish(exitstatus: int) -> None:
    """Leave nothing in memory but what failed tests left there."""
    if IN_MEMORY and exitstatus != pytest.ExitCode.OK:
        keep(IN_MEMORY)


def pytest_collection(session: pytest.Session) -> None:
    """Import a share of the test modules before the others, where all are collected.

    Each of xdist's processes begins with other ones, and finds the rest compiled: most of what
    collecting costs is the assertions that pytest rewrites.
    """
    config = session.config
    worker: dict[str, Any] = getattr(config, "workerinput", {})
    if not worker or sys.dont_write_bytecode or config.args != config.getini("testpaths"):
        return
    files = sorted(ROOT.glob("tests/**/test_*.py"))
    for path in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        draw_alike(path)
        with contextlib.suppress(Exception, pytest.skip.Exception):  # said when it is collected
            importlib.import_module(name)


def pytest_collectstart(collector: pytest.Collector) -> None:
    if isinstance(collector, pytest.Module):
        draw_alike(collector.path)


def draw_alike(path: Path) -> None:
    """Have a module draw the same at its import, whichever modules were imported before it."""
    random.seed(path.name)


def pytest_collection_finish() -> None:
    """Have the collector pass over what stays to the end: a twentieth of all tests' time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out cases that a later run plays; skip, with the reason, what cannot be judged here."""
    left_out = left_to_another_run(items, config.getoption("randomly_seed", 0))
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    missing = {
        "shared": None if SHARED.is_dir() else f"reference data not found at {SHARED}",
        "tshark": None if shutil.which("tshark") else "tshark is not installed",
        "chromium": None if shutil.which("chromium") else "Chromium is not installed",
    }
    for item in items:
        for mark, reason in missing.items():
            asks = item.get_closest_marker(mark) or mark in getattr(item, "fixturenames", ())
            if reason and asks:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """End the log that a command began in the test's own process: the next one's is its own."""
    try:
        return (yield)
    finally:
        for handler in logging.getLogger("hht").handlers[:]:
            if isinstance(handler, Log):
                stop_log(handler)


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Let no test wait for time to pass but those marked, with the reason, as `real_time`."""
    if item.get_closest_marker("real_time"):
        return {"real": asyncio.SelectorEventLoop}
    return {"virtual": VirtualTimeLoop}


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference messages, keys, schema and facts."""
    return SHARED


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the main job, made once."""
    folder = tmp_path_factory.mktemp("site")
    return prepare_site(load_scenario("no-wan-install").site, folder / "run", seed=1)


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """The same site for all; a test whose hub writes needs a copy, and fails without one."""
    with untouched(shared_site.run_dir):
        yield shared_site
