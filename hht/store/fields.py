"""Sealed fields: the columns that hold secrets or a customer's data, bound to their row."""

from typing import Protocol


class Fields(Protocol):
    """How the secret columns of one database are written and read."""

    def seal(self, place: str, plain: bytes) -> bytes:
        """What is stored for `plain` at `place` (table, column and the row's natural key)."""

    def open(self, place: str, sealed: bytes) -> bytes:
        """The plain bytes again; StoreDamaged when they were changed or moved from elsewhere."""


class PlainFields:
    """No protection: training data, and a live database before its PIN is set."""

    def seal(self, place: str, plain: bytes) -> bytes:
        """The bytes themselves."""
        return plain

    def open(self, place: str, sealed: bytes) -> bytes:
        """The bytes themselves."""
        return sealed
