"""What can go wrong on the way from the outbox to the DCC."""

from pathlib import Path

from hht.errors import HhtError


class OutboxError(HhtError):
    """The outbox cannot be sent, taken in or signed as asked."""

    code = "OUT-02"


class UploadRefused(OutboxError):
    """The gateway is not one that this data may go to, or does not accept us."""

    code = "OUT-03"


class ImportRefused(OutboxError):
    """An export that cannot be taken in."""

    code = "OUT-04"

    exit_code = 2


class ExportFailed(HhtError):
    """The export could not be written."""

    code = "OUT-01"


class NoStick(ExportFailed):
    """The stick that an export is for is not there."""

    def __init__(self, out: Path) -> None:
        super().__init__(
            "The stick is not there",
            where=str(out),
            remedy="Put it in again, and export again: nothing is lost by that.",
        )


class AnotherExport(HhtError):
    """The place has the export of another handheld, or of this one's other data.

    `instead` is a place that is for this database alone.
    """

    code = "OUT-05"

    def __init__(self, out: Path, instead: Path) -> None:
        super().__init__(
            "It holds another export, which would no longer be whole",
            where=str(out),
            remedy=f"Export to a place of its own, such as {instead}.",
        )
        self.instead = instead
