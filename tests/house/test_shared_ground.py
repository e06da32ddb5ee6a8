"""What tests share does not come between them: a folder, and a time that waits for the kernel."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from untouched import untouched

_PACING = 47
"""Linux' SO_MAX_PACING_RATE, in bytes a second, which Python has no name for."""
_BYTES_A_SECOND = 60_000
"""Steady: at 20,000 the kernel sent mostly at once, and sometimes only after half a second."""


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_text("22"),
        lambda file: file.with_name("two.pem").touch(),
        lambda file: file.unlink(),
    ],
    ids=["written", "added", "deleted"],
)
def test_a_test_that_writes_into_a_shared_folder_fails(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    file = tmp_path / "keys" / "one.pem"
    file.parent.mkdir()
    file.write_text("1")
    with untouched(tmp_path):
        file.read_text()
    with pytest.raises(AssertionError, match=r"written into .*pem"), untouched(tmp_path):
        change(file)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a connection's bytes")
async def test_no_time_passes_while_the_kernel_still_has_bytes_for_a_socket() -> None:
    """A connection slowed to a sixtieth of a second is as on a busy kernel."""
    ends: asyncio.Queue[asyncio.StreamReader] = asyncio.Queue()
    writers = []  # Python 3.13 closes the connection of a writer that is dropped

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        ends.put_nowait(reader)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, _PACING, _BYTES_A_SECOND)
        reader = await ends.get()
        async with asyncio.timeout(1):
            for size in (*[1] * 12, 1000, 1000, 1000):  # the kernel slows none of the first ten
                writer.write(bytes(size))
                await asyncio.sleep(0)
            await reader.readexactly(3012)
        for each in (writer, *writers):
            each.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
async def test_no_time_passes_while_the_kernel_still_has_bytes_for_a_pseudo_terminal() -> None:
    """On a busy machine the kernel hands two of five writes over late, and at once to a poll."""
    import tty  # which Windows has not

    ours, theirs = os.openpty()
    tty.setraw(theirs)
    arrived = asyncio.Event()
    asyncio.get_running_loop().add_reader(theirs, arrived.set)
    try:
        for _ in range(50):
            os.write(ours, b"x")
            async with asyncio.timeout(0.001):
                await arrived.wait()
            assert os.read(theirs, 10) == b"x"
            arrived.clear()
    finally:
        asyncio.get_running_loop().remove_reader(theirs)
        os.close(ours)
        os.close(theirs)
