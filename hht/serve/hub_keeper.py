"""Starts a seat's simulated hubs as forks, too: twenty cold starts at once take two cores a minute.

The keeper is forked from the seat before that has any thread. A hub stays in the seat's group, so
that it ends with it.
"""

import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any

from hht.serve.nursery import LENGTH, Nursery, become


class HubKeeper:
    """The seat's side of its keeper; `spawn` is for hht.simulator.launcher."""

    def __init__(self, orders: socket.socket, news: int) -> None:
        self._orders = orders
        self._news = os.fdopen(news, "rb", 0)
        self._numbers = 0
        self._last_news: dict[int, dict[str, Any]] = {}

    @classmethod
    def fork(cls) -> "HubKeeper":
        """Fork the keeper; comes back in the seat alone."""
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        if os.fork() == 0:
            ours.close()
            os.close(reading)
            _keep(theirs, writing)
        theirs.close()
        os.close(writing)
        return cls(ours, reading)

    def spawn(self, command: Sequence[str], *, stderr: IO[Any], **_: object) -> "ForkedHub":
        """Start `python -m MODULE ARGUMENTS...` with pipes, as subprocess.Popen would."""
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        self._numbers += 1
        order = {"what": "start", "number": self._numbers, "own_group": False}
        order |= {"arguments": list(command[2:]), "environment": dict(os.environ)}
        wish = json.dumps(order | {"folder": os.getcwd()}).encode()
        streams = [theirs_in, theirs_out, stderr.fileno()]
        socket.send_fds(self._orders, [LENGTH.pack(len(wish))], streams)
        self._orders.sendall(wish)
        for each in (theirs_in, theirs_out):
            os.close(each)
        return ForkedHub(self, self._numbers, ours_in, ours_out)

    def news_of(self, number: int, what: str, seconds: float | None) -> dict[str, Any]:
        """Wait for a piece of news of this hub; TimeoutExpired where it does not come."""
        while (last := self._last_news.get(number, {})).get("what") not in (what, "ended"):
            if not select.select([self._news], [], [], seconds)[0]:
                raise subprocess.TimeoutExpired(f"hub {number}", seconds or 0)
            line = self._news.readline()
            if not line:  # the keeper was killed, and its hubs with it
                return {"what": "ended", "code": -signal.SIGKILL}
            news = json.loads(line)
            if "number" in news:
                self._last_news[news["number"]] = news
        return last


class ForkedHub:
    """A simulated hub that was forked; as much of subprocess.Popen as its launcher asks for."""

    def __init__(self, keeper: HubKeeper, number: int, stdin: int, stdout: int) -> None:
        self._keeper = keeper
        self._number = number
        self.stdin = os.fdopen(stdin, "w")
        self.stdout = os.fdopen(stdout, "r")
        self.pid = keeper.news_of(number, "started", None).get("pid")

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; its exit code."""
        return int(self._keeper.news_of(self._number, "ended", timeout)["code"])

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def _keep(orders: socket.socket, news: int) -> None:
    """Be the keeper, and in its forks a hub; never comes back."""
    code = 0
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(nothing, stream)
        os.close(nothing)
        order = Nursery(orders, news).serve()
        if order is not None:
            become(order)
            sys.argv = order["arguments"]
            warnings.filterwarnings("ignore", message=".*found in sys.modules", module="runpy")
            runpy.run_module(sys.argv[0], run_name="__main__")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        for printed in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                printed.flush()
        os._exit(code)
