"""Drives Chromium over its own protocol: pages, keys, and what it asks the network for."""

import asyncio
import base64
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--remote-debugging-port=0", "--window-size=1000,700", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""Without a sandbox, as CI is root in a container."""
SECONDS = 60.0
"""For each thing that is waited for; on an idle machine it comes within one."""
FRAME_SECONDS = 1.0
"""An app in a browser answers a key within a tenth of it, and paints its clocks once a second."""
PAGES = 5
"""A look ends early when its page goes away; a seat is two pages from its address."""
KEYS = {"Enter": (13, "\r"), "Escape": (27, ""), "ArrowDown": (40, "")}


class Tab:
    """One page: what it asked the network for, and what it wrote to its console."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._frames = asyncio.Event()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            row = json.loads(message.data)
            if row.get("id") in self._answers:
                self._answers.pop(row["id"]).set_result(row.get("result", row))
            elif row.get("method") in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                params = row["params"]
                self.requests.append(params.get("url") or params["request"]["url"])
            elif row.get("method") == "Network.webSocketFrameReceived":
                self._frames.set()
            elif row.get("method") == "Log.entryAdded":
                self.complaints.append(str(row["params"]["entry"]["text"]))

    async def do(self, method: str, **params: Any) -> Any:
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        async with asyncio.timeout(SECONDS):
            return await answer

    async def open(self, address: str) -> None:
        for domain in ("Log", "Network", "Page"):
            await self.do(f"{domain}.enable")
        await self.do("Page.navigate", url=address)

    async def value(self, script: str) -> Any:
        answer = await self.do("Runtime.evaluate", expression=script, awaitPromise=True)
        return answer.get("result", {}).get("value")

    async def until(self, script: str) -> None:
        """Wait until an expression is true; the page itself looks, at each of its frames."""
        look = f"""new Promise((done) => {{
            const look = () => (({script}) ? done(true) : setTimeout(look, 20)); look(); }})"""
        for _ in range(PAGES):
            if await self.value(look) is True:
                return
        raise AssertionError(f"{script} did not come true; {self.complaints}")

    async def press(self, key: str) -> None:
        """Press a key on whatever has the focus."""
        code, text = KEYS.get(key, (ord(key[0].upper()), key))
        for kind in ("keyDown", "keyUp"):
            pressed = {"type": kind, "key": key, "windowsVirtualKeyCode": code}
            if kind == "keyDown" and text:
                pressed["text"] = text
            await self.do("Input.dispatchKeyEvent", **pressed)

    async def painted(self) -> None:
        """Wait until something comes to be painted, or long enough that nothing will."""
        self._frames.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(FRAME_SECONDS):
                await self._frames.wait()

    async def picture(self, path: Path) -> None:
        shot = await self.do("Page.captureScreenshot")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))

    async def close(self) -> None:
        self._reading.cancel()
        await self._socket.close()


class Chromium:
    """A running browser with a profile of its own."""

    def __init__(self, session: aiohttp.ClientSession, port: str) -> None:
        self._session = session
        self._base = f"http://127.0.0.1:{port}/json"

    async def tab(self) -> Tab:
        async with self._session.put(f"{self._base}/new?about:blank") as answer:
            made = await answer.json()
        return Tab(await self._session.ws_connect(made["webSocketDebuggerUrl"], max_msg_size=0))

    async def shut(self, address: str) -> None:
        """Close every tab that shows an address beginning so."""
        async with self._session.get(self._base) as answer:
            for each in await answer.json():
                if each["url"].startswith(address):
                    await self._session.get(f"{self._base}/close/{each['id']}")


@asynccontextmanager
async def chromium(reach: str = "127.0.0.1", trusted: str = "") -> AsyncIterator[Chromium]:
    """Start a browser, which reaches one address of this machine alone; it is ended in any case.

    `trusted` is the key of a certificate that its user has agreed to, as SHA-256 in base64.
    """
    flags = [f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {reach}"]
    if trusted:
        flags.append(f"--ignore-certificate-errors-spki-list={trusted}")
    with tempfile.TemporaryDirectory(prefix="hht-chromium-", ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            "chromium",
            *FLAGS,
            *flags,
            f"--user-data-dir={folder}",
            "about:blank",
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            port = await _port(process)
            async with aiohttp.ClientSession() as session:
                yield Chromium(session, port)
        finally:
            process.terminate()
            try:
                async with asyncio.timeout(10):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _port(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(SECONDS):
        async for line in process.stderr:
            if b"DevTools listening on" in line:
                return line.decode().split(":")[2].split("/")[0]
    raise AssertionError("Chromium did not start")
