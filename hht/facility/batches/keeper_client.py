"""The books through the keeper's socket; a keeper that is not there is started."""

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from hht.errors import HhtError
from hht.facility.batches.keeper import AWAY, OK, READY, TAKEN
from hht.facility.batches.operation import Operation
from hht.facility.batches.store import BooksAway
from hht.files import private_folder

Answer = TypeVar("Answer")
# A Unix socket's path has at most 108 bytes; a longer data folder gets one in the temporary folder.
_LONGEST_ADDRESS = 100
_TRIES = 100
# Between two tries while another process starts the keeper: 100 of them are two seconds.
_PAUSE_SECONDS = 0.02


class KeeperClient:
    """One connection to the keeper of a file; threads take turns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._address = socket_path(path)
        self._turn = threading.Lock()
        self._connection: Connection[Any, Any] | None = None

    def do(self, operation: Operation[Answer]) -> Answer:
        """Do it; where the keeper dies meanwhile, with the next one, for operations repeat."""
        with self._turn:
            reply = self._ask(msgspec.msgpack.encode(operation))
        return self._read(operation, reply)

    def do_all(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        with self._turn:
            reply = self._ask(msgspec.msgpack.encode(operations))
        if reply[:1] != OK:
            raise self._refused(reply)
        replies = msgspec.msgpack.decode(reply[1:], type=list[bytes])
        return [
            self._read(operation, each) if each[:1] == OK else self._refused(each)
            for operation, each in zip(operations, replies, strict=True)
        ]

    def _read(self, operation: Operation[Answer], reply: bytes) -> Answer:
        if reply[:1] != OK:
            raise self._refused(reply)
        return cast(Answer, msgspec.msgpack.decode(reply[1:], type=operation.answer))

    def _refused(self, reply: bytes) -> HhtError:
        reason, where = reply[1:].decode(), str(self._path)
        if reply[:1] != AWAY:
            return HhtError(f"The books refused it ({reason})", where=where)
        remedy = "Make room on the disk; nothing that was booked is lost."
        return BooksAway(f"The books can't be written ({reason})", where=where, remedy=remedy)

    def close(self) -> None:
        """Hang up; the keeper ends some seconds after its last client."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, message: bytes) -> bytes:
        for _ in range(_TRIES):
            try:
                connection = self._connection or self._connect()
                self._connection = connection
                connection.send_bytes(message)
                return connection.recv_bytes()
            except (OSError, EOFError):
                self.close()
        raise BooksAway("The keeper of the books dies again and again", where=str(self._path))

    def _connect(self) -> "Connection[Any, Any]":
        for _ in range(_TRIES):
            try:
                return Client(str(self._address), "AF_UNIX")
            except (FileNotFoundError, ConnectionRefusedError):
                self._start()
        raise BooksAway("The keeper of the books does not start", where=str(self._path))

    def _start(self) -> None:
        """Start a keeper; where another process has done so, it is there in a moment."""
        module = "hht.facility.batches.keeper"
        keeper = subprocess.Popen(
            [sys.executable, "-m", module, str(self._path), str(self._address)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # It outlives the command that starts it: a pipe of that one would stay open with it.
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert keeper.stdout is not None
        said = keeper.stdout.readline().strip()
        keeper.stdout.close()
        if said == READY:
            threading.Thread(target=keeper.wait, daemon=True).start()
            return
        keeper.wait()
        if said != TAKEN:
            raise BooksAway(said or "The keeper of the books ended", where=str(self._path))
        threading.Event().wait(_PAUSE_SECONDS)


def socket_path(path: Path) -> Path:
    """Say where the keeper of a file listens."""
    beside = path.with_name(path.name + ".socket")
    if len(os.fsencode(beside)) <= _LONGEST_ADDRESS:
        return beside
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]
    folder = private_folder(Path(tempfile.gettempdir()) / f"hht-{os.getuid()}")
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise BooksAway(
            "The folder of the keeper's socket is open to others",
            where=str(folder),
            remedy="Remove it, or choose a data folder with a shorter path.",
        )
    return folder / f"{name}.socket"
