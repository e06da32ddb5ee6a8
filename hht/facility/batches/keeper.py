"""The keeper: the one process of a host that has the books' SQLite file open, for all benches.

It listens on a Unix socket that its user alone can open. Each message is an operation; what several
benches ask at once is committed together, and none is answered before that commit is on the disk.
"""

import contextlib
import sqlite3
import sys
from collections.abc import Iterable
from multiprocessing.connection import Connection, Listener, wait
from pathlib import Path
from typing import Any

import msgspec

from hht.errors import HhtError
from hht.facility.batches.operation import Operation
from hht.facility.batches.sqlite_engine import SqliteEngine
from hht.facility.batches.store import decoder
from hht.logs import log_unforeseen, start_log
from hht.store.errors import StoreBusy
from hht.store.sqlite.file_lock import FileLock
from hht.store.sqlite.owner import check_names, make_private

# Long enough that two commands in a row find the same keeper; it then makes room for a backup.
IDLE_SECONDS = 10.0
READY = "ready"
TAKEN = "taken"
"""What it says of itself when it starts: it listens, or another process has the file."""
OK, FAILED, AWAY = b"\x00", b"\x01", b"\x02"
"""How an answer begins: done, refused, or the file can't be written, which may be over later."""


class Keeper:
    """A server of one SQLite file for every connection that asks."""

    def __init__(self, path: Path, address: Path) -> None:
        """Take the file's lock, open the file and listen; StoreBusy where another keeper does."""
        make_private(path)
        path.chmod(0o600)  # before SQLite, which gives the WAL the mode of its file
        self._lock = FileLock(path)
        self._lock.acquire()
        check_names(path)
        self._engine = SqliteEngine(path)
        with contextlib.suppress(FileNotFoundError):
            address.unlink()  # a keeper that was killed leaves it
        self._listener = Listener(str(address), "AF_UNIX", backlog=64)
        self._clients: set[Connection[Any, Any]] = set()

    def serve(self) -> None:
        """Answer until no bench is connected, and none has asked anything for a while."""
        listening = self._listener._listener._socket  # type: ignore[attr-defined]
        while True:
            ready = wait([listening, *self._clients], IDLE_SECONDS)
            if not ready and not self._clients:
                break
            if listening in ready:
                self._clients.add(self._listener.accept())
            self._answer([each for each in ready if isinstance(each, Connection)])
        with contextlib.suppress(FileNotFoundError):  # the data folder may be gone by now
            self._listener.close()
        self._engine.close()
        self._lock.release()

    def _answer(self, clients: Iterable["Connection[Any, Any]"]) -> None:
        received = [(client, self._receive(client)) for client in clients]
        asked = [(client, message) for client, message in received if message is not None]
        try:
            with self._engine.transaction():
                answers = [self._do(message) for _, message in asked]
        except sqlite3.Error as error:  # a commit on a full disk: no operation was done
            answers = [AWAY + str(error).encode()] * len(asked)
        for (client, _), answer in zip(asked, answers, strict=True):
            try:
                client.send_bytes(answer)
            except OSError:
                self._forget(client)

    def _receive(self, client: "Connection[Any, Any]") -> bytes | None:
        try:
            return client.recv_bytes()
        except (EOFError, OSError):
            self._forget(client)
            return None

    def _forget(self, client: "Connection[Any, Any]") -> None:
        self._clients.discard(client)
        client.close()

    def _do(self, message: bytes) -> bytes:
        """Answer a message: of an operation, or of several with an answer to each."""
        try:
            asked = decoder().decode(message)
        except msgspec.MsgspecError as error:
            return FAILED + str(error).encode()
        if isinstance(asked, list):
            return OK + msgspec.msgpack.encode([self._apply(each) for each in asked])
        return self._apply(asked)

    def _apply(self, operation: Operation[Any]) -> bytes:
        """Do one operation; one that fails undoes itself and no other."""
        try:
            with self._engine.transaction():
                return OK + msgspec.msgpack.encode(operation.apply(self._engine))
        except sqlite3.OperationalError as error:
            return AWAY + str(error).encode()
        except (sqlite3.Error, msgspec.MsgspecError, HhtError) as error:
            return FAILED + str(error).encode()


def main(path: Path, address: Path) -> None:
    """Say that it listens, and serve; what ends it unforeseen is in the data folder's log."""
    start_log(path.parent)
    try:
        keeper = Keeper(path, address)
        print(READY, flush=True)
        keeper.serve()
    except StoreBusy:
        print(TAKEN, flush=True)
        raise SystemExit(1) from None
    except HhtError as error:
        print(error, flush=True)
        raise SystemExit(1) from None
    except Exception as error:
        log_unforeseen(error)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
