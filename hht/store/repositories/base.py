"""What every part of the store has: the database, its mode, its secrets, its trail and its room."""

import sqlite3

from hht.store.modes import Mode
from hht.store.repositories.audit import Audit
from hht.store.secrets.fields import Fields
from hht.store.sqlite.database import Database
from hht.store.sqlite.disk_space import Space


class StorePart:
    """The ground on which jobs, captures, returns and journeys stand."""

    def __init__(self, database: Database, fields: Fields) -> None:
        self.database = database
        self.fields = fields
        self.space = Space(database.path)
        self.audit = Audit(database)

    @property
    def mode(self) -> Mode:
        """What the database is for."""
        return self.database.mode

    def note(self, connection: sqlite3.Connection, action: str, subject: str) -> None:
        """Write a change into the audit trail, in the transaction that makes it."""
        self.audit.append(connection, action, subject)
