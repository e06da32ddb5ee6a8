"""Five walks through the code: how many files, calls and changes of file a reader would follow.

Run it: `python tests/benchmarks/walks.py [WALK...] [--files]`. Each walk does one thing for real
and counts the functions of hht/ and screens/ that are entered meanwhile; the simulated side of it
(hub, air, gateway) is left out with all that it calls, but for W4, which is there. W1 a Response
from the dongle until it is durable and published; W2 a Local Command imported; W3 an exercise's app
up to its first paint; W4 a fault from the trainer's client to the air; W5 an upload with its
receipt.
"""

import argparse
import asyncio
import contextlib
import inspect
import io
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]


class Walk:
    """Counts while it is entered; `left_out` are the rooms of the other side."""

    def __init__(self, *left_out: str) -> None:
        self.left_out = left_out
        self.files: dict[str, int] = {}
        self.calls = 0
        self.changes = 0
        self._last = ""

    def __enter__(self) -> "Walk":
        threading.setprofile(self._entered)
        sys.setprofile(self._entered)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _entered(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        is_comprehension = code.co_name.startswith("<") and code.co_name != "<lambda>"
        is_function = code.co_flags & inspect.CO_NEWLOCALS  # not a module's or class's body
        if event != "call" or is_comprehension or not is_function:
            return
        file = file_of(code.co_filename)
        if file.startswith(("hht/", "screens/")) and not self._is_left_out(frame):
            self.calls += 1
            self.changes += file != self._last
            self._last = file
            self.files[file] = self.files.get(file, 0) + 1

    def _is_left_out(self, frame: FrameType | None) -> bool:
        """Return whether the other side is at work: its rooms, or what they call in ours."""
        while self.left_out and frame is not None:
            if file_of(frame.f_code.co_filename).startswith(self.left_out):
                return True
            frame = frame.f_back
        return False


@cache
def file_of(path: str) -> str:
    """Return the path in this tree; empty for what is not of it."""
    with contextlib.suppress(ValueError):
        return Path(path).relative_to(ROOT).as_posix()
    return ""


async def a_response(folder: Path, walk: Walk) -> None:
    from store_samples import CCS01_RESPONSE
    from visit_stage import scene

    async with scene(folder) as on:
        await on.connect()
        await on.until(lambda: len(on.captured()) == len(on.hub.tunnels.outbox))
        on.hub.tunnels.outbox.append(CCS01_RESPONSE)
        with walk:
            on.hub.tunnels.flush()
            await on.until(lambda: CCS01_RESPONSE in on.captured())


def an_import(folder: Path, walk: Walk) -> None:
    from duis_samples import local_command_xml
    from store_samples import CCS01_COMMAND

    from hht.cli.main import run_line

    path = folder / "one.xml"
    path.write_bytes(local_command_xml(CCS01_COMMAND))
    try:
        with walk, contextlib.redirect_stdout(io.StringIO()):
            run_line(["--data-dir", str(folder / "data"), "import", str(path)])
    except SystemExit as ended:
        if ended.code:
            raise


async def a_first_paint(folder: Path, walk: Walk) -> None:
    from hht.cli.app import training_app
    from hht.cli.settings import Context
    from hht.errors import HhtError

    def no_run() -> Any:
        raise HhtError("The walk ends before a hub is started")

    with walk:
        app = training_app(Context.make(folder, None), "no-wan-install", no_run)
        async with app.run_test(size=(80, 24)):
            walk.__exit__()


async def a_fault(folder: Path, walk: Walk) -> None:
    from hub_stage import hub_of

    from hht.hub_profile import load_profile
    from hht.simulator.air.air import Air
    from hht.simulator.control_client import inject_fault
    from hht.simulator.control_server import Control
    from hht.simulator.hub.faults.in_force import Faults
    from hht.simulator.site.preparation import prepare_site
    from hht.training.scenario.load import load_scenario

    run_dir = folder / "training" / "runs" / "no-wan-install-1"
    site = prepare_site(load_scenario("no-wan-install").site, run_dir, seed=1)
    air = Air(seed=1)
    hub = hub_of(air, site, load_profile())
    control = Control(hub, air, site, Faults(hub, air, site))
    hub.power_on()
    await control.open()
    try:
        with walk:
            await asyncio.to_thread(inject_fault, run_dir, "noise", value="-40")
    finally:
        await control.close()
        hub.stop()


async def an_upload(folder: Path, walk: Walk) -> None:
    from store_samples import open_store
    from upload_bench import fill

    from hht.clock import ManualClock
    from hht.outbox.auto_upload import GATEWAY_FILE, uploader
    from hht.outbox.simulated.gateway import GatewaySim

    with open_store(folder, clock=ManualClock()) as store:
        fill(store, 1)
        async with GatewaySim() as sim:
            (folder / GATEWAY_FILE).write_text(f'url = "{sim.url}"\n')
            upload = uploader(folder)
            assert upload is not None
            with walk:
                await upload(store)


WALKS: dict[str, tuple[Callable[[Path, Walk], Any], Walk]] = {
    "W1": (a_response, Walk("hht/simulator")),
    "W2": (an_import, Walk()),
    "W3": (a_first_paint, Walk()),
    "W4": (a_fault, Walk()),
    "W5": (an_upload, Walk("hht/outbox/simulated")),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("walks", nargs="*", choices=[*WALKS, []], help="all, without one")
    parser.add_argument("--files", action="store_true", help="name the files, with their calls")
    given = parser.parse_args()
    for name in given.walks or WALKS:
        take, walk = WALKS[name]
        with tempfile.TemporaryDirectory(prefix="hht-walk-") as folder:
            os.environ["XDG_STATE_HOME"] = folder
            taken = take(Path(folder), walk)
            if asyncio.iscoroutine(taken):
                asyncio.run(taken)
        print(
            f"{name}: {len(walk.files)} files, {walk.calls} calls, {walk.changes} changes of file"
        )
        if given.files:
            print(*(f"  {count:4d} {file}" for file, count in walk.files.items()), sep="\n")


if __name__ == "__main__":
    main()
