"""The books in PostgreSQL 13 or later, shared by the benches of many machines (psycopg 3)."""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError, InputError
from hht.facility.batches.engine import SCHEMA_VERSION, TABLES, statements
from hht.facility.batches.operation import Operation
from hht.facility.batches.store import BooksAway, apply

Answer = TypeVar("Answer")
_OLDEST = 130000  # PostgreSQL 13 as the server's own version number has it
# `state` is indexed, so every move makes a dead row: room in the page, and an early vacuum.
_FILL = " WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)"
_WORDS = {
    "FILL": _FILL,
    "BYTES": "BYTEA",
    "SERIAL": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
}
# Any number, the same in every bench: two that start at once must not both make the tables.
_LOCK = 0x48485442
_STARTING = "starting up"  # what a server says that will answer in a moment
# Half a minute covers a restart of the server; what is longer, a person should hear of.
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.2
_CONNECT_SECONDS = 5


class PostgresEngine:
    """One connection to the server."""

    now = "CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)"
    lock = " FOR UPDATE"

    def __init__(self, url: str) -> None:
        psycopg = _psycopg()
        try:
            self.connection = psycopg.connect(
                url, autocommit=True, connect_timeout=_CONNECT_SECONDS
            )
        except psycopg.ProgrammingError:  # its words quote the address, with the password in it
            raise InputError(
                "This is no address of a database server",
                where=public_url(url),
                remedy="Write postgresql://USER@HOST/DATABASE; the password goes into ~/.pgpass.",
            ) from None
        if self.connection.info.server_version < _OLDEST:
            raise HhtError(
                "The database server is too old",
                where=public_url(url),
                remedy="Use PostgreSQL 13 or later.",
            )

    def rows(self, sql: str, *parameters: Any) -> list[Sequence[Any]]:
        cursor = self.connection.execute(sql.replace("?", "%s"), parameters)
        found: list[Sequence[Any]] = cursor.fetchall()
        return found

    def run(self, sql: str, *parameters: Any) -> int:
        return int(self.connection.execute(sql.replace("?", "%s"), parameters).rowcount)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with self.connection.transaction():
            yield

    def make_tables(self) -> None:
        """Make what is not there; HhtError where a newer hht made it."""
        with self.transaction():
            self.run("SELECT pg_advisory_xact_lock(?)", _LOCK)
            if self.rows("SELECT to_regclass('meta')")[0][0] is None:
                for statement in statements(TABLES.format(**_WORDS)):
                    self.run(statement)
                self.run("INSERT INTO meta VALUES ('version', ?)", str(SCHEMA_VERSION))
            version = self.rows("SELECT value FROM meta WHERE name = 'version'")
        if int(version[0][0]) > SCHEMA_VERSION:
            raise HhtError("The books are those of a newer hht", remedy="Update hht on this bench.")


class PostgresStore:
    """The books on a server; a connection that breaks is made again, and the operation repeated."""

    def __init__(self, url: str, clock: Clock = SYSTEM_CLOCK) -> None:
        """Take the server's address; nothing is connected before the first operation."""
        self._url = url
        self._clock = clock
        self._turn = threading.Lock()
        self._engine: PostgresEngine | None = None
        self._was_connected = False
        _psycopg()

    def do(self, operation: Operation[Answer]) -> Answer:
        """Do it; while the server is away it is tried again, then BooksAway."""
        return self._do(lambda engine: apply(engine, operation))

    def do_all(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Do them in one commit; where the server refuses one, each in its own."""
        try:
            return self._do(lambda engine: _apply_all(engine, operations))
        except BooksAway:
            raise
        except HhtError:
            return [self._done_or_error(each) for each in operations]

    def _done_or_error(self, operation: Operation[Any]) -> Any:
        try:
            return self.do(operation)
        except BooksAway:
            raise
        except HhtError as error:
            return error

    def _do(self, work: Callable[[PostgresEngine], Answer]) -> Answer:
        psycopg = _psycopg()
        until = self._clock.elapsed() + _PATIENCE_SECONDS
        with self._turn:
            while True:
                try:
                    return work(self._connected())
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    self._drop()
                    # The first one is not waited for: a wrong address should be said at once.
                    is_waited_for = self._was_connected or _STARTING in str(error)
                    if not is_waited_for or self._clock.elapsed() >= until:
                        raise self._away(error) from None
                    threading.Event().wait(_PAUSE_SECONDS)
                except psycopg.Error as error:
                    raise HhtError(
                        f"The books refused it ({_first_line(error)})", where=public_url(self._url)
                    ) from None

    def close(self) -> None:
        """Hang up."""
        with self._turn:
            self._drop()

    def _connected(self) -> PostgresEngine:
        if self._engine is None:
            engine = PostgresEngine(self._url)
            engine.make_tables()
            self._engine = engine
            self._was_connected = True
        return self._engine

    def _drop(self) -> None:
        if self._engine is not None:
            with contextlib.suppress(_psycopg().Error):  # the server may be gone already
                self._engine.connection.close()
        self._engine = None

    def _away(self, error: Exception) -> BooksAway:
        return BooksAway(
            f"The database server does not answer ({_first_line(error)})",
            where=public_url(self._url),
            remedy="Nothing is lost: start the server, then the bench again.",
        )


def _apply_all(engine: PostgresEngine, operations: Sequence[Operation[Any]]) -> list[Any]:
    with engine.transaction():
        return [each.apply(engine) for each in operations]


def public_url(url: str) -> str:
    """Write a server's address without its user and password."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "postgresql://"
    if "@" in parts.path:  # a password with a slash in it
        return "postgresql://"
    return f"postgresql://{parts.hostname or ''}{port}{parts.path}"


def _first_line(error: Exception) -> str:
    """Return what the server said, without addresses that may hold a password."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return re.sub(r"[^\s'\"]*@", "…@", line)[:120]


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError:
        raise HhtError(
            "psycopg is not installed, without which no PostgreSQL server can be used",
            remedy="Install its extra [benches]; see docs/benches.md.",
        ) from None
    return psycopg
