"""The warm parent: a process that has imported everything, and forks an app for each seat.

A start of Python with all imports takes over a second of a core; a fork takes milliseconds, and
what was imported is in memory once. It has no thread and no event loop, so a fork is whole.

It is given two descriptors: a socket for orders (a length in 4 bytes, a JSON object, and for a
start three streams beside it) and a pipe for news (a JSON object a line): "ready" after the
imports, "started" and "ended" for each app. It ends all apps, and itself, when the socket closes.
"""

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

LENGTH = struct.Struct("<I")
STREAMS = 3  # stdin, stdout and stderr of the new process
Order = dict[str, Any]


def import_all(packages: Sequence[str], besides: Sequence[str] = ()) -> None:
    """Import every module of these packages that can be had here, and keep them out of the gc."""
    for package in packages:
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                with suppress(ImportError):  # what an extra brings that is not installed
                    importlib.import_module(module.name)
    for name in besides:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection would write to every page, and each seat would have its own copy


@dataclass
class Nursery:
    """A parent that forks on order, and reports each app's end."""

    orders: socket.socket
    news: int
    running: dict[int, int] = field(default_factory=dict)
    """Number of the order by process id, of those not yet reaped."""

    def serve(self) -> Order | None:
        """Work until the socket closes; returns in a forked app with its order, else None."""
        waker, woken = os.pipe()
        for each in (waker, woken):
            os.set_blocking(each, False)
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is the server's
        self._report(what="ready")
        while True:
            ready, _, _ = select.select([self.orders.fileno(), waker], [], [])
            if waker in ready:
                with suppress(BlockingIOError):
                    os.read(waker, 4096)
                self._reap()
            if self.orders.fileno() in ready:
                order, streams = self._receive()
                if order is None:
                    self._end_all()
                    return None
                if order["what"] == "signal":
                    self._signal(order["number"], order["signal"])
                elif self._fork(order, streams):
                    for each in (waker, woken, self.news):
                        os.close(each)
                    return order

    def _receive(self) -> tuple[Order | None, list[int]]:
        try:
            head, streams, _, _ = socket.recv_fds(self.orders, LENGTH.size, STREAMS)
            size = LENGTH.unpack(head)[0]
            return json.loads(self.orders.recv(size, socket.MSG_WAITALL)), streams
        except (OSError, struct.error, ValueError):
            return None, []

    def _fork(self, order: Order, streams: list[int]) -> bool:
        """Fork an app with streams and signals of its own; True in the app.

        It has a group of its own, too, unless the order says otherwise.
        """
        pid = os.fork()
        if order.get("own_group", True):
            with suppress(OSError):  # in both: neither goes on before the group is there
                os.setpgid(pid, pid)
        if pid:
            for each in streams:
                os.close(each)
            self.running[pid] = order["number"]
            self._report(what="started", number=order["number"], pid=pid)
            return False
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self.orders.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for stream in streams:
            os.close(stream)
        return True

    def _signal(self, number: int, name: str) -> None:
        for pid in [pid for pid, of in self.running.items() if of == number]:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.Signals[name])

    def _reap(self) -> None:
        """Report those that have ended, each with what it may have left in its group ended too."""
        for pid in list(self.running):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            with suppress(ProcessLookupError):  # before it is reaped: the id is still its own
                os.killpg(pid, signal.SIGKILL)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            self._report(what="ended", number=self.running.pop(pid), code=code)

    def _end_all(self) -> None:
        """Kill what still runs: who gave the orders is gone, with or without a farewell."""
        for pid in self.running:
            for kill in (os.killpg, os.kill):  # one may be in the group of who ordered it
                with suppress(ProcessLookupError):
                    kill(pid, signal.SIGKILL)

    def _report(self, **news: Any) -> None:
        with suppress(OSError):  # the other side has closed: the socket says so next
            os.write(self.news, json.dumps(news).encode() + b"\n")


def become(order: Order) -> None:
    """Be the app that was ordered: its environment, its folder, its streams."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        stream = open(number, mode, closefd=False)  # noqa: SIM115  # open until the process ends
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def run(warm_up: Callable[[], None], programs: dict[str, Callable[[Order], None]]) -> None:
    """Be the warm parent, and in each fork the program that its order names."""
    orders, news = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    os.set_inheritable(news, False)
    warm_up()
    order = Nursery(orders, news).serve()
    if order is not None:
        become(order)
        programs[order["program"]](order)
