"""Why a port did not open, in the words of the person who holds the dongle."""

import errno
import os
import re
import socket
import sys

from hht.radio.errors import DongleAbsent, DongleError, DongleSilent
from hht.radio.opening.mistyped import DEVICE_NAME
from hht.radio.ports import known_ports, port_to_name

_WINDOWS_NAME = re.compile(r"COM\d+", re.IGNORECASE)
_CHOOSE = "Plug it in, or name another one with --radio"


def explain(error: Exception, url: str) -> DongleError:
    """Make the one-line error for that of the serial library or the operating system."""
    if _is_busy(error):
        return _absent(url, "Another program is using the dongle", "Close that program first.")
    if isinstance(error, PermissionError):
        remedy = "Add the user to the group dialout, log in again and try again."
        return _absent(url, "This user may not open the dongle", remedy)
    if isinstance(error, TimeoutError):
        return DongleSilent(url, "Nothing answers at this address", "Check it and the network.")
    if isinstance(error, ConnectionRefusedError):
        remedy = "Start the simulated hub or the dongle's server, and check the port number."
        return _absent(url, "Nothing listens here", remedy)
    if isinstance(error, socket.gaierror):
        remedy = "Check its spelling and the network, or write its IP address."
        return _absent(url, "No computer of that name is known", remedy)
    return _no_port(error, url)


def _no_port(error: Exception, url: str) -> DongleError:
    if isinstance(error, FileNotFoundError):
        return _absent(url, "There is no dongle here", _where_it_may_be(url))
    if "://" in url:
        what = f"The dongle's server cannot be reached ({_reason(error)})"
        return _absent(url, what, "Check its address and the network.")
    return _absent(url, f"This is no dongle ({_reason(error)})", port_to_name())


def _where_it_may_be(url: str) -> str:
    """Say what to write or do for a path that is not there; a bare name lacks its folder."""
    device = f"/dev/{url}"
    if os.path.exists(device):
        return f"Write {device}."
    if sys.platform != "win32" and _WINDOWS_NAME.fullmatch(url):
        return f"{url} is a name of Windows; here it is one such as /dev/ttyUSB0{known_ports()}."
    if DEVICE_NAME.fullmatch(url):
        return f"Write the whole path, such as {device}, and plug it in{known_ports()}."
    return f"{_CHOOSE}{known_ports()}."


def _absent(url: str, what: str, remedy: str) -> DongleAbsent:
    return DongleAbsent(what, where=url, remedy=remedy)


def _is_busy(error: Exception) -> bool:
    """Find EBUSY, which zigpy hides behind a PermissionError of its own."""
    cause = error.__cause__ if isinstance(error, PermissionError) else error
    return isinstance(cause, OSError) and cause.errno == errno.EBUSY


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
