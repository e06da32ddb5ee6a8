"""Copies one migrated database into each new one of a test: to take every step costs 20 ms.

A database that is there already gets its missing steps, and the tests of the steps themselves
call `migrate` of hht/store/sqlite/migrations.py. Programs that tests start take all steps, too.
"""

import sqlite3
import threading
from functools import cache

from hht.store.sqlite import database
from hht.store.sqlite.migrations import migrate

_TURN = threading.Lock()  # a connection does one thing at a time, whichever thread asks


def hand_out_ready_databases() -> None:
    """Have every store of this process that makes a new database copy the ready one."""
    database.migrate = copy_or_migrate  # type: ignore[attr-defined, assignment]


def copy_or_migrate(connection: sqlite3.Connection, application_id: int) -> None:
    """Do what `migrate` does, by a copy where the file has nothing in it yet."""
    if connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
        migrate(connection, application_id)
        return
    with _TURN:
        ready(application_id).backup(connection)


@cache
def ready(application_id: int) -> sqlite3.Connection:
    """Migrate an empty database of this kind in memory, once in a process."""
    made = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    migrate(made, application_id)
    return made
