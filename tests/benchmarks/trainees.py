"""Trainees of a class: sockets, no browsers, so that the class alone is measured."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

LONGEST_SECONDS = 120.0
"""For each step; a benchmark that hangs is ended."""
KEYS_SECONDS = 15.0
KEY_EVERY = 0.5


@dataclass
class Trainee:
    """One trainee: whether the marker was painted so far, and how long each key took."""

    socket: aiohttp.ClientWebSocketResponse
    marker: bytes
    is_painted: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[float] = field(default_factory=list)

    async def read(self) -> None:
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.is_painted |= self.marker in message.data
                self.news.set()

    async def until_painted(self) -> None:
        async with asyncio.timeout(LONGEST_SECONDS):
            while not self.is_painted:
                self.news.clear()
                await self.news.wait()

    async def press(self, key: str) -> float:
        """Press a key; the milliseconds until something is painted."""
        self.news.clear()
        begun = time.perf_counter()
        await self.socket.send_str(json.dumps(["stdin", key]))
        await asyncio.wait_for(self.news.wait(), LONGEST_SECONDS)
        return 1000 * (time.perf_counter() - begun)

    async def type(self, delay: float) -> None:
        """Move up and down, twice a second; the others are at other moments of it."""
        await asyncio.sleep(delay)
        end = time.perf_counter() + KEYS_SECONDS
        while time.perf_counter() < end:
            for key in ("\x1b[B", "\x1b[A"):
                self.taken.append(await self.press(key))
                await asyncio.sleep(max(0.0, KEY_EVERY - self.taken[-1] / 1000))


@asynccontextmanager
async def sitting(base: str, address: str, socket: str, marker: str) -> AsyncIterator[Trainee]:
    """Open the page of a seat, and its socket; both are closed in the end."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        await (await session.get(address)).read()
        opened = await session.ws_connect(
            f"{base}/{socket}?width=80&height=24", headers={"Origin": base}, max_msg_size=0
        )
        trainee = Trainee(opened, marker.encode())
        reading = asyncio.create_task(trainee.read())
        yield trainee
    await reading
