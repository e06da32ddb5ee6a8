"""The crash harness: kill -9 at random and at every commit boundary, then count what is missing.

Run by hand: `python tests/support/crash_harness.py --kills 3000`; it prints the counts as JSON and
exits with 1 when anything promised was lost, doubled or changed.
"""

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import crash_worker
from store_samples import CCS01_COMMAND, CCS01_REFUSED_COMMAND, ECS70_COMMAND, open_store, pack
from upload_bench import upload_settings

from hht.outbox.gateway.client import Gateway
from hht.outbox.pace import UploadPlan
from hht.outbox.simulated.gateway import GatewaySim
from hht.outbox.upload import Upload
from hht.store import CommandState, ReturnState, Store
from hht.store.doctor import check_store
from hht.store.sqlite.crash_points import VARIABLE

MOST_WORDS = 60  # a round says about 80: most are killed in the middle of theirs
MOST_BOUNDARIES = 200


@dataclass
class Counts:
    """What happened, and what must be zero."""

    kills: int = 0
    boundary_kills: int = 0
    acknowledged_captures: int = 0
    lost_captures: int = 0
    acknowledged_items: int = 0
    lost_items: int = 0
    unreceived_items: int = 0
    accepted_twice: int = 0
    unanswered_again: int = 0
    lost_events: int = 0
    failed_checks: int = 0

    @property
    def is_clean(self) -> bool:
        wrong = (self.lost_captures, self.lost_items, self.unreceived_items, self.accepted_twice)
        return not any((*wrong, self.unanswered_again, self.lost_events, self.failed_checks))


def run(kills: int, seed: int, folder: Path, one_in: int = 1) -> Counts:
    """Kill so many times, a share of them at commit boundaries, and judge."""
    counts = Counts()
    kill_at_every_boundary(
        folder / "script", counts, range(1 + seed % one_in, MOST_BOUNDARIES, one_in)
    )
    with SimulatorProcess() as simulator:
        kill_at_random(folder / "work", kills - counts.kills, seed, simulator, counts)
    return counts


def kill_at_every_boundary(folder: Path, counts: Counts, boundaries: range) -> None:
    """The same script again and again, dying at a later boundary each time, until it is through."""
    template = folder / "template"
    make_store(template)
    for boundary in boundaries:
        copy = folder / str(boundary)
        shutil.copytree(template, copy)
        promises = live_and_die(partial(crash_worker.script, copy), boundary)
        with open_store(copy) as store:
            if store.vault.is_protected:
                unlock(store, promises)
            judge(store, promises, counts)
        shutil.rmtree(copy)
        if promises["finished"]:
            return
        counts.kills += 1
        counts.boundary_kills += 1
    raise AssertionError("the script does not come to its end")


def kill_at_random(
    folder: Path, kills: int, seed: int, simulator: "SimulatorProcess", counts: Counts
) -> None:
    """One store that goes through all of it, and an outbox that is drained at the end."""
    make_store(folder)
    chance, promises = random.Random(seed), Counter[tuple[str, str]]()
    for number in range(1, kills + 1):
        boundary = chance.randint(1, 60) if chance.random() < 0.5 else 0

        def work(pipe: int, seed: int = number) -> None:
            crash_worker.work(folder, seed, simulator.url, pipe)

        heard = live_and_die(work, boundary, words=chance.randint(0, MOST_WORDS))
        promises.update(heard.pairs)
        counts.kills += 1
        counts.boundary_kills += bool(boundary)
    with open_store(folder) as store:
        asyncio.run(drain(store, simulator.url))
        judge(store, Promised(promises), counts)
        keys = [
            row.idempotency_key for row in store.returns.all() if row.state != ReturnState.DRAFT
        ]
        received = simulator.stop_and_tell()
        counts.unreceived_items += len(set(keys) - set(received))
        counts.accepted_twice += len(received) - len(set(received.values()))


class Promised:
    """What the dead were promised, by kind."""

    def __init__(self, pairs: Counter[tuple[str, str]]) -> None:
        self.pairs = pairs

    def __getitem__(self, kind: str) -> list[str]:
        return [value for name, value in self.pairs if name == kind]


