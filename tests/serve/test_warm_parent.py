"""The warm parent: real processes, their streams, their end, and the end of what they started."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from patience import PATIENCE

from hht.serve.warm_parent import App, WarmParent

pytestmark = pytest.mark.real_time("the apps are processes of their own")
NURSERY = """
import os, signal, subprocess, sys, time
from hht.serve.nursery import run

def echo(order):
    print(order["word"], os.environ.get("SEAT"), os.environ.get("SECRET"), os.getcwd(), flush=True)
    for line in sys.stdin:
        print(line.strip().upper(), flush=True)

def stubborn(order):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "60"])
    print(child.pid, os.getpid(), flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)

def leaves(order):
    print(subprocess.Popen(["sleep", "60"]).pid, flush=True)

run(lambda: None, {"echo": echo, "stubborn": stubborn, "leaves": leaves})
"""


@pytest.fixture
async def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WarmParent]:
    (tmp_path / "small_nursery.py").write_text(NURSERY)
    root = str(Path(__file__).parents[2])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{tmp_path}:{root}", "SECRET": "s"}
    made = WarmParent.start("small_nursery", environment, tmp_path / "log")
    yield made
    await made.close()


async def line(app: App) -> str:
    async with asyncio.timeout(PATIENCE):
        return (await app.painted.readline()).decode().strip()


async def until_gone(*pids: int) -> None:
    """Wait until each of them has ended, as the system reports it."""
    for pid in pids:
        with suppress(ProcessLookupError):
            descriptor, ended = os.pidfd_open(pid), asyncio.Event()
            asyncio.get_running_loop().add_reader(descriptor, ended.set)
            async with asyncio.timeout(PATIENCE):
                await ended.wait()
            asyncio.get_running_loop().remove_reader(descriptor)
            os.close(descriptor)


async def test_an_app_has_its_own_environment_folder_and_streams(
    parent: WarmParent, tmp_path: Path
) -> None:
    apps = [await parent.app("echo", {"SEAT": word}, tmp_path, word=word) for word in "ab"]
    lines = [await line(app) for app in apps]
    assert lines == [f"a a None {tmp_path}", f"b b None {tmp_path}"]
    for app in apps:
        app.keys.write(b"hello\n")
        assert await line(app) == "HELLO"
        app.close()
        async with asyncio.timeout(PATIENCE):
            await app.ended.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone says that a process has ended")
async def test_an_app_that_is_stopped_and_ignores_signals_is_killed_with_its_children(
    parent: WarmParent, tmp_path: Path
) -> None:
    app = await parent.app("stubborn", {"PATH": os.environ["PATH"]}, tmp_path)
    child, own = map(int, (await line(app)).split())
    app.signal(signal.SIGTERM)
    app.signal(signal.SIGKILL)
    async with asyncio.timeout(PATIENCE):
        await app.ended.wait()
    await until_gone(child, own)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone says that a process has ended")
async def test_what_an_app_leaves_behind_ends_with_it(parent: WarmParent, tmp_path: Path) -> None:
    app = await parent.app("leaves", {"PATH": os.environ["PATH"]}, tmp_path)
    child = int(await line(app))
    async with asyncio.timeout(PATIENCE):
        await app.ended.wait()
    await until_gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone says that a process has ended")
@pytest.mark.parametrize("is_killed", [False, True])
async def test_the_end_of_the_warm_parent_is_that_of_its_apps(
    parent: WarmParent, tmp_path: Path, is_killed: bool
) -> None:
    app = await parent.app("stubborn", {"PATH": os.environ["PATH"]}, tmp_path)
    child, own = map(int, (await line(app)).split())
    if is_killed:
        os.kill(parent.pid, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            await parent.gone.wait()
    else:
        await parent.close()
    await until_gone(child, own)
    assert app.ended.is_set()
