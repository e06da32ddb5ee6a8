"""One point of the check of a dongle."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hht.errors import HhtError


@dataclass(frozen=True, slots=True)
class Point:
    """What was looked at, whether it holds, what was found, and what to do where it does not.

    `holds` is None for what was not tried, or says nothing against the dongle. `figures` are
    those of `found`, for a program.
    """

    check: str
    holds: bool | None
    found: str
    remedy: str = ""
    figures: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def failed(cls, check: str, error: HhtError) -> "Point":
        """Make the point of a check that ended with an error."""
        return cls(check, False, error.what, error.remedy)
