"""Starts programs of ours as forks of a process that has imported them already.

The start of Python and the imports are most of what a short command costs, and the suite runs
hundreds. What is started is a process as any other: with arguments, environment, streams, signals
and an end of its own. Only that it was not started cold is different: what is about the start
itself (lazy imports, `python -m hht` on a terminal) is tested with `subprocess`.

    done = run("hht", "jobs", "list", timeout=30)      # as subprocess.run, with captured text
    hub = Popen([sys.executable, "-m", "hht.simulator.process", ...], stdout=PIPE)

The nursery is this file run as a program. It listens on a socket in a folder of its own and ends
with the process that started it. For each request a keeper is forked, which forks the program,
answers with its process id, waits for it and answers with how it ended.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, PIPE, CompletedProcess, TimeoutExpired
from typing import IO, Any

ADDRESS = "HHT_TEST_NURSERY"
"""The variable that says to a program where the nursery is: its own hub starts warm too."""
ALSO_NEEDED = (
    *("aiohttp", "lxml.etree", "signxml", "segno", "sqlite_utils", "typer.main"),
    *("pydantic.type_adapter", "logging.handlers", "zoneinfo"),
)
"""What commands import when they need it."""
NUMBER = struct.Struct("<i")
MOST_WAITING = 64
"""Programs that several processes of pytest may ask for while the nursery imports."""
RUN_SECONDS = 90
"""The longest play needs 20 s on a busy machine."""


class Popen:
    """A program that was started warm; as much of subprocess.Popen as is asked for here."""

    def __init__(
        self,
        command: Sequence[object],
        *,
        stdin: int | IO[Any] | None = None,
        stdout: int | IO[Any] | None = None,
        stderr: int | IO[Any] | None = None,
        env: Mapping[str, str] | None = None,
        text: bool = True,
    ) -> None:
        """`command` is Python's, with `-m` and a module, a file, or `hht` for the command."""
        assert text
        self.args = [str(word) for word in command]
        self.returncode: int | None = None
        self.stdin: IO[str] | None = None
        self.stdout: IO[str] | None = None
        self.stderr: IO[str] | None = None
        with contextlib.ExitStack() as given:
            streams = [
                self._stream(given, "stdin", stdin, 0),
                self._stream(given, "stdout", stdout, 1),
                self._stream(given, "stderr", stderr, 2),
            ]
            self._keeper = socket.socket(socket.AF_UNIX)
            self._keeper.connect(nursery())
            wish = [self.args[1:], dict(os.environ if env is None else env), os.getcwd()]
            send(self._keeper, json.dumps(wish).encode(), streams)
        self.pid = self._answer()

    def _stream(
        self, given: contextlib.ExitStack, name: str, wanted: int | IO[Any] | None, standard: int
    ) -> int:
        if wanted == PIPE:
            reading, writing = os.pipe()
            mine, its = (writing, reading) if standard == 0 else (reading, writing)
            setattr(self, name, os.fdopen(mine, "w" if standard == 0 else "r"))
            given.callback(os.close, its)
            return its
        if wanted == DEVNULL:
            null = os.open(os.devnull, os.O_RDWR)
            given.callback(os.close, null)
            return null
        if wanted is None:
            return standard
        return wanted if isinstance(wanted, int) else wanted.fileno()

    def poll(self) -> int | None:
        with contextlib.suppress(TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._keeper], [], [], timeout)[0]:
                raise TimeoutExpired(self.args, timeout or 0)
            self.returncode = os.waitstatus_to_exitcode(self._answer())
            self._keeper.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _answer(self) -> int:
        answer = self._keeper.recv(NUMBER.size, socket.MSG_WAITALL)
        assert len(answer) == NUMBER.size, "the nursery is gone"
        return int(NUMBER.unpack(answer)[0])


def run(
    program: object,
    *arguments: object,
    env: Mapping[str, str] | None = None,
    timeout: float = RUN_SECONDS,
) -> "CompletedProcess[str]":
    """Run `hht`, or a file by its Path, to its end; give its exit code and what it printed."""
    # Files, not pipes: a hub that outlives its program would hold a pipe open.
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        command = [sys.executable, program, *arguments]
        process = Popen(command, stdin=DEVNULL, stdout=out, stderr=err, env=env)
        try:
            code = process.wait(timeout)
        except BaseException:
            process.kill()
            raise
        out.seek(0)
        err.seek(0)
        return CompletedProcess(process.args, code, out.read(), err.read())


