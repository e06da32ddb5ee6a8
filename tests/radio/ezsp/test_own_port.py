"""A dongle's port is ours alone while it is open; a pseudo terminal can be opened after us."""

import fcntl
import os
import pty
from pathlib import Path

from radio_lab import lab, opened

from hht.radio.ezsp.own_port import keep_others_out

TIOCGEXCL = 0x80045440  # asm-generic/ioctls.h: whether others are refused


def refuses_others(descriptor: int) -> bool:
    return any(fcntl.ioctl(descriptor, TIOCGEXCL, bytes(4)))


def test_a_port_refuses_others_and_a_pseudo_terminal_does_not(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        keep_others_out(theirs)
        assert not refuses_others(theirs)
        keep_others_out(theirs, pseudo="/dev/another/")
        assert refuses_others(theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    with (tmp_path / "file").open("w") as file:
        keep_others_out(file.fileno())


async def test_the_virtual_dongle_on_a_pty_can_be_opened_by_others_when_we_have_gone() -> None:
    async with lab(line="pty") as at:
        async with opened(at):
            other = os.open(at.address, os.O_RDWR | os.O_NOCTTY)
            assert not refuses_others(other)
            os.close(other)
        async with opened(at):
            pass
