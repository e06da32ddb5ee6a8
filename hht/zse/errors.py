"""The typed errors of the ZigBee Smart Energy layer."""

from hht.errors import HhtError


class MalformedFrame(HhtError):
    """Bytes that are not the frame, command or block they should be."""

    code = "RAD-11"


class NotAuthentic(MalformedFrame):
    """A secured frame whose integrity code does not fit, or for which no key is held."""