def live_and_die(task: Callable[[int], None], boundary: int, *, words: int = 0) -> Promised:
    """Fork a process for the task, kill it at that boundary, or after so many words of its own.

    Words, not seconds: on a busy machine as much is done before each death as on a fast one.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _live(task, writing, boundary)
    os.close(writing)
    try:
        heard = _listen(reading, None if boundary else words)
    finally:  # a run that is interrupted leaves no child that waits to be killed
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    heard += _listen(reading, None)
    os.close(reading)
    lines = [line.partition(" ") for line in heard.decode().splitlines()]
    return Promised(Counter((kind, value) for kind, _, value in lines))


def _live(task: Callable[[int], None], pipe: int, boundary: int) -> None:
    """The child: nothing of the parent may run in it after the task."""
    try:
        if boundary:
            os.environ[VARIABLE] = str(boundary)
        task(pipe)
    except BaseException as error:
        os.write(pipe, f"failed {type(error).__name__}: {error}\n".encode())
    finally:
        os.close(pipe)
        signal.pause() if boundary == 0 else os._exit(0)


def _listen(pipe: int, words: int | None) -> bytes:
    """What is said up to so many words, or until the other end closes."""
    heard = b""
    while words is None or heard.count(b"\n") < words:
        said = os.read(pipe, 65536)
        if not said:
            break
        heard += said
    return heard


def make_store(folder: Path) -> None:
    with open_store(folder) as store:
        store.jobs.add(pack(CCS01_COMMAND, CCS01_REFUSED_COMMAND, ECS70_COMMAND))


def unlock(store: Store, promises: Promised) -> None:
    """The last PIN that was promised, or the one that was being set when it died."""
    for pin in dict.fromkeys((*promises["pin"][-1:], crash_worker.PIN, crash_worker.NEW_PIN)):
        try:
            return store.vault.unlock(pin)
        except Exception as error:
            last = error
    raise last


def judge(store: Store, promises: Promised, counts: Counts) -> None:
    """Compare what was promised with what is there."""
    hashes = {row["sha256"].hex() for row in store.database.rows("SELECT sha256 FROM captures")}
    captured = set(promises["captured"])
    counts.acknowledged_captures += len(captured)
    counts.lost_captures += len(captured - hashes)
    keys = {row.idempotency_key: row.state for row in store.returns.all()}
    items = {*promises["ready"], *promises["received"]}
    counts.acknowledged_items += len(items)
    counts.lost_items += len(items - keys.keys())
    counts.lost_items += sum(keys.get(key) != "received" for key in promises["received"])
    for command_id in set(promises["answered"]):
        state = store.commands.get(int(command_id)).state
        counts.unanswered_again += state is not CommandState.ANSWERED
    events = {str(record.facts.get("seconds")) for record in store.events.all()}
    counts.lost_events += len(set(promises["event"]) - events)
    wrong = [finding for finding in check_store(store) if not finding.holds]
    counts.failed_checks += len(wrong) + len(promises["failed"])
    for problem in (*wrong, *promises["failed"]):
        print(problem, file=sys.stderr)


async def drain(store: Store, url: str) -> None:
    plan = UploadPlan(at_once=8, first_wait=0.001, longest_wait=0.01)
    async with Gateway(upload_settings(url=url).gateway) as gateway:
        summary = await Upload(store, gateway, plan=plan).run(give_up_after=60)
    assert not summary.stopped, summary.stopped


class SimulatorProcess:
    """gateway-sim in a process of its own, which outlives all who are killed."""

    def __enter__(self) -> "SimulatorProcess":
        ours, theirs = multiprocessing.Pipe()
        self._pipe = ours
        self._process = multiprocessing.get_context("fork").Process(
            target=_simulate, args=(theirs,), daemon=True
        )
        self._process.start()
        self.url: str = ours.recv()
        return self

    def stop_and_tell(self) -> dict[str, str]:
        """Each idempotency key it accepted, with the hash of what was inside."""
        self._pipe.send("stop")
        received: dict[str, str] = self._pipe.recv()
        return received

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


def _simulate(pipe: Any) -> None:
    async def serve() -> None:
        async with GatewaySim() as simulator:
            pipe.send(simulator.url)
            await asyncio.to_thread(pipe.recv)
            pipe.send({key: _inside(item.xml) for key, item in simulator.received.items()})

    asyncio.run(serve())


def _inside(xml: bytes) -> str:
    """What is returned, without the header: two keys for the same would be a double."""
    return hashlib.sha256(xml.partition(b"<sr:Body>")[2]).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one-in", type=int, default=1, help="of the commit boundaries")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hht-crash-") as folder:
        counts = run(options.kills, options.seed, Path(folder), options.one_in)
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps(asdict(counts) | {"clean": counts.is_clean, "seconds": seconds}))
    return 0 if counts.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
