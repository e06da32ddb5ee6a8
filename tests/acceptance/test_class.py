"""A class as a process: seats with apps and hubs of their own, and nothing left at its end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from radio_bench import until
from served_class import RunningClass, children, environment_of, running_class

pytestmark = [
    pytest.mark.whole_program,
    pytest.mark.real_time("a class is a dozen processes"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]
pytest.importorskip("textual_serve", reason="the extra 'serve' is not installed")
SECONDS = 60.0
"""A warm parent needs two for its imports; beside other work many more."""


class Trainee:
    """A browser's session with a seat: what was painted since it was last read."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def come(self, width: int = 80, height: int = 24) -> None:
        address = f"{self._base}/ws?width={width}&height={height}"
        headers = {"Origin": self._base}
        self._socket = await self._session.ws_connect(address, headers=headers, max_msg_size=0)

    async def go(self) -> None:
        assert self._socket
        await self._socket.close()

    async def press(self, keys: str) -> None:
        assert self._socket
        await self._socket.send_str(json.dumps(["stdin", keys]))

    async def see(self, words: str) -> None:
        """Read what is painted until these words have come, spaces apart."""
        assert self._socket
        seen = ""
        async with asyncio.timeout(SECONDS):
            while words not in seen:
                message = await self._socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, (message, seen[-2000:])
                seen += message.data.decode()


@pytest.fixture
async def browsers() -> AsyncIterator[list[aiohttp.ClientSession]]:
    made = [
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), read_bufsize=2**20)
        for _ in range(2)
    ]
    yield made
    for each in made:
        await each.close()


async def seated(session: aiohttp.ClientSession, served: RunningClass) -> Trainee:
    async with session.get(str(served.said["address"])) as answer:
        assert answer.status == 200
    return Trainee(session, served.base)


def apps_of(served: RunningClass) -> tuple[list[int], int]:
    """The processes of the seats' apps, and of the warm parent."""
    nursery = children(served.process.pid)[0]
    return children(nursery), nursery


async def test_seats_are_apart_outlive_their_browsers_and_leave_nothing(
    tmp_path: Path, browsers: list[aiohttp.ClientSession]
) -> None:
    with running_class(tmp_path, "no-wan-install", "--seats", "2", "--port", "0") as served:
        one, other = [await seated(each, served) for each in browsers]
        for trainee in (one, other):
            await trainee.come()
            await trainee.see("TRAINING")
        seats = tmp_path / "class" / "seats"
        assert {path.name for path in seats.iterdir()} == {"01", "02"}
        await until(lambda: all((seats / each / "training.db").exists() for each in ("01", "02")))
        assert not (tmp_path / "training.db").exists()
        apps, nursery = apps_of(served)
        assert len(apps) == 2
        assert not any("SECRET" in line for line in environment_of(nursery))
        await one.go()
        await one.come(100, 30)
        await one.see("TRAINING")
        assert apps_of(served)[0] == apps  # the same app painted itself again
        os.kill(apps[1], signal.SIGKILL)
        with pytest.raises(AssertionError, match="4000"):
            await other.see("nothing more")
        await other.come()
        await other.see("TRAINING")  # opened again, where it was
        os.kill(apps[0], signal.SIGSTOP)  # an app that hangs
        code, left = await asyncio.to_thread(served.stop)
        assert (code, left) == (0, [])
