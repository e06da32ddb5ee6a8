"""The one error of everything that reads GBCS bytes."""

from hht.errors import HhtError


class MalformedMessage(HhtError):
    """The bytes are not a GBCS message, or their payload is not what its kind should be."""

    code = "GBCS-01"
