"""What every part of the store has: the database, its mode, its sealed fields and its room."""

from hht.store.database import Database
from hht.store.fields import Fields
from hht.store.modes import Mode
from hht.store.space import Space


class StorePart:
    """The ground on which jobs, captures, returns and journeys stand."""

    def __init__(self, database: Database, fields: Fields, space: Space) -> None:
        self.database = database
        self.fields = fields
        self.space = space

    @property
    def mode(self) -> Mode:
        """What the database is for."""
        return self.database.mode
