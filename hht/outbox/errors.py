"""What can go wrong on the way from the outbox to the DCC."""

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
