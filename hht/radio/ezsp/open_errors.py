"""Why a dongle did not open, in the words of whoever holds it."""

import errno

from bellows.ash import AshException
from bellows.exception import EzspError

from hht.radio.errors import DongleAbsent, DongleError, DongleSilent

_CHOOSE = "Plug it in, or name another one with --radio."


def explain(error: Exception, url: str) -> DongleError:
    """The one-line error for what bellows or the operating system said."""
    if _is_busy(error):
        return DongleAbsent(
            "Another program is using the dongle", where=url, remedy="Close that program first."
        )
    if isinstance(error, PermissionError):
        return DongleAbsent(
            "This user may not open the dongle",
            where=url,
            remedy="Add the user to the group dialout, log in again and try again.",
        )
    if isinstance(error, FileNotFoundError):
        return DongleAbsent("There is no dongle here", where=url, remedy=_CHOOSE)
    if isinstance(error, ConnectionRefusedError):
        return DongleAbsent(
            "Nothing listens here",
            where=url,
            remedy="Start the simulated hub or the dongle's server, and check the port number.",
        )
    if isinstance(error, TimeoutError | AshException | EzspError):
        return DongleSilent(url)
    return DongleAbsent(f"This is no dongle ({_reason(error)})", where=url, remedy=_CHOOSE)


def _is_busy(error: Exception) -> bool:
    """zigpy hides the operating system's EBUSY behind a PermissionError of its own."""
    cause = error.__cause__ if isinstance(error, PermissionError) else error
    return isinstance(cause, OSError) and cause.errno == errno.EBUSY


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
