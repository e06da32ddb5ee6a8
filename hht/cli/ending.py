"""The signals that end a command: it ends in order, says so in one line, and gives back 128 + n."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALLED = 128  # what a shell adds to the signal's number
INTERRUPTED = SIGNALLED + signal.SIGINT
_NAMES = ("SIGTERM", "SIGQUIT", "SIGHUP")  # Windows has the first alone


@contextmanager
def ending_in_order() -> Iterator[None]:
    """End what runs in here by any of these signals as by Ctrl-C: its own way out is taken.

    One that is ignored stays so: that is what nohup is for. What runs in here may take them over,
    as the app does, and says so itself then.
    """
    came: list[int] = []

    def as_ctrl_c(number: int, frame: FrameType | None) -> None:
        came.append(number)
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):  # a shell's background job ignores Ctrl-C
            raise KeyboardInterrupt
        handler(signal.SIGINT, frame)

    for number in [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, as_ctrl_c)
    try:
        yield
    except KeyboardInterrupt:
        came.append(signal.SIGINT)
    except SystemExit as error:
        is_ctrl_c = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_ctrl_c and error.code == INTERRUPTED:
            came.append(signal.SIGINT)
        elif not came:
            raise
    if came:
        name = signal.Signals(came[0]).name
        with suppress(OSError):  # the terminal is gone
            os.write(2, f"hht: Ended by {name}. Everything captured is kept.\n".encode())
        sys.exit(SIGNALLED + came[0])
