"""Control server of the simulated hub: status, log and fault injection over a loopback socket.

One JSON object a line. The first line of a connection is a request with the token of
`control.json`, which only the owner of the run's folder can read:
`{"token", "ask": "watch"}` is answered by the story so far and then by what happens, as
`{"story": ...}` and `{"status": ...}`; `{"token", "ask": "fault", "fault", ...}` by `{"done"}`;
what cannot be done by `{"error"}`.
"""

import asyncio
import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError
from hht.files import write_whole
from hht.simulator.air.air import Air
from hht.simulator.hub.faults.in_force import Faults
from hht.simulator.hub.faults.requests import read_fault_request
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.hub_log import Entry
from hht.simulator.hub.status import status_of
from hht.simulator.site.record import Site

CONTROL_FILE = "control.json"
STATUS_SECONDS = 1.0
"""Between two statuses: the trainer's screen counts in seconds."""
_LOOPBACK = "127.0.0.1"
_LINE_BYTES = 4096
"""The longest request that is read; one for a fault has about 200."""
_REQUEST_SECONDS = 5.0
"""Until a client that sends no request is dropped."""
_TOGETHER_SECONDS = 0.05
"""The log entries of one exchange come within it, and are sent in one go."""

Row = dict[str, Any]


class Control:
    """A server on a port of its own while it is open."""

    def __init__(
        self, hub: Hub, air: Air, site: Site, faults: Faults, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._hub = hub
        self._air = air
        self._site = site
        self._faults = faults
        self._clock = clock
        self._token = secrets.token_hex(16)
        self._server: asyncio.Server | None = None
        self._watchers: set[asyncio.Queue[Row]] = set()
        hub.log.listeners.append(self._happened)

    async def open(self) -> None:
        """Listen on a free port, and write it down."""
        self._server = await asyncio.start_server(self._serve, _LOOPBACK, 0, limit=_LINE_BYTES)
        port = self._server.sockets[0].getsockname()[1]
        control = {"port": port, "token": self._token, "pid": os.getpid()}
        write_whole(self._path, json.dumps(control).encode())

    async def close(self) -> None:
        """Stop listening, and end every connection."""
        self._path.unlink(missing_ok=True)
        if self._server:
            self._server.close()
            self._server = None

    @property
    def _path(self) -> Path:
        return self._site.run_dir / CONTROL_FILE

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._request(reader)
            if request.get("ask") == "watch":
                await self._show(reader, writer)
            else:
                await _send(writer, self._fault(request))
        except HhtError as error:
            with contextlib.suppress(OSError):
                await _send(writer, {"error": error.what, "remedy": error.remedy})
        except (OSError, TimeoutError, ValueError, asyncio.CancelledError):
            pass  # the client has gone, or was no trainer
        finally:
            writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> Row:
        async with self._clock.timeout(_REQUEST_SECONDS):
            request = json.loads(await reader.readline())
        if not isinstance(request, dict):
            raise ValueError("a request is an object")
        if not secrets.compare_digest(str(request.get("token")), self._token):
            raise HhtError("This is not the token of this hub")
        return request

    def _fault(self, request: Row) -> Row:
        asked = read_fault_request(request, self._site.spec)
        if asked.off:
            return {"done": self._faults.revert(asked.fault)}
        return {"done": self._faults.inject(asked.fault, by=asked.by)}

    async def _show(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send the log so far, then what happens, until the client goes."""
        rows: asyncio.Queue[Row] = asyncio.Queue()
        self._watchers.add(rows)
        gone = asyncio.ensure_future(reader.read())
        try:
            for entry in tuple(self._hub.log.entries):
                await _send(writer, {"story": entry})
            while not gone.done():
                await _send(writer, {"status": self._status()})
                await self._send_rows(rows, writer)
        finally:
            self._watchers.discard(rows)
            gone.cancel()

    async def _send_rows(self, rows: "asyncio.Queue[Row]", writer: asyncio.StreamWriter) -> None:
        """Send new entries within a second; those that come together in one go."""
        with contextlib.suppress(TimeoutError):
            async with self._clock.timeout(STATUS_SECONDS):
                await _send(writer, await rows.get())
                await self._clock.sleep(_TOGETHER_SECONDS)
        while not rows.empty():
            await _send(writer, rows.get_nowait())

    def _status(self) -> Row:
        faults = self._faults.in_force
        return {**status_of(self._hub, self._air, self._site), "faults": faults, "levers": faults}

    def _happened(self, entry: Entry) -> None:
        for rows in self._watchers:
            rows.put_nowait({"story": entry})


async def _send(writer: asyncio.StreamWriter, row: Row) -> None:
    writer.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    await writer.drain()
