"""The dongle's port, kept from other programs while it is open."""

import contextlib
import os
import sys

PSEUDO = "/dev/pts/"


if sys.platform == "win32":

    def keep_others_out(descriptor: int, pseudo: str = PSEUDO) -> None:
        """Do nothing: a port of Windows is opened by one program at a time."""

else:
    import fcntl
    import termios

    def keep_others_out(descriptor: int, pseudo: str = PSEUDO) -> None:
        """Have the kernel refuse every other opening of a serial port, until it is closed.

        The lock that the serial library takes binds only who asks for it. A `pseudo` terminal would
        be refused for ever: its other end keeps it open when this program has ended.
        """
        with contextlib.suppress(OSError):  # it is no terminal, or a driver has no such request
            if not os.ttyname(descriptor).startswith(pseudo):
                fcntl.ioctl(descriptor, termios.TIOCEXCL)
