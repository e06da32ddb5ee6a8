"""A bench at work: its worker is started, watched and replaced; each event is published."""

import asyncio
import contextlib
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError
from hht.facility.bench.outcomes import Look
from hht.facility.bench.worker import BATCH_STORE, Order, WorkerSettings, settings_text
from hht.facility.closing.labels import BoxLabel, write_label

Event = Mapping[str, Any]
# Workers that end one after the other without one unit done have a fault that a new one does not
# cure; one that is killed in the middle of its work has none.
_MOST_IN_VAIN = 20
# Simulated units answer at once: a third of a real unit's time is enough on a busy machine.
SIMULATED_PATIENCE = 0.3
_LOADED = frozenset({Look.GOOD, Look.DONE})
_FINAL = frozenset({Look.GOOD, Look.DONE, Look.BAD, Look.AGAIN})


class WorkerFailed(HhtError):
    """A worker that does not stay alive."""

    code = "FAC-06"


@dataclass
class BenchRun:
    """One `load`: the worker's process, and the simulated units' where there are some.

    `publish` is called with one event after the other; `stop` ends it when each slot is done. In
    the folder `labels` each unit gets a label for its box as soon as it is loaded or rejected.
    """

    settings: WorkerSettings
    publish: Callable[[Event], None]
    units: Path | None = None
    labels: Path | None = None
    clock: Clock = SYSTEM_CLOCK
    restarts: int = 0
    _worker: Process | None = field(default=None, init=False)
    _hand: Process | None = field(default=None, init=False)
    _stopping: bool = field(default=False, init=False)
    _done: int = field(default=0, init=False)

    async def run(self) -> None:
        """Run until it is stopped, or every simulated unit was presented."""
        with tempfile.TemporaryDirectory(prefix="hht-slots-") as folder:
            if self.units is not None:
                self.settings = self._with_simulated_slots(Path(folder))
                await self._start_hand(Path(folder))
            watching = asyncio.create_task(self._watch_hand())
            try:
                await self._serve()
            finally:
                watching.cancel()
                await self._end(self._hand)

    def stop(self) -> None:
        """Have every slot finish its unit, and end."""
        self._stopping = True
        self.order(Order("stop"))

    def order(self, order: Order) -> None:
        """Send the worker a message; the next one knows it where this one ends meanwhile."""
        worker = self._worker
        if worker is not None and worker.stdin is not None and not worker.stdin.is_closing():
            worker.stdin.write(msgspec.json.encode(order) + b"\n")
        if order.order == "operator":
            self.settings = msgspec.structs.replace(self.settings, operator=order.name)
        elif order.order == "expect":
            self.settings = msgspec.structs.replace(self.settings, expected=order.name)

    async def _serve(self) -> None:
        in_vain = 0
        while not self._stopping:
            if in_vain > _MOST_IN_VAIN:
                raise WorkerFailed(
                    "The bench's worker ends again and again",
                    remedy="The log, hht.log in the data folder, has the reason.",
                )
            done = self._done
            await self._one_worker()
            in_vain = in_vain + 1 if self._done == done else 0
            if not self._stopping:
                self.restarts += 1
                self.publish({"event": "worker-lost"})

    async def _one_worker(self) -> None:
        self._worker = worker = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "hht.facility.bench.worker", settings_text(self.settings)),
            stdin=PIPE,
            stdout=PIPE,
            env=os.environ | {BATCH_STORE: self.settings.batch_store or ""},
        )
        self.publish({"event": "worker", "pid": worker.pid})
        assert worker.stdout is not None
        try:
            async for line in worker.stdout:
                self.hear(line)
            await worker.wait()
        finally:
            await self._end(worker)

    def hear(self, line: bytes) -> None:
        """Take one line of the worker: what a slot shows now."""
        try:
            shown: dict[str, Any] = msgspec.json.decode(line)
        except msgspec.MsgspecError:
            return  # the last line of a worker that was killed
        self._done += shown["state"] in _FINAL
        if shown["eui"] == self.settings.expected:
            self.settings = msgspec.structs.replace(self.settings, expected="")
        self.publish({"event": "slot", "bench": self.settings.bench, **shown})
        is_judged = shown["state"] in _LOADED or shown["rejected"]
        if self.labels is not None and is_judged and shown["eui"]:
            self._write_label(self.labels, shown)
        if self._hand is not None:
            self._unplug(shown)

    def _write_label(self, folder: Path, shown: Event) -> None:
        """Write the label; where that can't be done, say so and go on: other slots are at work."""
        try:
            write_label(folder, self._label(shown))
        except HhtError as error:
            self.publish({"event": "label-failed", "eui": shown["eui"], "what": str(error)})

    def _label(self, shown: Event) -> BoxLabel:
        words = f"REJECTED: {shown['what']}" if shown["rejected"] else "LOADED"
        at = self.clock.now().strftime("%Y-%m-%d %H:%M UTC")
        return BoxLabel(shown["eui"], self.settings.batch, words, self.settings.bench, at)

    def _unplug(self, shown: Event) -> None:
        """Do what an operator does on seeing this: take the unit out; `again` puts it back."""
        hand = self._hand
        if hand is None or hand.stdin is None or hand.stdin.is_closing():
            return
        if word := _hand_does(shown):
            hand.stdin.write(f"{word} {shown['slot']} {shown['eui']}\n".encode())

    def _with_simulated_slots(self, folder: Path) -> WorkerSettings:
        slots = [(name, str(folder / name)) for name, _ in self.settings.slots]
        return msgspec.structs.replace(self.settings, slots=slots, patience=SIMULATED_PATIENCE)

    async def _start_hand(self, folder: Path) -> None:
        self._hand = hand = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "hht.facility.unit.simulated_bench", str(self.units), str(folder)),
            str(len(self.settings.slots)),
            stdin=PIPE,
            stdout=PIPE,
        )
        assert hand.stdout is not None
        await hand.stdout.readline()

    async def _watch_hand(self) -> None:
        if self._hand is not None:
            await self._hand.wait()
            self.stop()

    async def _end(self, process: Process | None) -> None:
        """End a process that we started, if it has not ended by itself."""
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _hand_does(shown: Event) -> str:
    """Say what an operator does with a unit whose slot shows this; nothing for what goes on."""
    if shown["code"] in ("unplugged", "port-refused"):
        return ""
    if shown["code"] == "silent":
        return "silent"
    if shown["state"] not in _FINAL:
        return ""
    return "again" if shown["state"] == Look.AGAIN or shown["code"] == "swapped" else "unplug"


def default_bench() -> str:
    """Name this bench by its machine."""
    return os.uname().nodename[:40]
