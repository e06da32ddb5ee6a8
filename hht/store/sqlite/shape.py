"""Whether a database has the tables and columns that its step made: not a view, nor another's."""

import contextlib
import hashlib
import sqlite3
from pathlib import Path

from hht.store.errors import StoreDamaged
from hht.store.sqlite.migrations import STEPS, migrate, version_of

Shape = set[tuple[str, str]]
"""Every table of a database with each of its columns."""

LAST = "5957c55390f97b59a87584e9e7eadc773d56087e63b0092441d1bee025670146"
"""Digest of what the last step leaves: to make it with every step lasts longer than to open."""


def check_shape(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreDamaged where a table of ours is missing, or is as another step had it.

    What a missing trigger lets through is found by the audit trail.
    """
    found, version = shape_of(connection), version_of(connection)
    if version == len(STEPS) and digest_of(found) == LAST:
        return
    wanted, last = (_made_by(number) for number in (version, len(STEPS)))
    wrong = wanted ^ (found & (wanted | last))  # a table of somebody's own is no fault
    if wrong:
        raise StoreDamaged(
            f"The database is damaged (its table {min(wrong)[0]} is not as hht made it)",
            where=str(path),
            remedy="Leave the file as it is and restore the last backup.",
        )


def shape_of(connection: sqlite3.Connection) -> Shape:
    """Read what a database is made of."""
    rows = connection.execute(
        "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table'"
    )
    return {(str(table), str(column)) for table, column in rows}


def digest_of(shape: Shape) -> str:
    """Return what two equal shapes have in common."""
    return hashlib.sha256(repr(sorted(shape)).encode()).hexdigest()


def _made_by(version: int) -> Shape:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, 0, STEPS[:version])
        return shape_of(connection)
