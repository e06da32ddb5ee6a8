"""The failures by which something cannot be done yet, or no longer."""

from hht.errors import HhtError


class NotReady(HhtError):
    """What was asked for cannot be done yet, or not any more."""

    code = "HHT-04"
