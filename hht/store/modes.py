"""The three kinds of data that never meet: live, training and facility."""

from enum import StrEnum


class Mode(StrEnum):
    """What a database is for; stamped inside the file, so renaming it changes nothing."""

    LIVE = "live"
    TRAINING = "training"
    FACILITY = "facility"

    @property
    def application_id(self) -> int:
        """The stamp: bytes 68 to 71 of the SQLite header, `HHT` and the mode's first letter."""
        return int.from_bytes(b"HHT" + self.value[:1].upper().encode(), "big")

    @property
    def file_name(self) -> str:
        """The database's name inside the data directory."""
        return f"{self.value}.db"
