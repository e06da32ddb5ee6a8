"""The command `hht` for shells that tests start: has the nursery of warm_start.py run the program.

On a terminal it becomes the installed program: a screen belongs to the terminal's own session.
"""

import json
import os
import signal
import socket
import struct
import sys
from types import FrameType

NUMBER = struct.Struct("<i")


def main(installed: str) -> None:
    """Have the program run with this process's arguments and streams, and end as it does."""
    if os.isatty(0):
        os.execv(installed, ["hht", *sys.argv[1:]])
    keeper = socket.socket(socket.AF_UNIX)
    keeper.connect(os.environ["HHT_TEST_NURSERY"])
    wish = json.dumps([["hht", *sys.argv[1:]], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(keeper, [NUMBER.pack(len(wish))], [0, 1, 2])
    keeper.sendall(wish)
    program = answer(keeper)

    def pass_on(number: int, _: FrameType | None) -> None:
        os.kill(program, number)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, pass_on)
    code = os.waitstatus_to_exitcode(answer(keeper))
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def answer(keeper: socket.socket) -> int:
    return int(NUMBER.unpack(keeper.recv(NUMBER.size, socket.MSG_WAITALL))[0])


if __name__ == "__main__":
    main(os.environ["HHT_TEST_INSTALLED"])
