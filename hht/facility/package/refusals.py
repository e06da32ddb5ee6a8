"""Why a unit refuses a package: one code each, in the unit, on the bench and in reports."""

from collections.abc import Mapping
from enum import StrEnum

from hht.errors import InputError


class Refusal(StrEnum):
    """The codes of docs/package.md."""

    NOT_A_PACKAGE = "not-a-package"
    TORN = "torn"
    NEWER_VERSION = "newer-version"
    UNKNOWN_FACILITY = "unknown-facility"
    BAD_SIGNATURE = "bad-signature"
    ALTERED = "altered"
    OTHER_UNIT = "other-unit"
    OTHER_BATCH = "other-batch"
    REPLAYED = "replayed"
    EXPIRED = "expired"
    OTHER_KEY = "other-key"
    BAD_CONTENT = "bad-content"


WORDS: Mapping[Refusal, tuple[str, str]] = {
    Refusal.NOT_A_PACKAGE: ("This is no package", "Build the batch again."),
    Refusal.TORN: ("The package is cut short", "Load it again."),
    Refusal.NEWER_VERSION: ("The package has a newer format", "Update the unit's firmware."),
    Refusal.UNKNOWN_FACILITY: (
        "The package is signed by a facility the unit does not know",
        "Give the unit this facility's public key, or load it where it belongs.",
    ),
    Refusal.BAD_SIGNATURE: (
        "The package's header was changed after it was signed",
        "Load it again; if that fails too, build the batch again.",
    ),
    Refusal.ALTERED: (
        "The package's body was changed after it was signed",
        "Load it again; if that fails too, build the batch again.",
    ),
    Refusal.OTHER_UNIT: ("The package is another unit's", "Set the unit aside; ask a supervisor."),
    Refusal.OTHER_BATCH: ("The package is another batch's", "Set the unit aside; check the batch."),
    Refusal.REPLAYED: (
        "The package is older than one the unit had before",
        "Build a new batch for this unit.",
    ),
    Refusal.EXPIRED: ("The package's last day has passed", "Ask for new Local Commands."),
    Refusal.OTHER_KEY: (
        "The package does not open with the unit's key",
        "Ask the maker for the unit's present certificate, and build again.",
    ),
    Refusal.BAD_CONTENT: ("The package's content can't be read", "Build the batch again."),
}


class PackageRefused(InputError):
    """A package that must not be used; `refusal` says why."""

    code = "FAC-01"

    def __init__(self, refusal: Refusal, where: str = "") -> None:
        what, remedy = WORDS[refusal]
        super().__init__(what, where=where, remedy=remedy)
        self.refusal = refusal
