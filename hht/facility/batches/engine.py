"""What the operations need of a database, and the tables, the same for both engines."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

SCHEMA_VERSION = 1  # raised with each change of the tables below

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE batch (
    id TEXT PRIMARY KEY,
    manifest_sha256 TEXT NOT NULL,
    manifest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('building', 'open', 'paused', 'closed')),
    opened BIGINT NOT NULL,
    facility TEXT NOT NULL,
    mode TEXT NOT NULL
);
CREATE TABLE unit (
    batch TEXT NOT NULL REFERENCES batch (id),
    eui TEXT NOT NULL,
    in_open_batch SMALLINT NOT NULL DEFAULT 1,
    digest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('waiting', 'claimed', 'writing', 'unknown', 'loaded', 'rejected', 'held')),
    fence BIGINT NOT NULL DEFAULT 0,
    session TEXT NOT NULL DEFAULT '',
    bench TEXT NOT NULL DEFAULT '',
    slot TEXT NOT NULL DEFAULT '',
    operator TEXT NOT NULL DEFAULT '',
    lease_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    receipt TEXT NOT NULL DEFAULT '',
    since DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (batch, eui)
){FILL};
CREATE UNIQUE INDEX unit_in_one_open_batch ON unit (eui) WHERE in_open_batch = 1;
CREATE INDEX unit_leased ON unit (batch, lease_until) WHERE state IN ('claimed', 'writing');
CREATE INDEX unit_loaded ON unit (batch, since) WHERE state = 'loaded';
CREATE TABLE package (
    batch TEXT NOT NULL,
    eui TEXT NOT NULL,
    certificate {BYTES} NOT NULL,
    content {BYTES} NOT NULL,
    PRIMARY KEY (batch, eui)
);
CREATE TABLE event (
    id {SERIAL},
    batch TEXT NOT NULL,
    eui TEXT NOT NULL,
    fence BIGINT NOT NULL,
    bench TEXT NOT NULL,
    slot TEXT NOT NULL,
    operator TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX event_of_batch ON event (batch, id);
"""
"""`{FILL}`, `{BYTES}` and `{SERIAL}` are what the engines write differently."""


class Engine(Protocol):
    """One connection to one database. Parameters are `?` in every statement."""

    now: str
    """The SQL expression of the server's time, in seconds since 1970."""
    lock: str
    """What a SELECT ends with that must see no change of its rows until the commit."""

    def rows(self, sql: str, *parameters: Any) -> list[Sequence[Any]]:
        """Run a statement and return its rows."""

    def run(self, sql: str, *parameters: Any) -> int:
        """Run a statement and return how many rows it changed."""

    def transaction(self) -> AbstractContextManager[None]:
        """Begin a change that is whole or not at all; one inside another is a part of it."""


def statements(tables: str) -> list[str]:
    """Split the definition of the tables into its statements."""
    return [each.strip() for each in tables.split(";\n") if each.strip()]