@cache
def nursery() -> str:
    """Say where the nursery listens; start it where there is none."""
    if given := os.environ.get(ADDRESS):
        return given
    folder = tempfile.mkdtemp(prefix="hht-nursery-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address = f"{folder}/socket"
    with socket.socket(socket.AF_UNIX) as listening:  # who connects early waits for the imports
        listening.bind(address)
        listening.listen(MOST_WAITING)
        number = listening.fileno()
        command = [sys.executable, __file__, address, str(number)]
        subprocess.Popen(command, stdin=PIPE, pass_fds=[number])
    return address


def send(connection: socket.socket, wish: bytes, streams: Sequence[int]) -> None:
    socket.send_fds(connection, [NUMBER.pack(len(wish))], streams)
    connection.sendall(wish)


def receive(connection: socket.socket) -> tuple[Any, list[int]]:
    length, streams, _, _ = socket.recv_fds(connection, NUMBER.size, 3)
    wish = connection.recv(NUMBER.unpack(length)[0], socket.MSG_WAITALL)
    return json.loads(wish), streams


def serve(listening: socket.socket) -> tuple[list[str], dict[str, str], str]:
    """Fork a program for each request; comes back in the program's process, with what to run."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers end unnoticed
    while True:
        ready, _, _ = select.select([listening.fileno(), 0], [], [])
        if 0 in ready:
            os._exit(0)  # the process that needed it is gone
        connection, _ = listening.accept()
        if os.fork():
            connection.close()
            continue
        listening.close()
        return keep(connection)


def keep(connection: socket.socket) -> tuple[list[str], dict[str, str], str]:
    """Fork the program and say how it went; comes back in the program's process alone."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    (arguments, environment, folder), streams = receive(connection)
    pid = os.fork()
    if pid == 0:
        connection.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for stream in streams:
            os.close(stream)
        return arguments, environment, folder
    os.closerange(0, 3)
    for stream in streams:
        os.close(stream)
    with contextlib.suppress(OSError):  # the asking process may be gone
        connection.sendall(NUMBER.pack(pid))
        ended = os.pidfd_open(pid)
        if ended not in select.select([ended, connection.fileno()], [], [])[0]:
            os.kill(pid, signal.SIGTERM)  # who asked for it was killed
        connection.sendall(NUMBER.pack(os.waitpid(pid, 0)[1]))
    os._exit(0)


def become(arguments: list[str], environment: dict[str, str], folder: str, address: str) -> None:
    """Be the program that was asked for, as if Python had been started for it."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment | {ADDRESS: address})
    time.tzset()
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        stream = open(  # noqa: SIM115  # the process's own, open until its end
            number, mode, errors="backslashreplace" if number == 2 else None, closefd=False
        )
        if number:
            stream.reconfigure(line_buffering=number == 2 or stream.isatty())  # type: ignore[attr-defined]
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    start_hubs_warm()
    try:
        play(arguments)
    except SystemExit as ending:
        if ending.code is None or isinstance(ending.code, int):
            _ended_with.append(ending.code or 0)
        raise
    _ended_with.append(0)


def play(arguments: list[str]) -> None:
    """Run the program to its end."""
    if arguments[0] == "hht":
        sys.argv = arguments
        importlib.import_module("hht.cli.main").run()
    elif arguments[0] == "-m":
        sys.argv = arguments[1:]
        warnings.filterwarnings("ignore", message=".*found in sys.modules", module="runpy")
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        sys.path[0] = str(Path(arguments[0]).parent)
        runpy.run_path(arguments[0], run_name="__main__")


_ended_with: list[int] = []
"""The exit code, once the program has ended by itself."""


def end_at_once() -> None:
    """Spare what Python does last of all, to take every module apart: 60 ms of a command's 150.

    The first to be registered is the last that is called at the end: threads have ended by then,
    and what else was registered has been called.
    """
    if _ended_with:
        with contextlib.suppress(OSError, ValueError):  # a stream is gone: as Python has it
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(_ended_with[0] & 0xFF)


def start_hubs_warm() -> None:
    """Have the programs that this process starts a simulated hub with start it warm."""
    launcher = importlib.import_module("hht.simulator.launcher")
    launcher.subprocess = sys.modules[__name__]  # type: ignore[attr-defined]


def import_everything() -> None:
    hht = importlib.import_module("hht")
    found = [each.name for each in pkgutil.walk_packages(hht.__path__, "hht.")]
    for name in (*found, *ALSO_NEEDED):
        if not name.endswith("__main__"):
            importlib.import_module(name)
    assert threading.active_count() == 1, "a fork takes no thread with it"
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    atexit.register(end_at_once)
    import_everything()
    become(*serve(socket.socket(fileno=int(sys.argv[2]))), sys.argv[1])
