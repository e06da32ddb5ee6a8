"""Start an installed hht in a real terminal and see that its first screen is painted."""

import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time

DEADLINE_SECONDS = 30
ROWS, COLUMNS = 24, 80


def first_screen(program: str, expected: bytes) -> bool:
    """Run `program train` on a pty of 80x24 until `expected` is on it; end the program after."""
    with tempfile.TemporaryDirectory() as data_dir:
        child, terminal = pty.fork()
        if child == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(program, [program, "--data-dir", data_dir, "train"])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        try:
            return seen_in_time(terminal, expected)
        finally:
            os.kill(child, 15)
            os.close(terminal)
            os.waitpid(child, 0)


def seen_in_time(terminal: int, expected: bytes) -> bool:
    """Read the terminal until the text comes or the time is up."""
    painted, end = b"", time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end and expected not in painted:
        if select.select([terminal], [], [], 0.5)[0]:
            try:
                painted += os.read(terminal, 65536)
            except OSError:
                break
    return expected in painted


if __name__ == "__main__":
    painted = first_screen(sys.argv[1], b"TRAINING")
    print("the installed hht paints its first screen" if painted else "no first screen was painted")
    sys.exit(0 if painted else 1)
